namespace GraphGen;

/// <summary>
/// Adamax: Adam with the largest magnitude of recent gradients in place of their root mean square. For each value w with gradient g, in
/// the update number t of its parameter:
/// <code>
/// g ← −g                           if maximize
/// g ← g + weightDecay·w
/// m ← β₁·m + (1 − β₁)·g
/// u ← max(β₂·u, |g| + eps)
/// w ← w − lr / (1 − β₁ᵗ) · m / u
/// </code>
/// </summary>
/// <remarks>
/// <para>
/// State, as a state dict names it: m is <c>exp_avg</c>, u is <c>exp_inf</c>. With an eps of 0 a value that has never had a gradient
/// other than 0 stays what it is (PyTorch makes it NaN).
/// </para>
/// <para>
/// PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.optim.Adamax.html">torch.optim.Adamax</see>.
/// Kingma, Ba, <see href="https://arxiv.org/abs/1412.6980">Adam: A Method for Stochastic Optimization</see>, 2014, section 7.1.
/// </para>
/// </remarks>
public sealed class Adamax : Optimizer<AdamaxGroup>
{
    private readonly Func<IEnumerable<Parameter>, AdamaxGroup> _createGroup;

    /// <summary>An optimizer with one group.</summary>
    /// <param name="parameters">The parameters: a model's <c>Parameters</c>, or some of them.</param>
    /// <param name="lr">The learning rate; 0.002 by default.</param>
    /// <param name="betas">How much of m (β₁) and u (β₂) goes into the next; (0.9, 0.999) by default.</param>
    /// <param name="eps">What is added to the magnitude of the gradient; 1e-8 by default.</param>
    /// <param name="weightDecay">The L2 penalty; 0 (none) by default.</param>
    /// <param name="maximize">Whether to go up instead of down; false by default.</param>
    /// <exception cref="ArgumentException">There are no parameters, or one is there twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="lr"/>, <paramref name="eps"/> or <paramref name="weightDecay"/> is negative or NaN, or one of
    /// <paramref name="betas"/> is outside [0, 1).
    /// </exception>
    public Adamax(
        IEnumerable<Parameter> parameters,
        double lr = 2e-3,
        (double Beta1, double Beta2)? betas = null,
        double eps = 1e-8,
        double weightDecay = 0,
        bool maximize = false)
        : this([parameters], lr, betas, eps, weightDecay, maximize)
    {
    }

    /// <summary>
    /// An optimizer with a group for each list of parameters: at least one list, no parameter in two. The groups start with the same
    /// options: change them on <see cref="Optimizer{TGroup}.Groups"/>.
    /// </summary>
    /// <inheritdoc cref="Adamax(IEnumerable{Parameter}, double, Nullable{ValueTuple{double, double}}, double, double, bool)"/>
    public Adamax(
        IEnumerable<IEnumerable<Parameter>> groups,
        double lr = 2e-3,
        (double Beta1, double Beta2)? betas = null,
        double eps = 1e-8,
        double weightDecay = 0,
        bool maximize = false)
    {
        _createGroup = parameters => new AdamaxGroup(parameters, lr, betas, eps, weightDecay, maximize);
        AddParamGroups(groups);
    }

    /// <inheritdoc/>
    protected override AdamaxGroup CreateGroup(IEnumerable<Parameter> parameters) => _createGroup(parameters);

    /// <inheritdoc/>
    protected internal override string StateName(int index) => index == AdamaxUpdate.Average ? "exp_avg" : "exp_inf";

    /// <inheritdoc/>
    internal override ReadOnlySpan<string> RequiredNames(Parameter parameter) => (string[])["exp_avg", "exp_inf"];

    /// <inheritdoc/>
    protected override void Update(AdamaxGroup group, in ParameterRange range)
    {
        FusedUpdate.Run(new AdamaxUpdate(group, range), range.Length);
        range.ClearGaps(AdamaxUpdate.LargestGradient);
    }
}

/// <summary>Parameters that <see cref="Adamax"/> updates with the same options.</summary>
public sealed class AdamaxGroup : BetasGroup
{
    internal AdamaxGroup(
        IEnumerable<Parameter> parameters,
        double lr,
        (double Beta1, double Beta2)? betas,
        double eps,
        double weightDecay,
        bool maximize)
        : base(parameters, lr, betas, eps, weightDecay, maximize)
    {
    }
}
