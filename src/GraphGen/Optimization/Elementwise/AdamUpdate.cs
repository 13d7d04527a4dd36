using System.Runtime.CompilerServices;
using GraphGen.Simd;

namespace GraphGen;

/// <summary>One update of <see cref="Adam"/> or <see cref="AdamW"/>.</summary>
internal readonly unsafe struct AdamUpdate : ISwitchedUpdate
{
    public const int Average = 0;
    public const int SquareAverage = 1;
    public const int LargestSquareAverage = 2;

    // Each [length].
    private readonly float* _values;
    private readonly float* _gradients;
    private readonly float* _averages;
    private readonly float* _squareAverages;

    /// <summary>[length]; null without AMSGrad.</summary>
    private readonly float* _largest;

    private readonly GradientTerm _gradient;

    /// <summary>lr · weightDecay; 0 where decay is part of the gradient.</summary>
    private readonly float _decay;

    private readonly RunningAverage _first;
    private readonly RunningAverage _second;

    /// <summary>lr / (1 − β₁ᵗ).</summary>
    private readonly float _rate;

    /// <summary>1 / √(1 − β₂ᵗ).</summary>
    private readonly float _rootScale;

    private readonly float _eps;

    public AdamUpdate(AdamGroup group, in ParameterRange range, bool isDecoupled)
    {
        double step = range.Steps + 1;
        (double beta1, double beta2) = group.Betas;
        _values = range.ValuePointer;
        _gradients = range.GradientPointer;
        _averages = range.StatePointer(Average, out _);
        _squareAverages = range.StatePointer(SquareAverage, out _);
        _largest = group.Amsgrad ? range.StatePointer(LargestSquareAverage, out _) : null;
        _gradient = new GradientTerm(group, group.Maximize, isDecoupled ? 0 : group.WeightDecay);
        _decay = isDecoupled ? (float)(group.LearningRate * group.WeightDecay) : 0;
        _first = new RunningAverage(beta1);
        _second = new RunningAverage(beta2);
        _rate = (float)(group.LearningRate / (1 - Math.Pow(beta1, step)));
        _rootScale = (float)(1 / Math.Sqrt(1 - Math.Pow(beta2, step)));
        _eps = Denominator.Epsilon(group.Eps);
    }

    // Decay not by a multiplication with zero, which would make NaN of an infinite weight.
    public (bool First, bool Second, bool Penalty) Switches => (_largest != null, _decay != 0, _gradient.HasPenalty);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Update<TVector, TIsa, TAmsgrad, TDecay, TPenalty>(nint start, nint end)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
        where TAmsgrad : struct, ISwitch
        where TDecay : struct, ISwitch
        where TPenalty : struct, ISwitch
    {
        float* values = _values;
        float* gradients = _gradients;
        float* averages = _averages;
        float* squareAverages = _squareAverages;
        float* largest = _largest;
        GradientTerm.Vectors<TVector, TIsa> gradient = _gradient.Broadcast<TVector, TIsa>();
        RunningAverage.Vectors<TVector, TIsa> first = _first.Broadcast<TVector, TIsa>();
        RunningAverage.Vectors<TVector, TIsa> second = _second.Broadcast<TVector, TIsa>();
        TVector decay = TIsa.Broadcast(-_decay);
        TVector rate = TIsa.Broadcast(-_rate);
        TVector rootScale = TIsa.Broadcast(_rootScale);
        TVector eps = TIsa.Broadcast(_eps);

        for (nint i = start; i < end; i += TIsa.Width)
        {
            TVector w = TIsa.Load(values + i);
            TVector g = gradient.Of<TPenalty>(w, TIsa.Load(gradients + i));
            TVector m = first.Of(TIsa.Load(averages + i), g);
            TVector v = second.OfSquare(TIsa.Load(squareAverages + i), g);
            TIsa.Store(averages + i, m);
            TIsa.Store(squareAverages + i, v);
            if (TAmsgrad.IsOn)
            {
                v = TIsa.Max(TIsa.Load(largest + i), v);
                TIsa.Store(largest + i, v);
            }

            if (TDecay.IsOn)
            {
                w = TIsa.FusedMultiplyAdd(decay, w, w);
            }

            TVector denominator = TIsa.FusedMultiplyAdd(TIsa.FaithfulSqrt(v), rootScale, eps);
            TIsa.Store(values + i, TIsa.FusedMultiplyAdd(rate, TIsa.Divide(m, denominator), w));
        }
    }
}
