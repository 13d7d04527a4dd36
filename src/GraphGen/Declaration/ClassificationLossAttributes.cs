namespace GraphGen;

/// <summary>
/// Softmax cross-entropy against class labels, on a partial method
/// <c>Tensor Loss(Tensor logits, [Shape(Batch)] IntTensor labels)</c>: logits [n, classes], labels [n] → scalar; or [n, classes, d...] and
/// [n, d...]. A row's loss is <c>−w[y]·log softmax(logits)[y]</c>.
/// Against probabilities, with a <c>Tensor</c> target of the logits' shape: <c>−Σ_c w[c]·t[c]·log softmax(logits)[c]</c>.
/// </summary>
/// <remarks>
/// The mean divides by the sum of the weights of the labels that count; of probabilities by the number of rows. Labels are from 0 to
/// classes − 1, or <see cref="IgnoreIndex"/>; others are an <see cref="ArgumentOutOfRangeException"/>. With every label ignored it is NaN, as in PyTorch.
/// PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.CrossEntropyLoss.html">torch.nn.CrossEntropyLoss</see>.
/// </remarks>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class CrossEntropyLossAttribute : Attribute
{
    /// <summary>The share e of the target spread evenly over all classes, in [0, 1] (GG1011); 0 by default. The loss is <c>(1 − e)·nll + e/classes·Σ_c w[c]·(−log p[c])</c>.</summary>
    public double LabelSmoothing { get; set; }

    /// <summary>The label whose rows count neither in the loss nor in the mean; −100 by default. Probabilities have none.</summary>
    public int IgnoreIndex { get; set; } = -100;

    /// <summary>
    /// A weight for each class, or null (the default) for ones; as many as there are classes (GG1009). A further parameter of the method,
    /// <c>[Shape(classes)] Tensor weight</c>, gives them with each batch instead.
    /// </summary>
    public float[]? Weight { get; set; }

    /// <summary>How rows become one number; the mean by default.</summary>
    public Reduction Reduction { get; set; } = Reduction.Mean;
}

/// <summary>
/// The negative log-likelihood <c>−w[y]·x[y]</c> of log-probabilities x, on a partial method
/// <c>Tensor Loss(Tensor output, [Shape(Batch)] IntTensor labels)</c>: [n, classes] and labels [n] → scalar; or [n, classes, d...] and
/// [n, d...], which was once called NLLLoss2d.
/// </summary>
/// <remarks>
/// The mean divides by the sum of the weights of the labels that count. Labels are from 0 to classes − 1, or <see cref="IgnoreIndex"/>; others are
/// an <see cref="ArgumentOutOfRangeException"/>. With every label ignored it is NaN, as in PyTorch.
/// PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.NLLLoss.html">torch.nn.NLLLoss</see>.
/// </remarks>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class NLLLossAttribute : Attribute
{
    /// <summary>The label whose rows count neither in the loss nor in the mean; −100 by default.</summary>
    public int IgnoreIndex { get; set; } = -100;

    /// <summary>
    /// A weight for each class, or null (the default) for ones; as many as there are classes (GG1009). A further parameter of the method,
    /// <c>[Shape(classes)] Tensor weight</c>, gives them with each batch instead.
    /// </summary>
    public float[]? Weight { get; set; }

    /// <summary>How rows become one number; the mean by default.</summary>
    public Reduction Reduction { get; set; } = Reduction.Mean;
}

/// <summary>
/// The hinge loss of many classes, <c>w[y]/classes · Σ_{c≠y} max(0, margin − x[y] + x[c])^p</c>, on a partial method
/// <c>Tensor Loss(Tensor output, [Shape(Batch)] IntTensor labels)</c>: scores [n, classes], labels [n] → scalar.
/// </summary>
/// <remarks>
/// Labels are from 0 to classes − 1; others are an <see cref="ArgumentOutOfRangeException"/>.
/// PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.MultiMarginLoss.html">torch.nn.MultiMarginLoss</see>.
/// </remarks>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class MultiMarginLossAttribute : Attribute
{
    /// <summary>The power, 1 or 2 (GG1011); 1 by default.</summary>
    public int P { get; set; } = 1;

    /// <summary>By how much the label's score is to lead; 1 by default.</summary>
    public double Margin { get; set; } = 1;

    /// <summary>
    /// A weight for each class, or null (the default) for ones; as many as there are classes (GG1009). A further parameter of the method,
    /// <c>[Shape(classes)] Tensor weight</c>, gives them with each batch instead.
    /// </summary>
    public float[]? Weight { get; set; }

    /// <summary>How rows become one number; the mean by default.</summary>
    public Reduction Reduction { get; set; } = Reduction.Mean;
}

/// <summary>
/// The hinge loss of many labels a sample: <c>1/classes · Σ_a Σ_c max(0, 1 − (x[a] − x[c]))</c> over the labels a of the sample and the
/// classes c that are none of them, on a partial method <c>Tensor Loss(Tensor output, [Shape(Batch, classes)] IntTensor labels)</c>:
/// scores [n, classes], labels [n, classes] → scalar.
/// </summary>
/// <remarks>
/// The labels of a sample end at its first −1; what stands after it does not count. Others than classes and −1 are an
/// <see cref="ArgumentOutOfRangeException"/>. It takes memory for classes² numbers a sample at most.
/// PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.MultiLabelMarginLoss.html">torch.nn.MultiLabelMarginLoss</see>.
/// </remarks>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class MultiLabelMarginLossAttribute : Attribute
{
    /// <summary>How rows become one number; the mean by default.</summary>
    public Reduction Reduction { get; set; } = Reduction.Mean;
}
