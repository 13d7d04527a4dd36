namespace GraphGen;

/// <summary>
/// How the losses of the samples or elements become one number. The generated <c>LossValues</c> has them by sample; where a sample
/// has several elements, their mean or sum.
/// </summary>
public enum Reduction
{
    /// <summary>The mean (for a weighted cross-entropy: the weighted mean).</summary>
    Mean,

    /// <summary>The sum.</summary>
    Sum,
}

/// <summary>
/// Softmax cross-entropy against class labels, on a partial method
/// <c>Tensor Loss(Tensor logits, [Shape(Batch)] IntTensor labels)</c>: logits [n, classes], labels [n] → scalar.
/// A row's loss is <c>−w[y]·log softmax(logits)[y]</c>.
/// </summary>
/// <remarks>
/// The mean divides by the sum of the weights of the labels that count. Labels are from 0 to classes − 1, or
/// <see cref="IgnoreIndex"/>. With every label ignored it is NaN, as in PyTorch.
/// PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html">torch.nn.CrossEntropyLoss</see>.
/// </remarks>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class CrossEntropyLossAttribute : Attribute
{
    /// <summary>
    /// The share e of the target spread evenly over all classes, in [0, 1]; 0 by default. The loss is
    /// <c>(1 − e)·nll + e/classes·Σ_c w[c]·(−log p[c])</c>.
    /// </summary>
    public double LabelSmoothing { get; set; }

    /// <summary>The label whose rows count neither in the loss nor in the mean; −100 by default.</summary>
    public int IgnoreIndex { get; set; } = -100;

    /// <summary>A weight for each class, or null (the default) for ones.</summary>
    public float[]? Weight { get; set; }

    /// <summary>How rows become one number; the mean by default.</summary>
    public Reduction Reduction { get; set; } = Reduction.Mean;
}

/// <summary>
/// The squared error (x − y)², on a partial method <c>Tensor Loss(Tensor output, [Shape(...)] Tensor target)</c>: two tensors
/// of the same shape → scalar.
/// </summary>
/// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.MSELoss.html">torch.nn.MSELoss</see>.</remarks>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class MSELossAttribute : Attribute
{
    /// <summary>How elements become one number; the mean over all of them by default.</summary>
    public Reduction Reduction { get; set; } = Reduction.Mean;
}

/// <summary>
/// The absolute error |x − y|, on a partial method <c>Tensor Loss(Tensor output, [Shape(...)] Tensor target)</c>: two tensors
/// of the same shape → scalar. The gradient is 0 where x = y.
/// </summary>
/// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.L1Loss.html">torch.nn.L1Loss</see>.</remarks>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class L1LossAttribute : Attribute
{
    /// <summary>How elements become one number; the mean over all of them by default.</summary>
    public Reduction Reduction { get; set; } = Reduction.Mean;
}
