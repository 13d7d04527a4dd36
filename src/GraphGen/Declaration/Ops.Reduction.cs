namespace GraphGen;

// Reductions: many elements to one.
public static partial class Ops
{
    /// <summary>The sum of all elements: any shape → scalar.</summary>
    /// <param name="input">Any shape.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.sum.html">torch.sum</see>.</remarks>
    public static Tensor Sum(Tensor input) => throw Symbol.NeverRuns();

    /// <summary>The sum over one dimension.</summary>
    /// <param name="input">Any shape with that dimension.</param>
    /// <param name="dim">The dimension; −1 is the last.</param>
    /// <param name="keepDim">True: the dimension stays, with length 1. False (the default): it goes.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.sum.html">torch.sum</see>.</remarks>
    public static Tensor Sum(Tensor input, int dim, bool keepDim = false) => throw Symbol.NeverRuns();

    /// <summary>The sum over several dimensions.</summary>
    /// <param name="input">Any shape with those dimensions.</param>
    /// <param name="dims">The dimensions, each once; −1 is the last.</param>
    /// <param name="keepDim">True: the dimensions stay, with length 1. False (the default): they go.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.sum.html">torch.sum</see>.</remarks>
    public static Tensor Sum(Tensor input, int[] dims, bool keepDim = false) => throw Symbol.NeverRuns();

    /// <summary>The mean of all elements: any shape → scalar.</summary>
    /// <param name="input">Any shape.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.mean.html">torch.mean</see>.</remarks>
    public static Tensor Mean(Tensor input) => throw Symbol.NeverRuns();

    /// <summary>The mean over one dimension.</summary>
    /// <param name="input">Any shape with that dimension.</param>
    /// <param name="dim">The dimension; −1 is the last.</param>
    /// <param name="keepDim">True: the dimension stays, with length 1. False (the default): it goes.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.mean.html">torch.mean</see>.</remarks>
    public static Tensor Mean(Tensor input, int dim, bool keepDim = false) => throw Symbol.NeverRuns();

    /// <summary>The mean over several dimensions.</summary>
    /// <param name="input">Any shape with those dimensions.</param>
    /// <param name="dims">The dimensions, each once; −1 is the last.</param>
    /// <param name="keepDim">True: the dimensions stay, with length 1. False (the default): they go.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.mean.html">torch.mean</see>.</remarks>
    public static Tensor Mean(Tensor input, int[] dims, bool keepDim = false) => throw Symbol.NeverRuns();

    /// <summary>The largest element of all elements: any shape → scalar; NaN if any is NaN. Ties share the gradient equally.</summary>
    /// <param name="input">Any shape.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.amax.html">torch.amax</see>.</remarks>
    public static Tensor Max(Tensor input) => throw Symbol.NeverRuns();

    /// <summary>The largest element over one dimension; NaN if any is NaN. Ties share the gradient equally.</summary>
    /// <param name="input">Any shape with that dimension.</param>
    /// <param name="dim">The dimension; −1 is the last.</param>
    /// <param name="keepDim">True: the dimension stays, with length 1. False (the default): it goes.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.amax.html">torch.amax</see>.</remarks>
    public static Tensor Max(Tensor input, int dim, bool keepDim = false) => throw Symbol.NeverRuns();

    /// <summary>The largest element over several dimensions; NaN if any is NaN. Ties share the gradient equally.</summary>
    /// <param name="input">Any shape with those dimensions.</param>
    /// <param name="dims">The dimensions, each once; −1 is the last.</param>
    /// <param name="keepDim">True: the dimensions stay, with length 1. False (the default): they go.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.amax.html">torch.amax</see>.</remarks>
    public static Tensor Max(Tensor input, int[] dims, bool keepDim = false) => throw Symbol.NeverRuns();

    /// <summary><c>log Σ exp(x)</c> over one dimension, safe from overflow.</summary>
    /// <param name="input">Any shape with that dimension.</param>
    /// <param name="dim">The dimension; −1 is the last.</param>
    /// <param name="keepDim">True: the dimension stays, with length 1. False (the default): it goes.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.logsumexp.html">torch.logsumexp</see>.</remarks>
    public static Tensor LogSumExp(Tensor input, int dim, bool keepDim = false) => throw Symbol.NeverRuns();
}
