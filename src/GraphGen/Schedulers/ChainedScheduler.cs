namespace GraphGen;

/// <summary>
/// Steps several schedules as one, in order: each goes on from the rates that the one before has left, so that those which multiply
/// the rate there is multiply each other.
/// </summary>
/// <remarks>
/// <para>
/// Where a schedule's step is an error, such as that of a <see cref="OneCycleLR"/> that is over, those before it in the chain have gone
/// on.
/// </para>
/// <para>
/// With a <see cref="ReduceLROnPlateau"/> among them, which PyTorch does not take here, call <see cref="Step(double)"/>: it multiplies the
/// rates that the others have left.
/// </para>
/// <para>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ChainedScheduler.html">torch.optim.lr_scheduler.ChainedScheduler</see>.</para>
/// </remarks>
public sealed class ChainedScheduler : EpochScheduler
{
    private readonly LearningRateScheduler[] _schedulers;

    /// <summary>Joins schedules. It changes nothing yet: they have set the rates of epoch 0 when they were constructed.</summary>
    /// <param name="schedulers">The schedules, at least one, all of the same optimizer. None may be stepped elsewhere.</param>
    /// <param name="optimizer">The optimizer; null (the default) for that of the schedules.</param>
    /// <exception cref="ArgumentException">There are no schedules, or one comes twice or is another optimizer's.</exception>
    public ChainedScheduler(IEnumerable<LearningRateScheduler> schedulers, Optimizer? optimizer = null)
        : this(ScheduleArgument.Parts(schedulers, optimizer))
    {
    }

    private ChainedScheduler(LearningRateScheduler[] schedulers)
        : base(schedulers[0].Optimizer)
    {
        _schedulers = schedulers;
        StartWithRatesThereAre(0);
    }

    /// <inheritdoc/>
    protected internal override bool RestartsFromInitialRate => Array.Exists(_schedulers, scheduler => scheduler.RestartsFromInitialRate);

    /// <inheritdoc/>
    protected internal override void Exchange(StateExchange state)
    {
        base.Exchange(state);
        ScheduleArgument.ExchangeParts(state, _schedulers);
    }

    /// <summary>The rate that the schedules have set.</summary>
    /// <inheritdoc/>
    protected override double NextLearningRate(int group, double rate) => rate;

    /// <summary>Goes on to the next epoch and sets its learning rates, for chains with a <see cref="ReduceLROnPlateau"/>.</summary>
    /// <param name="metric">The metric after the epoch, for those of the schedules that go by one.</param>
    /// <exception cref="InvalidOperationException">A schedule is over, or gives a rate or momentum that cannot be.</exception>
    public void Step(double metric) => Advance(metric);

    internal override bool NeedsMetric => Array.Exists(_schedulers, scheduler => scheduler.NeedsMetric);

    /// <inheritdoc/>
    private protected override void OnEpoch(double? metric)
    {
        foreach (LearningRateScheduler scheduler in _schedulers)
        {
            if (IsInitial)
            {
                scheduler.Begin();
            }
            else
            {
                scheduler.Advance(metric);
            }
        }
    }
}
