namespace GraphGen;

/// <summary>
/// What changes the learning rates of an optimizer's groups from epoch to epoch. Call <see cref="Step"/> after each epoch, after
/// the optimizer's steps.
/// </summary>
/// <remarks>
/// <para>
/// To write one, derive, give the rate of an epoch in <see cref="NextLearningRate"/>, and call <see cref="Start"/> at the end of the
/// constructor, which applies the first.
/// </para>
/// <para>PyTorch: <see href="https://docs.pytorch.org/docs/stable/optim.html#how-to-adjust-learning-rate">How to adjust learning rate</see>.</para>
/// </remarks>
public abstract class LearningRateScheduler : IStateful
{
    private readonly double[] _lastLearningRates;
    private bool _isStarted;

    /// <summary>Notes the groups' learning rates as those to start from.</summary>
    /// <param name="optimizer">The optimizer whose groups are scheduled.</param>
    /// <param name="lastEpoch">The epoch that a stopped schedule had reached; −1 (the default) to begin.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="lastEpoch"/> is less than −1.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="lastEpoch"/> is in the middle of a schedule, but a group has no <see cref="ParameterGroup.InitialLearningRate"/>.
    /// </exception>
    protected LearningRateScheduler(Optimizer optimizer, int lastEpoch = -1)
    {
        ArgumentNullException.ThrowIfNull(optimizer);
        ArgumentOutOfRangeException.ThrowIfLessThan(lastEpoch, -1);
        Optimizer = optimizer;
        LastEpoch = lastEpoch;
        _lastLearningRates = new double[optimizer.Groups.Count];
        for (int i = 0; i < optimizer.Groups.Count; i++)
        {
            ParameterGroup group = optimizer.Groups[i];
            if (lastEpoch != -1 && group.InitialLearningRate is null)
            {
                throw new ArgumentException(
                    $"Expected an InitialLearningRate in every group to go on after epoch {lastEpoch}, got none in group {i}.",
                    nameof(lastEpoch));
            }

            group.InitialLearningRate ??= group.LearningRate;
        }
    }

    /// <summary>The optimizer whose groups are scheduled.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>The epoch whose learning rates are set: 0 after construction, one more after each <see cref="Step"/>.</summary>
    public int LastEpoch { get; private set; }

    /// <summary>The learning rate of each group as this scheduler last set it.</summary>
    public IReadOnlyList<double> LastLearningRates => _lastLearningRates;

    /// <summary>Goes on to the next epoch and sets its learning rates.</summary>
    public void Step()
    {
        Start();
        Advance();
    }

    /// <summary>
    /// Goes to the first epoch (or the one after <c>lastEpoch</c>) and sets its learning rates. Derived classes call it at the end of
    /// their constructors, when <see cref="NextLearningRate"/> has all it needs; a second call does nothing.
    /// </summary>
    protected void Start()
    {
        if (!_isStarted)
        {
            _isStarted = true;
            Advance();
        }
    }

    /// <summary>The learning rate of a group in epoch <see cref="LastEpoch"/>.</summary>
    /// <param name="group">
    /// The group, with the rate it has now and the one it started with. A schedule that multiplies the rate it has now keeps a
    /// change made by hand, and goes together with others.
    /// </param>
    protected abstract double NextLearningRate(ParameterGroup group);

    /// <summary>
    /// Exchanges the schedule's place for a checkpoint. A derived class exchanges what else changes from epoch to epoch after a call of
    /// the base's; the learning rates themselves are the optimizer's.
    /// </summary>
    /// <param name="state">Notes the settings or restores them.</param>
    protected internal virtual void Exchange(StateExchange state)
    {
        int lastEpoch = state.Exchange("last_epoch", LastEpoch);
        LastEpoch = lastEpoch >= -1 ? lastEpoch : throw new StateDictException($"Expected -1 or more for 'last_epoch', got {lastEpoch}.");
        state.Exchange("_last_lr", _lastLearningRates).CopyTo(_lastLearningRates, 0);
    }

    void IStateful.Exchange(StateExchange state) => Exchange(state);

    private void Advance()
    {
        LastEpoch++;
        for (int i = 0; i < _lastLearningRates.Length; i++)
        {
            ParameterGroup group = Optimizer.Groups[i];
            group.LearningRate = NextLearningRate(group);
            _lastLearningRates[i] = group.LearningRate;
        }
    }
}
