using System.Runtime.CompilerServices;
using GraphGen.Simd;

namespace GraphGen;

/// <summary>One update of <see cref="Adagrad"/>.</summary>
internal readonly unsafe struct AdagradUpdate : IFusedUpdate
{
    // Each [length].
    private readonly float* _values;
    private readonly float* _gradients;
    private readonly float* _sums;

    private readonly GradientTerm _gradient;

    /// <summary>lr / (1 + (t − 1) · lrDecay).</summary>
    private readonly float _rate;

    private readonly float _eps;

    public AdagradUpdate(AdagradGroup group, in ParameterRange range)
    {
        _values = range.ValuePointer;
        _gradients = range.GradientPointer;
        _sums = range.StatePointer(0, out bool isNew);
        if (isNew && group.InitialAccumulatorValue != 0)
        {
            range.FillState(0, (float)group.InitialAccumulatorValue);
        }

        _gradient = new GradientTerm(group, group.Maximize, group.WeightDecay);
        _rate = (float)(group.LearningRate / (1 + (range.Steps * group.LrDecay)));
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
        float* sums = _sums;
        GradientTerm.Vectors<TVector, TIsa> gradient = _gradient.Broadcast<TVector, TIsa>();
        TVector rate = TIsa.Broadcast(-_rate);
        TVector eps = TIsa.Broadcast(_eps);

        for (nint i = start; i < end; i += TIsa.Width)
        {
            TVector w = TIsa.Load(values + i);
            TVector g = gradient.Of<TPenalty>(w, TIsa.Load(gradients + i));
            TVector s = TIsa.FusedMultiplyAdd(g, g, TIsa.Load(sums + i));
            TIsa.Store(sums + i, s);
            TIsa.Store(values + i, TIsa.FusedMultiplyAdd(rate, TIsa.Divide(g, TIsa.Add(TIsa.FaithfulSqrt(s), eps)), w));
        }
    }
}
