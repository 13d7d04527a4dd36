namespace GraphGen;

/// <summary>
/// <c>max(0, |a − p| − |a − n| + margin)</c>, on a partial method
/// <c>Tensor Loss(Tensor anchor, [Shape(...)] Tensor positive, [Shape(...)] Tensor negative)</c>: vectors [n, d] → scalar.
/// </summary>
/// <remarks>
/// The distance is <c>PairwiseDistance</c>: <see cref="Eps"/> is added to each element of the difference, so that of a vector from itself is
/// <c>eps·d^(1/p)</c>. Shapes must broadcast (GG1001).
/// PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.TripletMarginLoss.html">torch.nn.TripletMarginLoss</see>.
/// </remarks>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class TripletMarginLossAttribute : Attribute
{
    /// <summary>By how much the negative is to be farther; above 0 (GG1011), 1 by default.</summary>
    public double Margin { get; set; } = 1;

    /// <summary>The norm's exponent; above 0 (GG1011), 2 by default.</summary>
    public double P { get; set; } = 2;

    /// <summary>Added to each element of a difference; 1e-6 by default.</summary>
    public double Eps { get; set; } = 1e-6;

    /// <summary>Whether <c>|p − n|</c> is taken instead of <c>|a − n|</c> where it is less; false by default.</summary>
    public bool Swap { get; set; }

    /// <summary>How samples become one number; the mean by default.</summary>
    public Reduction Reduction { get; set; } = Reduction.Mean;
}

/// <summary>
/// The triplet loss by a distance d of your own, <c>max(0, d(a, p) − d(a, n) + margin)</c>, on a partial method
/// <c>Tensor Loss(Tensor anchor, [Shape(...)] Tensor positive, [Shape(...)] Tensor negative)</c>: three tensors of one shape → scalar.
/// </summary>
/// <remarks>
/// PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.TripletMarginWithDistanceLoss.html">torch.nn.TripletMarginWithDistanceLoss</see>.
/// </remarks>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class TripletMarginWithDistanceLossAttribute : Attribute
{
    /// <summary>
    /// The method of the model that measures, by its name: <c>Distance = nameof(Cosine)</c>, which is <c>Tensor Cosine(Tensor x1, Tensor x2)</c> and
    /// gives [n] of two [n, d] and has its body in this project. Null (the default) for <see cref="Ops.PairwiseDistance"/>; another name is GG0010.
    /// </summary>
    public string? Distance { get; set; }

    /// <summary>By how much the negative is to be farther; above 0 (GG1011), 1 by default.</summary>
    public double Margin { get; set; } = 1;

    /// <summary>Whether <c>d(p, n)</c> is taken instead of <c>d(a, n)</c> where it is less; false by default.</summary>
    public bool Swap { get; set; }

    /// <summary>How samples become one number; the mean by default.</summary>
    public Reduction Reduction { get; set; } = Reduction.Mean;
}

/// <summary>
/// <c>max(0, −t·(x1 − x2) + margin)</c> for a target t of 1 (the first is to rank higher) or −1, on a partial method
/// <c>Tensor Loss(Tensor output, [Shape(...)] Tensor input2, [Shape(...)] Tensor target)</c>: three tensors of one shape → scalar.
/// </summary>
/// <remarks>
/// Shapes must be equal (GG1009).
/// PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.MarginRankingLoss.html">torch.nn.MarginRankingLoss</see>.
/// </remarks>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class MarginRankingLossAttribute : Attribute
{
    /// <summary>By how much one is to lead; 0 by default.</summary>
    public double Margin { get; set; }

    /// <summary>How elements become one number; the mean over all of them by default.</summary>
    public Reduction Reduction { get; set; } = Reduction.Mean;
}

/// <summary>
/// <c>1 − cos(x1, x2)</c> where the target is 1, <c>max(0, cos(x1, x2) − margin)</c> where it is −1, on a partial method
/// <c>Tensor Loss(Tensor output, [Shape(Batch, d)] Tensor input2, [Shape(Batch)] Tensor target)</c>: vectors [n, d], targets [n] → scalar.
/// </summary>
/// <remarks>
/// Targets must be [n] (GG1009).
/// PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.CosineEmbeddingLoss.html">torch.nn.CosineEmbeddingLoss</see>.
/// </remarks>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class CosineEmbeddingLossAttribute : Attribute
{
    /// <summary>Down to which cosine two that differ cost nothing; in [−1, 1] (GG1011), 0 by default.</summary>
    public double Margin { get; set; }

    /// <summary>How samples become one number; the mean by default.</summary>
    public Reduction Reduction { get; set; } = Reduction.Mean;
}
