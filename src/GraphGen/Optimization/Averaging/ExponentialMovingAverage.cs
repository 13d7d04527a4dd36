namespace GraphGen;

/// <summary>
/// An average of a model's weights in which the past fades: <c>a ← w</c> the first time, then <c>a ← decay·a + (1 − decay)·w</c>.
/// </summary>
/// <remarks>
/// PyTorch: <see href="https://docs.pytorch.org/docs/stable/optim.html#weight-averaging-swa-and-ema">AveragedModel with get_ema_multi_avg_fn</see>.
/// Polyak, Juditsky, <see href="https://doi.org/10.1137/0330046">Acceleration of stochastic approximation by averaging</see>, 1992.
/// </remarks>
/// <example>
/// <code>
/// ExponentialMovingAverage average = new(net.Parameters, decay: 0.999);
/// ...
///     optimizer.Step();
///     average.Update();
/// ...
/// using (average.Swap())
/// {
///     validation = net.Evaluate(images, labels);
/// }
/// </code>
/// </example>
public sealed class ExponentialMovingAverage : AveragedModel
{
    /// <summary>Makes an average of the weights as they are.</summary>
    /// <param name="parameters">A model's <c>Parameters</c>, or some of them.</param>
    /// <param name="decay">How much of the average stays, from 0 to 1; 0.999 by default.</param>
    /// <exception cref="ArgumentException">There are no parameters, or two have one name.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="decay"/> is not in [0, 1].</exception>
    public ExponentialMovingAverage(IEnumerable<Parameter> parameters, double decay = 0.999)
        : base(parameters) => Decay = Hyperparameter.Fraction(decay);

    /// <summary>How much of the average stays, from 0 to 1. It may be changed between updates.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to what is not in [0, 1].</exception>
    public double Decay
    {
        get;
        set => field = Hyperparameter.Fraction(value);
    }

    /// <inheritdoc/>
    protected override double NextWeight() => 1 - Decay;

    /// <inheritdoc/>
    protected internal override void Exchange(StateExchange state)
    {
        base.Exchange(state);
        Decay = state.Exchange("decay", Decay);
    }
}
