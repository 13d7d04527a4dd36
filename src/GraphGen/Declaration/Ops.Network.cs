namespace GraphGen;

// Convolution, pooling, softmax.
public static partial class Ops
{
    /// <summary>
    /// A two-dimensional convolution with a given weight: [n, in, h, w] → [n, out, h', w'] with
    /// <c>h' = (h + 2·padding − dilation·(kh − 1) − 1) / stride + 1</c>, and w' alike.
    /// </summary>
    /// <param name="input">[n, in, h, w].</param>
    /// <param name="weight">[out, in/groups, kh, kw].</param>
    /// <param name="bias">[out], or null (the default) for none.</param>
    /// <param name="stride">Pixels from one window to the next, at least 1; 1 by default.</param>
    /// <param name="padding">Zeros added on each of the four sides, not negative; 0 by default.</param>
    /// <param name="dilation">Pixels from one element of the window to the next, at least 1; 1 by default.</param>
    /// <param name="groups">Independent convolutions side by side, at least 1; 1 by default. Divides both channel counts.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.conv2d.html">torch.nn.functional.conv2d</see>.</remarks>
    public static Tensor Conv2d(
        Tensor input,
        Tensor weight,
        Tensor? bias = null,
        int stride = 1,
        int padding = 0,
        int dilation = 1,
        int groups = 1) => throw Symbol.NeverRuns();

    /// <summary>
    /// The largest element of each window: [n, c, h, w] → [n, c, h', w'] with <c>h' = (h + 2·padding − kernel) / stride + 1</c>
    /// rounded down, and w' alike. The gradient goes to the first of equals.
    /// </summary>
    /// <param name="input">[n, c, h, w].</param>
    /// <param name="kernel">Height and width of the window, at least 1.</param>
    /// <param name="stride">Pixels from one window to the next, at least 1; 0 (the default): as many as <paramref name="kernel"/>.</param>
    /// <param name="padding">−∞ added on each of the four sides, from 0 to half the kernel; 0 by default.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.max_pool2d.html">torch.nn.functional.max_pool2d</see>.</remarks>
    public static Tensor MaxPool2d(Tensor input, int kernel, int stride = 0, int padding = 0) => throw Symbol.NeverRuns();

    /// <summary>
    /// The mean of each window: [n, c, h, w] → [n, c, h', w'] with <c>h' = (h + 2·padding − kernel) / stride + 1</c> rounded
    /// down, and w' alike.
    /// </summary>
    /// <param name="input">[n, c, h, w].</param>
    /// <param name="kernel">Height and width of the window, at least 1.</param>
    /// <param name="stride">Pixels from one window to the next, at least 1; 0 (the default): as many as <paramref name="kernel"/>.</param>
    /// <param name="padding">Zeros added on each of the four sides, from 0 to half the kernel; 0 by default.</param>
    /// <param name="countIncludePad">True (the default): every window divides by kernel². False: by the pixels that are not padding.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.avg_pool2d.html">torch.nn.functional.avg_pool2d</see>.</remarks>
    public static Tensor AvgPool2d(
        Tensor input,
        int kernel,
        int stride = 0,
        int padding = 0,
        bool countIncludePad = true) => throw Symbol.NeverRuns();

    /// <summary><c>exp(x) / Σ exp(x)</c> along a dimension, safe from overflow.</summary>
    /// <param name="input">Any shape, kept.</param>
    /// <param name="dim">The dimension that sums to 1; −1, the last, by default.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.softmax.html">torch.nn.functional.softmax</see>.</remarks>
    public static Tensor Softmax(Tensor input, int dim = -1) => throw Symbol.NeverRuns();

    /// <summary><c>x − log Σ exp(x)</c> along a dimension: the logarithm of <see cref="Softmax"/>, safe from overflow and underflow.</summary>
    /// <param name="input">Any shape, kept.</param>
    /// <param name="dim">The dimension; −1, the last, by default.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.log_softmax.html">torch.nn.functional.log_softmax</see>.</remarks>
    public static Tensor LogSoftmax(Tensor input, int dim = -1) => throw Symbol.NeverRuns();
}
