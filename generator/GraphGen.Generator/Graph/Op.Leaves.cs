namespace GraphGen.Generator.Graph;

/// <content>Leaves: values that are there before the first kernel runs, or that a register can make.</content>
public abstract partial record Op
{
    /// <summary>What has no operands.</summary>
    public abstract record Leaf : Op
    {
        internal sealed override Node?[] Gradients(GraphBuilder graph, Node y, Node g) => [];
    }

    /// <summary>An argument of the forward or loss method, in the caller's memory.</summary>
    public sealed record Input(string Name, DataType Type) : Leaf
    {
        internal override OpRole Role => OpRole.Stored;

        internal override DataType TypeOf(IReadOnlyList<Node> inputs) => Type;
    }

    /// <summary>A parameter, by its place in the parameter block.</summary>
    public sealed record Parameter(int Index) : Leaf
    {
        internal override OpRole Role => OpRole.Stored;
    }

    /// <summary>What the forward pass returned, by its place in the tuple, as the loss sees it.</summary>
    public sealed record ForwardOutput(int Index) : Leaf
    {
        internal override OpRole Role => OpRole.Stored;
    }

    /// <summary>The gradient of the loss by an output of the model: where the backward pass begins.</summary>
    public sealed record OutputGradient(int Index) : Leaf
    {
        internal override OpRole Role => OpRole.Stored;
    }

    /// <summary>What the caller gives as the gradient of an unreduced loss.</summary>
    public sealed record LossGradient : Leaf
    {
        internal override OpRole Role => OpRole.Stored;
    }

    /// <summary>One number in every element.</summary>
    public sealed record Constant(float Value) : Leaf
    {
        internal override OpRole Role => OpRole.Constant;
    }

    /// <summary>One whole number in every element.</summary>
    public sealed record IntegerConstant(int Value) : Leaf
    {
        internal override OpRole Role => OpRole.Constant;

        internal override DataType TypeOf(IReadOnlyList<Node> inputs) => DataType.Int32;
    }

    /// <summary>A constant vector, such as class weights.</summary>
    public sealed record ConstantVector(EquatableArray<float> Values) : Leaf
    {
        internal override OpRole Role => OpRole.Stored;
    }

    /// <summary>The position along the last axis, an integer: 0, 1, 2, ...</summary>
    public sealed record Iota : Leaf
    {
        internal override OpRole Role => OpRole.Generated;

        internal override DataType TypeOf(IReadOnlyList<Node> inputs) => DataType.Int32;
    }

    /// <summary>1 / (factor * n): what a mean over the batch multiplies by.</summary>
    public sealed record InverseCount(int Factor) : Leaf
    {
        internal override OpRole Role => OpRole.Generated;
    }

    /// <summary>Uniform numbers in [0, 1) that are a function of the training step, the number of the draw in the model and the element's position.</summary>
    public sealed record Uniform(int Draw) : Leaf
    {
        internal override OpRole Role => OpRole.Generated;

        internal override int Cost => 14;
    }
}
