namespace GraphGen;

/// <summary>
/// Marks a partial class as a neural network. The generator reads its <see cref="ForwardAttribute">[Forward]</see> and
/// <see cref="LossAttribute">[Loss]</see> methods and adds the constructor, <c>Forward</c>, <c>Loss</c>, <c>LossValues</c>,
/// <c>Backward</c>, <c>Predict</c>, <c>Evaluate</c> and <c>CreatePredictor</c> that run them, and what an <see cref="IModel"/> has. A model
/// of several outputs has the struct <c>Outputs</c> besides; one with an unreduced loss has no <c>LossValues</c>.
/// </summary>
/// <remarks>A struct cannot be a model; that it can be marked is for the generator to say so (GG0002).</remarks>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, Inherited = false)]
public sealed class ModelAttribute : Attribute;

/// <summary>
/// Marks the method whose body is the network: it takes <see cref="Tensor"/> (or <see cref="IntTensor"/>) parameters, each with a
/// <see cref="ShapeAttribute">[Shape]</see>, and returns the output, or a tuple of outputs with names:
/// <c>(Tensor Mean, Tensor Variance)</c>. Those are properties of what the generated <c>Forward</c> and <c>Predict</c> return, and
/// the loss takes them by their names. The body is read at build time and never run.
/// </summary>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class ForwardAttribute : Attribute;

/// <summary>
/// Marks a method whose body is the loss, written in ordinary operations. Of a model with one output the first parameter is that output. Of
/// one with several, each parameter that is called as an output is that output. The others are the targets (<see cref="Tensor"/> or
/// <see cref="IntTensor"/>, each with a <see cref="ShapeAttribute">[Shape]</see>). It returns a scalar unless <see cref="Unreduced"/> says
/// otherwise. For the ready-made losses put
/// <see cref="CrossEntropyLossAttribute">[CrossEntropyLoss]</see> and its siblings on a partial method instead.
/// </summary>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class LossAttribute : Attribute
{
    /// <summary>
    /// Whether the body returns one value a sample, [n], or more, [n, ...]; false by default. The generated <c>Loss</c> and
    /// <c>Evaluate</c> give them as a span then, as with <see cref="Reduction.None"/> in the ready-made losses, and
    /// <c>Backward(lossGradient)</c> goes on from their gradient. Such a model has no <c>Backward</c> from gradients of its outputs.
    /// </summary>
    public bool Unreduced { get; set; }
}

/// <summary>
/// The shape of an input: constants, and <see cref="Dim.Batch"/> in front for the one dimension that is chosen at run time. What a loss is
/// given that belongs to no sample, such as weights of classes, has no <see cref="Dim.Batch"/>: <c>[Shape(10)] Tensor weight</c>.
/// </summary>
/// <param name="dimensions">The dimensions, outermost first as in PyTorch: <c>[Shape(Batch, 1, 28, 28)]</c> is [n, channels, height, width].</param>
[AttributeUsage(AttributeTargets.Parameter, Inherited = false)]
public sealed class ShapeAttribute(params int[] dimensions) : Attribute
{
    /// <summary>The dimensions, outermost first.</summary>
    public IReadOnlyList<int> Dimensions { get; } = dimensions;
}

/// <summary>Makes a partial property of type <see cref="Tensor"/> a trained parameter: <c>[Parameter(784, 10)] private partial Tensor W { get; }</c>.</summary>
/// <param name="shape">The parameter's shape: positive constants.</param>
/// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.parameter.Parameter.html">torch.nn.Parameter</see>.</remarks>
[AttributeUsage(AttributeTargets.Property, Inherited = false)]
public sealed class ParameterAttribute(params int[] shape) : Attribute
{
    /// <summary>The shape, outermost dimension first.</summary>
    public IReadOnlyList<int> Shape { get; } = shape;

    /// <summary>How the values start; <see cref="Initializer.Uniform"/> by default, with the first dimension for fan_in.</summary>
    public Initializer Init { get; set; } = Initializer.Uniform;
}

/// <summary>How a parameter's values start.</summary>
public enum Initializer
{
    /// <summary>
    /// Uniform in ±1/√fan_in, where fan_in is the number of inputs that an output sums: what PyTorch's
    /// <c>kaiming_uniform_(a=√5)</c>, the default of its Linear and Conv2d, amounts to.
    /// </summary>
    Uniform,

    /// <summary>All zeros.</summary>
    Zeros,

    /// <summary>All ones.</summary>
    Ones,

    /// <summary>The normal distribution with mean 0 and standard deviation 1.</summary>
    Normal,
}
