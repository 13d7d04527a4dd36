namespace GraphGen;

/// <summary>
/// Adam with weight decay that is no part of the gradient. For each value w with gradient g, in the update number t of its parameter:
/// <code>
/// g ← −g                           if maximize
/// w ← w − lr·weightDecay·w
/// m ← β₁·m + (1 − β₁)·g
/// v ← β₂·v + (1 − β₂)·g²
/// u ← max(u, v) if amsgrad, else v
/// w ← w − lr / (1 − β₁ᵗ) · m / (√u / √(1 − β₂ᵗ) + eps)
/// </code>
/// </summary>
/// <remarks>
/// <para>State and the case of an eps of 0: see <see cref="Adam"/>.</para>
/// <para>
/// PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.optim.AdamW.html">torch.optim.AdamW</see>.
/// Loshchilov, Hutter, <see href="https://arxiv.org/abs/1711.05101">Decoupled Weight Decay Regularization</see>, 2017.
/// </para>
/// </remarks>
public sealed class AdamW : Optimizer<AdamGroup>
{
    private readonly Func<IEnumerable<Parameter>, AdamGroup> _createGroup;

    /// <summary>An optimizer with one group.</summary>
    /// <param name="parameters">The parameters: a model's <c>Parameters</c>, or some of them.</param>
    /// <param name="lr">The learning rate; 0.001 by default.</param>
    /// <param name="betas">How much of m (β₁) and v (β₂) goes into the next; (0.9, 0.999) by default.</param>
    /// <param name="eps">What is added to the denominator; 1e-8 by default.</param>
    /// <param name="weightDecay">How much of a value is taken off in a step, times the learning rate; 0.01 by default.</param>
    /// <param name="amsgrad">Whether to divide by the largest v so far, as AMSGrad does; false by default.</param>
    /// <param name="maximize">Whether to go up instead of down; false by default. Decay goes down all the same.</param>
    /// <exception cref="ArgumentException">There are no parameters, or one is there twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="lr"/>, <paramref name="eps"/> or <paramref name="weightDecay"/> is negative or NaN, or one of
    /// <paramref name="betas"/> is outside [0, 1).
    /// </exception>
    public AdamW(
        IEnumerable<Parameter> parameters,
        double lr = 1e-3,
        (double Beta1, double Beta2)? betas = null,
        double eps = 1e-8,
        double weightDecay = 1e-2,
        bool amsgrad = false,
        bool maximize = false)
        : this([parameters], lr, betas, eps, weightDecay, amsgrad, maximize)
    {
    }

    /// <summary>
    /// An optimizer with a group for each list of parameters: at least one list, no parameter in two. The groups start with the same
    /// options: change them on <see cref="Optimizer{TGroup}.Groups"/>.
    /// </summary>
    /// <inheritdoc cref="AdamW(IEnumerable{Parameter}, double, Nullable{ValueTuple{double, double}}, double, double, bool, bool)"/>
    public AdamW(
        IEnumerable<IEnumerable<Parameter>> groups,
        double lr = 1e-3,
        (double Beta1, double Beta2)? betas = null,
        double eps = 1e-8,
        double weightDecay = 1e-2,
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
        FusedUpdate.Run(new AdamUpdate(group, range, isDecoupled: true), range.Length);
}
