namespace GraphGen;

/// <summary>
/// Adam: steps by a running average of the gradient, in proportion to its running root mean square. For each value w with gradient
/// g, in the update number t of its parameter:
/// <code>
/// g ← −g                           if maximize
/// g ← g + weightDecay·w
/// m ← β₁·m + (1 − β₁)·g
/// v ← β₂·v + (1 − β₂)·g²
/// u ← max(u, v) if amsgrad, else v
/// w ← w − lr / (1 − β₁ᵗ) · m / (√u / √(1 − β₂ᵗ) + eps)
/// </code>
/// </summary>
/// <remarks>
/// <para>
/// State, as a state dict names it: m is <c>exp_avg</c>, v is <c>exp_avg_sq</c>, u with AMSGrad is <c>max_exp_avg_sq</c>.
/// With an eps of 0 a value that has never had a gradient other than 0 stays what it is (PyTorch makes it NaN).
/// </para>
/// <para>
/// PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.optim.Adam.html">torch.optim.Adam</see>.
/// Kingma, Ba, <see href="https://arxiv.org/abs/1412.6980">Adam: A Method for Stochastic Optimization</see>, 2014.
/// AMSGrad: Reddi, Kale, Kumar, <see href="https://openreview.net/forum?id=ryQu7f-RZ">On the Convergence of Adam and Beyond</see>, 2018.
/// </para>
/// </remarks>
public sealed class Adam : Optimizer<AdamGroup>
{
    private readonly Func<IEnumerable<Parameter>, AdamGroup> _createGroup;

    /// <summary>An optimizer with one group.</summary>
    /// <param name="parameters">The parameters: a model's <c>Parameters</c>, or some of them.</param>
    /// <param name="lr">The learning rate; 0.001 by default.</param>
    /// <param name="betas">How much of m (β₁) and v (β₂) goes into the next; (0.9, 0.999) by default.</param>
    /// <param name="eps">What is added to the denominator; 1e-8 by default.</param>
    /// <param name="weightDecay">The L2 penalty; 0 (none) by default.</param>
    /// <param name="amsgrad">Whether to divide by the largest v so far, as AMSGrad does; false by default.</param>
    /// <param name="maximize">Whether to go up instead of down; false by default.</param>
    /// <exception cref="ArgumentException">There are no parameters, or one is there twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="lr"/>, <paramref name="eps"/> or <paramref name="weightDecay"/> is negative or NaN, or one of
    /// <paramref name="betas"/> is outside [0, 1).
    /// </exception>
    public Adam(
        IEnumerable<Parameter> parameters,
        double lr = 1e-3,
        (double Beta1, double Beta2)? betas = null,
        double eps = 1e-8,
        double weightDecay = 0,
        bool amsgrad = false,
        bool maximize = false)
        : this([parameters], lr, betas, eps, weightDecay, amsgrad, maximize)
    {
    }

    /// <summary>
    /// An optimizer with a group for each list of parameters: at least one list, no parameter in two. The groups start with the same
    /// options: change them on <see cref="Optimizer{TGroup}.Groups"/>.
    /// </summary>
    /// <inheritdoc cref="Adam(IEnumerable{Parameter}, double, Nullable{ValueTuple{double, double}}, double, double, bool, bool)"/>
    public Adam(
        IEnumerable<IEnumerable<Parameter>> groups,
        double lr = 1e-3,
        (double Beta1, double Beta2)? betas = null,
        double eps = 1e-8,
        double weightDecay = 0,
        bool amsgrad = false,
        bool maximize = false)
    {
        _createGroup = parameters => new AdamGroup(parameters, lr, betas, eps, weightDecay, amsgrad, maximize);
        AddParamGroups(groups);
    }

    /// <inheritdoc/>
    protected override AdamGroup CreateGroup(IEnumerable<Parameter> parameters) => _createGroup(parameters);

    /// <inheritdoc/>
    protected internal override string StateName(int index) => AdamGroup.StateName(index);

    /// <inheritdoc/>
    internal override ReadOnlySpan<string> RequiredNames(Parameter parameter) => (string[])["exp_avg", "exp_avg_sq"];

    /// <inheritdoc/>
    protected override void Update(AdamGroup group, in ParameterRange range) =>
        FusedUpdate.Run(new AdamUpdate(group, range, isDecoupled: false), range.Length);
}

/// <summary>Parameters that <see cref="Adam"/> or <see cref="AdamW"/> updates with the same options.</summary>
public sealed class AdamGroup : BetasGroup
{
    internal AdamGroup(
        IEnumerable<Parameter> parameters,
        double lr,
        (double Beta1, double Beta2)? betas,
        double eps,
        double weightDecay,
        bool amsgrad,
        bool maximize)
        : base(parameters, lr, betas, eps, weightDecay, maximize) => Amsgrad = amsgrad;

    /// <summary>Whether to divide by the largest running mean of squares so far.</summary>
    public bool Amsgrad { get; set; }

    internal static string StateName(int index) => index switch
    {
        AdamUpdate.Average => "exp_avg",
        AdamUpdate.SquareAverage => "exp_avg_sq",
        _ => "max_exp_avg_sq",
    };

    /// <inheritdoc/>
    protected internal override void Exchange(StateExchange state)
    {
        base.Exchange(state);
        Amsgrad = state.Exchange("amsgrad", Amsgrad);
    }
}
