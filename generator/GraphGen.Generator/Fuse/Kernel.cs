using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Fuse;

/// <summary>The loop nests there are; each has its emitter in Emit/Kernels.</summary>
internal enum KernelKind
{
    /// <summary>Rows of elements, mapped and reduced over the row as often as needed while it is in cache.</summary>
    Rows,

    /// <summary>A reduction over axes that are not the last: vectors along what is kept, the sum down what is not.</summary>
    Columns,

    /// <summary>Values laid side by side along an axis, with the elementwise work on them.</summary>
    Concat,

    /// <summary>A matrix product with the elementwise work on its result.</summary>
    MatMul,

    /// <summary>A convolution, perhaps pooled in registers, with the elementwise work on its result.</summary>
    Convolution,

    /// <summary>The gradient of a convolution's input, perhaps through the winners of its pooling.</summary>
    ConvolutionInputGradient,

    /// <summary>The gradient of a convolution's weight, perhaps through the winners of its pooling.</summary>
    ConvolutionWeightGradient,

    /// <summary>Max- or average-pooling on its own.</summary>
    Pool,

    /// <summary>The gradient of pooling on its own.</summary>
    PoolGradient,
}

/// <summary>A fused kernel: the nodes it computes, and which of them it leaves in memory.</summary>
internal sealed class Kernel(KernelKind kind, Node? anchor)
{
    public KernelKind Kind { get; } = kind;

    /// <summary>The contraction, reduction, pooling or concatenation at its heart; <see langword="null"/> for rows.</summary>
    public Node? Anchor { get; } = anchor;

    /// <summary>For a convolution that pools in registers: the pooling. For a gradient through winners: the gradient of the pooling.</summary>
    public Node? Pooling { get; set; }

    /// <summary>All nodes it computes, in order; the anchor (and pooling) first.</summary>
    public List<Node> Body { get; } = [];

    /// <summary>The values of other kernels that it reads from memory; set when all kernels are known.</summary>
    public HashSet<Node> Loads { get; } = [];

    /// <summary>The nodes of the body that it stores.</summary>
    public HashSet<Node> Stores { get; } = [];

    /// <summary>The values that it leaves in memory, gradients of parameters among them, in order.</summary>
    public IEnumerable<Node> Stored => Body.Where(IsStored);

    /// <summary>For rows with reductions: the axis of <see cref="RowShape"/> at which the row begins. -1 where any will do.</summary>
    public int RowAxis { get; set; } = -1;

    /// <summary>For rows: the shape of the elements.</summary>
    public Shape? RowShape { get; set; }

    /// <summary>How what it reads and stores lies in memory; set when it is added to its pass.</summary>
    public Storage Storage { get; set; } = new([]);

    /// <summary>Its number in order of creation, within its pass.</summary>
    public int Number { get; set; }

    /// <summary>Its name in the generated code; set when all kernels are known.</summary>
    public string Name { get; set; } = "";

    /// <summary>The shape the elementwise work has: the anchor's result, or the pooled one.</summary>
    public Shape ResultShape => Kind == KernelKind.Rows ? RowShape! : (Pooling is { } pooling && Kind == KernelKind.Convolution ? pooling : Anchor!).Shape;

    /// <summary>Whether it leaves one of its values in memory: a gradient is stored in the block of gradients.</summary>
    public bool IsStored(Node node) => Stores.Contains(node) || node.Op is Op.AddToGradient;

    /// <summary>The elements of a value that it stores: of rows over the shape that the rows have, of others over the value's own.</summary>
    public (Shape Shape, int[] Strides) StridesOf(Node stored)
    {
        int[] strides = Storage.StridesOf(stored);
        return RowShape is not { } shape || stored.Shape.Elements != shape.Elements ? (stored.Shape, strides)
            : (shape, ViewStrides.Reshaped(stored.Shape, strides, shape) ?? throw new InvalidOperationException($"No strides reach {stored} over {shape}."));
    }

    public Dim Rows => Shape.Product(RowShape!.Dims.Take(RowAxis));

    public Dim RowLength => Shape.Product(RowShape!.Dims.Skip(RowAxis));
}
