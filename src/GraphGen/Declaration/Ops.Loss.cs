using System.Runtime.CompilerServices;

namespace GraphGen;

// Losses of numbers and of classes as plain functions, for [Loss] bodies that add to them.
public static partial class Ops
{
    /// <summary>Softmax cross-entropy against class labels: logits [n, classes], labels [n] → scalar; or [n, classes, d...] and [n, d...].</summary>
    /// <param name="logits">[n, classes] or [n, classes, d...]: unnormalised scores.</param>
    /// <param name="labels">[n] or [n, d...]: classes, each in [0, classes) or <paramref name="ignoreIndex"/>.</param>
    /// <param name="labelSmoothing">The share of the target spread evenly over all classes, in [0, 1]; 0 by default.</param>
    /// <param name="ignoreIndex">The label whose rows count neither in the loss nor in the mean; −100 by default.</param>
    /// <param name="weight">A weight for each class, or null (the default) for ones: a constant array.</param>
    /// <param name="reduction">How rows become one number; the mean (weighted, if there are weights) by default.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.cross_entropy.html">torch.nn.functional.cross_entropy</see>.</remarks>
    [OverloadResolutionPriority(1)] // of a null weight
    public static Tensor CrossEntropy(
        Tensor logits,
        IntTensor labels,
        double labelSmoothing = 0,
        int ignoreIndex = -100,
        float[]? weight = null,
        Reduction reduction = Reduction.Mean) => throw Symbol.NeverRuns();

    /// <summary>Softmax cross-entropy against class labels, with weights that are a tensor: logits [n, classes], labels [n] → scalar; or [n, classes, d...] and [n, d...].</summary>
    /// <param name="logits">[n, classes] or [n, classes, d...]: unnormalised scores.</param>
    /// <param name="labels">[n] or [n, d...]: classes, each in [0, classes) or <paramref name="ignoreIndex"/>.</param>
    /// <param name="weight">[classes]: a weight for each class.</param>
    /// <param name="labelSmoothing">The share of the target spread evenly over all classes, in [0, 1]; 0 by default.</param>
    /// <param name="ignoreIndex">The label whose rows count neither in the loss nor in the mean; −100 by default.</param>
    /// <param name="reduction">How rows become one number; the weighted mean by default.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.cross_entropy.html">torch.nn.functional.cross_entropy</see>.</remarks>
    public static Tensor CrossEntropy(
        Tensor logits,
        IntTensor labels,
        Tensor weight,
        double labelSmoothing = 0,
        int ignoreIndex = -100,
        Reduction reduction = Reduction.Mean) => throw Symbol.NeverRuns();

    /// <summary>Softmax cross-entropy against probabilities of the classes: two tensors [n, classes] or [n, classes, d...] → scalar.</summary>
    /// <param name="logits">[n, classes] or [n, classes, d...]: unnormalised scores.</param>
    /// <param name="target">The same shape: probabilities that sum to 1 over the classes.</param>
    /// <param name="labelSmoothing">The share of the target spread evenly over all classes, in [0, 1]; 0 by default.</param>
    /// <param name="weight">A weight for each class, or null (the default) for ones: a constant array.</param>
    /// <param name="reduction">How rows become one number; the mean over their number by default.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.cross_entropy.html">torch.nn.functional.cross_entropy</see>.</remarks>
    [OverloadResolutionPriority(1)] // of a null weight
    public static Tensor CrossEntropy(
        Tensor logits,
        Tensor target,
        double labelSmoothing = 0,
        float[]? weight = null,
        Reduction reduction = Reduction.Mean) => throw Symbol.NeverRuns();

