namespace GraphGen;

/// <summary>
/// Multiplies the learning rate by <c>gamma</c> at each milestone: <c>lr(e) = lr(e − 1)·gammaᵏ</c> where k is how often e is among the
/// milestones. It multiplies the rate there is, so a change made by hand stays.
/// </summary>
/// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.MultiStepLR.html">torch.optim.lr_scheduler.MultiStepLR</see>.</remarks>
public sealed class MultiStepLR : EpochScheduler
{
    private int[] _milestones;
    private double _gamma;

    /// <summary>Schedules the groups of an optimizer.</summary>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="milestones">The epochs of the changes, none negative, in rising order; one that comes twice changes twice.</param>
    /// <param name="gamma">The factor, not negative; 0.1 by default.</param>
    /// <param name="lastEpoch">The epoch that a stopped schedule had reached; −1 (the default) to begin.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="milestones"/> are out of order or negative, <paramref name="gamma"/> is negative or NaN, or
    /// <paramref name="lastEpoch"/> is less than −1.
    /// </exception>
    /// <exception cref="ArgumentException"><paramref name="lastEpoch"/> is given, but a group has no initial learning rate.</exception>
    public MultiStepLR(Optimizer optimizer, IEnumerable<int> milestones, double gamma = 0.1, int lastEpoch = -1)
        : base(optimizer, lastEpoch)
    {
        _milestones = ScheduleArgument.Milestones(0, milestones);
        _gamma = Hyperparameter.NotNegative(gamma);
        Start();
    }

    /// <inheritdoc/>
    protected internal override bool RestartsFromInitialRate => true;

    /// <inheritdoc/>
    protected internal override void Exchange(StateExchange state)
    {
        base.Exchange(state);
        _milestones = ScheduleArgument.ExchangeMilestones(state, "milestones", 0, _milestones);
        _gamma = Hyperparameter.NotNegative(state.Exchange("gamma", _gamma), "gamma");
    }

    /// <inheritdoc/>
    protected override double NextLearningRate(int group, double rate)
    {
        int times = _milestones.AsSpan().Count(LastEpoch);
        return times == 0 ? rate : rate * Math.Pow(_gamma, times);
    }
}
