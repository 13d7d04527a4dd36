using System.Runtime.CompilerServices;
using GraphGen.Simd;

namespace GraphGen;

/// <summary>One update of <see cref="SGD"/>.</summary>
internal readonly unsafe struct SGDUpdate : ISwitchedUpdate
{
    public const int MomentumBuffer = 0;

    // Each [length].
    private readonly float* _values;
    private readonly float* _gradients;

    /// <summary>[length]; null without momentum.</summary>
    private readonly float* _momenta;

    private readonly GradientTerm _gradient;

    /// <summary>How much of the momenta stays: nothing of the zeros there are before the first update.</summary>
    private readonly float _kept;

    /// <summary>How much of the gradient comes in: all of it in the first update.</summary>
    private readonly float _gain;

    private readonly float _momentum;
    private readonly bool _nesterov;
    private readonly float _rate;

    public SGDUpdate(SGDGroup group, in ParameterRange range)
    {
        bool isFirst = false;
        _values = range.ValuePointer;
        _gradients = range.GradientPointer;
        _momenta = group.Momentum == 0 ? null : range.StatePointer(MomentumBuffer, out isFirst);
        _gradient = new GradientTerm(group, group.Maximize, group.WeightDecay);
        _kept = isFirst ? 0 : (float)group.Momentum;
        _gain = isFirst ? 1 : (float)(1 - group.Dampening);
        _momentum = (float)group.Momentum;
        _nesterov = _momenta != null && group.Nesterov;
        _rate = (float)group.LearningRate;
    }

    public (bool First, bool Second, bool Penalty) Switches => (_momenta != null, _nesterov, _gradient.HasPenalty);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Update<TVector, TIsa, TMomentum, TNesterov, TPenalty>(nint start, nint end)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
        where TMomentum : struct, ISwitch
        where TNesterov : struct, ISwitch
        where TPenalty : struct, ISwitch
    {
        float* values = _values;
        float* gradients = _gradients;
        float* momenta = _momenta;
        GradientTerm.Vectors<TVector, TIsa> gradient = _gradient.Broadcast<TVector, TIsa>();
        TVector rate = TIsa.Broadcast(-_rate);
        TVector momentum = TIsa.Broadcast(_momentum);
        TVector kept = TIsa.Broadcast(_kept);
        TVector gain = TIsa.Broadcast(_gain);

        for (nint i = start; i < end; i += TIsa.Width)
        {
            TVector w = TIsa.Load(values + i);
            TVector g = gradient.Of<TPenalty>(w, TIsa.Load(gradients + i));
            if (TMomentum.IsOn)
            {
                TVector b = TIsa.FusedMultiplyAdd(gain, g, TIsa.Multiply(kept, TIsa.Load(momenta + i)));
                TIsa.Store(momenta + i, b);
                g = TNesterov.IsOn ? TIsa.FusedMultiplyAdd(momentum, b, g) : b;
            }

            TIsa.Store(values + i, TIsa.FusedMultiplyAdd(rate, g, w));
        }
    }
}
