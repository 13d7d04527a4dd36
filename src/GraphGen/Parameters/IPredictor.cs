namespace GraphGen;

/// <summary>
/// What predicts with a model's parameters in memory of its own: one for each thread that predicts. <see cref="IModel.CreatePredictor"/>
/// makes it; the model's own <c>CreatePredictor</c> gives the type that has the model's <c>Predict</c> and, where it has a loss,
/// <c>Evaluate</c>.
/// </summary>
/// <remarks>
/// Predictors of one model may predict at the same time, and while the model trains: a pass forward or backward leaves the parameters
/// alone. What writes parameters, such as an optimizer's step or a state dict that is loaded, may not run meanwhile: a prediction would be made
/// with some parameters of before and some of after. Whether that matters is the caller's to say; a lock around both prevents it.
/// </remarks>
public interface IPredictor
{
    /// <summary>The most samples a batch may have: what memory was laid out for.</summary>
    public int MaxBatch { get; }

    /// <summary>The parameters, which are the model's.</summary>
    public ParameterBlock Parameters { get; }
}

/// <summary>A predictor of a model with one input and one output.</summary>
/// <typeparam name="TInput">What the input is made of: <see cref="float"/>, or <see cref="int"/> for an <see cref="IntTensor"/>.</typeparam>
public interface IPredictor<TInput> : IPredictor
    where TInput : unmanaged
{
    /// <summary>The inference pass: dropout is off.</summary>
    /// <param name="input">Whole samples, at least one and at most <see cref="IPredictor.MaxBatch"/>, row-major.</param>
    /// <returns>The output of each sample, row-major; valid until the next inference pass of this predictor.</returns>
    /// <exception cref="ArgumentException">The length is no whole number of samples, or more than the capacity.</exception>
    /// <exception cref="InvalidOperationException">Another thread is using this predictor.</exception>
    public ReadOnlySpan<float> Predict(ReadOnlySpan<TInput> input);
}