    /// <summary>Softmax cross-entropy against probabilities of the classes, with weights that are a tensor: two tensors [n, classes] or [n, classes, d...] → scalar.</summary>
    /// <param name="logits">[n, classes] or [n, classes, d...]: unnormalised scores.</param>
    /// <param name="target">The same shape: probabilities that sum to 1 over the classes.</param>
    /// <param name="weight">[classes]: a weight for each class.</param>
    /// <param name="labelSmoothing">The share of the target spread evenly over all classes, in [0, 1]; 0 by default.</param>
    /// <param name="reduction">How rows become one number; the mean over their number by default.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.cross_entropy.html">torch.nn.functional.cross_entropy</see>.</remarks>
    public static Tensor CrossEntropy(
        Tensor logits,
        Tensor target,
        Tensor weight,
        double labelSmoothing = 0,
        Reduction reduction = Reduction.Mean) => throw Symbol.NeverRuns();

    /// <summary>The negative log-likelihood <c>−w[y]·x[y]</c>: log-probabilities [n, classes], labels [n] → scalar; or [n, classes, d...] and [n, d...].</summary>
    /// <param name="input">Log-probabilities, as <see cref="LogSoftmax"/> gives over dimension 1.</param>
    /// <param name="target">Classes, each in [0, classes) or <paramref name="ignoreIndex"/>.</param>
    /// <param name="ignoreIndex">The label whose rows count neither in the loss nor in the mean; −100 by default.</param>
    /// <param name="weight">A weight for each class, or null (the default) for ones: a constant array.</param>
    /// <param name="reduction">How rows become one number; the weighted mean by default.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.nll_loss.html">torch.nn.functional.nll_loss</see>.</remarks>
    [OverloadResolutionPriority(1)] // of a null weight
    public static Tensor NllLoss(
        Tensor input,
        IntTensor target,
        int ignoreIndex = -100,
        float[]? weight = null,
        Reduction reduction = Reduction.Mean) => throw Symbol.NeverRuns();

    /// <summary>The negative log-likelihood <c>−w[y]·x[y]</c>, with weights that are a tensor: log-probabilities [n, classes], labels [n] → scalar; or [n, classes, d...] and [n, d...].</summary>
    /// <param name="input">Log-probabilities, as <see cref="LogSoftmax"/> gives over dimension 1.</param>
    /// <param name="target">Classes, each in [0, classes) or <paramref name="ignoreIndex"/>.</param>
    /// <param name="weight">[classes]: a weight for each class.</param>
    /// <param name="ignoreIndex">The label whose rows count neither in the loss nor in the mean; −100 by default.</param>
    /// <param name="reduction">How rows become one number; the weighted mean by default.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.nll_loss.html">torch.nn.functional.nll_loss</see>.</remarks>
    public static Tensor NllLoss(
        Tensor input,
        IntTensor target,
        Tensor weight,
        int ignoreIndex = -100,
        Reduction reduction = Reduction.Mean) => throw Symbol.NeverRuns();

    /// <summary><c>w[y]/classes · Σ_{c≠y} max(0, margin − x[y] + x[c])^p</c> of each row: scores [n, classes], labels [n] → scalar.</summary>
    /// <param name="input">[n, classes].</param>
    /// <param name="target">[n]: classes.</param>
    /// <param name="p">The power, 1 or 2; 1 by default.</param>
    /// <param name="margin">By how much the label's score is to lead; 1 by default.</param>
    /// <param name="weight">A weight for each class, or null (the default) for ones: a constant array.</param>
    /// <param name="reduction">How samples become one number; the mean by default. <see cref="Reduction.None"/> gives them as they are.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.multi_margin_loss.html">torch.nn.functional.multi_margin_loss</see>.</remarks>
    [OverloadResolutionPriority(1)] // of a null weight
    public static Tensor MultiMarginLoss(
        Tensor input,
        IntTensor target,
        int p = 1,
        double margin = 1,
        float[]? weight = null,
        Reduction reduction = Reduction.Mean) => throw Symbol.NeverRuns();

