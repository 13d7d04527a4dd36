namespace GraphGen;

/// <summary>
/// What improves parameters by their gradients. An optimizer has one or more groups of parameters; a step updates each contiguous
/// range of a group in one pass.
/// </summary>
/// <remarks>
/// <para>
/// A parameter without gradient (see <see cref="Parameter.HasGradient"/>) is left out of a step altogether: no decay, no momentum,
/// no step counted.
/// </para>
/// <para>
/// To write an optimizer derive from <see cref="Optimizer{TGroup}"/>, which adds the groups' type.
/// PyTorch: <see href="https://docs.pytorch.org/docs/stable/optim.html">torch.optim</see>.
/// </para>
/// </remarks>
public abstract partial class Optimizer
{
    private protected Optimizer()
    {
    }

    /// <summary>The groups, in the order they were added.</summary>
    public IReadOnlyList<ParameterGroup> Groups => BaseGroups;

    /// <summary>How many steps have been taken.</summary>
    public long StepCount { get; private set; }

    /// <summary>
    /// The options that the next groups to be added start with, as a group without parameters: those that the optimizer was constructed
    /// with, until they are changed here. Groups that there are stay as they are.
    /// </summary>
    /// <remarks>
    /// PyTorch: <c>Optimizer.defaults</c>. In one's own optimizer, a change reaches the options that the group exchanges
    /// (<see cref="ParameterGroup.Exchange"/>).
    /// </remarks>
    public ParameterGroup Defaults => BaseDefaults;

    private protected abstract IReadOnlyList<ParameterGroup> BaseGroups { get; }

    private protected abstract ParameterGroup BaseDefaults { get; }

    /// <summary>Updates every parameter that has a gradient. Allocates nothing but, in the first step, the state.</summary>
    /// <exception cref="InvalidOperationException">The optimizer takes no step without a closure: LBFGS and conjugate gradient.</exception>
    public virtual void Step()
    {
        StepGroups();
        StepCount++;
    }

    /// <summary>Evaluates the model and then updates every parameter that has a gradient.</summary>
    /// <param name="closure">Forgets the gradients, runs the model forward and backward, and returns the loss.</param>
    /// <returns>The loss before the update: what the (first) call of <paramref name="closure"/> returned.</returns>
    public virtual float Step(Func<float> closure)
    {
        ArgumentNullException.ThrowIfNull(closure);
        float loss = closure();
        Step();
        return loss;
    }

    /// <summary>
    /// Forgets the gradients of the optimizer's parameters: the next backward pass overwrites instead of adding. It writes no floats.
    /// </summary>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.optim.Optimizer.zero_grad.html">Optimizer.zero_grad(set_to_none=True)</see>.</remarks>
    public abstract void ZeroGrad();

    /// <summary>What a state dict calls one of the states, PyTorch's name where it has one: <c>exp_avg</c>.</summary>
    /// <param name="index">
    /// Which of the states of <see cref="ParameterRange.State(int)"/>. Loading asks for all 32: answer for those that are not used too, with
    /// the base's name or one that is used.
    /// </param>
    protected internal virtual string StateName(int index) => $"state_{index}";

    /// <summary>What a state dict calls one of the numbers of a parameter: <c>mu_product</c>.</summary>
    /// <param name="index">Which of the numbers of <see cref="ParameterRange.Number(int)"/>; loading asks for all 4.</param>
    protected internal virtual string NumberName(int index) => $"number_{index}";

    /// <summary>The shape of a parameter's part in one of the states: the parameter's own by default; never more floats than it has.</summary>
    /// <param name="index">Which of the states.</param>
    /// <param name="parameter">The parameter.</param>
    protected internal virtual ReadOnlySpan<int> StateShape(int index, Parameter parameter) => parameter.Shape;

    private protected abstract void StepGroups();

    private protected void CountStep() => StepCount++;
}

