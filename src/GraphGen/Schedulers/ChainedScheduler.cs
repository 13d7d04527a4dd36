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
/// <para>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ChainedScheduler.html">torch.optim.lr_scheduler.ChainedScheduler</see>.</para>
/// </remarks>
public sealed class ChainedScheduler : EpochScheduler
{
    private readonly EpochScheduler[] _schedulers;

    /// <summary>Joins schedules. It changes nothing yet: they have set the rates of epoch 0 when they were constructed.</summary>
    /// <param name="schedulers">The schedules, at least one, all of the same optimizer. None may be stepped elsewhere.</param>
    /// <param name="optimizer">The optimizer; null (the default) for that of the schedules.</param>
    /// <exception cref="ArgumentException">There are no schedules, or one comes twice or is another optimizer's.</exception>
    public ChainedScheduler(IEnumerable<EpochScheduler> schedulers, Optimizer? optimizer = null)
        : this(ScheduleArgument.Parts(schedulers, optimizer))
    {
    }

    private ChainedScheduler(EpochScheduler[] schedulers)
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

    /// <inheritdoc/>
    private protected override void OnEpoch()
    {
        foreach (EpochScheduler scheduler in _schedulers)
        {
            if (IsInitial)
            {
                scheduler.Begin();
            }
            else
            {
                scheduler.Step();
            }
        }
    }
}
