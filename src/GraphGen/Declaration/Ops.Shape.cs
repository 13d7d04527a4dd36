namespace GraphGen;

// The matrix product and changes of shape.
public static partial class Ops
{
    /// <summary>The matrix product: [..., m, k]·[..., k, n] → [..., m, n], leading dimensions broadcast.</summary>
    /// <param name="left">Matrices [..., m, k]: at least two dimensions. Unlike PyTorch's, a vector is none: write [1, k].</param>
    /// <param name="right">Matrices [..., k, n]: at least two dimensions.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.matmul.html">torch.matmul</see>.</remarks>
    public static Tensor MatMul(Tensor left, Tensor right) => throw Symbol.NeverRuns();

    /// <summary>The same elements in the same order under another shape.</summary>
    /// <param name="input">Any shape.</param>
    /// <param name="shape">The new shape with as many elements. <see cref="Dim.Batch"/> in front is the number of samples, and one
    /// dimension may be −1: it is inferred. <c>Reshape(x, Batch, -1)</c> makes a row of each sample; without Batch the samples are
    /// part of what is inferred.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.reshape.html">torch.reshape</see>.</remarks>
    public static Tensor Reshape(Tensor input, params int[] shape) => throw Symbol.NeverRuns();

    /// <summary>Makes a range of dimensions one: by default [n, a, b, c] → [n, a·b·c].</summary>
    /// <param name="input">Any shape.</param>
    /// <param name="startDim">The first of the range; 1 by default, which keeps the batch.</param>
    /// <param name="endDim">The last of the range; −1, the last there is, by default.</param>
    /// <remarks>The defaults are those of <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.Flatten.html">torch.nn.Flatten</see>.</remarks>
    public static Tensor Flatten(Tensor input, int startDim = 1, int endDim = -1) => throw Symbol.NeverRuns();

    /// <summary>Exchanges two dimensions.</summary>
    /// <param name="input">Any shape with those dimensions.</param>
    /// <param name="dim0">The one; −1 is the last.</param>
    /// <param name="dim1">The other; −1 is the last.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.transpose.html">torch.transpose</see>.</remarks>
    public static Tensor Transpose(Tensor input, int dim0, int dim1) => throw Symbol.NeverRuns();

    /// <summary>Reorders the dimensions: dimension i of the result is dimension <c>dims[i]</c> of the input.</summary>
    /// <param name="input">Any shape.</param>
    /// <param name="dims">Every dimension of the input once; −1 is the last.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.permute.html">torch.permute</see>.</remarks>
    public static Tensor Permute(Tensor input, params int[] dims) => throw Symbol.NeverRuns();
}
