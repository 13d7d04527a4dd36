namespace GraphGen;

/// <summary>
/// RAdam: Adam that waits with dividing by the gradient's root mean square until that is known well enough. For each value w with gradient
/// g, in the update number t of its parameter:
/// <code>
/// g ← −g                           if maximize
/// w ← w − lr·weightDecay·w         if decoupledWeightDecay, else
/// g ← g + weightDecay·w
/// m ← β₁·m + (1 − β₁)·g
/// v ← β₂·v + (1 − β₂)·g²
/// m̂ = m / (1 − β₁ᵗ)
/// ρ∞ = 2 / (1 − β₂) − 1
/// ρ = ρ∞ − 2·t·β₂ᵗ / (1 − β₂ᵗ)
/// r = √((ρ − 4)·(ρ − 2)·ρ∞ / ((ρ∞ − 4)·(ρ∞ − 2)·ρ))
/// w ← w − lr·m̂·r·√(1 − β₂ᵗ) / (√v + eps) if ρ > 5, else w − lr·m̂
/// </code>
/// </summary>
/// <remarks>
/// <para>
/// State, as a state dict names it: m is <c>exp_avg</c>, v is <c>exp_avg_sq</c>. With the default β₂ the first five updates are the plain
/// ones. With an eps of 0 a value that has never had a gradient other than 0 stays what it is (PyTorch makes it NaN).
/// </para>
/// <para>
/// PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.optim.RAdam.html">torch.optim.RAdam</see>.
/// Liu, Jiang, He, Chen, Liu, Gao, Han,
/// <see href="https://arxiv.org/abs/1908.03265">On the Variance of the Adaptive Learning Rate and Beyond</see>, 2019.
/// </para>
/// </remarks>
public sealed class RAdam : Optimizer<RAdamGroup>
{
    private readonly Func<IEnumerable<Parameter>, RAdamGroup> _createGroup;

    /// <summary>An optimizer with one group.</summary>
    /// <param name="parameters">The parameters: a model's <c>Parameters</c>, or some of them.</param>
    /// <param name="lr">The learning rate; 0.001 by default.</param>
    /// <param name="betas">How much of m (β₁) and v (β₂) goes into the next; (0.9, 0.999) by default.</param>
    /// <param name="eps">What is added to the denominator; 1e-8 by default.</param>
    /// <param name="weightDecay">The weight decay; 0 (none) by default.</param>
    /// <param name="decoupledWeightDecay">Whether decay is taken off the value, as AdamW does, instead of being part of the gradient; false by default.</param>
    /// <param name="maximize">Whether to go up instead of down; false by default.</param>
    /// <exception cref="ArgumentException">There are no parameters, or one is there twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="lr"/>, <paramref name="eps"/> or <paramref name="weightDecay"/> is negative or NaN, or one of
    /// <paramref name="betas"/> is outside [0, 1).
    /// </exception>
    public RAdam(
        IEnumerable<Parameter> parameters,
        double lr = 1e-3,
        (double Beta1, double Beta2)? betas = null,
        double eps = 1e-8,
        double weightDecay = 0,
        bool decoupledWeightDecay = false,
        bool maximize = false)
        : this([parameters], lr, betas, eps, weightDecay, decoupledWeightDecay, maximize)
    {
    }

    /// <summary>
    /// An optimizer with a group for each list of parameters: at least one list, no parameter in two. The groups start with the same
    /// options: change them on <see cref="Optimizer{TGroup}.Groups"/>.
    /// </summary>
    /// <inheritdoc cref="RAdam(IEnumerable{Parameter}, double, Nullable{ValueTuple{double, double}}, double, double, bool, bool)"/>
    public RAdam(
        IEnumerable<IEnumerable<Parameter>> groups,
        double lr = 1e-3,
        (double Beta1, double Beta2)? betas = null,
        double eps = 1e-8,
        double weightDecay = 0,
        bool decoupledWeightDecay = false,
        bool maximize = false)
    {
        _createGroup = parameters => new RAdamGroup(parameters, lr, betas, eps, weightDecay, decoupledWeightDecay, maximize);
        AddParamGroups(groups);
    }

    /// <inheritdoc/>
    protected override RAdamGroup CreateGroup(IEnumerable<Parameter> parameters) => _createGroup(parameters);

    /// <inheritdoc/>
    protected internal override string StateName(int index) => index == RAdamUpdate.Average ? "exp_avg" : "exp_avg_sq";

    /// <inheritdoc/>
    internal override ReadOnlySpan<string> RequiredNames(Parameter parameter) => (string[])["exp_avg", "exp_avg_sq"];

    /// <inheritdoc/>
    protected override void Update(RAdamGroup group, in ParameterRange range) =>
        FusedUpdate.Run(new RAdamUpdate(group, range), range.Length);
}

/// <summary>Parameters that <see cref="RAdam"/> updates with the same options.</summary>
public sealed class RAdamGroup : BetasGroup
{
    internal RAdamGroup(
        IEnumerable<Parameter> parameters,
        double lr,
        (double Beta1, double Beta2)? betas,
        double eps,
        double weightDecay,
        bool decoupledWeightDecay,
        bool maximize)
        : base(parameters, lr, betas, eps, weightDecay, maximize)
    {
        DecoupledWeightDecay = decoupledWeightDecay;
    }

    /// <summary>Whether decay is taken off the value instead of being part of the gradient.</summary>
    public bool DecoupledWeightDecay { get; set; }

    /// <inheritdoc/>
    protected internal override void Exchange(StateExchange state)
    {
        base.Exchange(state);
        DecoupledWeightDecay = state.Exchange("decoupled_weight_decay", DecoupledWeightDecay);
    }
}
