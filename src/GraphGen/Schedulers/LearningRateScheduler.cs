namespace GraphGen;

/// <summary>
/// What changes the learning rates of an optimizer's groups while it trains. Those that go by the number of their steps are
/// <see cref="EpochScheduler"/>s, which is also what to derive one's own from; <see cref="ReduceLROnPlateau"/> goes by a metric.
/// </summary>
/// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate">How to adjust learning rate</see>.</remarks>
public abstract class LearningRateScheduler : IStateful
{
    private double[] _lastLearningRates = [];

    private protected LearningRateScheduler(Optimizer optimizer)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        Optimizer = optimizer;
        NoteLearningRates();
    }

    /// <summary>The optimizer whose groups are scheduled.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>The epoch that has been reached: 0 after construction, one more after each step.</summary>
    public int LastEpoch { get; private protected set; }

    /// <summary>The learning rate of each group as this scheduler last left it.</summary>
    public IReadOnlyList<double> LastLearningRates => _lastLearningRates;

    /// <summary>
    /// Whether a <see cref="SequentialLR"/> that comes to this schedule sets the rates back to the initial ones first; by default
    /// they stay what the schedule before has left.
    /// </summary>
    protected internal virtual bool RestartsFromInitialRate => false;

    /// <summary>
    /// Exchanges for a state dict (<see cref="StatefulExtensions.StateDict"/>) or a checkpoint, under PyTorch's names, where the schedule is and
    /// what it was constructed with; its functions are not in it, and the rates are in <see cref="Optimizer.StateDict()"/>: save both. A
    /// derived scheduler exchanges its own after a call of the base's.
    /// </summary>
    /// <param name="state">Notes the settings or restores them.</param>
    protected internal virtual void Exchange(StateExchange state)
    {
        ArgumentNullException.ThrowIfNull(state);
        int lastEpoch = state.Exchange("last_epoch", LastEpoch);
        ArgumentOutOfRangeException.ThrowIfLessThan(lastEpoch, -1, "last_epoch");

        // A group added since the last step has a rate already: so a state has one for every group, whenever it is saved.
        int known = _lastLearningRates.Length;
        Array.Resize(ref _lastLearningRates, Optimizer.Groups.Count);
        for (int i = known; i < _lastLearningRates.Length; i++)
        {
            _lastLearningRates[i] = Optimizer.Groups[i].LearningRate;
        }

        _lastLearningRates = [.. state.Exchange("_last_lr", _lastLearningRates)];
        LastEpoch = lastEpoch;
    }

    void IStateful.Exchange(StateExchange state) => Exchange(state);

    /// <summary>Whether the next step needs a metric.</summary>
    internal abstract bool NeedsMetric { get; }

    /// <summary>Goes to epoch 0 on top of the rates there are.</summary>
    internal abstract void Begin();

    /// <summary>Begins where a <see cref="SequentialLR"/> comes to this schedule.</summary>
    internal void Restart()
    {
        for (int i = 0; i < Optimizer.Groups.Count && RestartsFromInitialRate; i++)
        {
            Optimizer.Groups[i].LearningRate = InitialLearningRate(i);
        }

        Begin();
    }

    /// <summary>Goes on to the next epoch.</summary>
    /// <param name="metric">The metric after the epoch, if there is one: only those that go by it need it.</param>
    internal abstract void Advance(double? metric);

    /// <summary>The rate that a group started from.</summary>
    private protected virtual double InitialLearningRate(int group) => Optimizer.Groups[group].InitialLearningRate ?? Optimizer.Groups[group].LearningRate;

    /// <summary>Notes the rates there are as <see cref="LastLearningRates"/>.</summary>
    private protected void NoteLearningRates()
    {
        IReadOnlyList<ParameterGroup> groups = Optimizer.Groups;
        if (_lastLearningRates.Length != groups.Count)
        {
            _lastLearningRates = new double[groups.Count];
        }

        for (int i = 0; i < _lastLearningRates.Length; i++)
        {
            _lastLearningRates[i] = groups[i].LearningRate;
        }
    }
}
