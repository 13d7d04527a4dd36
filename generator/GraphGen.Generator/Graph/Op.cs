namespace GraphGen.Generator.Graph;

/// <summary>The parts that primitives play: the fuser has a rule for each.</summary>
internal enum OpRole
{
    /// <summary>One number in every element, which a register makes.</summary>
    Constant,

    /// <summary>Numbers that follow from the position, which a register makes.</summary>
    Generated,

    /// <summary>What lies in memory before the first kernel runs.</summary>
    Stored,

    /// <summary>Made element by element.</summary>
    Elementwise,

    /// <summary>The same elements seen in another way.</summary>
    View,

    Reduction,

    /// <summary>Values side by side.</summary>
    Parts,

    Product,
    Convolution,
    ConvolutionInputGradient,
    ConvolutionWeightGradient,
    MaxPooling,

    /// <summary>Which elements of a maximum-pooling's windows won.</summary>
    Winners,
    AveragePooling,
    MaxPoolingGradient,
    AveragePoolingGradient,
}

/// <summary>
/// The primitives, a record each: what part it plays, the type of its result and what flows back through it. Everything users can
/// write is composed of these in Operations/; <see cref="GraphBuilder"/> has their shape rules. Images are [n, height, width, channels]
/// here, whatever the user's side says: the compositions put permutations around convolutions and pooling, and Simplify/ cancels them.
/// </summary>
public abstract partial record Op
{
    internal abstract OpRole Role { get; }

    internal bool IsLeaf => Role <= OpRole.Stored;

    /// <summary>Leaves that lie in memory, as against those a register makes.</summary>
    internal bool IsStoredLeaf => Role == OpRole.Stored;

    internal bool IsElementwise => Role == OpRole.Elementwise;

    /// <summary>Whether it is one number in every element, which a register makes.</summary>
    internal bool IsConstant => Role == OpRole.Constant;

    internal bool IsView => Role == OpRole.View;

    /// <summary>The same value in memory of its own.</summary>
    internal bool IsCopy => this is Unary unary && unary.Function == UnaryFunction.Copy;

    /// <summary>The same value, through which no gradient flows.</summary>
    internal bool IsDetach => this is Unary unary && unary.Function == UnaryFunction.Detach;

    /// <summary>Whether it is a function of <c>SimdMath</c>, no instruction.</summary>
    internal bool IsFunction => this is Unary { Function.Instruction: null };

    /// <summary>Vector operations that make an element of it in registers, about.</summary>
    internal virtual int Cost => 0;

    /// <summary>The type of the result's elements.</summary>
    internal virtual DataType TypeOf(IReadOnlyList<Node> inputs) => DataType.Float;

    /// <summary>What flows to each operand of <paramref name="y"/> from the gradient <paramref name="g"/> of it; <see langword="null"/> where nothing does.</summary>
    internal abstract Node?[] Gradients(GraphBuilder graph, Node y, Node g);

    /// <summary>What is made on the way back only is not differentiated.</summary>
    private static Node?[] OfTheWayBack(Node y) => throw new InvalidOperationException($"{y} is made of gradients, and has none.");
}
