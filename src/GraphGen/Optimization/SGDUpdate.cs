using System.Runtime.CompilerServices;
using GraphGen.Simd;

namespace GraphGen;

/// <summary>One update of <see cref="SGD"/>.</summary>
internal unsafe struct SGDUpdate : IFusedUpdate
{
    /// <summary>[length], updated.</summary>
    public float* Values;

    /// <summary>[length].</summary>
    public float* Gradients;

    /// <summary>[length], updated; null without momentum.</summary>
    public float* Momenta;

    public GradientTerm Gradient;
    public float Rate;
    public float Momentum;

    /// <summary>1 − dampening.</summary>
    public float Gain;

    /// <summary>Whether the momenta are yet to be written for the first time.</summary>
    public bool IsFirst;

    public bool Nesterov;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Update<TVector, TIsa>(nint start, nint end)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        // What is asked for is the same all the way: one loop for each kind of momentum, without it decided inside.
        if (Momenta == null)
        {
            Loop<TVector, TIsa>(in this, start, end, hasMomentum: false, isFirst: false, nesterov: false);
        }
        else if (Nesterov)
        {
            if (IsFirst)
            {
                Loop<TVector, TIsa>(in this, start, end, hasMomentum: true, isFirst: true, nesterov: true);
            }
            else
            {
                Loop<TVector, TIsa>(in this, start, end, hasMomentum: true, isFirst: false, nesterov: true);
            }
        }
        else if (IsFirst)
        {
            Loop<TVector, TIsa>(in this, start, end, hasMomentum: true, isFirst: true, nesterov: false);
        }
        else
        {
            Loop<TVector, TIsa>(in this, start, end, hasMomentum: true, isFirst: false, nesterov: false);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Loop<TVector, TIsa>(in SGDUpdate update, nint start, nint end, bool hasMomentum, bool isFirst, bool nesterov)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        float* values = update.Values;
        float* gradients = update.Gradients;
        float* momenta = update.Momenta;
        GradientTerm gradient = update.Gradient;
        TVector rate = TIsa.Broadcast(-update.Rate);
        TVector momentum = TIsa.Broadcast(update.Momentum);
        TVector gain = TIsa.Broadcast(update.Gain);

        for (nint i = start; i < end; i += TIsa.Width)
        {
            TVector w = TIsa.Load(values + i);
            TVector g = gradient.Of<TVector, TIsa>(w, TIsa.Load(gradients + i));
            if (hasMomentum)
            {
                TVector b = isFirst ? g : TIsa.FusedMultiplyAdd(gain, g, TIsa.Multiply(momentum, TIsa.Load(momenta + i)));
                TIsa.Store(momenta + i, b);
                g = nesterov ? TIsa.FusedMultiplyAdd(momentum, b, g) : b;
            }

            TIsa.Store(values + i, TIsa.FusedMultiplyAdd(rate, g, w));
        }
    }
}
