namespace GraphGen;

// Norms and distances.
public static partial class Ops
{
    /// <summary><c>(Σ |x|^p)^(1/p)</c> over all elements: any shape → scalar. The gradient at 0 is 0.</summary>
    /// <param name="input">Any shape.</param>
    /// <param name="p">The exponent, not negative; 2 by default. Infinite: the largest |x|; 0: how many are not 0.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.linalg.vector_norm.html">torch.linalg.vector_norm</see>.</remarks>
    public static Tensor Norm(Tensor input, double p = 2) => throw Symbol.NeverRuns();

    /// <summary><c>(Σ |x|^p)^(1/p)</c> over one dimension. The gradient at 0 is 0.</summary>
    /// <param name="input">Any shape with that dimension.</param>
    /// <param name="p">The exponent, not negative. Infinite: the largest |x|; 0: how many are not 0.</param>
    /// <param name="dim">The dimension; −1 is the last.</param>
    /// <param name="keepDim">True: the dimension stays, with length 1. False (the default): it goes.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.linalg.vector_norm.html">torch.linalg.vector_norm</see>.</remarks>
    public static Tensor Norm(Tensor input, double p, int dim, bool keepDim = false) => throw Symbol.NeverRuns();

    /// <summary>The norm of <c>x1 − x2 + eps</c> along the last dimension: [..., d] twice → [...].</summary>
    /// <param name="x1">[..., d].</param>
    /// <param name="x2">A shape that broadcasts with it.</param>
    /// <param name="p">The norm's exponent, not negative; 2 by default.</param>
    /// <param name="eps">Added to each element of the difference; 1e-6 by default.</param>
    /// <param name="keepDim">True: the last dimension stays, with length 1. False (the default): it goes.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.pairwise_distance.html">torch.nn.functional.pairwise_distance</see>.</remarks>
    public static Tensor PairwiseDistance(Tensor x1, Tensor x2, double p = 2, double eps = 1e-6, bool keepDim = false) => throw Symbol.NeverRuns();

    /// <summary><c>x1·x2 / (max(|x1|, eps)·max(|x2|, eps))</c> along a dimension, which goes.</summary>
    /// <param name="x1">Any shape with that dimension.</param>
    /// <param name="x2">A shape that broadcasts with it.</param>
    /// <param name="dim">The dimension; 1 by default.</param>
    /// <param name="eps">The least norm, not negative; 1e-8 by default.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.cosine_similarity.html">torch.nn.functional.cosine_similarity</see>.</remarks>
    public static Tensor CosineSimilarity(Tensor x1, Tensor x2, int dim = 1, double eps = 1e-8) => throw Symbol.NeverRuns();
}
