namespace GraphGen;

// Losses of yes-or-no questions, and of what lies near what.
public static partial class Ops
{
    /// <summary><c>−w·(t·log x + (1 − t)·log(1 − x))</c> of probabilities, with logarithms of at least −100: two tensors of the same shape → scalar.</summary>
    /// <param name="input">Any shape.</param>
    /// <param name="target">The same shape: from 0 to 1, which is checked where it is an argument of the loss.</param>
    /// <param name="weight">A factor of each element, broadcast to the input's shape; null (the default) for 1.</param>
    /// <param name="reduction">How elements become one number; the mean over all of them by default. <see cref="Reduction.None"/> gives them as they are.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.binary_cross_entropy.html">torch.nn.functional.binary_cross_entropy</see>.</remarks>
    public static Tensor BinaryCrossEntropy(
        Tensor input,
        Tensor target,
        Tensor? weight = null,
        Reduction reduction = Reduction.Mean) => throw Symbol.NeverRuns();

    /// <summary><c>−w·(t·log x + (1 − t)·log(1 − x))</c> of probabilities, with constant weights: two tensors of the same shape → scalar.</summary>
    /// <param name="input">Any shape.</param>
    /// <param name="target">The same shape: from 0 to 1, which is checked where it is an argument of the loss.</param>
    /// <param name="weight">A constant factor of each element along the last dimension.</param>
    /// <param name="reduction">How elements become one number; the mean over all of them by default. <see cref="Reduction.None"/> gives them as they are.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.binary_cross_entropy.html">torch.nn.functional.binary_cross_entropy</see>.</remarks>
    public static Tensor BinaryCrossEntropy(
        Tensor input,
        Tensor target,
        float[] weight,
        Reduction reduction = Reduction.Mean) => throw Symbol.NeverRuns();

    /// <summary>A sigmoid and binary cross-entropy in one, exact for logits of any size: two tensors of the same shape → scalar.</summary>
    /// <param name="input">Any shape.</param>
    /// <param name="target">The same shape.</param>
    /// <param name="weight">A factor of each element, broadcast to the input's shape; null (the default) for 1.</param>
    /// <param name="posWeight">What a positive target counts for, broadcast to the input's shape; null (the default) for 1.</param>
    /// <param name="reduction">How elements become one number; the mean over all of them by default. <see cref="Reduction.None"/> gives them as they are.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.binary_cross_entropy_with_logits.html">torch.nn.functional.binary_cross_entropy_with_logits</see>.</remarks>
    public static Tensor BinaryCrossEntropyWithLogits(
        Tensor input,
        Tensor target,
        Tensor? weight = null,
        Tensor? posWeight = null,
        Reduction reduction = Reduction.Mean) => throw Symbol.NeverRuns();

    /// <summary>A sigmoid and binary cross-entropy in one, with constant weights: two tensors of the same shape → scalar.</summary>
    /// <param name="input">Any shape.</param>
    /// <param name="target">The same shape.</param>
    /// <param name="weight">A constant factor of each element along the last dimension, or null for 1.</param>
    /// <param name="posWeight">What a positive target counts for along the last dimension, or null for 1.</param>
    /// <param name="reduction">How elements become one number; the mean over all of them by default. <see cref="Reduction.None"/> gives them as they are.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.binary_cross_entropy_with_logits.html">torch.nn.functional.binary_cross_entropy_with_logits</see>.</remarks>
    public static Tensor BinaryCrossEntropyWithLogits(
        Tensor input,
        Tensor target,
        float[]? weight,
        float[]? posWeight,
        Reduction reduction = Reduction.Mean) => throw Symbol.NeverRuns();

