namespace GraphGen;

/// <summary>
/// RMSprop: steps in proportion to the gradient's running root mean square, or standard deviation. For each value w with gradient g:
/// <code>
/// g ← −g                           if maximize
/// g ← g + weightDecay·w
/// v ← alpha·v + (1 − alpha)·g²
/// a ← alpha·a + (1 − alpha)·g      if centered
/// d ← √(v − a²) + eps if centered, else √v + eps
/// b ← momentum·b + g / d           with momentum
/// w ← w − lr·b with momentum, else w − lr·g / d
/// </code>
/// </summary>
/// <remarks>
/// <para>
/// State, as a state dict names it: v is <c>square_avg</c>, b is <c>momentum_buffer</c>, a is <c>grad_avg</c>. No bias is corrected: the
/// first step is about 1 / √(1 − alpha) times lr. A variance v − a² that rounding made negative counts as 0 (PyTorch makes the
/// value NaN), and with an eps of 0 a value that has never had a gradient other than 0 stays what it is.
/// </para>
/// <para>
/// PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.optim.RMSprop.html">torch.optim.RMSprop</see>.
/// Hinton, <see href="https://www.cs.toronto.edu/~tijmen/csc321/slides/lecture_slides_lec6.pdf">Neural Networks for Machine Learning, lecture 6</see>, 2012.
/// Centered: Graves, <see href="https://arxiv.org/abs/1308.0850">Generating Sequences With Recurrent Neural Networks</see>, 2013.
/// </para>
/// </remarks>
public sealed class RMSprop : Optimizer<RMSpropGroup>
{
    private readonly Func<IEnumerable<Parameter>, RMSpropGroup> _createGroup;

    /// <summary>An optimizer with one group.</summary>
    /// <param name="parameters">The parameters: a model's <c>Parameters</c>, or some of them.</param>
    /// <param name="lr">The learning rate; 0.01 by default.</param>
    /// <param name="alpha">How much of v (and a) goes into the next; 0.99 by default.</param>
    /// <param name="eps">What is added to the denominator; 1e-8 by default.</param>
    /// <param name="weightDecay">The L2 penalty; 0 (none) by default.</param>
    /// <param name="momentum">How much of the last update goes into the next; 0 (none) by default.</param>
    /// <param name="centered">Whether to divide by the standard deviation instead of the root mean square; false by default.</param>
    /// <param name="maximize">Whether to go up instead of down; false by default.</param>
    /// <exception cref="ArgumentException">There are no parameters, or one is there twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is negative or NaN.</exception>
    public RMSprop(
        IEnumerable<Parameter> parameters,
        double lr = 1e-2,
        double alpha = 0.99,
        double eps = 1e-8,
        double weightDecay = 0,
        double momentum = 0,
        bool centered = false,
        bool maximize = false)
        : this([parameters], lr, alpha, eps, weightDecay, momentum, centered, maximize)
    {
    }

    /// <summary>
    /// An optimizer with a group for each list of parameters: at least one list, no parameter in two. The groups start with the same
    /// options: change them on <see cref="Optimizer{TGroup}.Groups"/>.
    /// </summary>
    /// <inheritdoc cref="RMSprop(IEnumerable{Parameter}, double, double, double, double, double, bool, bool)"/>
    public RMSprop(
        IEnumerable<IEnumerable<Parameter>> groups,
        double lr = 1e-2,
        double alpha = 0.99,
        double eps = 1e-8,
        double weightDecay = 0,
        double momentum = 0,
        bool centered = false,
        bool maximize = false)
    {
        _createGroup = parameters => new RMSpropGroup(parameters, lr, alpha, eps, weightDecay, momentum, centered, maximize);
        AddParamGroups(groups);
    }

    /// <inheritdoc/>
    protected override RMSpropGroup CreateGroup(IEnumerable<Parameter> parameters) => _createGroup(parameters);

    /// <inheritdoc/>
    protected internal override string StateName(int index) => index switch
    {
        RMSpropUpdate.SquareAverage => "square_avg",
        RMSpropUpdate.MomentumBuffer => "momentum_buffer",
        _ => "grad_avg",
    };

    /// <inheritdoc/>
    internal override ReadOnlySpan<string> RequiredNames(Parameter parameter) => (string[])["square_avg"];

    /// <inheritdoc/>
    protected override void Update(RMSpropGroup group, in ParameterRange range) =>
        FusedUpdate.Run(new RMSpropUpdate(group, range), range.Length);
}

/// <summary>Parameters that <see cref="RMSprop"/> updates with the same options.</summary>
public sealed class RMSpropGroup : WeightDecayGroup
{
    internal RMSpropGroup(
        IEnumerable<Parameter> parameters,
        double lr,
        double alpha,
        double eps,
        double weightDecay,
        double momentum,
        bool centered,
        bool maximize)
        : base(parameters, lr, weightDecay, maximize)
    {
        Alpha = Hyperparameter.NotNegative(alpha);
        Eps = Hyperparameter.NotNegative(eps);
        Momentum = Hyperparameter.NotNegative(momentum);
        Centered = centered;
    }

    /// <summary>How much of the running means goes into the next; not negative.</summary>
    public double Alpha
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

    /// <summary>How much of the last update goes into the next; not negative.</summary>
    public double Momentum
    {
        get;
        set => field = Hyperparameter.NotNegative(value);
    }

    /// <summary>Whether to divide by the standard deviation instead of the root mean square.</summary>
    public bool Centered { get; set; }

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
        Alpha = state.Exchange("alpha", Alpha);
        Eps = state.Exchange("eps", Eps);
        Momentum = state.Exchange("momentum", Momentum);
        Centered = state.Exchange("centered", Centered);
    }
}
