namespace GraphGen;

// Activations and powers.
public static partial class Ops
{
    /// <summary>x where it is above 0, else <c>slope·x</c>.</summary>
    /// <param name="input">Any shape, kept.</param>
    /// <param name="negativeSlope">The slope below 0; 0.01 by default.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.leaky_relu.html">torch.nn.functional.leaky_relu</see>.</remarks>
    public static Tensor LeakyRelu(Tensor input, double negativeSlope = 0.01) => throw Symbol.NeverRuns();

    /// <summary>x where it is above 0, else <c>α·(exp(x) − 1)</c>.</summary>
    /// <param name="input">Any shape, kept.</param>
    /// <param name="alpha">α; 1 by default.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.elu.html">torch.nn.functional.elu</see>.</remarks>
    public static Tensor Elu(Tensor input, double alpha = 1) => throw Symbol.NeverRuns();

    /// <summary><c>x·sigmoid(x)</c> of each element.</summary>
    /// <param name="input">Any shape, kept.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.silu.html">torch.nn.functional.silu</see>.</remarks>
    public static Tensor Silu(Tensor input) => throw Symbol.NeverRuns();

    /// <summary>Each element kept between two values, at which no gradient flows; NaN stays NaN.</summary>
    /// <param name="input">Any shape, kept.</param>
    /// <param name="minVal">The lower; −1 by default.</param>
    /// <param name="maxVal">The upper, greater than the lower; 1 by default.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.hardtanh.html">torch.nn.functional.hardtanh</see>.</remarks>
    public static Tensor Hardtanh(Tensor input, double minVal = -1, double maxVal = 1) => throw Symbol.NeverRuns();

    /// <summary><c>−log(1 + exp(−x))</c> of each element; it overflows nowhere.</summary>
    /// <param name="input">Any shape, kept.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.logsigmoid.html">torch.nn.functional.logsigmoid</see>.</remarks>
    public static Tensor LogSigmoid(Tensor input) => throw Symbol.NeverRuns();

    /// <summary><c>log(1 + exp(β·x)) / β</c> of each element.</summary>
    /// <param name="input">Any shape, kept.</param>
    /// <param name="beta">β, above 0; 1 by default.</param>
    /// <param name="threshold">Where <c>β·x</c> is above it, the result is x itself; 20 by default.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.softplus.html">torch.nn.functional.softplus</see>.</remarks>
    public static Tensor Softplus(Tensor input, double beta = 1, double threshold = 20) => throw Symbol.NeverRuns();

    /// <summary>Each element to the power of a constant. A power that is not whole is NaN for elements below 0.</summary>
    /// <param name="input">Any shape, kept.</param>
    /// <param name="exponent">The exponent.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.pow.html">torch.pow</see>.</remarks>
    public static Tensor Pow(Tensor input, double exponent) => throw Symbol.NeverRuns();
}
