namespace GraphGen;

/// <summary>
/// Multiplies the learning rate by <c>gamma</c> every <c>stepSize</c> epochs: <c>lr(e) = lr(e − 1)·gamma</c> where e is a multiple of
/// the step size, <c>lr(e − 1)</c> elsewhere. It multiplies the rate there is, so a change made by hand stays.
/// </summary>
/// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.StepLR.html">torch.optim.lr_scheduler.StepLR</see>.</remarks>
public sealed class StepLR : EpochScheduler
{
    private int _stepSize;
    private double _gamma;

    /// <summary>Schedules the groups of an optimizer.</summary>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="stepSize">Epochs from one change to the next, at least 1.</param>
    /// <param name="gamma">The factor, not negative; 0.1 by default.</param>
    /// <param name="lastEpoch">The epoch that a stopped schedule had reached; −1 (the default) to begin.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="stepSize"/> is less than 1, <paramref name="gamma"/> is negative or NaN, or <paramref name="lastEpoch"/> is less than −1.
    /// </exception>
    /// <exception cref="ArgumentException"><paramref name="lastEpoch"/> is given, but a group has no initial learning rate.</exception>
    public StepLR(Optimizer optimizer, int stepSize, double gamma = 0.1, int lastEpoch = -1)
        : base(optimizer, lastEpoch)
    {
        _stepSize = Hyperparameter.AtLeast(1, stepSize);
        _gamma = Hyperparameter.NotNegative(gamma);
        Start();
    }

    /// <inheritdoc/>
    protected internal override bool RestartsFromInitialRate => true;

    /// <inheritdoc/>
    protected internal override void Exchange(StateExchange state)
    {
        base.Exchange(state);
        _stepSize = Hyperparameter.AtLeast(1, state.Exchange("step_size", _stepSize), "step_size");
        _gamma = Hyperparameter.NotNegative(state.Exchange("gamma", _gamma), "gamma");
    }

    /// <inheritdoc/>
    protected override double NextLearningRate(int group, double rate) =>
        LastEpoch == 0 || LastEpoch % _stepSize != 0 ? rate : rate * _gamma;
}
