namespace GraphGen;

/// <summary>
/// The symbol of an array of 32-bit floats in the body of a <see cref="ForwardAttribute">[Forward]</see> or
/// <see cref="LossAttribute">[Loss]</see> method. The generator reads what is done with it; no tensor ever exists at run time.
/// </summary>
/// <remarks>
/// Binary operators broadcast as NumPy and PyTorch do: shapes are aligned at their last dimensions, and a dimension that is
/// missing or 1 is repeated. Numbers beside tensors are constants of any numeric type but <see langword="decimal"/>; the value is
/// rounded to a 32-bit float once.
/// <para>
/// Indices and ranges are C#'s, one an axis from the first on: <c>x[.., 1..^1]</c> is a part of axis 1, and <c>x[.., ^1]</c> its last
/// position, without the axis. Axes that are not named stay whole.
/// </para>
/// </remarks>
public sealed class Tensor
{
    private Tensor()
    {
    }

    /// <summary>
    /// Parts of axes, as PyTorch's <c>x[:, 1:-1, 0]</c>: of [n, a, b], <c>x[.., 1..^1, 0]</c> is [n, a − 2]. A range keeps its axis, an index drops it.
    /// It is read where it lies, without a copy.
    /// </summary>
    /// <param name="indices">A range or an index for each axis from the first on; further axes stay whole. That of the batch is <c>..</c>, since
    /// samples stay apart. As in C#, what counts from the end is written <c>^1</c>; unlike in Python, nothing is cut to what there is.</param>
    /// <remarks>For steps see <see cref="Ops.Slice(Tensor, int, int, int, int)"/>.</remarks>
    public Tensor this[params ReadOnlySpan<TensorIndex> indices] => throw Symbol.NeverRuns();

    /// <summary>The elementwise sum; shapes broadcast.</summary>
    public static Tensor operator +(Tensor left, Tensor right) => throw Symbol.NeverRuns();

    /// <summary>Adds a number to every element.</summary>
    public static Tensor operator +(Tensor left, double right) => throw Symbol.NeverRuns();

    /// <summary>Adds a number to every element.</summary>
    public static Tensor operator +(double left, Tensor right) => throw Symbol.NeverRuns();

    /// <summary>The elementwise difference; shapes broadcast.</summary>
    public static Tensor operator -(Tensor left, Tensor right) => throw Symbol.NeverRuns();

    /// <summary>Subtracts a number from every element.</summary>
    public static Tensor operator -(Tensor left, double right) => throw Symbol.NeverRuns();

    /// <summary>Subtracts every element from a number.</summary>
    public static Tensor operator -(double left, Tensor right) => throw Symbol.NeverRuns();

    /// <summary>The elementwise product; shapes broadcast. For the matrix product see <see cref="Ops.MatMul"/>.</summary>
    public static Tensor operator *(Tensor left, Tensor right) => throw Symbol.NeverRuns();

    /// <summary>Multiplies every element by a number.</summary>
    public static Tensor operator *(Tensor left, double right) => throw Symbol.NeverRuns();

    /// <summary>Multiplies every element by a number.</summary>
    public static Tensor operator *(double left, Tensor right) => throw Symbol.NeverRuns();

    /// <summary>The elementwise quotient; shapes broadcast.</summary>
    public static Tensor operator /(Tensor left, Tensor right) => throw Symbol.NeverRuns();

    /// <summary>Divides every element by a number.</summary>
    public static Tensor operator /(Tensor left, double right) => throw Symbol.NeverRuns();

    /// <summary>Divides a number by every element.</summary>
    public static Tensor operator /(double left, Tensor right) => throw Symbol.NeverRuns();

    /// <summary>Every element with its sign changed.</summary>
    public static Tensor operator -(Tensor value) => throw Symbol.NeverRuns();
}

/// <summary>
/// The symbol of an array of 32-bit integers, such as class labels, in the body of a <see cref="ForwardAttribute">[Forward]</see> or
/// <see cref="LossAttribute">[Loss]</see> method. As with <see cref="Tensor"/>, none ever exists at run time.
/// </summary>
public sealed class IntTensor
{
    private IntTensor()
    {
    }

    /// <summary>Parts of axes, as of a <see cref="Tensor"/>: of labels [n, t], <c>labels[.., 1..]</c> are those from the second on.</summary>
    /// <param name="indices">A range or an index for each axis from the first on; further axes stay whole. That of the batch is <c>..</c>.</param>
    public IntTensor this[params ReadOnlySpan<TensorIndex> indices] => throw Symbol.NeverRuns();
}

/// <summary>What stands for an axis between the brackets of a tensor: a <see cref="Range"/>, an <see cref="Index"/> or a number.</summary>
public readonly struct TensorIndex
{
    /// <summary>A part of the axis.</summary>
    public static implicit operator TensorIndex(Range range) => throw Symbol.NeverRuns();

    /// <summary>A position on the axis, which is dropped.</summary>
    public static implicit operator TensorIndex(Index index) => throw Symbol.NeverRuns();

    /// <summary>A position on the axis, which is dropped; it counts from the start.</summary>
    public static implicit operator TensorIndex(int index) => throw Symbol.NeverRuns();
}

/// <summary>Names for special dimensions; made for <c>using static GraphGen.Dim;</c>.</summary>
public static class Dim
{
    /// <summary>
    /// The one dimension that is chosen at run time: the number of samples of a call, from 1 to the capacity given to the
    /// constructor of the model, or to its <c>CreatePredictor</c>. It stands in front in a shape, in [Shape] and in
    /// <see cref="Ops.Reshape"/>; it is not a number to compute with.
    /// </summary>
    public const int Batch = -1;
}

/// <summary>What the bodies of symbolic members do when somebody does run them.</summary>
internal static class Symbol
{
    public static InvalidOperationException NeverRuns() => new(
        "This method stands for an operation in the body of a [Forward] or [Loss] method of a [Model] class, which GraphGen " +
        "reads while the project builds. It cannot be called at run time; call the model's generated Forward(ReadOnlySpan<float>) or Predict.");
}
