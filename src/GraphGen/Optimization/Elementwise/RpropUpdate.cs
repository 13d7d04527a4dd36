using System.Runtime.CompilerServices;
using GraphGen.Simd;

namespace GraphGen;

/// <summary>One update of <see cref="Rprop"/>.</summary>
internal readonly unsafe struct RpropUpdate : IFusedUpdate
{
    public const int Previous = 0;
    public const int StepSize = 1;

    // Each [length].
    private readonly float* _values;
    private readonly float* _gradients;
    private readonly float* _previous;
    private readonly float* _stepSizes;

    private readonly GradientTerm _gradient;
    private readonly float _shrink;
    private readonly float _grow;
    private readonly float _smallest;
    private readonly float _largest;

    public RpropUpdate(RpropGroup group, in ParameterRange range)
    {
        _values = range.ValuePointer;
        _gradients = range.GradientPointer;
        _previous = range.StatePointer(Previous, out _);
        _stepSizes = range.StatePointer(StepSize, out bool isNew);
        if (isNew)
        {
            range.FillState(StepSize, (float)group.LearningRate);
        }

        _gradient = new GradientTerm(group, group.Maximize, weightDecay: 0);
        _shrink = (float)group.Etas.Minus;
        _grow = (float)group.Etas.Plus;
        _smallest = (float)group.StepSizes.Smallest;
        _largest = (float)group.StepSizes.Largest;
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
        float* previous = _previous;
        float* stepSizes = _stepSizes;
        GradientTerm.Vectors<TVector, TIsa> gradient = _gradient.Broadcast<TVector, TIsa>();
        TVector one = TIsa.Broadcast(1f);
        TVector minusOne = TIsa.Broadcast(-1f);
        TVector shrink = TIsa.Broadcast(_shrink);
        TVector grow = TIsa.Broadcast(_grow);
        TVector smallest = TIsa.Broadcast(_smallest);
        TVector largest = TIsa.Broadcast(_largest);

        for (nint i = start; i < end; i += TIsa.Width)
        {
            TVector w = TIsa.Load(values + i);
            TVector g = gradient.Of<TPenalty>(w, TIsa.Load(gradients + i));
            TVector before = TIsa.Load(previous + i);

            // Signs and not values are multiplied: the product of two small gradients might round to 0.
            TVector sign = TIsa.Select(TIsa.GreaterThan(g, TIsa.Zero), one, TIsa.Select(TIsa.GreaterThan(TIsa.Zero, g), minusOne, TIsa.Zero));
            TVector signBefore = TIsa.Select(TIsa.GreaterThan(before, TIsa.Zero), one, TIsa.Select(TIsa.GreaterThan(TIsa.Zero, before), minusOne, TIsa.Zero));
            TVector turn = TIsa.Multiply(sign, signBefore);
            TVector goesOn = TIsa.GreaterThan(turn, TIsa.Zero);
            TVector turns = TIsa.GreaterThan(TIsa.Zero, turn);
            TVector factor = TIsa.Select(goesOn, grow, TIsa.Select(turns, shrink, one));
            TVector size = TIsa.Min(TIsa.Max(TIsa.Multiply(TIsa.Load(stepSizes + i), factor), smallest), largest);
            TVector direction = TIsa.Select(turns, TIsa.Zero, sign);
            TIsa.Store(stepSizes + i, size);
            TIsa.Store(previous + i, TIsa.Select(turns, TIsa.Zero, g));
            TIsa.Store(values + i, TIsa.FusedMultiplyAdd(TIsa.Negate(direction), size, w));
        }
    }
}
