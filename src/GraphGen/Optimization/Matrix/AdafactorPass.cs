using System.Runtime.CompilerServices;
using GraphGen.Simd;

namespace GraphGen;

/// <summary>What the passes of one <see cref="Adafactor"/> update over one parameter share. A vector is one row.</summary>
internal unsafe struct AdafactorPass
{
    /// <summary>Floats of a task, about.</summary>
    public const int Chunk = 16 * 1024;

    /// <summary>[matrices, rows, columns].</summary>
    public float* Values;

    /// <summary>[matrices, rows, columns].</summary>
    public float* Gradients;

    /// <summary>[matrices, rows]; null where the second moments are not factored.</summary>
    public float* RowMeans;

    /// <summary>[matrices, columns].</summary>
    public float* ColumnMeans;

    /// <summary>[matrices]: 1 over the mean of the row means.</summary>
    public float* MatrixScales;

    /// <summary>[columns]: the second moments of a vector; null where they are factored.</summary>
    public float* Variances;

    public int Matrices;
    public int Rows;
    public int Columns;

    public GradientTerm Gradient;

    /// <summary>1 − β.</summary>
    public float Gain;

    /// <summary>eps1².</summary>
    public float Floor;

    /// <summary>What is left of a value after decay.</summary>
    public float Keep;

    /// <summary>−α over what the update is clipped by.</summary>
    public float Rate;

    /// <summary>
    /// The gradient of up to a vector of values; zeros past <paramref name="count"/>. It depends on the values only if it
    /// <see cref="GradientTerm.HasPenalty"/>, for which <typeparamref name="TPenalty"/> is on.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly TVector GradientAt<TVector, TIsa, TPenalty>(nint i, nint count)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
        where TPenalty : struct, ISwitch
    {
        TVector w = TPenalty.IsOn ? LaneSum.Load<TVector, TIsa>(Values + i, count) : TIsa.Zero;
        return Gradient.Broadcast<TVector, TIsa>().Of<TPenalty>(w, LaneSum.Load<TVector, TIsa>(Gradients + i, count));
    }
}
