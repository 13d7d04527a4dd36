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

    public readonly void Update<TVector, TIsa>(nint start, nint end)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        if (Momenta == null)
        {
            ChoosePenalty<TVector, TIsa, Off, Off, Off>(start, end);
        }
        else if (IsFirst)
        {
            ChooseNesterov<TVector, TIsa, On>(start, end);
        }
        else
        {
            ChooseNesterov<TVector, TIsa, Off>(start, end);
        }
    }

    private readonly void ChooseNesterov<TVector, TIsa, TFirst>(nint start, nint end)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
        where TFirst : struct, ISwitch
    {
        if (Nesterov)
        {
            ChoosePenalty<TVector, TIsa, On, TFirst, On>(start, end);
        }
        else
        {
            ChoosePenalty<TVector, TIsa, On, TFirst, Off>(start, end);
        }
    }

    private readonly void ChoosePenalty<TVector, TIsa, TMomentum, TFirst, TNesterov>(nint start, nint end)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
        where TMomentum : struct, ISwitch
        where TFirst : struct, ISwitch
        where TNesterov : struct, ISwitch
    {
        if (Gradient.HasPenalty)
        {
            Loop<TVector, TIsa, TMomentum, TFirst, TNesterov, On>(start, end);
        }
        else
        {
            Loop<TVector, TIsa, TMomentum, TFirst, TNesterov, Off>(start, end);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Loop<TVector, TIsa, TMomentum, TFirst, TNesterov, TPenalty>(nint start, nint end)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
        where TMomentum : struct, ISwitch
        where TFirst : struct, ISwitch
        where TNesterov : struct, ISwitch
        where TPenalty : struct, ISwitch
    {
        float* values = Values;
        float* gradients = Gradients;
        float* momenta = Momenta;
        GradientTerm.Vectors<TVector, TIsa> gradient = Gradient.Broadcast<TVector, TIsa>();
        TVector rate = TIsa.Broadcast(-Rate);
        TVector momentum = TIsa.Broadcast(Momentum);
        TVector gain = TIsa.Broadcast(Gain);

        for (nint i = start; i < end; i += TIsa.Width)
        {
            TVector w = TIsa.Load(values + i);
            TVector g = gradient.Of<TPenalty>(w, TIsa.Load(gradients + i));
            if (TMomentum.IsOn)
            {
                TVector b = TFirst.IsOn ? g : TIsa.FusedMultiplyAdd(gain, g, TIsa.Multiply(momentum, TIsa.Load(momenta + i)));
                TIsa.Store(momenta + i, b);
                g = TNesterov.IsOn ? TIsa.FusedMultiplyAdd(momentum, b, g) : b;
            }

            TIsa.Store(values + i, TIsa.FusedMultiplyAdd(rate, g, w));
        }
    }
}
