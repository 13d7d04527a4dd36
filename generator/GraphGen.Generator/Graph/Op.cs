namespace GraphGen.Generator.Graph;

/// <summary>
/// The primitives. Everything users can write is composed of these in Operations/; each has one gradient rule in
/// Autodiff/Gradients.cs and one lowering in Emit/. Images are [n, height, width, channels] here, whatever the user's
/// side says: the compositions put permutations around convolutions and pooling, and Simplify/ cancels them.
/// </summary>
public abstract record Op
{
    // ---- Leaves: values that are there before the first kernel runs, or that a register can make ----

    /// <summary>An argument of the forward or loss method, in the caller's memory.</summary>
    public sealed record Input(string Name, DataType Type) : Op;

    /// <summary>A parameter, by its place in the parameter block.</summary>
    public sealed record Parameter(int Index) : Op;

    /// <summary>What the forward pass returned, by its place in the tuple, as the loss sees it.</summary>
    public sealed record ForwardOutput(int Index) : Op;

    /// <summary>The gradient of the loss by an output of the model: where the backward pass begins.</summary>
    public sealed record OutputGradient(int Index) : Op;

    /// <summary>What the caller gives as the gradient of an unreduced loss.</summary>
    public sealed record LossGradient : Op;

    /// <summary>One number in every element.</summary>
    public sealed record Constant(float Value) : Op;

    /// <summary>One whole number in every element.</summary>
    public sealed record IntegerConstant(int Value) : Op;

    /// <summary>A constant vector, such as class weights.</summary>
    public sealed record ConstantVector(EquatableArray<float> Values) : Op;

    /// <summary>The position along the last axis, an integer: 0, 1, 2, ...</summary>
    public sealed record Iota : Op;

    /// <summary>1 / (factor * n): what a mean over the batch multiplies by.</summary>
    public sealed record InverseCount(int Factor) : Op;

    /// <summary>Uniform numbers in [0, 1) that are a function of the training step, the number of the draw in the model and the element's position.</summary>
    public sealed record Uniform(int Draw) : Op;

    // ---- Elementwise: operands and result have one shape ----

    public sealed record Unary(UnaryFunction Function) : Op;

    public sealed record Binary(BinaryFunction Function) : Op;

    /// <summary><c>(a, b, x, y)</c>: x where a compares so to b, else y. What is compared may be integers.</summary>
    public sealed record Select(Comparison Comparison) : Op;

    /// <summary><c>(value, path)</c>: the value, whose gradient is the path's. For functions whose gradient is not what their composition gives.</summary>
    public sealed record StraightThrough : Op;

    /// <summary>Its operand, added to the gradient of a parameter (or written there when that gradient is empty).</summary>
    public sealed record AddToGradient(int Index) : Op;

    // ---- Reductions ----

    /// <summary>Reduces over axes, which stay with size 1.</summary>
    public sealed record Reduce(ReduceFunction Function, EquatableArray<int> Axes) : Op;

    // ---- Movement: views of the same elements, or copies where no kernel can read them as they lie ----

    /// <summary>Repeats along axes of size 1 and along new leading axes.</summary>
    public sealed record Broadcast : Op;

    public sealed record Reshape : Op;

    public sealed record Permute(EquatableArray<int> Order) : Op
    {
        /// <summary>The order that undoes it.</summary>
        public int[] Inverse
        {
            get
            {
                int[] inverse = new int[Order.Count];
                for (int axis = 0; axis < inverse.Length; axis++)
                {
                    inverse[Order[axis]] = axis;
                }

                return inverse;
            }
        }
    }

    /// <summary>Of one axis the elements at <paramref name="Start"/>, <paramref name="Start"/> + <paramref name="Step"/>, ...; as many as the shape says. A negative step walks backwards.</summary>
    public sealed record Slice(int Axis, int Start, int Step) : Op;

    /// <summary>Its operands one after the other along an axis.</summary>
    public sealed record Concat(int Axis) : Op;

    // ---- Contractions ----

    /// <summary>[..., m, k] times [..., k, n], either side transposed in its last two axes.</summary>
    public sealed record MatMul(bool TransposeLeft, bool TransposeRight) : Op;

    /// <summary>(x [n, h, w, c], weight [o, c/groups, kh, kw]) to [n, oh, ow, o].</summary>
    public sealed record Conv2d(ConvolutionGeometry Geometry) : Op;

