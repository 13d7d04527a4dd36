namespace GraphGen;

/// <summary>What every compiled model is: parameters, and where its random numbers are.</summary>
public interface IModel
{
    /// <summary>The parameters and their gradients.</summary>
    public ParameterBlock Parameters { get; }

    /// <summary>
    /// Where the random numbers of dropout are. Set, it gives up a training step under way: <c>Forward</c> comes next.
    /// </summary>
    public RandomState RandomState { get; set; }
}

/// <summary>Where a model's random numbers are. The masks of a training step depend on nothing else.</summary>
/// <param name="Seed">The seed that the model was constructed with.</param>
/// <param name="Step">How many training passes there have been.</param>
public readonly record struct RandomState(long Seed, long Step);
