namespace GraphGen;

/// <summary>
/// The mean of a model's weights at several times, such as the ends of the last epochs at a high learning rate: with n models averaged,
/// <c>a ← a + (w − a)/(n + 1)</c>.
/// </summary>
/// <remarks>
/// PyTorch: <see href="https://docs.pytorch.org/docs/stable/optim.html#weight-averaging-swa-and-ema">AveragedModel</see>.
/// Izmailov, Podoprikhin, Garipov, Vetrov, Wilson, <see href="https://arxiv.org/abs/1803.05407">Averaging weights leads to wider optima and better
/// generalization</see>, 2018.
/// </remarks>
/// <example>
/// <code>
/// StochasticWeightAveraging average = new(net.Parameters);
/// for (int epoch = 0; epoch &lt; 40; epoch++)
/// {
///     TrainEpoch();
///     if (epoch >= 30)
///     {
///         average.Update();
///     }
/// }
///
/// average.CopyTo();
/// </code>
/// </example>
public sealed class StochasticWeightAveraging : AveragedModel
{
    /// <summary>Makes an average of the weights as they are, which the first <see cref="AveragedModel.Update"/> replaces.</summary>
    /// <param name="parameters">A model's <c>Parameters</c>, or some of them.</param>
    /// <exception cref="ArgumentException">There are no parameters, or two have one name.</exception>
    public StochasticWeightAveraging(IEnumerable<Parameter> parameters)
        : base(parameters)
    {
    }

    /// <inheritdoc/>
    protected override double NextWeight() => 1.0 / (AveragedCount + 1);
}