    /// <summary><c>w[y]/classes · Σ_{c≠y} max(0, margin − x[y] + x[c])^p</c> of each row, with weights that are a tensor: scores [n, classes], labels [n] → scalar.</summary>
    /// <param name="input">[n, classes].</param>
    /// <param name="target">[n]: classes.</param>
    /// <param name="weight">[classes]: a weight for each class.</param>
    /// <param name="p">The power, 1 or 2; 1 by default.</param>
    /// <param name="margin">By how much the label's score is to lead; 1 by default.</param>
    /// <param name="reduction">How samples become one number; the mean by default. <see cref="Reduction.None"/> gives them as they are.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.multi_margin_loss.html">torch.nn.functional.multi_margin_loss</see>.</remarks>
    public static Tensor MultiMarginLoss(
        Tensor input,
        IntTensor target,
        Tensor weight,
        int p = 1,
        double margin = 1,
        Reduction reduction = Reduction.Mean) => throw Symbol.NeverRuns();

    /// <summary><c>1/classes · Σ_a Σ_c max(0, 1 − (x[a] − x[c]))</c> of each row, over its labels a and the classes c that are none: [n, classes] twice → scalar.</summary>
    /// <param name="input">[n, classes].</param>
    /// <param name="target">[n, classes]: the labels of a row, up to its first −1.</param>
    /// <param name="reduction">How samples become one number; the mean by default. <see cref="Reduction.None"/> gives them as they are.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.multilabel_margin_loss.html">torch.nn.functional.multilabel_margin_loss</see>.</remarks>
    public static Tensor MultiLabelMarginLoss(Tensor input, IntTensor target, Reduction reduction = Reduction.Mean) => throw Symbol.NeverRuns();

