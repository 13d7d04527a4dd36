namespace GraphGen;

/// <summary>
/// The symbol of an array of 32-bit floats in the body of a <see cref="ForwardAttribute">[Forward]</see> or
/// <see cref="LossAttribute">[Loss]</see> method. The generator reads what is done with it; no tensor ever exists at run time.
/// </summary>
/// <remarks>
/// Binary operators broadcast as NumPy and PyTorch do: shapes are aligned at their last dimensions, and a dimension that is
/// missing or 1 is repeated. Numbers beside tensors are constants of any numeric type but <see langword="decimal"/>; the value is
/// rounded to a 32-bit float once.
/// </remarks>
public sealed class Tensor
{
    private Tensor()
    {
    }

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
