namespace GraphGen;

/// <summary>
/// Stochastic gradient descent that also averages the values over the steps. For each value w with gradient g, in the update number t of
/// its parameter:
/// <code>
/// g ← −g                           if maximize
/// g ← g + weightDecay·w
/// w ← w − lambd·η·w − η·g          from η = lr
/// a ← a + μ·(w − a)                from μ = 1, so that a ← w
/// η ← lr / (1 + lambd·lr·t)^alpha
/// μ ← 1 / max(1, t − t0)
/// </code>
/// </summary>
/// <remarks>
/// <para>
/// State, as a state dict names it: a is <c>ax</c>, and <c>eta</c> and <c>mu</c> are what the next update uses. A learning rate changed
/// between steps therefore shows one step later.
/// </para>
/// <para>
/// PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.optim.ASGD.html">torch.optim.ASGD</see>.
/// Polyak, Juditsky, <see href="https://doi.org/10.1137/0330046">Acceleration of stochastic approximation by averaging</see>, 1992.
/// </para>
/// </remarks>
public sealed class ASGD : Optimizer<ASGDGroup>
{
    private readonly Func<IEnumerable<Parameter>, ASGDGroup> _createGroup;

    /// <summary>An optimizer with one group.</summary>
    /// <param name="parameters">The parameters: a model's <c>Parameters</c>, or some of them.</param>
    /// <param name="lr">The learning rate; 0.01 by default.</param>
    /// <param name="lambd">How much of a value is taken off in a step, times η; 0.0001 by default.</param>
    /// <param name="alpha">The power by which η falls; 0.75 by default.</param>
    /// <param name="t0">The update after which averaging starts; a million by default.</param>
    /// <param name="weightDecay">The L2 penalty; 0 (none) by default.</param>
    /// <param name="maximize">Whether to go up instead of down; false by default.</param>
    /// <exception cref="ArgumentException">There are no parameters, or one is there twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="lr"/>, <paramref name="lambd"/> or <paramref name="weightDecay"/> is negative, or a number is NaN.
    /// </exception>
    public ASGD(
        IEnumerable<Parameter> parameters,
        double lr = 1e-2,
        double lambd = 1e-4,
        double alpha = 0.75,
        double t0 = 1e6,
        double weightDecay = 0,
        bool maximize = false)
        : this([parameters], lr, lambd, alpha, t0, weightDecay, maximize)
    {
    }

    /// <summary>
    /// An optimizer with a group for each list of parameters: at least one list, no parameter in two. The groups start with the same
    /// options: change them on <see cref="Optimizer{TGroup}.Groups"/>.
    /// </summary>
    /// <inheritdoc cref="ASGD(IEnumerable{Parameter}, double, double, double, double, double, bool)"/>
    public ASGD(
        IEnumerable<IEnumerable<Parameter>> groups,
        double lr = 1e-2,
        double lambd = 1e-4,
        double alpha = 0.75,
        double t0 = 1e6,
        double weightDecay = 0,
        bool maximize = false)
    {
        _createGroup = parameters => new ASGDGroup(parameters, lr, lambd, alpha, t0, weightDecay, maximize);
        AddParamGroups(groups);
    }

    /// <inheritdoc/>
    protected override ASGDGroup CreateGroup(IEnumerable<Parameter> parameters) => _createGroup(parameters);

    /// <inheritdoc/>
    protected internal override string StateName(int index) => "ax";

    /// <inheritdoc/>
    protected internal override string NumberName(int index) => index == ASGDUpdate.Eta ? "eta" : "mu";

    /// <inheritdoc/>
    internal override ReadOnlySpan<string> RequiredNames(Parameter parameter) => (string[])["ax", "eta", "mu"];

    /// <inheritdoc/>
    protected override void Update(ASGDGroup group, in ParameterRange range) =>
        FusedUpdate.Run(new ASGDUpdate(group, range), range.Length);
}

/// <summary>Parameters that <see cref="ASGD"/> updates with the same options.</summary>
public sealed class ASGDGroup : WeightDecayGroup
{
    internal ASGDGroup(
        IEnumerable<Parameter> parameters,
        double lr,
        double lambd,
        double alpha,
        double t0,
        double weightDecay,
        bool maximize)
        : base(parameters, lr, weightDecay, maximize)
    {
        Lambd = Hyperparameter.NotNegative(lambd);
        Alpha = Hyperparameter.Number(alpha);
        T0 = Hyperparameter.Number(t0);
    }

    /// <summary>How much of a value is taken off in a step, times η; not negative.</summary>
    public double Lambd
    {
        get;
        set => field = Hyperparameter.NotNegative(value);
    }

    /// <summary>The power by which η falls.</summary>
    public double Alpha
    {
        get;
        set => field = Hyperparameter.Number(value);
    }

    /// <summary>The update after which averaging starts.</summary>
    public double T0
    {
        get;
        set => field = Hyperparameter.Number(value);
    }

    /// <inheritdoc/>
    protected internal override void Exchange(StateExchange state)
    {
        base.Exchange(state);
        Lambd = state.Exchange("lambd", Lambd);
        Alpha = state.Exchange("alpha", Alpha);
        T0 = state.Exchange("t0", T0);
    }
}
