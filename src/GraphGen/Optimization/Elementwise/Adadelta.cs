namespace GraphGen;

/// <summary>
/// Adadelta: steps of the size that recent steps had, in proportion to the gradient over its running root mean square. For each value w
/// with gradient g:
/// <code>
/// g ← −g                           if maximize
/// g ← g + weightDecay·w
/// v ← rho·v + (1 − rho)·g²
/// s = √(d + eps) / √(v + eps) · g
/// d ← rho·d + (1 − rho)·s²
/// w ← w − lr·s
/// </code>
/// </summary>
/// <remarks>
/// <para>State, as a state dict names it: v is <c>square_avg</c>, d is <c>acc_delta</c>.</para>
/// <para>
/// With an eps of 0 nothing ever moves, since d starts from 0 (in PyTorch a value without gradient becomes NaN).
/// </para>
/// <para>
/// PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.optim.Adadelta.html">torch.optim.Adadelta</see>.
/// Zeiler, <see href="https://arxiv.org/abs/1212.5701">ADADELTA: An Adaptive Learning Rate Method</see>, 2012.
/// </para>
/// </remarks>
public sealed class Adadelta : Optimizer<AdadeltaGroup>
{
    private readonly Func<IEnumerable<Parameter>, AdadeltaGroup> _createGroup;

    /// <summary>An optimizer with one group.</summary>
    /// <param name="parameters">The parameters: a model's <c>Parameters</c>, or some of them.</param>
    /// <param name="lr">The factor of a step; 1 by default.</param>
    /// <param name="rho">How much of v and d goes into the next, in [0, 1]; 0.9 by default.</param>
    /// <param name="eps">What is added to both of v and d; 1e-6 by default.</param>
    /// <param name="weightDecay">The L2 penalty; 0 (none) by default.</param>
    /// <param name="maximize">Whether to go up instead of down; false by default.</param>
    /// <exception cref="ArgumentException">There are no parameters, or one is there twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="lr"/>, <paramref name="eps"/> or <paramref name="weightDecay"/> is negative or NaN, or <paramref name="rho"/> is
    /// outside [0, 1].
    /// </exception>
    public Adadelta(
        IEnumerable<Parameter> parameters,
        double lr = 1,
        double rho = 0.9,
        double eps = 1e-6,
        double weightDecay = 0,
        bool maximize = false)
        : this([parameters], lr, rho, eps, weightDecay, maximize)
    {
    }

    /// <summary>
    /// An optimizer with a group for each list of parameters: at least one list, no parameter in two. The groups start with the same
    /// options: change them on <see cref="Optimizer{TGroup}.Groups"/>.
    /// </summary>
    /// <inheritdoc cref="Adadelta(IEnumerable{Parameter}, double, double, double, double, bool)"/>
    public Adadelta(
        IEnumerable<IEnumerable<Parameter>> groups,
        double lr = 1,
        double rho = 0.9,
        double eps = 1e-6,
        double weightDecay = 0,
        bool maximize = false)
    {
        _createGroup = parameters => new AdadeltaGroup(parameters, lr, rho, eps, weightDecay, maximize);
        AddParamGroups(groups);
    }

    /// <inheritdoc/>
    protected override AdadeltaGroup CreateGroup(IEnumerable<Parameter> parameters) => _createGroup(parameters);

    /// <inheritdoc/>
    protected internal override string StateName(int index) => index == AdadeltaUpdate.SquareAverage ? "square_avg" : "acc_delta";

    /// <inheritdoc/>
    internal override ReadOnlySpan<string> RequiredNames(Parameter parameter) => (string[])["square_avg", "acc_delta"];

    /// <inheritdoc/>
    protected override void Update(AdadeltaGroup group, in ParameterRange range) =>
        FusedUpdate.Run(new AdadeltaUpdate(group, range), range.Length);
}

/// <summary>Parameters that <see cref="Adadelta"/> updates with the same options.</summary>
public sealed class AdadeltaGroup : WeightDecayGroup
{
    internal AdadeltaGroup(
        IEnumerable<Parameter> parameters,
        double lr,
        double rho,
        double eps,
        double weightDecay,
        bool maximize)
        : base(parameters, lr, weightDecay, maximize)
    {
        Rho = Hyperparameter.Fraction(rho);
        Eps = Hyperparameter.NotNegative(eps);
    }

    /// <summary>How much of the running means goes into the next; in [0, 1].</summary>
    public double Rho
    {
        get;
        set => field = Hyperparameter.Fraction(value);
    }

    /// <summary>What is added to both of the running means; not negative.</summary>
    public double Eps
    {
        get;
        set => field = Hyperparameter.NotNegative(value);
    }

    /// <inheritdoc/>
    protected internal override void Exchange(StateExchange state)
    {
        base.Exchange(state);
        Rho = state.Exchange("rho", Rho);
        Eps = state.Exchange("eps", Eps);
    }
}