    /// <summary><c>log(1 + exp(−t·x))</c> for targets of 1 and −1: two tensors of the same shape → scalar. It does not overflow.</summary>
    /// <param name="input">Any shape.</param>
    /// <param name="target">The same shape.</param>
    /// <param name="reduction">How elements become one number; the mean over all of them by default. <see cref="Reduction.None"/> gives them as they are.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.soft_margin_loss.html">torch.nn.functional.soft_margin_loss</see>.</remarks>
    public static Tensor SoftMarginLoss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) => throw Symbol.NeverRuns();

    /// <summary>The mean over the last dimension of <c>−w·(t·log σ(x) + (1 − t)·log σ(−x))</c>: two tensors [n, classes] → scalar.</summary>
    /// <param name="input">[n, classes].</param>
    /// <param name="target">The same shape.</param>
    /// <param name="weight">A factor of each element, broadcast to the input's shape; null (the default) for 1.</param>
    /// <param name="reduction">How samples become one number; the mean by default. <see cref="Reduction.None"/> gives them as they are.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.multilabel_soft_margin_loss.html">torch.nn.functional.multilabel_soft_margin_loss</see>.</remarks>
    public static Tensor MultiLabelSoftMarginLoss(
        Tensor input,
        Tensor target,
        Tensor? weight = null,
        Reduction reduction = Reduction.Mean) => throw Symbol.NeverRuns();

    /// <summary>The mean over the last dimension of <c>−w·(t·log σ(x) + (1 − t)·log σ(−x))</c>, with constant weights: two tensors [n, classes] → scalar.</summary>
    /// <param name="input">[n, classes].</param>
    /// <param name="target">The same shape.</param>
    /// <param name="weight">A constant factor of each element along the last dimension.</param>
    /// <param name="reduction">How samples become one number; the mean by default. <see cref="Reduction.None"/> gives them as they are.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.multilabel_soft_margin_loss.html">torch.nn.functional.multilabel_soft_margin_loss</see>.</remarks>
    public static Tensor MultiLabelSoftMarginLoss(
        Tensor input,
        Tensor target,
        float[] weight,
        Reduction reduction = Reduction.Mean) => throw Symbol.NeverRuns();

    /// <summary>x where the target is 1, <c>max(0, margin − x)</c> where it is −1: two tensors of the same shape → scalar.</summary>
    /// <param name="input">Distances, of any shape.</param>
    /// <param name="target">The same shape.</param>
    /// <param name="margin">From how far on two that differ cost nothing; 1 by default.</param>
    /// <param name="reduction">How elements become one number; the mean over all of them by default. <see cref="Reduction.None"/> gives them as they are.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.hinge_embedding_loss.html">torch.nn.functional.hinge_embedding_loss</see>.</remarks>
    public static Tensor HingeEmbeddingLoss(
        Tensor input,
        Tensor target,
        double margin = 1,
        Reduction reduction = Reduction.Mean) => throw Symbol.NeverRuns();

    /// <summary><c>max(0, −t·(x1 − x2) + margin)</c> for targets of 1 and −1: three tensors of the same shape → scalar.</summary>
    /// <param name="input1">Any shape.</param>
    /// <param name="input2">The same shape.</param>
    /// <param name="target">The same shape.</param>
    /// <param name="margin">By how much one is to lead; 0 by default.</param>
    /// <param name="reduction">How elements become one number; the mean over all of them by default. <see cref="Reduction.None"/> gives them as they are.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.margin_ranking_loss.html">torch.nn.functional.margin_ranking_loss</see>.</remarks>
    public static Tensor MarginRankingLoss(
        Tensor input1,
        Tensor input2,
        Tensor target,
        double margin = 0,
        Reduction reduction = Reduction.Mean) => throw Symbol.NeverRuns();

    /// <summary><c>1 − cos(x1, x2)</c> where the target is 1, <c>max(0, cos(x1, x2) − margin)</c> where it is −1: vectors [n, d] twice and targets [n] → scalar.</summary>
    /// <param name="input1">[n, d].</param>
    /// <param name="input2">The same shape.</param>
    /// <param name="target">[n]: 1 and −1.</param>
    /// <param name="margin">Down to which cosine two that differ cost nothing, in [−1, 1]; 0 by default.</param>
    /// <param name="reduction">How samples become one number; the mean by default. <see cref="Reduction.None"/> gives them as they are.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.cosine_embedding_loss.html">torch.nn.functional.cosine_embedding_loss</see>.</remarks>
    public static Tensor CosineEmbeddingLoss(
        Tensor input1,
        Tensor input2,
        Tensor target,
        double margin = 0,
        Reduction reduction = Reduction.Mean) => throw Symbol.NeverRuns();

    /// <summary><c>max(0, |a − p| − |a − n| + margin)</c> with <see cref="PairwiseDistance"/>: three tensors [n, d] → scalar.</summary>
    /// <param name="anchor">[n, d].</param>
    /// <param name="positive">What is to be near.</param>
    /// <param name="negative">What is to be far.</param>
    /// <param name="margin">By how much, above 0; 1 by default.</param>
    /// <param name="p">The norm's exponent, above 0; 2 by default.</param>
    /// <param name="eps">Added to each element of a difference; 1e-6 by default.</param>
    /// <param name="swap">Whether <c>|p − n|</c> is taken where it is less than <c>|a − n|</c>; false by default.</param>
    /// <param name="reduction">How samples become one number; the mean by default. <see cref="Reduction.None"/> gives them as they are.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.triplet_margin_loss.html">torch.nn.functional.triplet_margin_loss</see>.</remarks>
    public static Tensor TripletMarginLoss(
        Tensor anchor,
        Tensor positive,
        Tensor negative,
        double margin = 1,
        double p = 2,
        double eps = 1e-6,
        bool swap = false,
        Reduction reduction = Reduction.Mean) => throw Symbol.NeverRuns();

    /// <summary>
    /// <c>max(0, d(a, p) − d(a, n) + margin)</c> by a distance of your own: a method or a lambda of two tensors, read like the body that it
    /// stands in.
    /// </summary>
    /// <param name="anchor">Any shape that the distance takes.</param>
    /// <param name="positive">What is to be near.</param>
    /// <param name="negative">What is to be far.</param>
    /// <param name="distance">The distance, which must not be negative; null (the default) for <see cref="PairwiseDistance"/>.</param>
    /// <param name="margin">By how much, above 0; 1 by default.</param>
    /// <param name="swap">Whether <c>d(p, n)</c> is taken where it is less than <c>d(a, n)</c>; false by default.</param>
    /// <param name="reduction">How distances become one number; the mean by default. <see cref="Reduction.None"/> gives them as they are.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.triplet_margin_with_distance_loss.html">torch.nn.functional.triplet_margin_with_distance_loss</see>.</remarks>
    public static Tensor TripletMarginWithDistanceLoss(
        Tensor anchor,
        Tensor positive,
        Tensor negative,
        Func<Tensor, Tensor, Tensor>? distance = null,
        double margin = 1,
        bool swap = false,
        Reduction reduction = Reduction.Mean) => throw Symbol.NeverRuns();
}
