namespace GraphGen;

/// <summary>
/// Sets the learning rate to the initial one times a function of the epoch: <c>lr(e) = lr₀·lrLambda(e)</c>. It overwrites a change made
/// by hand.
/// </summary>
/// <remarks>
/// State dicts hold no functions: construct the scheduler with the same ones before a state is loaded.
/// PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LambdaLR.html">torch.optim.lr_scheduler.LambdaLR</see>.
/// </remarks>
public sealed class LambdaLR : EpochScheduler
{
    private readonly GroupFunctions _lrLambdas;

    /// <summary>Schedules all groups of an optimizer by one function.</summary>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="lrLambda">The factor of each epoch; not negative.</param>
    /// <param name="lastEpoch">The epoch that a stopped schedule had reached; −1 (the default) to begin.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="lastEpoch"/> is less than −1.</exception>
    /// <exception cref="ArgumentException"><paramref name="lastEpoch"/> is given, but a group has no initial learning rate.</exception>
    public LambdaLR(Optimizer optimizer, Func<int, double> lrLambda, int lastEpoch = -1)
        : base(optimizer, lastEpoch)
    {
        _lrLambdas = new GroupFunctions(lrLambda);
        Start();
    }

    /// <summary>Schedules each group of an optimizer by a function of its own.</summary>
    /// <param name="optimizer">The optimizer.</param>
    /// <param name="lrLambdas">The factor of each epoch, one function for each group; not negative.</param>
    /// <param name="lastEpoch">The epoch that a stopped schedule had reached; −1 (the default) to begin.</param>
    /// <exception cref="ArgumentOutOfRangeException">
    /// There is not one function for each group, or <paramref name="lastEpoch"/> is less than −1.
    /// </exception>
    /// <exception cref="ArgumentException"><paramref name="lastEpoch"/> is given, but a group has no initial learning rate.</exception>
    public LambdaLR(Optimizer optimizer, IEnumerable<Func<int, double>> lrLambdas, int lastEpoch = -1)
        : base(optimizer, lastEpoch)
    {
        _lrLambdas = new GroupFunctions(lrLambdas, optimizer);
        Start();
    }

    /// <inheritdoc/>
    protected override double NextLearningRate(int group, double rate) =>
        _lrLambdas.Of(group) is { } lambda ? BaseLearningRates[group] * lambda(LastEpoch) : rate;
}
