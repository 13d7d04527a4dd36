namespace GraphGen;

/// <summary>What every compiled model is: parameters, where its random numbers are, and what predicts with it on other threads.</summary>
/// <remarks>
/// A model has memory for one training step and for one inference pass. Each is for one thread at a time: a call while another thread is
/// in one is an <see cref="InvalidOperationException"/>. The two may run at the same time.
/// </remarks>
public interface IModel
{
    /// <summary>The parameters and their gradients.</summary>
    public ParameterBlock Parameters { get; }

    /// <summary>
    /// Where the random numbers of dropout are. Set, it gives up a training step under way: <c>Forward</c> comes next.
    /// </summary>
    public RandomState RandomState { get; set; }

    /// <summary>Makes a predictor: memory of its own for inference, and this model's parameters. A thread that predicts needs one.</summary>
    /// <param name="maxBatch">The most samples a batch of this predictor may have, at least 1.</param>
    /// <returns>An <see cref="IPredictor{TInput}"/> if the model has one input and one output.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="maxBatch"/> is less than 1.</exception>
    public IPredictor CreatePredictor(int maxBatch);
}

/// <summary>Where a model's random numbers are. The masks of a training step depend on nothing else.</summary>
/// <param name="Seed">The seed that the model was constructed with.</param>
/// <param name="Step">How many training passes there have been.</param>
public readonly record struct RandomState(long Seed, long Step);
