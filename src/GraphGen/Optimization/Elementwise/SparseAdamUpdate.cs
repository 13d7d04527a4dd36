using System.Runtime.CompilerServices;
using GraphGen.Simd;

namespace GraphGen;

/// <summary>One update of <see cref="SparseAdam"/> of one parameter; a task is some of its rows.</summary>
internal unsafe struct SparseAdamUpdate : IPoolTask
{
    /// <summary>[rows, row length], updated where a row is present.</summary>
    public float* Values;

    /// <summary>[rows, row length].</summary>
    public float* Gradients;

    /// <summary>[rows, row length], updated where a row is present.</summary>
    public float* Averages;

    /// <summary>[rows, row length], updated where a row is present.</summary>
    public float* SquareAverages;

    public nint Rows;
    public nint RowLength;
    public nint RowsPerTask;

    /// <summary>Without a penalty that a missing row could not have.</summary>
    public GradientTerm Gradient;

    /// <summary>1 − β₁.</summary>
    public float Gain;

    /// <summary>1 − β₂.</summary>
    public float SquareGain;

    /// <summary>−lr·√(1 − β₂ᵗ)/(1 − β₁ᵗ).</summary>
    public float Rate;

    public float Epsilon;

    public readonly void Run<TVector, TIsa>(int task)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        if (Gradient.HasPenalty)
        {
            UpdateRows<TVector, TIsa, On>(task);
        }
        else
        {
            UpdateRows<TVector, TIsa, Off>(task);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void UpdateRows<TVector, TIsa, TPenalty>(int task)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
        where TPenalty : struct, ISwitch
    {
        nint start = task * RowsPerTask, end = Math.Min(Rows, start + RowsPerTask);
        for (nint row = start; row < end; row++)
        {
            if (IsPresent<TVector, TIsa>(Gradients + (row * RowLength), RowLength))
            {
                UpdateRow<TVector, TIsa, TPenalty>(row * RowLength, (row + 1) * RowLength);
            }
        }
    }

    /// <summary>Whether any gradient of a row is other than zero, as NaN is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsPresent<TVector, TIsa>(float* gradients, nint length)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        if (gradients[0] != 0)
        {
            return true;
        }

        // Bits that any of them has, but for the sign: of zeros, and only of zeros, none.
        TVector bits = TIsa.Zero;
        for (nint i = 0; i < length; i += TIsa.Width)
        {
            bits = TIsa.Or(bits, TIsa.Abs(LaneSum.Load<TVector, TIsa>(gradients + i, length - i)));
        }

        return TIsa.MaxAcross(bits) != 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void UpdateRow<TVector, TIsa, TPenalty>(nint start, nint end)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
        where TPenalty : struct, ISwitch
    {
        GradientTerm.Vectors<TVector, TIsa> gradient = Gradient.Broadcast<TVector, TIsa>();
        TVector gain = TIsa.Broadcast(Gain);
        TVector squareGain = TIsa.Broadcast(SquareGain);
        TVector rate = TIsa.Broadcast(Rate);
        TVector epsilon = TIsa.Broadcast(Epsilon);
        for (nint i = start; i < end; i += TIsa.Width)
        {
            nint count = end - i;
            TVector w = LaneSum.Load<TVector, TIsa>(Values + i, count);
            TVector g = gradient.Of<TPenalty>(w, LaneSum.Load<TVector, TIsa>(Gradients + i, count));
            TVector m = LaneSum.Load<TVector, TIsa>(Averages + i, count);
            TVector v = LaneSum.Load<TVector, TIsa>(SquareAverages + i, count);
            m = TIsa.FusedMultiplyAdd(gain, TIsa.Subtract(g, m), m);
            v = TIsa.FusedMultiplyAdd(squareGain, TIsa.Subtract(TIsa.Multiply(g, g), v), v);
            LaneSum.Store<TVector, TIsa>(Averages + i, m, count);
            LaneSum.Store<TVector, TIsa>(SquareAverages + i, v, count);
            TVector step = TIsa.Divide(m, TIsa.Add(TIsa.FaithfulSqrt(v), epsilon));
            LaneSum.Store<TVector, TIsa>(Values + i, TIsa.FusedMultiplyAdd(rate, step, w), count);
        }
    }
}