/// <summary>An optimizer whose groups have options of their own.</summary>
/// <typeparam name="TGroup">The group class with the options.</typeparam>
public abstract class Optimizer<TGroup> : Optimizer
    where TGroup : ParameterGroup
{
    private readonly List<TGroup> _groups = [];
    private TGroup? _defaults;

    /// <summary>Makes an optimizer with no groups yet: a derived class adds one for each of the user's.</summary>
    protected Optimizer()
    {
    }

    /// <summary>The groups, in the order they were added. Their options may be changed between steps.</summary>
    public new IReadOnlyList<TGroup> Groups => _groups;

    /// <inheritdoc cref="Optimizer.Defaults"/>
    public new TGroup Defaults => _defaults ??= CreateGroup([]);

    private protected override IReadOnlyList<ParameterGroup> BaseGroups => _groups;

    private protected override ParameterGroup BaseDefaults => Defaults;

    /// <summary>How many groups there may be.</summary>
    private protected virtual int MaximumGroups => int.MaxValue;

    /// <summary>Adds a group of parameters with the options of <see cref="Defaults"/>: those that the optimizer was constructed with.</summary>
    /// <param name="parameters">The parameters: at least one, none of them in a group of this optimizer already.</param>
    /// <returns>The group, whose options may be changed.</returns>
    /// <exception cref="ArgumentException">There are no parameters, or one is there twice.</exception>
    /// <exception cref="InvalidOperationException">The optimizer has one group only: LBFGS and conjugate gradient.</exception>
    public TGroup AddParamGroup(IEnumerable<Parameter> parameters)
    {
        if (_groups.Count >= MaximumGroups)
        {
            throw new InvalidOperationException($"{GetType().Name} has one group of parameters only.");
        }

        TGroup group = CreateGroup(parameters);
        if (group.Parameters.Count == 0)
        {
            throw new ArgumentException("Expected at least one parameter in a group, got none.", nameof(parameters));
        }

        foreach (TGroup other in _groups)
        {
            foreach (Parameter parameter in other.Parameters)
            {
                if (group.Parameters.Contains(parameter))
                {
                    throw new ArgumentException($"Expected parameters of no other group, got '{parameter.Name}'.", nameof(parameters));
                }
            }
        }

        if (_defaults is not null)
        {
            group.TakeOptions(_defaults);
        }

        _groups.Add(group);
        return group;
    }

    /// <summary>Adds one group for each list of parameters, as constructors with several groups do.</summary>
    /// <param name="groups">The parameters of each group: at least one group, no parameter in two.</param>
    /// <exception cref="ArgumentException">There are no groups, one has no parameters, or a parameter is there twice.</exception>
    protected void AddParamGroups(IEnumerable<IEnumerable<Parameter>> groups)
    {
        ArgumentNullException.ThrowIfNull(groups);
        foreach (IEnumerable<Parameter> parameters in groups)
        {
            AddParamGroup(parameters);
        }

        if (Groups.Count == 0)
        {
            throw new ArgumentException("Expected at least one group of parameters, got none.", nameof(groups));
        }
    }

    /// <inheritdoc/>
    public sealed override void ZeroGrad()
    {
        foreach (TGroup group in _groups)
        {
            foreach (ref readonly ParameterGroup.Slot slot in group.Slots)
            {
                slot.Parameter.ZeroGrad();
            }
        }
    }

    /// <summary>Makes a group with the options that the optimizer was constructed with.</summary>
    /// <param name="parameters">The parameters; none for <see cref="Defaults"/>.</param>
    protected abstract TGroup CreateGroup(IEnumerable<Parameter> parameters);

    /// <summary>Updates the values of a range by its gradients.</summary>
    /// <param name="group">The group, for its options.</param>
    /// <param name="range">The values, gradients and states.</param>
    protected abstract void Update(TGroup group, in ParameterRange range);

    private protected sealed override void StepGroups()
    {
        foreach (TGroup group in _groups)
        {
            for (int first = 0; first < group.Slots.Length;)
            {
                if (!group.Slots[first].HasGradient)
                {
                    first++;
                    continue;
                }

                int count = group.RunFrom(first);
                Update(group, new ParameterRange(group, first, count));
                group.CountStep(first, count);
                first += count;
            }
        }
    }
}
