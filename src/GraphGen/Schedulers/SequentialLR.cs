namespace GraphGen;

/// <summary>
/// Runs one schedule after another: the first from epoch 0 on, the next from the first milestone on, and so on, each from its own
/// epoch 0.
/// </summary>
/// <remarks>
/// <para>
/// Construct the schedules first, over the same optimizer; this one then sets the groups back to their initial rates and starts the
/// first. At a milestone the next schedule sets the rates of its epoch 0, which is the initial rate or follows from it; a
/// <see cref="MultiplicativeLR"/>, and one's own unless it says otherwise
/// (<see cref="LearningRateScheduler.RestartsFromInitialRate"/>), goes on from the rates it finds.
/// </para>
/// <para>
/// With a <see cref="ReduceLROnPlateau"/> among them call <see cref="Step(double)"/>: the metric reaches it when it is its turn. That
/// begins at its milestone with the initial rates, in its epoch 0; the metrics of the epochs before, which other rates made, do not count. PyTorch
/// takes none here; this is <c>warmUp.step()</c> up to the milestone and <c>plateau.step(metric)</c> after it.
/// </para>
/// <para>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.SequentialLR.html">torch.optim.lr_scheduler.SequentialLR</see>.</para>
/// </remarks>
public sealed class SequentialLR : EpochScheduler
{
    private readonly LearningRateScheduler[] _schedulers;
    private int[] _milestones;

    /// <summary>Joins schedules of an optimizer.</summary>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="schedulers">The schedules, at least one, in the order in which they run. None may be stepped elsewhere.</param>
    /// <param name="milestones">The epochs at which the second schedule and those after it begin, at least 1, in rising order.</param>
    /// <param name="lastEpoch">
    /// The epoch that a stopped sequence had reached; −1 (the default) to begin. To go on, construct the schedule that is running with
    /// the epoch that it had reached itself; the rates are left as they are. A state dict does all that.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="milestones"/> are out of order, less than 1, or not one less than there are schedules; or
    /// <paramref name="lastEpoch"/> is less than −1.
    /// </exception>
    /// <exception cref="ArgumentException">
    /// There are no schedules, or one comes twice or is another optimizer's; or <paramref name="lastEpoch"/> is given, but a group has no initial learning rate.
    /// </exception>
    public SequentialLR(Optimizer optimizer, IEnumerable<LearningRateScheduler> schedulers, IEnumerable<int> milestones, int lastEpoch = -1)
        : base(optimizer, lastEpoch)
    {
        _schedulers = ScheduleArgument.Parts(schedulers, optimizer);
        _milestones = ScheduleArgument.Milestones(1, milestones);
        if (_milestones.Length != _schedulers.Length - 1)
        {
            Hyperparameter.Throw(_milestones.Length, $"{_schedulers.Length - 1} milestones for {_schedulers.Length} schedulers", nameof(milestones));
        }

        if (lastEpoch == -1)
        {
            foreach (ParameterGroup group in optimizer.Groups)
            {
                group.LearningRate = group.InitialLearningRate ?? group.LearningRate;
            }

            _schedulers[0].Begin();
        }

        StartWithRatesThereAre(lastEpoch + 1);
    }

    /// <inheritdoc/>
    protected internal override bool RestartsFromInitialRate => _schedulers[0].RestartsFromInitialRate;

    /// <inheritdoc/>
    protected internal override void Exchange(StateExchange state)
    {
        base.Exchange(state);
        _milestones = ScheduleArgument.ExchangeMilestones(state, "_milestones", 1, _milestones);
        ScheduleArgument.ExchangeParts(state, _schedulers);
    }

    /// <summary>The rate that the running schedule has set.</summary>
    /// <inheritdoc/>
    protected override double NextLearningRate(int group, double rate) => rate;

    /// <summary>Goes on to the next epoch and sets its learning rates, for sequences with a <see cref="ReduceLROnPlateau"/>.</summary>
    /// <param name="metric">The metric after the epoch, for the schedule whose turn it is if it goes by one.</param>
    /// <exception cref="InvalidOperationException">The schedule is over, or gives a rate or momentum that cannot be; nothing has changed.</exception>
    public void Step(double metric) => Advance(metric);

    internal override bool NeedsMetric => !BeginsAnother(LastEpoch + 1) && Running(LastEpoch + 1).NeedsMetric;

    /// <inheritdoc/>
    private protected override void OnEpoch(double? metric)
    {
        if (IsInitial)
        {
            _schedulers[0].Begin();
        }
        else if (BeginsAnother(LastEpoch))
        {
            Running(LastEpoch).Restart();
        }
        else
        {
            Running(LastEpoch).Advance(metric);
        }
    }

    /// <summary>The schedule whose turn an epoch is.</summary>
    private LearningRateScheduler Running(int epoch)
    {
        int running = 0;
        while (running < _milestones.Length && _milestones[running] <= epoch)
        {
            running++;
        }

        return _schedulers[running];
    }

    private bool BeginsAnother(int epoch) => Array.IndexOf(_milestones, epoch) >= 0;
}
