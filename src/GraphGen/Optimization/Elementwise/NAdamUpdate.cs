using System.Runtime.CompilerServices;
using GraphGen.Simd;

namespace GraphGen;

/// <summary>One update of <see cref="NAdam"/>.</summary>
internal readonly unsafe struct NAdamUpdate : ISwitchedUpdate
{
    public const int Average = 0;
    public const int SquareAverage = 1;

    /// <summary>The number of a parameter that is the product of all μ so far.</summary>
    public const int MomentumProduct = 0;

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

    /// <summary>lr · μₜ₊₁ / (1 − Πμₜ₊₁).</summary>
    private readonly float _averageRate;

    /// <summary>lr · (1 − μₜ) / (1 − Πμₜ).</summary>
    private readonly float _gradientRate;

    /// <summary>1 / √(1 − β₂ᵗ).</summary>
    private readonly float _rootScale;

    private readonly float _eps;

    public NAdamUpdate(NAdamGroup group, in ParameterRange range)
    {
        double step = range.Steps + 1;
        (double beta1, double beta2) = group.Betas;
        double mu = Momentum(step);
        double nextMu = Momentum(step + 1);
        double before = range.Number(MomentumProduct);
        double product = double.IsNaN(before) ? mu : before * mu;
        range.SetNumber(MomentumProduct, product);

        _values = range.ValuePointer;
        _gradients = range.GradientPointer;
        _averages = range.StatePointer(Average, out _);
        _squareAverages = range.StatePointer(SquareAverage, out _);
        _gradient = new GradientTerm(group, group.Maximize, group.DecoupledWeightDecay ? 0 : group.WeightDecay);
        _decay = group.DecoupledWeightDecay ? (float)(group.LearningRate * group.WeightDecay) : 0;
        _first = new RunningAverage(beta1);
        _second = new RunningAverage(beta2);
        _averageRate = (float)(group.LearningRate * nextMu / (1 - (product * nextMu)));
        _gradientRate = (float)(group.LearningRate * (1 - mu) / (1 - product));
        _rootScale = (float)(1 / Math.Sqrt(1 - Math.Pow(beta2, step)));
        _eps = Denominator.Epsilon(group.Eps);

        double Momentum(double t) => beta1 * (1 - (0.5 * Math.Pow(0.96, t * group.MomentumDecay)));
    }

    // Decay not by a multiplication with zero, which would make NaN of an infinite weight.
    public (bool First, bool Second, bool Penalty) Switches => (_decay != 0, false, _gradient.HasPenalty);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Update<TVector, TIsa, TDecay, TUnused, TPenalty>(nint start, nint end)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
        where TDecay : struct, ISwitch
        where TUnused : struct, ISwitch
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
        TVector averageRate = TIsa.Broadcast(-_averageRate);
        TVector gradientRate = TIsa.Broadcast(-_gradientRate);
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
            if (TDecay.IsOn)
            {
                w = TIsa.FusedMultiplyAdd(decay, w, w);
            }

            TVector move = TIsa.FusedMultiplyAdd(averageRate, m, TIsa.Multiply(gradientRate, g));
            TVector denominator = TIsa.FusedMultiplyAdd(TIsa.FaithfulSqrt(v), rootScale, eps);
            TIsa.Store(values + i, TIsa.Add(w, TIsa.Divide(move, denominator)));
        }
    }
}
