namespace GraphGen;

// Losses as plain functions, for [Loss] bodies that add to them.
public static partial class Ops
{
    /// <summary>Softmax cross-entropy against class labels: logits [n, classes], labels [n] → scalar.</summary>
    /// <param name="logits">[n, classes]: unnormalised scores.</param>
    /// <param name="labels">[n]: classes, each in [0, classes) or <paramref name="ignoreIndex"/>.</param>
    /// <param name="labelSmoothing">The share of the target spread evenly over all classes, in [0, 1]; 0 by default.</param>
    /// <param name="ignoreIndex">The label whose rows count neither in the loss nor in the mean; −100 by default.</param>
    /// <param name="weight">A weight for each class, or null (the default) for ones: a constant array.</param>
    /// <param name="reduction">How rows become one number; the mean (weighted, if there are weights) by default.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.cross_entropy.html">torch.nn.functional.cross_entropy</see>.</remarks>
    public static Tensor CrossEntropy(
        Tensor logits,
        IntTensor labels,
        double labelSmoothing = 0,
        int ignoreIndex = -100,
        float[]? weight = null,
        Reduction reduction = Reduction.Mean) => throw Symbol.NeverRuns();

    /// <summary>The squared error <c>(x − y)²</c>: two tensors of the same shape → scalar.</summary>
    /// <param name="input">Any shape.</param>
    /// <param name="target">The same shape.</param>
    /// <param name="reduction">How elements become one number; the mean over all of them by default.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.mse_loss.html">torch.nn.functional.mse_loss</see>.</remarks>
    public static Tensor MseLoss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) => throw Symbol.NeverRuns();

    /// <summary>The absolute error <c>|x − y|</c>: two tensors of the same shape → scalar. The gradient is 0 where they are equal.</summary>
    /// <param name="input">Any shape.</param>
    /// <param name="target">The same shape.</param>
    /// <param name="reduction">How elements become one number; the mean over all of them by default.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.l1_loss.html">torch.nn.functional.l1_loss</see>.</remarks>
    public static Tensor L1Loss(Tensor input, Tensor target, Reduction reduction = Reduction.Mean) => throw Symbol.NeverRuns();
}
