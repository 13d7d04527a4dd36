namespace GraphGen.Tests.Golden;

/// <summary>What an optimizer with betas is for a scheduler: the first of them is the momentum to cycle.</summary>
internal sealed class BetaOptimizer : Optimizer<BetaGroup>
{
    private readonly double _lr;

    public BetaOptimizer(IEnumerable<IEnumerable<Parameter>> groups, double lr)
    {
        _lr = lr;
        AddParamGroups(groups);
    }

    protected override BetaGroup CreateGroup(IEnumerable<Parameter> parameters) => new(parameters, _lr);

    protected override void Update(BetaGroup group, in ParameterRange range)
    {
    }
}

internal sealed class BetaGroup(IEnumerable<Parameter> parameters, double lr) : ParameterGroup(parameters, lr)
{
    public double Beta1
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value);
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(value, 1);
            field = value;
        }
    }

    = 0.9;

    protected override double? CycledMomentum
    {
        get => Beta1;
        set => Beta1 = value!.Value;
    }

    protected override void Exchange(StateExchange state)
    {
        base.Exchange(state);
        Beta1 = state.Exchange("betas", (Beta1, 0.999)).First;
    }
}
