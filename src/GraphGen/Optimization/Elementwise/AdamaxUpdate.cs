using System.Runtime.CompilerServices;
using GraphGen.Simd;

namespace GraphGen;

/// <summary>One update of <see cref="Adamax"/>.</summary>
internal readonly unsafe struct AdamaxUpdate : IFusedUpdate
{
    public const int Average = 0;
    public const int LargestGradient = 1;

    // Each [length].
    private readonly float* _values;
    private readonly float* _gradients;
    private readonly float* _averages;
    private readonly float* _largest;

    private readonly GradientTerm _gradient;
    private readonly RunningAverage _average;
    private readonly float _beta2;

    /// <summary>lr / (1 − β₁ᵗ).</summary>
    private readonly float _rate;

    private readonly float _eps;

    public AdamaxUpdate(AdamaxGroup group, in ParameterRange range)
    {
        (double beta1, double beta2) = group.Betas;
        _values = range.ValuePointer;
        _gradients = range.GradientPointer;
        _averages = range.StatePointer(Average, out _);
        _largest = range.StatePointer(LargestGradient, out _);
        _gradient = new GradientTerm(group, group.Maximize, group.WeightDecay);
        _average = new RunningAverage(beta1);
        _beta2 = (float)beta2;
        _rate = (float)(group.LearningRate / (1 - Math.Pow(beta1, range.Steps + 1)));
        _eps = Denominator.Epsilon(group.Eps);
    }

    public void Update<TVector, TIsa>(nint start, nint end)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        if (_gradient.HasPenalty)
        {
            Loop<TVector, TIsa, On>(start, end);
        }
        else
        {
            Loop<TVector, TIsa, Off>(start, end);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Loop<TVector, TIsa, TPenalty>(nint start, nint end)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
        where TPenalty : struct, ISwitch
    {
        float* values = _values;
        float* gradients = _gradients;
        float* averages = _averages;
        float* largest = _largest;
        GradientTerm.Vectors<TVector, TIsa> gradient = _gradient.Broadcast<TVector, TIsa>();
        RunningAverage.Vectors<TVector, TIsa> average = _average.Broadcast<TVector, TIsa>();
        TVector beta2 = TIsa.Broadcast(_beta2);
        TVector rate = TIsa.Broadcast(-_rate);
        TVector eps = TIsa.Broadcast(_eps);

        for (nint i = start; i < end; i += TIsa.Width)
        {
            TVector w = TIsa.Load(values + i);
            TVector g = gradient.Of<TPenalty>(w, TIsa.Load(gradients + i));
            TVector m = average.Of(TIsa.Load(averages + i), g);
            TVector u = TIsa.Max(TIsa.Multiply(beta2, TIsa.Load(largest + i)), TIsa.Add(TIsa.Abs(g), eps));
            TIsa.Store(averages + i, m);
            TIsa.Store(largest + i, u);
            TIsa.Store(values + i, TIsa.FusedMultiplyAdd(rate, TIsa.Divide(m, u), w));
        }
    }
}
