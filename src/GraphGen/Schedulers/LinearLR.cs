namespace GraphGen;

/// <summary>
/// Changes a factor of the learning rate along a line, from <c>startFactor</c> in epoch 0 to <c>endFactor</c> in epoch
/// <c>totalIters</c>, where it stays: the usual warm-up. Left alone,
/// <c>lr(e) = lr₀·(start + (end − start)·min(e, totalIters)/totalIters)</c>. It multiplies the rate there is by the quotient of two
/// neighbouring factors, so a change made by hand stays.
/// </summary>
/// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LinearLR.html">torch.optim.lr_scheduler.LinearLR</see>.</remarks>
public sealed class LinearLR : EpochScheduler
{
    private double _startFactor;
    private double _endFactor;
    private int _totalIters;

    /// <summary>Schedules the groups of an optimizer.</summary>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="startFactor">The factor of epoch 0, more than 0 and at most 1; 1/3 by default.</param>
    /// <param name="endFactor">The factor at the end, from 0 to 1; 1 by default.</param>
    /// <param name="totalIters">The epoch in which the end is reached, at least 1; 5 by default.</param>
    /// <param name="lastEpoch">The epoch that a stopped schedule had reached; −1 (the default) to begin.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// A factor is out of its range, <paramref name="totalIters"/> is less than 1, or <paramref name="lastEpoch"/> is less than −1.
    /// </exception>
    /// <exception cref="ArgumentException"><paramref name="lastEpoch"/> is given, but a group has no initial learning rate.</exception>
    public LinearLR(Optimizer optimizer, double startFactor = 1.0 / 3, double endFactor = 1, int totalIters = 5, int lastEpoch = -1)
        : base(optimizer, lastEpoch)
    {
        _startFactor = ScheduleArgument.PositiveFactor(startFactor);
        _endFactor = Hyperparameter.Fraction(endFactor);
        _totalIters = Hyperparameter.AtLeast(1, totalIters);
        Start();
    }

    /// <inheritdoc/>
    protected internal override bool RestartsFromInitialRate => true;

    /// <inheritdoc/>
    protected internal override void Exchange(StateExchange state)
    {
        base.Exchange(state);
        _startFactor = ScheduleArgument.PositiveFactor(state.Exchange("start_factor", _startFactor), "start_factor");
        _endFactor = Hyperparameter.Fraction(state.Exchange("end_factor", _endFactor), "end_factor");
        _totalIters = Hyperparameter.AtLeast(1, state.Exchange("total_iters", _totalIters), "total_iters");
    }

    /// <inheritdoc/>
    protected override double NextLearningRate(int group, double rate)
    {
        if (LastEpoch == 0)
        {
            return rate * _startFactor;
        }

        if (IsInitial || LastEpoch > _totalIters)
        {
            return rate;
        }

        // What the factor was in the epoch before, times totalIters: never 0, for the line reaches 0 at the end if at all.
        double change = _endFactor - _startFactor;
        double before = (_totalIters * _startFactor) + ((LastEpoch - 1) * change);
        return rate * (1 + (change / before));
    }
}
