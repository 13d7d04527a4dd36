namespace GraphGen;

/// <summary>
/// Multiplies the learning rate by <c>gamma</c> in every epoch: <c>lr(e) = lr(e − 1)·gamma</c>. It multiplies the rate there is, so a
/// change made by hand stays.
/// </summary>
/// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.ExponentialLR.html">torch.optim.lr_scheduler.ExponentialLR</see>.</remarks>
public sealed class ExponentialLR : EpochScheduler
{
    private double _gamma;

    /// <summary>Schedules the groups of an optimizer.</summary>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="gamma">The factor, not negative.</param>
    /// <param name="lastEpoch">The epoch that a stopped schedule had reached; −1 (the default) to begin.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="gamma"/> is negative or NaN, or <paramref name="lastEpoch"/> is less than −1.
    /// </exception>
    /// <exception cref="ArgumentException"><paramref name="lastEpoch"/> is given, but a group has no initial learning rate.</exception>
    public ExponentialLR(Optimizer optimizer, double gamma, int lastEpoch = -1)
        : base(optimizer, lastEpoch)
    {
        _gamma = Hyperparameter.NotNegative(gamma);
        Start();
    }

    /// <inheritdoc/>
    protected internal override bool RestartsFromInitialRate => true;

    /// <inheritdoc/>
    protected internal override void Exchange(StateExchange state)
    {
        base.Exchange(state);
        _gamma = Hyperparameter.NotNegative(state.Exchange("gamma", _gamma), "gamma");
    }

    /// <inheritdoc/>
    protected override double NextLearningRate(int group, double rate) => IsInitial ? rate : rate * _gamma;
}
