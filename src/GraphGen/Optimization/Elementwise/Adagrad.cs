namespace GraphGen;

/// <summary>
/// Adagrad: steps in proportion to the root of the sum of all squared gradients. For each value w with gradient g, in the update
/// number t of its parameter:
/// <code>
/// g ← −g                           if maximize
/// g ← g + weightDecay·w
/// s ← s + g²                       from s = initialAccumulatorValue
/// w ← w − lr / (1 + (t − 1)·lrDecay) · g / (√s + eps)
/// </code>
/// </summary>
/// <remarks>
/// <para>
/// State, as a state dict names it: s is <c>sum</c>. With an eps of 0 a value that has never had a gradient other than 0 stays what
/// it is (PyTorch makes it NaN).
/// </para>
/// <para>
/// PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.optim.Adagrad.html">torch.optim.Adagrad</see>.
/// Duchi, Hazan, Singer,
/// <see href="https://jmlr.org/papers/v12/duchi11a.html">Adaptive Subgradient Methods for Online Learning and Stochastic Optimization</see>, 2011.
/// </para>
/// </remarks>
public sealed class Adagrad : Optimizer<AdagradGroup>
{
    private readonly Func<IEnumerable<Parameter>, AdagradGroup> _createGroup;

    /// <summary>An optimizer with one group.</summary>
    /// <param name="parameters">The parameters: a model's <c>Parameters</c>, or some of them.</param>
    /// <param name="lr">The learning rate; 0.01 by default.</param>
    /// <param name="lrDecay">How much the learning rate falls from step to step; 0 (not at all) by default.</param>
    /// <param name="weightDecay">The L2 penalty; 0 (none) by default.</param>
    /// <param name="initialAccumulatorValue">What the sums of squares start from; 0 by default.</param>
    /// <param name="eps">What is added to the denominator; 1e-10 by default.</param>
    /// <param name="maximize">Whether to go up instead of down; false by default.</param>
    /// <exception cref="ArgumentException">There are no parameters, or one is there twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative or NaN.</exception>
    public Adagrad(
        IEnumerable<Parameter> parameters,
        double lr = 1e-2,
        double lrDecay = 0,
        double weightDecay = 0,
        double initialAccumulatorValue = 0,
        double eps = 1e-10,
        bool maximize = false)
        : this([parameters], lr, lrDecay, weightDecay, initialAccumulatorValue, eps, maximize)
    {
    }

    /// <summary>
    /// An optimizer with a group for each list of parameters: at least one list, no parameter in two. The groups start with the same
    /// options: change them on <see cref="Optimizer{TGroup}.Groups"/>.
    /// </summary>
    /// <inheritdoc cref="Adagrad(IEnumerable{Parameter}, double, double, double, double, double, bool)"/>
    public Adagrad(
        IEnumerable<IEnumerable<Parameter>> groups,
        double lr = 1e-2,
        double lrDecay = 0,
        double weightDecay = 0,
        double initialAccumulatorValue = 0,
        double eps = 1e-10,
        bool maximize = false)
    {
        _createGroup = parameters => new AdagradGroup(parameters, lr, lrDecay, weightDecay, initialAccumulatorValue, eps, maximize);
        AddParamGroups(groups);
    }

    /// <inheritdoc/>
    protected override AdagradGroup CreateGroup(IEnumerable<Parameter> parameters) => _createGroup(parameters);

    /// <inheritdoc/>
    protected internal override string StateName(int index) => "sum";

    /// <inheritdoc/>
    internal override ReadOnlySpan<string> RequiredNames(Parameter parameter) => (string[])["sum"];

    /// <inheritdoc/>
    protected override void Update(AdagradGroup group, in ParameterRange range) =>
        FusedUpdate.Run(new AdagradUpdate(group, range), range.Length);
}

/// <summary>Parameters that <see cref="Adagrad"/> updates with the same options.</summary>
public sealed class AdagradGroup : WeightDecayGroup
{
    internal AdagradGroup(
        IEnumerable<Parameter> parameters,
        double lr,
        double lrDecay,
        double weightDecay,
        double initialAccumulatorValue,
        double eps,
        bool maximize)
        : base(parameters, lr, weightDecay, maximize)
    {
        LrDecay = Hyperparameter.NotNegative(lrDecay);
        InitialAccumulatorValue = Hyperparameter.NotNegative(initialAccumulatorValue);
        Eps = Hyperparameter.NotNegative(eps);
    }

    /// <summary>How much the learning rate falls from step to step; not negative.</summary>
    public double LrDecay
    {
        get;
        set => field = Hyperparameter.NotNegative(value);
    }

    /// <summary>What the sums of squares of a parameter start from at its first update; not negative.</summary>
    public double InitialAccumulatorValue
    {
        get;
        set => field = Hyperparameter.NotNegative(value);
    }

    /// <summary>What is added to the denominator; not negative.</summary>
    public double Eps
    {
        get;
        set => field = Hyperparameter.NotNegative(value);
    }

    /// <inheritdoc/>
    protected internal override void Exchange(StateExchange state)
    {
        base.Exchange(state);
        LrDecay = state.Exchange("lr_decay", LrDecay);
        InitialAccumulatorValue = state.Exchange("initial_accumulator_value", InitialAccumulatorValue);
        Eps = state.Exchange("eps", Eps);
    }
}
