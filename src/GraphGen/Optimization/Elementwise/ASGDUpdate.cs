using System.Runtime.CompilerServices;
using GraphGen.Simd;

namespace GraphGen;

/// <summary>One update of <see cref="ASGD"/>.</summary>
internal readonly unsafe struct ASGDUpdate : ISwitchedUpdate
{
    /// <summary>The state that is the average of the values.</summary>
    public const int Average = 0;

    /// <summary>The number of a parameter that is the rate of its next update.</summary>
    public const int Eta = 0;

    /// <summary>The number of a parameter that is the share of the next update's values in their average.</summary>
    public const int Mu = 1;

    // Each [length].
    private readonly float* _values;
    private readonly float* _gradients;
    private readonly float* _averages;

    private readonly GradientTerm _gradient;

    /// <summary>λ · η.</summary>
    private readonly float _decay;

    private readonly float _rate;
    private readonly float _share;

    public ASGDUpdate(ASGDGroup group, in ParameterRange range)
    {
        double step = range.Steps + 1;
        double eta = range.Number(Eta);
        double mu = range.Number(Mu);
        eta = double.IsNaN(eta) ? group.LearningRate : eta;
        mu = double.IsNaN(mu) ? 1 : mu;

        _values = range.ValuePointer;
        _gradients = range.GradientPointer;
        _averages = range.StatePointer(Average, out _);
        _gradient = new GradientTerm(group, group.Maximize, group.WeightDecay);
        _decay = (float)(group.Lambd * eta);
        _rate = (float)eta;
        _share = (float)mu;

        range.SetNumber(Eta, group.LearningRate / Math.Pow(1 + (group.Lambd * group.LearningRate * step), group.Alpha));
        range.SetNumber(Mu, 1 / Math.Max(1, step - group.T0));
    }

    // Decay not by a multiplication with zero, which would make NaN of an infinite weight.
    public (bool First, bool Second, bool Penalty) Switches => (_share != 1, _decay != 0, _gradient.HasPenalty);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Update<TVector, TIsa, TAveraging, TDecay, TPenalty>(nint start, nint end)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
        where TAveraging : struct, ISwitch
        where TDecay : struct, ISwitch
        where TPenalty : struct, ISwitch
    {
        float* values = _values;
        float* gradients = _gradients;
        float* averages = _averages;
        GradientTerm.Vectors<TVector, TIsa> gradient = _gradient.Broadcast<TVector, TIsa>();
        TVector decay = TIsa.Broadcast(-_decay);
        TVector rate = TIsa.Broadcast(-_rate);
        TVector share = TIsa.Broadcast(_share);

        for (nint i = start; i < end; i += TIsa.Width)
        {
            TVector w = TIsa.Load(values + i);
            TVector g = gradient.Of<TPenalty>(w, TIsa.Load(gradients + i));
            if (TDecay.IsOn)
            {
                w = TIsa.FusedMultiplyAdd(decay, w, w);
            }

            w = TIsa.FusedMultiplyAdd(rate, g, w);
            TIsa.Store(values + i, w);
            if (TAveraging.IsOn)
            {
                TVector a = TIsa.Load(averages + i);
                w = TIsa.FusedMultiplyAdd(share, TIsa.Subtract(w, a), a);
            }

            TIsa.Store(averages + i, w);
        }
    }
}
