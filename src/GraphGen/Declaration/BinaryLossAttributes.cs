namespace GraphGen;

/// <summary>
/// Binary cross-entropy <c>−w·(t·log x + (1 − t)·log(1 − x))</c> of probabilities x, on a partial method <c>Tensor Loss(Tensor output, [Shape(...)] Tensor target)</c>: two tensors of one shape → scalar.
/// </summary>
/// <remarks>
/// Logarithms are kept at −100 at least, and the gradient's denominator <c>x·(1 − x)</c> at 1e-12, as in PyTorch. The mean divides by the number of
/// elements, whatever their weights. Shapes must be equal (GG1009). Targets are from 0 to 1; others are an
/// <see cref="ArgumentOutOfRangeException"/>. Behind a sigmoid, <see cref="BCEWithLogitsLossAttribute"/> is exact where this is not.
/// PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.BCELoss.html">torch.nn.BCELoss</see>.
/// </remarks>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class BCELossAttribute : Attribute
{
    /// <summary>A weight for each element along the last dimension, or null (the default) for ones. A further parameter of the method, <c>Tensor weight</c> with a [Shape] that broadcasts to the input's, gives weights batch by batch instead.</summary>
    public float[]? Weight { get; set; }

    /// <summary>How elements become one number; the mean over all of them by default.</summary>
    public Reduction Reduction { get; set; } = Reduction.Mean;
}

/// <summary>
/// A sigmoid and binary cross-entropy in one, exact for logits of any size:
/// <c>−w·(p·t·log σ(x) + (1 − t)·log σ(−x))</c>, on a partial method <c>Tensor Loss(Tensor output, [Shape(...)] Tensor target)</c>: two tensors of one shape → scalar.
/// </summary>
/// <remarks>
/// The mean divides by the number of elements, whatever their weights. Shapes must be equal (GG1009).
/// PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.BCEWithLogitsLoss.html">torch.nn.BCEWithLogitsLoss</see>.
/// </remarks>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class BCEWithLogitsLossAttribute : Attribute
{
    /// <summary>A weight for each element along the last dimension, or null (the default) for ones. A further parameter of the method, <c>Tensor weight</c> with a [Shape] that broadcasts to the input's, gives weights batch by batch instead.</summary>
    public float[]? Weight { get; set; }

    /// <summary>p, what a positive target counts for, for each element along the last dimension; null (the default) for 1. A parameter <c>Tensor posWeight</c> of the method does so batch by batch.</summary>
    public float[]? PosWeight { get; set; }

    /// <summary>How elements become one number; the mean over all of them by default.</summary>
    public Reduction Reduction { get; set; } = Reduction.Mean;
}

/// <summary>
/// <c>log(1 + exp(−t·x))</c> for targets t of 1 and −1, on a partial method <c>Tensor Loss(Tensor output, [Shape(...)] Tensor target)</c>: two tensors of one shape → scalar.
/// </summary>
/// <remarks>
/// It does not overflow. Shapes must be equal (GG1009).
/// PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.SoftMarginLoss.html">torch.nn.SoftMarginLoss</see>.
/// </remarks>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class SoftMarginLossAttribute : Attribute
{
    /// <summary>How elements become one number; the mean over all of them by default.</summary>
    public Reduction Reduction { get; set; } = Reduction.Mean;
}

/// <summary>
/// The mean over the classes of <c>−w·(t·log σ(x) + (1 − t)·log σ(−x))</c>, on a partial method
/// <c>Tensor Loss(Tensor output, [Shape(Batch, classes)] Tensor target)</c>: logits and targets of 0 and 1, [n, classes] → scalar.
/// </summary>
/// <remarks>
/// A sample has one value, the mean over its classes. Shapes must be equal (GG1009).
/// PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.MultiLabelSoftMarginLoss.html">torch.nn.MultiLabelSoftMarginLoss</see>.
/// </remarks>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class MultiLabelSoftMarginLossAttribute : Attribute
{
    /// <summary>A weight for each element along the last dimension, or null (the default) for ones. A further parameter of the method, <c>Tensor weight</c> with a [Shape] that broadcasts to the input's, gives weights batch by batch instead.</summary>
    public float[]? Weight { get; set; }

    /// <summary>How samples become one number; the mean by default.</summary>
    public Reduction Reduction { get; set; } = Reduction.Mean;
}

/// <summary>
/// x where the target is 1, <c>max(0, margin − x)</c> where it is −1, on a partial method <c>Tensor Loss(Tensor output, [Shape(...)] Tensor target)</c>: two tensors of one shape → scalar.
/// </summary>
/// <remarks>
/// x is a distance, such as <c>PairwiseDistance</c> gives. Shapes must be equal (GG1009).
/// PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.HingeEmbeddingLoss.html">torch.nn.HingeEmbeddingLoss</see>.
/// </remarks>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class HingeEmbeddingLossAttribute : Attribute
{
    /// <summary>From how far on two that differ cost nothing; 1 by default.</summary>
    public double Margin { get; set; } = 1;

    /// <summary>How elements become one number; the mean over all of them by default.</summary>
    public Reduction Reduction { get; set; } = Reduction.Mean;
}
