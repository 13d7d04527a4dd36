using System.Runtime.CompilerServices;
using GraphGen.Simd;

namespace GraphGen;

/// <summary>One update of <see cref="Adadelta"/>.</summary>
internal readonly unsafe struct AdadeltaUpdate : IFusedUpdate
{
    public const int SquareAverage = 0;
    public const int SquaredSteps = 1;

    // Each [length].
    private readonly float* _values;
    private readonly float* _gradients;
    private readonly float* _squareAverages;
    private readonly float* _squaredSteps;

    private readonly GradientTerm _gradient;
    private readonly RunningAverage _average;
    private readonly float _rate;
    private readonly float _eps;

    public AdadeltaUpdate(AdadeltaGroup group, in ParameterRange range)
    {
        _values = range.ValuePointer;
        _gradients = range.GradientPointer;
        _squareAverages = range.StatePointer(SquareAverage, out _);
        _squaredSteps = range.StatePointer(SquaredSteps, out _);
        _gradient = new GradientTerm(group, group.Maximize, group.WeightDecay);
        _average = new RunningAverage(group.Rho);
        _rate = (float)group.LearningRate;
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
        float* squareAverages = _squareAverages;
        float* squaredSteps = _squaredSteps;
        GradientTerm.Vectors<TVector, TIsa> gradient = _gradient.Broadcast<TVector, TIsa>();
        RunningAverage.Vectors<TVector, TIsa> average = _average.Broadcast<TVector, TIsa>();
        TVector rate = TIsa.Broadcast(-_rate);
        TVector eps = TIsa.Broadcast(_eps);

        for (nint i = start; i < end; i += TIsa.Width)
        {
            TVector w = TIsa.Load(values + i);
            TVector g = gradient.Of<TPenalty>(w, TIsa.Load(gradients + i));
            TVector v = average.OfSquare(TIsa.Load(squareAverages + i), g);
            TVector d = TIsa.Load(squaredSteps + i);

            // The quotient of two roots as the root of a quotient: one root less, and rounded once less.
            TVector step = TIsa.Multiply(TIsa.FaithfulSqrt(TIsa.Divide(TIsa.Add(d, eps), TIsa.Add(v, eps))), g);
            TIsa.Store(squareAverages + i, v);
            TIsa.Store(squaredSteps + i, average.Of(d, TIsa.Multiply(step, step)));
            TIsa.Store(values + i, TIsa.FusedMultiplyAdd(rate, step, w));
        }
    }
}