    /// <summary>The squared error <c>(x − t)²</c>: two tensors of the same shape → scalar.</summary>
    /// <param name="input">Any shape.</param>
    /// <param name="target">The same shape.</param>
    /// <param name="reduction">How elements become one number; the mean over all of them by default. <see cref="Reduction.None"/> gives them as they are.</param>
    /// <remarks>Shapes that differ but broadcast are a warning (GG1101). PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.mse_loss.html">torch.nn.functional.mse_loss</see>.</remarks>
    public static Tensor MseLoss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) => throw Symbol.NeverRuns();

    /// <summary>The absolute error <c>|x − t|</c>: two tensors of the same shape → scalar. The gradient is 0 where they are equal.</summary>
    /// <param name="input">Any shape.</param>
    /// <param name="target">The same shape.</param>
    /// <param name="reduction">How elements become one number; the mean over all of them by default. <see cref="Reduction.None"/> gives them as they are.</param>
    /// <remarks>Shapes that differ but broadcast are a warning (GG1101). PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.l1_loss.html">torch.nn.functional.l1_loss</see>.</remarks>
    public static Tensor L1Loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) => throw Symbol.NeverRuns();

    /// <summary><c>(x − t)² / 2β</c> where <c>|x − t|</c> is below β, else <c>|x − t| − β/2</c>: two tensors of the same shape → scalar.</summary>
    /// <param name="input">Any shape.</param>
    /// <param name="target">The same shape.</param>
    /// <param name="beta">Where the parabola becomes a line, not negative; 1 by default. With 0 it is <see cref="L1Loss"/>.</param>
    /// <param name="reduction">How elements become one number; the mean over all of them by default. <see cref="Reduction.None"/> gives them as they are.</param>
    /// <remarks>Shapes that differ but broadcast are a warning (GG1101). PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.smooth_l1_loss.html">torch.nn.functional.smooth_l1_loss</see>.</remarks>
    public static Tensor SmoothL1Loss(
        Tensor input,
        Tensor target,
        double beta = 1,
        Reduction reduction = Reduction.Mean) => throw Symbol.NeverRuns();

    /// <summary><c>(x − t)² / 2</c> where <c>|x − t|</c> is below δ, else <c>δ·(|x − t| − δ/2)</c>: two tensors of the same shape → scalar.</summary>
    /// <param name="input">Any shape.</param>
    /// <param name="target">The same shape.</param>
    /// <param name="delta">Where the parabola becomes a line, above 0; 1 by default.</param>
    /// <param name="reduction">How elements become one number; the mean over all of them by default. <see cref="Reduction.None"/> gives them as they are.</param>
    /// <remarks>Shapes that differ but broadcast are a warning (GG1101). PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.huber_loss.html">torch.nn.functional.huber_loss</see>.</remarks>
    public static Tensor HuberLoss(Tensor input, Tensor target, double delta = 1, Reduction reduction = Reduction.Mean) => throw Symbol.NeverRuns();

    /// <summary>The Kullback-Leibler divergence <c>t·(log t − x)</c>, 0 where t is 0: log-probabilities and probabilities of the same shape → scalar.</summary>
    /// <param name="input">Log-probabilities.</param>
    /// <param name="target">The same shape.</param>
    /// <param name="logTarget">Whether targets are logarithms too: <c>exp(t)·(t − x)</c>. False by default.</param>
    /// <param name="reduction">The mean over all elements by default; <see cref="Reduction.BatchMean"/> divides by the number of samples.</param>
    /// <remarks>Shapes that differ but broadcast are a warning (GG1101). PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.kl_div.html">torch.nn.functional.kl_div</see>.</remarks>
    public static Tensor KlDiv(
        Tensor input,
        Tensor target,
        bool logTarget = false,
        Reduction reduction = Reduction.Mean) => throw Symbol.NeverRuns();

    /// <summary>The negative log-likelihood of a Poisson distribution, <c>exp(x) − t·x</c>: two tensors of the same shape → scalar.</summary>
    /// <param name="input">Any shape.</param>
    /// <param name="target">The same shape.</param>
    /// <param name="logInput">Whether the input is the logarithm of the rate (the default). Without: <c>x − t·log(x + eps)</c>.</param>
    /// <param name="full">Whether Stirling's approximation of <c>log t!</c> is added where t is above 1; false by default.</param>
    /// <param name="eps">Keeps the logarithm of a rate of 0 finite; 1e-8 by default.</param>
    /// <param name="reduction">How elements become one number; the mean over all of them by default. <see cref="Reduction.None"/> gives them as they are.</param>
    /// <remarks>Shapes that differ but broadcast are a warning (GG1101). PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.poisson_nll_loss.html">torch.nn.functional.poisson_nll_loss</see>.</remarks>
    public static Tensor PoissonNllLoss(
        Tensor input,
        Tensor target,
        bool logInput = true,
        bool full = false,
        double eps = 1e-8,
        Reduction reduction = Reduction.Mean) => throw Symbol.NeverRuns();

    /// <summary>The negative log-likelihood of a normal distribution, <c>(log v + (x − t)²/v) / 2</c>: means, targets and variances → scalar.</summary>
    /// <param name="input">Any shape.</param>
    /// <param name="target">The same shape.</param>
    /// <param name="var">The variances, of the input's shape or one that broadcasts to it. They are kept at <paramref name="eps"/> at least, which does not hold their gradient back.</param>
    /// <param name="full">Whether <c>log(2π)/2</c> is added; false by default.</param>
    /// <param name="eps">The least variance, above 0; 1e-6 by default.</param>
    /// <param name="reduction">How elements become one number; the mean over all of them by default. <see cref="Reduction.None"/> gives them as they are.</param>
    /// <remarks>Shapes that differ but broadcast are a warning (GG1101). PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.gaussian_nll_loss.html">torch.nn.functional.gaussian_nll_loss</see>.</remarks>
    public static Tensor GaussianNllLoss(
        Tensor input,
        Tensor target,
        Tensor var,
        bool full = false,
        double eps = 1e-6,
        Reduction reduction = Reduction.Mean) => throw Symbol.NeverRuns();
}
