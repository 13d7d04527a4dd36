using System.Runtime.CompilerServices;
using GraphGen.Simd;

namespace GraphGen;

/// <summary>The first half of a step of <see cref="Muon"/>: the momentum moves on, and gives the matrix to be made orthogonal.</summary>
internal unsafe struct MuonMomentum : IFusedUpdate
{
    /// <summary>[length].</summary>
    public float* Values;

    /// <summary>[length].</summary>
    public float* Gradients;

    /// <summary>[length], updated.</summary>
    public float* Momenta;

    /// <summary>[length], written.</summary>
    public float* Matrix;

    public GradientTerm Gradient;

    /// <summary>1 − momentum.</summary>
    public float Gain;

    /// <summary>How far the matrix is from the gradient to the momentum: the momentum with Nesterov's, else 1.</summary>
    public float Lead;

    public readonly void Update<TVector, TIsa>(nint start, nint end)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        if (Gradient.HasPenalty)
        {
            ChooseMatrix<TVector, TIsa, On>(start, end);
        }
        else
        {
            ChooseMatrix<TVector, TIsa, Off>(start, end);
        }
    }

    private readonly void ChooseMatrix<TVector, TIsa, TPenalty>(nint start, nint end)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
        where TPenalty : struct, ISwitch
    {
        if (Lead == 1f)
        {
            Loop<TVector, TIsa, TPenalty, On>(start, end);
        }
        else
        {
            Loop<TVector, TIsa, TPenalty, Off>(start, end);
        }
    }

    // TMomentum: on where the matrix is the momentum.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Loop<TVector, TIsa, TPenalty, TMomentum>(nint start, nint end)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
        where TPenalty : struct, ISwitch
        where TMomentum : struct, ISwitch
    {
        float* values = Values;
        float* gradients = Gradients;
        float* momenta = Momenta;
        float* matrix = Matrix;
        GradientTerm.Vectors<TVector, TIsa> gradient = Gradient.Broadcast<TVector, TIsa>();
        TVector gain = TIsa.Broadcast(Gain), lead = TIsa.Broadcast(Lead);
        for (nint i = start; i < end; i += TIsa.Width)
        {
            TVector g = gradient.Of<TPenalty>(TIsa.Load(values + i), TIsa.Load(gradients + i));
            TVector b = TIsa.Load(momenta + i);
            b = TIsa.FusedMultiplyAdd(gain, TIsa.Subtract(g, b), b);
            TIsa.Store(momenta + i, b);
            TIsa.Store(matrix + i, TMomentum.IsOn ? b : TIsa.FusedMultiplyAdd(lead, TIsa.Subtract(b, g), g));
        }
    }
}

/// <summary>The second half of a step of <see cref="Muon"/>: <c>w ← keep·w + rate·o</c>.</summary>
internal unsafe struct MuonUpdate : IFusedUpdate
{
    /// <summary>[length], updated.</summary>
    public float* Values;

    /// <summary>[length].</summary>
    public float* Matrix;

    /// <summary>What is left of a value after decay.</summary>
    public float Keep;

    public float Rate;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Update<TVector, TIsa>(nint start, nint end)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        float* values = Values;
        float* matrix = Matrix;
        TVector keep = TIsa.Broadcast(Keep), rate = TIsa.Broadcast(Rate);
        for (nint i = start; i < end; i += TIsa.Width)
        {
            TIsa.Store(values + i, TIsa.FusedMultiplyAdd(rate, TIsa.Load(matrix + i), TIsa.Multiply(keep, TIsa.Load(values + i))));
        }
    }
}
