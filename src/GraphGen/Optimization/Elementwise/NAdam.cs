namespace GraphGen;

/// <summary>
/// NAdam: Adam with Nesterov momentum. For each value w with gradient g, in the update number t of its parameter:
/// <code>
/// g ← −g                           if maximize
/// w ← w − lr·weightDecay·w         if decoupledWeightDecay, else
/// g ← g + weightDecay·w
/// μₜ = β₁·(1 − ½·0.96^(t·momentumDecay))
/// m ← β₁·m + (1 − β₁)·g
/// v ← β₂·v + (1 − β₂)·g²
/// m̂ = μₜ₊₁·m / (1 − μ₁·…·μₜ₊₁) + (1 − μₜ)·g / (1 − μ₁·…·μₜ)
/// w ← w − lr·m̂ / (√(v / (1 − β₂ᵗ)) + eps)
/// </code>
/// </summary>
/// <remarks>
/// <para>
/// State, as a state dict names it: m is <c>exp_avg</c>, v is <c>exp_avg_sq</c>, the product of all μ up to μₜ is <c>mu_product</c>.
/// With an eps of 0 a value that has never had a gradient other than 0 stays what it is (PyTorch makes it NaN).
/// </para>
/// <para>
/// PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.optim.NAdam.html">torch.optim.NAdam</see>.
/// Dozat, <see href="https://openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ">Incorporating Nesterov Momentum into Adam</see>, 2016.
/// </para>
/// </remarks>
public sealed class NAdam : Optimizer<NAdamGroup>
{
    private readonly Func<IEnumerable<Parameter>, NAdamGroup> _createGroup;

    /// <summary>An optimizer with one group.</summary>
    /// <param name="parameters">The parameters: a model's <c>Parameters</c>, or some of them.</param>
    /// <param name="lr">The learning rate; 0.002 by default.</param>
    /// <param name="betas">How much of m (β₁, in the limit of many steps) and v (β₂) goes into the next; (0.9, 0.999) by default.</param>
    /// <param name="eps">What is added to the denominator; 1e-8 by default.</param>
    /// <param name="weightDecay">The weight decay; 0 (none) by default.</param>
    /// <param name="momentumDecay">How fast μ grows from half of β₁ to β₁; 0.004 by default.</param>
    /// <param name="decoupledWeightDecay">Whether decay is taken off the value, as AdamW does, instead of being part of the gradient; false by default.</param>
    /// <param name="maximize">Whether to go up instead of down; false by default.</param>
    /// <exception cref="ArgumentException">There are no parameters, or one is there twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="lr"/>, <paramref name="eps"/>, <paramref name="weightDecay"/> or <paramref name="momentumDecay"/> is negative or
    /// NaN, or one of <paramref name="betas"/> is outside [0, 1).
    /// </exception>
    public NAdam(
        IEnumerable<Parameter> parameters,
        double lr = 2e-3,
        (double Beta1, double Beta2)? betas = null,
        double eps = 1e-8,
        double weightDecay = 0,
        double momentumDecay = 4e-3,
        bool decoupledWeightDecay = false,
        bool maximize = false)
        : this([parameters], lr, betas, eps, weightDecay, momentumDecay, decoupledWeightDecay, maximize)
    {
    }

    /// <summary>
    /// An optimizer with a group for each list of parameters: at least one list, no parameter in two. The groups start with the same
    /// options: change them on <see cref="Optimizer{TGroup}.Groups"/>.
    /// </summary>
    /// <inheritdoc cref="NAdam(IEnumerable{Parameter}, double, Nullable{ValueTuple{double, double}}, double, double, double, bool, bool)"/>
    public NAdam(
        IEnumerable<IEnumerable<Parameter>> groups,
        double lr = 2e-3,
        (double Beta1, double Beta2)? betas = null,
        double eps = 1e-8,
        double weightDecay = 0,
        double momentumDecay = 4e-3,
        bool decoupledWeightDecay = false,
        bool maximize = false)
    {
        _createGroup = parameters => new NAdamGroup(parameters, lr, betas, eps, weightDecay, momentumDecay, decoupledWeightDecay, maximize);
        AddParamGroups(groups);
    }

    /// <inheritdoc/>
    protected override NAdamGroup CreateGroup(IEnumerable<Parameter> parameters) => _createGroup(parameters);

    /// <inheritdoc/>
    protected internal override int RequiredStates => 2;

    /// <inheritdoc/>
    protected internal override int RequiredNumbers => 1;

    /// <inheritdoc/>
    protected internal override string StateName(int index) => index == NAdamUpdate.Average ? "exp_avg" : "exp_avg_sq";

    /// <inheritdoc/>
    protected internal override string NumberName(int index) => "mu_product";

    /// <inheritdoc/>
    protected override void Update(NAdamGroup group, in ParameterRange range) =>
        FusedUpdate.RunSwitched(new NAdamUpdate(group, range), range.Length);
}

/// <summary>Parameters that <see cref="NAdam"/> updates with the same options.</summary>
public sealed class NAdamGroup : BetasGroup
{
    internal NAdamGroup(
        IEnumerable<Parameter> parameters,
        double lr,
        (double Beta1, double Beta2)? betas,
        double eps,
        double weightDecay,
        double momentumDecay,
        bool decoupledWeightDecay,
        bool maximize)
        : base(parameters, lr, betas, eps, weightDecay, maximize)
    {
        MomentumDecay = Hyperparameter.NotNegative(momentumDecay);
        DecoupledWeightDecay = decoupledWeightDecay;
    }

    /// <summary>How fast μ grows from half of β₁ to β₁; not negative.</summary>
    public double MomentumDecay
    {
        get;
        set => field = Hyperparameter.NotNegative(value);
    }

    /// <summary>Whether decay is taken off the value instead of being part of the gradient.</summary>
    public bool DecoupledWeightDecay { get; set; }

    /// <inheritdoc/>
    protected internal override void Exchange(StateExchange state)
    {
        base.Exchange(state);
        MomentumDecay = state.Exchange("momentum_decay", MomentumDecay);
        DecoupledWeightDecay = state.Exchange("decoupled_weight_decay", DecoupledWeightDecay);
    }
}
