namespace GraphGen;

/// <summary>What the groups of Adam and its kin have: two running averages and the term that keeps their quotient finite.</summary>
public abstract class BetasGroup : WeightDecayGroup
{
    private protected BetasGroup(
        IEnumerable<Parameter> parameters,
        double lr,
        (double Beta1, double Beta2)? betas,
        double eps,
        double weightDecay,
        bool maximize)
        : base(parameters, lr, weightDecay, maximize)
    {
        Betas = Hyperparameter.Betas(betas ?? (0.9, 0.999), nameof(betas));
        Eps = Hyperparameter.NotNegative(eps);
    }

    /// <summary>
    /// How much of the running average of the gradient (β₁) and of its square or largest magnitude (β₂) goes into the next; in [0, 1).
    /// </summary>
    public (double Beta1, double Beta2) Betas
    {
        get;
        set => field = Hyperparameter.Betas(value);
    }

    /// <summary>What is added to the denominator; not negative.</summary>
    public double Eps
    {
        get;
        set => field = Hyperparameter.NotNegative(value);
    }

    /// <summary>β₁.</summary>
    protected internal override double? CycledMomentum
    {
        get => Betas.Beta1;
        set => Betas = (value ?? Betas.Beta1, Betas.Beta2);
    }

    /// <inheritdoc/>
    protected internal override void Exchange(StateExchange state)
    {
        base.Exchange(state);
        Betas = state.Exchange("betas", Betas);
        Eps = state.Exchange("eps", Eps);
    }
}
