namespace GraphGen;

/// <summary>
/// How the losses of the samples or elements become one number. The generated <c>LossValues</c> has them by sample; where a sample
/// has several elements, their mean or sum.
/// </summary>
/// <remarks>
/// PyTorch's <c>size_average</c> and <c>reduce</c>, which these replace: both true (their defaults) is <see cref="Mean"/>,
/// <c>size_average=False</c> is <see cref="Sum"/>, and <c>reduce=False</c> is <see cref="None"/>.
/// </remarks>
public enum Reduction
{
    /// <summary>The mean (for a weighted cross-entropy: the weighted mean).</summary>
    Mean,

    /// <summary>The sum.</summary>
    Sum,

    /// <summary>
    /// The values themselves, one an element or, for a loss of vectors, one a vector. In a [Loss] body the body goes on from them. With
    /// a loss attribute the generated <c>Loss</c> and <c>Evaluate</c> give them as a span, and <c>Backward(lossGradient)</c> goes on
    /// from their gradient: PyTorch's <c>loss.backward(gradient)</c>. Such a model has no <c>Backward</c> from gradients of its outputs.
    /// </summary>
    None,

    /// <summary>The sum divided by the number of samples; only of the Kullback-Leibler divergence, whose mean in the mathematical sense it is.</summary>
    BatchMean,
}