    /// <summary>(gradient [n, oh, ow, o], weight) to the gradient of x.</summary>
    public sealed record Conv2dInputGradient(ConvolutionGeometry Geometry) : Op;

    /// <summary>(x, gradient [n, oh, ow, o]) to the gradient of weight.</summary>
    public sealed record Conv2dWeightGradient(ConvolutionGeometry Geometry) : Op;

    // ---- Pooling ----

    /// <summary>x [n, h, w, c] to [n, oh, ow, c]; padding counts as minus infinity.</summary>
    public sealed record MaxPool2d(PoolGeometry Geometry) : Op;

    /// <summary>Which place of its window won (row-major, the first of equals, the last NaN if there is one), a byte an element.</summary>
    public sealed record MaxPool2dWinners(PoolGeometry Geometry) : Op;

    /// <summary>(gradient [n, oh, ow, c], winners) to the gradient of x.</summary>
    public sealed record MaxPool2dGradient(PoolGeometry Geometry) : Op;

    public sealed record AveragePool2d(PoolGeometry Geometry, bool CountIncludePad) : Op;

    public sealed record AveragePool2dGradient(PoolGeometry Geometry, bool CountIncludePad) : Op;

    internal bool IsLeaf => this is Input or Parameter or ForwardOutput or OutputGradient or LossGradient or Constant or IntegerConstant or ConstantVector or Iota or InverseCount or Uniform;

    /// <summary>Leaves that lie in memory, as against those a register makes.</summary>
    internal bool IsStoredLeaf => this is Input or Parameter or ForwardOutput or OutputGradient or LossGradient or ConstantVector;

    internal bool IsElementwise => this is Unary or Binary or Select or StraightThrough or AddToGradient;

    /// <summary>Whether it is one number in every element, which a register makes.</summary>
    internal bool IsConstant => this is Constant or IntegerConstant;

    /// <summary>The same value in memory of its own.</summary>
    internal bool IsCopy => this is Unary unary && unary.Function == UnaryFunction.Copy;

    /// <summary>The same value, through which no gradient flows.</summary>
    internal bool IsDetach => this is Unary unary && unary.Function == UnaryFunction.Detach;

    internal bool IsView => this is Broadcast or Reshape or Permute or Slice;

    /// <summary>Vector operations that make an element of it in registers, about.</summary>
    internal int Cost => this switch
    {
        Unary unary => unary.Function.Cost,
        Uniform => 14,
        Binary or Select or AddToGradient => 2,
        _ => 0,
    };

    /// <summary>Whether it is a function of <c>SimdMath</c>, no instruction.</summary>
    internal bool IsFunction => this is Unary { Function.Instruction: null };

    /// <summary>The type of the result's elements.</summary>
    internal DataType TypeOf(IReadOnlyList<Node> inputs) => this switch
    {
        Input input => input.Type,
        IntegerConstant or Iota => DataType.Int32,
        MaxPool2dWinners => DataType.Byte,
        Select => inputs[2].Type,
        _ when IsView || IsCopy || IsDetach || this is Concat => inputs[0].Type,
        _ => DataType.Float,
    };
}

/// <summary>A convolution's sizes; all of them are literals in the generated code.</summary>
public sealed record ConvolutionGeometry(
    int Height,
    int Width,
    int InChannels,
    int OutChannels,
    int KernelHeight,
    int KernelWidth,
    int Stride,
    int Padding,
    int Dilation,
    int Groups)
{
    public int OutHeight => ((Height + (2 * Padding) - (Dilation * (KernelHeight - 1)) - 1) / Stride) + 1;

    public int OutWidth => ((Width + (2 * Padding) - (Dilation * (KernelWidth - 1)) - 1) / Stride) + 1;

    /// <summary>Multiply-adds for one sample.</summary>
    public long MultiplyAdds => (long)OutHeight * OutWidth * OutChannels * (InChannels / Groups) * KernelHeight * KernelWidth;
}

/// <summary>A pooling window over [n, h, w, c].</summary>
public sealed record PoolGeometry(int Height, int Width, int Channels, int Kernel, int Stride, int Padding)
{
    public int OutHeight => ((Height + (2 * Padding) - Kernel) / Stride) + 1;

    public int OutWidth => ((Width + (2 * Padding) - Kernel) / Stride) + 1;

    /// <summary>Whether the windows tile the plane without overlap or padding, so that a convolution can pool what it has in registers.</summary>
    public bool Tiles => Kernel == Stride && Padding == 0;
}
