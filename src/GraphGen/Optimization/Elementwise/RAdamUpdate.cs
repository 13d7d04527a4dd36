using System.Runtime.CompilerServices;
using GraphGen.Simd;

namespace GraphGen;

/// <summary>One update of <see cref="RAdam"/>.</summary>
internal readonly unsafe struct RAdamUpdate : ISwitchedUpdate
{
    public const int Average = 0;
    public const int SquareAverage = 1;

    // Each [length].
    private readonly float* _values;
    private readonly float* _gradients;
    private readonly float* _averages;
    private readonly float* _squareAverages;

    private readonly GradientTerm _gradient;

    /// <summary>lr · weightDecay; 0 where decay is part of the gradient.</summary>
    private readonly float _decay;

    private readonly RunningAverage _first;
    private readonly RunningAverage _second;

    /// <summary>Whether there have been enough gradients for their variance to be known.</summary>
    private readonly bool _isRectified;

    /// <summary>lr / (1 − β₁ᵗ), times r · √(1 − β₂ᵗ) if rectified.</summary>
    private readonly float _rate;

    private readonly float _eps;

    public RAdamUpdate(RAdamGroup group, in ParameterRange range)
    {
        double step = range.Steps + 1;
        (double beta1, double beta2) = group.Betas;
        double correction = 1 - Math.Pow(beta2, step);
        double limit = (2 / (1 - beta2)) - 1;
        double length = limit - (2 * step * (1 - correction) / correction);
        double rate = group.LearningRate / (1 - Math.Pow(beta1, step));
        _isRectified = length > 5;
        if (_isRectified)
        {
            rate *= Math.Sqrt((length - 4) * (length - 2) * limit / ((limit - 4) * (limit - 2) * length) * correction);
        }

        _values = range.ValuePointer;
        _gradients = range.GradientPointer;
        _averages = range.StatePointer(Average, out _);
        _squareAverages = range.StatePointer(SquareAverage, out _);
        _gradient = new GradientTerm(group, group.Maximize, group.DecoupledWeightDecay ? 0 : group.WeightDecay);
        _decay = group.DecoupledWeightDecay ? (float)(group.LearningRate * group.WeightDecay) : 0;
        _first = new RunningAverage(beta1);
        _second = new RunningAverage(beta2);
        _rate = (float)rate;
        _eps = Denominator.Epsilon(group.Eps);
    }

    // Decay not by a multiplication with zero, which would make NaN of an infinite weight.
    public (bool First, bool Second, bool Penalty) Switches => (_isRectified, _decay != 0, _gradient.HasPenalty);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Update<TVector, TIsa, TRectified, TDecay, TPenalty>(nint start, nint end)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
        where TRectified : struct, ISwitch
        where TDecay : struct, ISwitch
        where TPenalty : struct, ISwitch
    {
        float* values = _values;
        float* gradients = _gradients;
        float* averages = _averages;
        float* squareAverages = _squareAverages;
        GradientTerm.Vectors<TVector, TIsa> gradient = _gradient.Broadcast<TVector, TIsa>();
        RunningAverage.Vectors<TVector, TIsa> first = _first.Broadcast<TVector, TIsa>();
        RunningAverage.Vectors<TVector, TIsa> second = _second.Broadcast<TVector, TIsa>();
        TVector decay = TIsa.Broadcast(-_decay);
        TVector rate = TIsa.Broadcast(-_rate);
        TVector eps = TIsa.Broadcast(_eps);

        for (nint i = start; i < end; i += TIsa.Width)
        {
            TVector w = TIsa.Load(values + i);
            TVector g = gradient.Of<TPenalty>(w, TIsa.Load(gradients + i));
            TVector m = first.Of(TIsa.Load(averages + i), g);
            TVector v = second.OfSquare(TIsa.Load(squareAverages + i), g);
            TIsa.Store(averages + i, m);
            TIsa.Store(squareAverages + i, v);
            if (TDecay.IsOn)
            {
                w = TIsa.FusedMultiplyAdd(decay, w, w);
            }

            TVector move = TRectified.IsOn ? TIsa.Divide(m, TIsa.Add(TIsa.FaithfulSqrt(v), eps)) : m;
            TIsa.Store(values + i, TIsa.FusedMultiplyAdd(rate, move, w));
        }
    }
}
