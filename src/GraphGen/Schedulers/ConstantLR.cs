namespace GraphGen;

/// <summary>
/// Multiplies the learning rate by <c>factor</c> in epoch 0 and divides it by <c>factor</c> again in epoch <c>totalIters</c>. It
/// changes the rate there is, so a change made by hand stays.
/// </summary>
/// <remarks>
/// After a factor of 0 there is nothing to divide: the rate is set to the initial one then, where PyTorch fails.
/// PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ConstantLR.html">torch.optim.lr_scheduler.ConstantLR</see>.
/// </remarks>
public sealed class ConstantLR : EpochScheduler
{
    private double _factor;
    private int _totalIters;

    /// <summary>Schedules the groups of an optimizer.</summary>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="factor">The factor, from 0 to 1; 1/3 by default.</param>
    /// <param name="totalIters">How many epochs it lasts, at least 1; 5 by default.</param>
    /// <param name="lastEpoch">The epoch that a stopped schedule had reached; −1 (the default) to begin.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="factor"/> is not from 0 to 1, <paramref name="totalIters"/> is less than 1, or <paramref name="lastEpoch"/> is
    /// less than −1.
    /// </exception>
    /// <exception cref="ArgumentException"><paramref name="lastEpoch"/> is given, but a group has no initial learning rate.</exception>
    public ConstantLR(Optimizer optimizer, double factor = 1.0 / 3, int totalIters = 5, int lastEpoch = -1)
        : base(optimizer, lastEpoch)
    {
        _factor = Hyperparameter.Fraction(factor);
        _totalIters = Hyperparameter.AtLeast(1, totalIters);
        Start();
    }

    /// <inheritdoc/>
    protected internal override bool RestartsFromInitialRate => true;

    /// <inheritdoc/>
    protected internal override void Exchange(StateExchange state)
    {
        base.Exchange(state);
        _factor = Hyperparameter.Fraction(state.Exchange("factor", _factor), "factor");
        _totalIters = Hyperparameter.AtLeast(1, state.Exchange("total_iters", _totalIters), "total_iters");
    }

    /// <inheritdoc/>
    protected override double NextLearningRate(int group, double rate)
    {
        if (LastEpoch == 0)
        {
            return rate * _factor;
        }

        if (LastEpoch != _totalIters)
        {
            return rate;
        }

        return _factor == 0 ? BaseLearningRates[group] : rate * (1 / _factor);
    }
}
