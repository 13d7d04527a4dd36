namespace GraphGen;

/// <summary>
/// Lets the learning rate fall along half a cosine to <c>etaMin</c> in epoch <c>tMax</c>, and rise again as it fell after it. Left
/// alone, <c>lr(e) = etaMin + (lr₀ − etaMin)·(1 + cos(π·e/tMax))/2</c>.
/// </summary>
/// <remarks>
/// <para>
/// It goes on from the rate there is, so a change made by hand stays until the next minimum:
/// <code>
/// lr(e) = etaMin + (lr(e − 1) − etaMin)·(1 + cos(π·e/tMax))/(1 + cos(π·(e − 1)/tMax))
/// lr(e) = lr(e − 1) + (lr₀ − etaMin)·(1 − cos(π/tMax))/2         in the epoch after a minimum
/// </code>
/// </para>
/// <para>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.CosineAnnealingLR.html">torch.optim.lr_scheduler.CosineAnnealingLR</see>.</para>
/// <para>Loshchilov, Hutter: <see href="https://arxiv.org/abs/1608.03983">SGDR: Stochastic Gradient Descent with Warm Restarts</see>, 2016; without the restarts.</para>
/// </remarks>
public sealed class CosineAnnealingLR : EpochScheduler
{
    private int _tMax;
    private double _etaMin;

    /// <summary>Schedules the groups of an optimizer.</summary>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="tMax">The epoch of the first minimum, at least 1.</param>
    /// <param name="etaMin">The smallest rate, not negative; 0 by default.</param>
    /// <param name="lastEpoch">The epoch that a stopped schedule had reached; −1 (the default) to begin.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="tMax"/> is less than 1, <paramref name="etaMin"/> is negative or NaN, or <paramref name="lastEpoch"/> is less
    /// than −1.
    /// </exception>
    /// <exception cref="ArgumentException"><paramref name="lastEpoch"/> is given, but a group has no initial learning rate.</exception>
    public CosineAnnealingLR(Optimizer optimizer, int tMax, double etaMin = 0, int lastEpoch = -1)
        : base(optimizer, lastEpoch)
    {
        _tMax = Hyperparameter.AtLeast(1, tMax);
        _etaMin = Hyperparameter.NotNegative(etaMin);
        Start();
    }

    /// <inheritdoc/>
    protected internal override bool RestartsFromInitialRate => true;

    /// <inheritdoc/>
    protected internal override void Exchange(StateExchange state)
    {
        base.Exchange(state);
        _tMax = Hyperparameter.AtLeast(1, state.Exchange("T_max", _tMax), "T_max");
        _etaMin = Hyperparameter.NotNegative(state.Exchange("eta_min", _etaMin), "eta_min");
    }

    /// <inheritdoc/>
    protected override double NextLearningRate(int group, double rate)
    {
        if (IsInitial)
        {
            return rate;
        }

        // In the epoch after a minimum the quotient would be 0/0.
        if ((LastEpoch - 1L - _tMax) % (2L * _tMax) == 0)
        {
            return rate + ((BaseLearningRates[group] - _etaMin) * (1 - Math.Cos(Math.PI / _tMax)) / 2);
        }

        return ((1 + Math.Cos(Math.PI * LastEpoch / _tMax)) / (1 + Math.Cos(Math.PI * (LastEpoch - 1) / _tMax)) * (rate - _etaMin)) + _etaMin;
    }
}
