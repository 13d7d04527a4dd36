using System.Runtime.CompilerServices;
using GraphGen.Simd;

namespace GraphGen;

/// <summary>One update of <see cref="RMSprop"/>.</summary>
internal readonly unsafe struct RMSpropUpdate : ISwitchedUpdate
{
    public const int SquareAverage = 0;
    public const int MomentumBuffer = 1;
    public const int Average = 2;

    // Each [length].
    private readonly float* _values;
    private readonly float* _gradients;
    private readonly float* _squareAverages;

    /// <summary>[length]; null without momentum.</summary>
    private readonly float* _momenta;

    /// <summary>[length]; null if not centered.</summary>
    private readonly float* _averages;

    private readonly GradientTerm _gradient;
    private readonly RunningAverage _average;
    private readonly float _momentum;
    private readonly float _rate;
    private readonly float _eps;

    public RMSpropUpdate(RMSpropGroup group, in ParameterRange range)
    {
        _values = range.ValuePointer;
        _gradients = range.GradientPointer;
        _squareAverages = range.StatePointer(SquareAverage, out _);
        _momenta = group.Momentum == 0 ? null : range.StatePointer(MomentumBuffer, out _);
        _averages = group.Centered ? range.StatePointer(Average, out _) : null;
        _gradient = new GradientTerm(group, group.Maximize, group.WeightDecay);
        _average = new RunningAverage(group.Alpha);
        _momentum = (float)group.Momentum;
        _rate = (float)group.LearningRate;
        _eps = Denominator.Epsilon(group.Eps);
    }

    public (bool First, bool Second, bool Penalty) Switches => (_averages != null, _momenta != null, _gradient.HasPenalty);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Update<TVector, TIsa, TCentered, TMomentum, TPenalty>(nint start, nint end)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
        where TCentered : struct, ISwitch
        where TMomentum : struct, ISwitch
        where TPenalty : struct, ISwitch
    {
        float* values = _values;
        float* gradients = _gradients;
        float* squareAverages = _squareAverages;
        float* momenta = _momenta;
        float* averages = _averages;
        GradientTerm.Vectors<TVector, TIsa> gradient = _gradient.Broadcast<TVector, TIsa>();
        RunningAverage.Vectors<TVector, TIsa> average = _average.Broadcast<TVector, TIsa>();
        TVector momentum = TIsa.Broadcast(_momentum);
        TVector rate = TIsa.Broadcast(-_rate);
        TVector eps = TIsa.Broadcast(_eps);

        for (nint i = start; i < end; i += TIsa.Width)
        {
            TVector w = TIsa.Load(values + i);
            TVector g = gradient.Of<TPenalty>(w, TIsa.Load(gradients + i));
            TVector v = average.OfSquare(TIsa.Load(squareAverages + i), g);
            TIsa.Store(squareAverages + i, v);
            if (TCentered.IsOn)
            {
                TVector a = average.Of(TIsa.Load(averages + i), g);
                TIsa.Store(averages + i, a);
                v = TIsa.Max(TIsa.FusedMultiplyAdd(TIsa.Negate(a), a, v), TIsa.Zero);
            }

            TVector step = TIsa.Divide(g, TIsa.Add(TIsa.FaithfulSqrt(v), eps));
            if (TMomentum.IsOn)
            {
                step = TIsa.FusedMultiplyAdd(momentum, TIsa.Load(momenta + i), step);
                TIsa.Store(momenta + i, step);
            }

            TIsa.Store(values + i, TIsa.FusedMultiplyAdd(rate, step, w));
        }
    }
}
