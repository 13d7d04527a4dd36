using System.Runtime.CompilerServices;

namespace GraphGen;

/// <summary>
/// Resilient propagation: every value has a step of its own, which grows while the sign of its gradient stays and shrinks when it turns.
/// For each value w with gradient g:
/// <code>
/// g ← −g                           if maximize
/// s ← s·η₊                         if g·p > 0, from s = lr
/// s ← s·η₋, g ← 0                  if g·p &lt; 0
/// s ← min(max(s, smallest), largest)
/// p ← g                            from p = 0
/// w ← w − sign(g)·s
/// </code>
/// </summary>
/// <remarks>
/// <para>
/// State, as a state dict names it: p is <c>prev</c>, s is <c>step_size</c>. It is meant for gradients of all the data: those of a batch
/// turn by chance. The sign of g·p is that of its factors, also where their product is too small for a float: PyTorch takes it for 0.
/// </para>
/// <para>
/// PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.optim.Rprop.html">torch.optim.Rprop</see>.
/// Riedmiller, Braun, <see href="https://doi.org/10.1109/ICNN.1993.298623">A direct adaptive method for faster backpropagation learning:
/// the RPROP algorithm</see>, 1993.
/// </para>
/// </remarks>
public sealed class Rprop : Optimizer<RpropGroup>
{
    private readonly Func<IEnumerable<Parameter>, RpropGroup> _createGroup;

    /// <summary>An optimizer with one group.</summary>
    /// <param name="parameters">The parameters: a model's <c>Parameters</c>, or some of them.</param>
    /// <param name="lr">The size of the first step; 0.01 by default.</param>
    /// <param name="etas">What a step is multiplied by when the sign turns (η₋) and while it stays (η₊); (0.5, 1.2) by default.</param>
    /// <param name="stepSizes">The smallest and the largest step; (1e-6, 50) by default.</param>
    /// <param name="maximize">Whether to go up instead of down; false by default.</param>
    /// <exception cref="ArgumentException">There are no parameters, or one is there twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="lr"/> is negative or NaN, <paramref name="etas"/> are not on both sides of 1 and above 0, or
    /// <paramref name="stepSizes"/> are not in order or negative.
    /// </exception>
    public Rprop(
        IEnumerable<Parameter> parameters,
        double lr = 1e-2,
        (double Minus, double Plus)? etas = null,
        (double Smallest, double Largest)? stepSizes = null,
        bool maximize = false)
        : this([parameters], lr, etas, stepSizes, maximize)
    {
    }

    /// <summary>
    /// An optimizer with a group for each list of parameters: at least one list, no parameter in two. The groups start with the same
    /// options: change them on <see cref="Optimizer{TGroup}.Groups"/>.
    /// </summary>
    /// <inheritdoc cref="Rprop(IEnumerable{Parameter}, double, Nullable{ValueTuple{double, double}}, Nullable{ValueTuple{double, double}}, bool)"/>
    public Rprop(
        IEnumerable<IEnumerable<Parameter>> groups,
        double lr = 1e-2,
        (double Minus, double Plus)? etas = null,
        (double Smallest, double Largest)? stepSizes = null,
        bool maximize = false)
    {
        _createGroup = parameters => new RpropGroup(parameters, lr, etas, stepSizes, maximize);
        AddParamGroups(groups);
    }

    /// <inheritdoc/>
    protected override RpropGroup CreateGroup(IEnumerable<Parameter> parameters) => _createGroup(parameters);

    /// <inheritdoc/>
    protected internal override int RequiredStates => 2;

    /// <inheritdoc/>
    protected internal override string StateName(int index) => index == RpropUpdate.Previous ? "prev" : "step_size";

    /// <inheritdoc/>
    protected override void Update(RpropGroup group, in ParameterRange range)
    {
        FusedUpdate.Run(new RpropUpdate(group, range), range.Length);
        range.ClearGaps(RpropUpdate.StepSize);
    }
}

/// <summary>Parameters that <see cref="Rprop"/> updates with the same options.</summary>
public sealed class RpropGroup : ParameterGroup
{
    internal RpropGroup(
        IEnumerable<Parameter> parameters,
        double lr,
        (double Minus, double Plus)? etas,
        (double Smallest, double Largest)? stepSizes,
        bool maximize)
        : base(parameters, Hyperparameter.NotNegative(lr))
    {
        Etas = Checked(etas ?? (0.5, 1.2), nameof(etas));
        StepSizes = CheckedSizes(stepSizes ?? (1e-6, 50), nameof(stepSizes));
        Maximize = maximize;
    }

    /// <summary>What a step is multiplied by when the gradient's sign turns, in (0, 1), and while it stays, above 1.</summary>
    public (double Minus, double Plus) Etas
    {
        get;
        set => field = Checked(value, nameof(value));
    }

    /// <summary>The smallest and the largest step; neither negative, in order.</summary>
    public (double Smallest, double Largest) StepSizes
    {
        get;
        set => field = CheckedSizes(value, nameof(value));
    }

    /// <summary>Whether to go up instead of down.</summary>
    public bool Maximize { get; set; }

    /// <inheritdoc/>
    protected internal override void Exchange(StateExchange state)
    {
        base.Exchange(state);
        Etas = state.Exchange("etas", Etas);
        StepSizes = state.Exchange("step_sizes", StepSizes);
        Maximize = state.Exchange("maximize", Maximize);
    }

    private static (double Minus, double Plus) Checked((double Minus, double Plus) value, string argument, [CallerMemberName] string? caller = null)
    {
        if (value is not { Minus: > 0 and < 1, Plus: > 1 })
        {
            Hyperparameter.Throw(value, "a number between 0 and 1 and one above 1", argument, caller);
        }

        return value;
    }

    private static (double Smallest, double Largest) CheckedSizes(
        (double Smallest, double Largest) value,
        string argument,
        [CallerMemberName] string? caller = null)
    {
        if (!(value.Smallest >= 0 && value.Largest >= value.Smallest))
        {
            Hyperparameter.Throw(value, "two numbers of at least 0 in order", argument, caller);
        }

        return value;
    }
}
