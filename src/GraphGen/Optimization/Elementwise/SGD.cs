namespace GraphGen;

/// <summary>
/// Stochastic gradient descent, with momentum if asked for. For each value w with gradient g:
/// <code>
/// g ← −g                           if maximize
/// g ← g + weightDecay·w
/// b ← g                            in the first step, else
/// b ← momentum·b + (1 − dampening)·g
/// g ← g + momentum·b if nesterov, else b
/// w ← w − lr·g
/// </code>
/// </summary>
/// <remarks>
/// PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.optim.SGD.html">torch.optim.SGD</see>.
/// Nesterov momentum: Sutskever, Martens, Dahl, Hinton,
/// <see href="https://proceedings.mlr.press/v28/sutskever13.html">On the importance of initialization and momentum in deep learning</see>, 2013.
/// </remarks>
public sealed class SGD : Optimizer<SGDGroup>
{
    private readonly Func<IEnumerable<Parameter>, SGDGroup> _createGroup;

    /// <summary>An optimizer with one group.</summary>
    /// <param name="parameters">The parameters: a model's <c>Parameters</c>, or some of them.</param>
    /// <param name="lr">The learning rate; 0.001 by default.</param>
    /// <param name="momentum">How much of the last update goes into the next; 0 (none) by default.</param>
    /// <param name="dampening">How much the gradient is held back where there is momentum; 0 by default. The first step is not dampened.</param>
    /// <param name="weightDecay">The L2 penalty; 0 (none) by default.</param>
    /// <param name="nesterov">Whether to look ahead by the momentum; it needs momentum and no dampening. False by default.</param>
    /// <param name="maximize">Whether to go up instead of down; false by default.</param>
    /// <exception cref="ArgumentException">There are no parameters, or one is there twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="lr"/>, <paramref name="momentum"/> or <paramref name="weightDecay"/> is negative, a number is NaN, or
    /// <paramref name="nesterov"/> comes without momentum or with dampening.
    /// </exception>
    public SGD(
        IEnumerable<Parameter> parameters,
        double lr = 1e-3,
        double momentum = 0,
        double dampening = 0,
        double weightDecay = 0,
        bool nesterov = false,
        bool maximize = false)
        : this([parameters], lr, momentum, dampening, weightDecay, nesterov, maximize)
    {
    }

    /// <summary>
    /// An optimizer with a group for each list of parameters: at least one list, no parameter in two. The groups start with the same
    /// options: change them on <see cref="Optimizer{TGroup}.Groups"/>.
    /// </summary>
    /// <inheritdoc cref="SGD(IEnumerable{Parameter}, double, double, double, double, bool, bool)"/>
    public SGD(
        IEnumerable<IEnumerable<Parameter>> groups,
        double lr = 1e-3,
        double momentum = 0,
        double dampening = 0,
        double weightDecay = 0,
        bool nesterov = false,
        bool maximize = false)
    {
        _createGroup = parameters => new SGDGroup(parameters, lr, momentum, dampening, weightDecay, nesterov, maximize);
        AddParamGroups(groups);
    }

    /// <inheritdoc/>
    protected override SGDGroup CreateGroup(IEnumerable<Parameter> parameters) => _createGroup(parameters);

    /// <inheritdoc/>
    protected internal override string StateName(int index) => "momentum_buffer";

    /// <inheritdoc/>
    protected internal override bool HasStepState => false;

    /// <inheritdoc/>
    protected override void Update(SGDGroup group, in ParameterRange range) =>
        FusedUpdate.RunSwitched(new SGDUpdate(group, range), range.Length);
}

/// <summary>Parameters that <see cref="SGD"/> updates with the same options.</summary>
public sealed class SGDGroup : ParameterGroup
{
    internal SGDGroup(
        IEnumerable<Parameter> parameters,
        double lr,
        double momentum,
        double dampening,
        double weightDecay,
        bool nesterov,
        bool maximize)
        : base(parameters, Hyperparameter.NotNegative(lr))
    {
        Momentum = Hyperparameter.NotNegative(momentum);
        Dampening = Hyperparameter.Number(dampening);
        WeightDecay = Hyperparameter.NotNegative(weightDecay);
        if (nesterov && (momentum == 0 || dampening != 0))
        {
            Hyperparameter.Throw(nesterov, $"momentum above 0 and dampening 0 with Nesterov momentum, here {momentum} and {dampening}", nameof(nesterov));
        }

        Nesterov = nesterov;
        Maximize = maximize;
    }

    /// <summary>How much of the last update goes into the next; not negative.</summary>
    public double Momentum
    {
        get;
        set => field = Hyperparameter.NotNegative(value);
    }

    /// <summary>How much the gradient is held back where there is momentum.</summary>
    public double Dampening
    {
        get;
        set => field = Hyperparameter.Number(value);
    }

    /// <summary>The L2 penalty; not negative.</summary>
    public double WeightDecay
    {
        get;
        set => field = Hyperparameter.NotNegative(value);
    }

    /// <summary>Whether to look ahead by the momentum.</summary>
    public bool Nesterov { get; set; }

    /// <summary>Whether to go up instead of down.</summary>
    public bool Maximize { get; set; }

    /// <inheritdoc/>
    protected internal override double? CycledMomentum
    {
        get => Momentum;
        set => Momentum = value ?? Momentum;
    }

    /// <inheritdoc/>
    protected internal override void Exchange(StateExchange state)
    {
        base.Exchange(state);
        Momentum = state.Exchange("momentum", Momentum);
        Dampening = state.Exchange("dampening", Dampening);
        WeightDecay = state.Exchange("weight_decay", WeightDecay);
        Nesterov = state.Exchange("nesterov", Nesterov);
        Maximize = state.Exchange("maximize", Maximize);
    }
}
