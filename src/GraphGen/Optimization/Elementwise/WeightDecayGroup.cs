namespace GraphGen;

/// <summary>What the groups of most optimizers have: an L2 penalty and a direction.</summary>
public abstract class WeightDecayGroup : ParameterGroup
{
    private protected WeightDecayGroup(IEnumerable<Parameter> parameters, double lr, double weightDecay, bool maximize)
        : base(parameters, Hyperparameter.NotNegative(lr))
    {
        WeightDecay = Hyperparameter.NotNegative(weightDecay);
        Maximize = maximize;
    }

    /// <summary>The weight decay; not negative. An L2 penalty, unless the optimizer decouples it from the gradient.</summary>
    public double WeightDecay
    {
        get;
        set => field = Hyperparameter.NotNegative(value);
    }

    /// <summary>Whether to go up instead of down.</summary>
    public bool Maximize { get; set; }

    /// <inheritdoc/>
    protected internal override void Exchange(StateExchange state)
    {
        base.Exchange(state);
        WeightDecay = state.Exchange("weight_decay", WeightDecay);
        Maximize = state.Exchange("maximize", Maximize);
    }
}
