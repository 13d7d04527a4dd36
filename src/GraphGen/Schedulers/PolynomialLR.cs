namespace GraphGen;

/// <summary>
/// Lets the learning rate fall to 0 in epoch <c>totalIters</c> along a polynomial. Left alone,
/// <c>lr(e) = lr₀·(1 − min(e, totalIters)/totalIters)^power</c>. It multiplies the rate there is by the quotient of two neighbouring
/// values, so a change made by hand stays until the end.
/// </summary>
/// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.PolynomialLR.html">torch.optim.lr_scheduler.PolynomialLR</see>.</remarks>
public sealed class PolynomialLR : EpochScheduler
{
    private int _totalIters;
    private double _power;

    /// <summary>Schedules the groups of an optimizer.</summary>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="totalIters">The epoch in which the rate reaches 0, at least 1; 5 by default.</param>
    /// <param name="power">The power, not negative; 1 (a line) by default.</param>
    /// <param name="lastEpoch">The epoch that a stopped schedule had reached; −1 (the default) to begin.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="totalIters"/> is less than 1, <paramref name="power"/> is negative or NaN, or <paramref name="lastEpoch"/> is less
    /// than −1.
    /// </exception>
    /// <exception cref="ArgumentException"><paramref name="lastEpoch"/> is given, but a group has no initial learning rate.</exception>
    public PolynomialLR(Optimizer optimizer, int totalIters = 5, double power = 1, int lastEpoch = -1)
        : base(optimizer, lastEpoch)
    {
        _totalIters = Hyperparameter.AtLeast(1, totalIters);
        _power = Hyperparameter.NotNegative(power);
        Start();
    }

    /// <inheritdoc/>
    protected internal override bool RestartsFromInitialRate => true;

    /// <inheritdoc/>
    protected internal override void Exchange(StateExchange state)
    {
        base.Exchange(state);
        _totalIters = Hyperparameter.AtLeast(1, state.Exchange("total_iters", _totalIters), "total_iters");
        _power = Hyperparameter.NotNegative(state.Exchange("power", _power), "power");
    }

    /// <inheritdoc/>
    protected override double NextLearningRate(int group, double rate)
    {
        if (IsInitial || LastEpoch > _totalIters)
        {
            return rate;
        }

        double total = _totalIters;
        return rate * Math.Pow((1 - (LastEpoch / total)) / (1 - ((LastEpoch - 1) / total)), _power);
    }
}
