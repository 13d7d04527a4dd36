namespace GraphGen;

/// <summary>
/// The operations that network and loss bodies are written in; made for <c>using static GraphGen.Ops;</c>. Like
/// <see cref="Tensor"/> they are symbols that the generator reads: this class is also its table of what exists. Names,
/// arguments, defaults and results are PyTorch's.
/// </summary>
public static partial class Ops
{
    /// <summary><c>max(x, 0)</c> of each element; NaN stays NaN. The gradient at 0 is 0.</summary>
    /// <param name="input">Any shape, kept.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.relu.html">torch.nn.functional.relu</see>.</remarks>
    public static Tensor Relu(Tensor input) => throw Symbol.NeverRuns();

    /// <summary>The Gaussian error linear unit <c>x·Φ(x)</c>, with Φ the normal distribution's cumulative function.</summary>
    /// <param name="input">Any shape, kept.</param>
    /// <param name="tanh">False (the default): exact, by erf. True: <c>x/2·(1 + tanh(√(2/π)·(x + 0.044715·x³)))</c>.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.gelu.html">torch.nn.functional.gelu</see>.</remarks>
    public static Tensor Gelu(Tensor input, bool tanh = false) => throw Symbol.NeverRuns();

    /// <summary>The hyperbolic tangent of each element.</summary>
    /// <param name="input">Any shape, kept.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.tanh.html">torch.tanh</see>.</remarks>
    public static Tensor Tanh(Tensor input) => throw Symbol.NeverRuns();

    /// <summary><c>1 / (1 + exp(−x))</c> of each element.</summary>
    /// <param name="input">Any shape, kept.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.sigmoid.html">torch.sigmoid</see>.</remarks>
    public static Tensor Sigmoid(Tensor input) => throw Symbol.NeverRuns();

    /// <summary>The error function of each element, <c>2/√π·∫₀ˣ exp(−t²) dt</c>.</summary>
    /// <param name="input">Any shape, kept.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.erf.html">torch.erf</see>.</remarks>
    public static Tensor Erf(Tensor input) => throw Symbol.NeverRuns();

    /// <summary>The exponential of each element.</summary>
    /// <param name="input">Any shape, kept.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.exp.html">torch.exp</see>.</remarks>
    public static Tensor Exp(Tensor input) => throw Symbol.NeverRuns();

    /// <summary>The sine of each element, an angle in radians; NaN at ±∞.</summary>
    /// <param name="input">Any shape, kept.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.sin.html">torch.sin</see>.</remarks>
    public static Tensor Sin(Tensor input) => throw Symbol.NeverRuns();

    /// <summary>The cosine of each element, an angle in radians; NaN at ±∞.</summary>
    /// <param name="input">Any shape, kept.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.cos.html">torch.cos</see>.</remarks>
    public static Tensor Cos(Tensor input) => throw Symbol.NeverRuns();

    /// <summary>The natural logarithm of each element: −∞ at 0, NaN below.</summary>
    /// <param name="input">Any shape, kept.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.log.html">torch.log</see>.</remarks>
    public static Tensor Log(Tensor input) => throw Symbol.NeverRuns();

    /// <summary>The square root of each element: NaN below 0. The gradient at 0 is infinite.</summary>
    /// <param name="input">Any shape, kept.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.sqrt.html">torch.sqrt</see>.</remarks>
    public static Tensor Sqrt(Tensor input) => throw Symbol.NeverRuns();

    /// <summary>The absolute value of each element. The gradient at 0 is 0.</summary>
    /// <param name="input">Any shape, kept.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.abs.html">torch.abs</see>.</remarks>
    public static Tensor Abs(Tensor input) => throw Symbol.NeverRuns();

    /// <summary>The larger of each pair of elements; NaN where either is NaN. Ties share the gradient equally.</summary>
    /// <param name="left">Any shape.</param>
    /// <param name="right">A shape that broadcasts with it.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.maximum.html">torch.maximum</see>.</remarks>
    public static Tensor Maximum(Tensor left, Tensor right) => throw Symbol.NeverRuns();

    /// <summary>The larger of each element and a number: a lower bound. Ties share the gradient equally.</summary>
    /// <param name="left">Any shape, kept.</param>
    /// <param name="right">The number: a constant.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.maximum.html">torch.maximum</see>.</remarks>
    public static Tensor Maximum(Tensor left, double right) => throw Symbol.NeverRuns();

    /// <summary>The smaller of each pair of elements; NaN where either is NaN. Ties share the gradient equally.</summary>
    /// <param name="left">Any shape.</param>
    /// <param name="right">A shape that broadcasts with it.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.minimum.html">torch.minimum</see>.</remarks>
    public static Tensor Minimum(Tensor left, Tensor right) => throw Symbol.NeverRuns();

    /// <summary>The smaller of each element and a number: an upper bound. Ties share the gradient equally.</summary>
    /// <param name="left">Any shape, kept.</param>
    /// <param name="right">The number: a constant.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.minimum.html">torch.minimum</see>.</remarks>
    public static Tensor Minimum(Tensor left, double right) => throw Symbol.NeverRuns();

    /// <summary>Dropout as a plain function: in the training pass each element is zeroed with probability <paramref name="p"/> and the
    /// others are scaled by 1/(1 − p); <c>Predict</c> and <c>Evaluate</c> leave it out.</summary>
    /// <param name="input">Any shape, kept.</param>
    /// <param name="p">The probability of an element to be zeroed, in [0, 1]; 0.5 by default.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.dropout.html">torch.nn.functional.dropout</see>.</remarks>
    public static Tensor Dropout(Tensor input, double p = 0.5) => throw Symbol.NeverRuns();
}
