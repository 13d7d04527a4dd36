using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Fuse;

/// <summary>The passes of a model as fused kernels, and the values by which they hand over to each other.</summary>
internal sealed record PassSet(
    Pass Forward,
    Pass Predict,
    Pass? Loss,
    Pass? LossBackward,
    Pass? Evaluate,
    Pass Backward,
    PassValues Values)
{
    /// <summary>The training step, in order of time.</summary>
    public IEnumerable<Pass> Training => new[] { Forward, Loss, LossBackward, Backward }.OfType<Pass>();

    public IEnumerable<Pass> Inference => new[] { Predict, Evaluate }.OfType<Pass>();
}

/// <summary>Values that leave their pass.</summary>
/// <param name="TrainingOutputs">What Forward returns.</param>
/// <param name="InferenceOutputs">What Predict returns.</param>
/// <param name="Loss">The scalar, or the values of an unreduced loss.</param>
/// <param name="Evaluated">The same at inference.</param>
/// <param name="LossValues">One loss a sample.</param>
/// <param name="OutputGradients">The gradients of the loss by the outputs; of a model without a loss, those that the caller gives.</param>
internal sealed record PassValues(
    IReadOnlyList<Node> TrainingOutputs, IReadOnlyList<Node> InferenceOutputs, Node? Loss, Node? Evaluated, Node? LossValues, IReadOnlyList<Node> OutputGradients)
{
    /// <summary>The gradient of an unreduced loss, which the caller gives.</summary>
    public Node? LossGradient { get; init; }

    /// <summary>Those that are read after their pass, of a training step.</summary>
    public IEnumerable<Node> OfTraining => [.. TrainingOutputs, .. new[] { Loss, LossValues, LossGradient }.OfType<Node>(), .. OutputGradients];

    /// <summary>Those that are read after their pass, of inference.</summary>
    public IEnumerable<Node> OfInference => [.. InferenceOutputs, .. new[] { Evaluated }.OfType<Node>()];
}

/// <summary>A pass of the generated class: the kernels it runs, in order.</summary>
internal sealed record Pass(PassRole Role, IReadOnlyList<Kernel> Kernels, IReadOnlyList<Node> Roots);

/// <summary>The passes there are.</summary>
internal enum PassRole
{
    /// <summary>The training pass over the inputs.</summary>
    Forward,

    /// <summary>The loss of the training pass and its gradient by the output.</summary>
    Loss,

    /// <summary>
    /// Back through the loss: what it sends to parameters itself, such as a penalty on weights, and, where the caller gives the
    /// gradient of its values, the gradients of the outputs.
    /// </summary>
    LossBackward,

    /// <summary>From the gradient of the output to those of the parameters.</summary>
    Backward,

    /// <summary>The inference pass.</summary>
    Predict,

    /// <summary>The loss of the inference pass.</summary>
    Evaluate,
}
