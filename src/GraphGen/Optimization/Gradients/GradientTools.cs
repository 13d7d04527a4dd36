namespace GraphGen;

/// <summary>
/// What is done to gradients between the backward pass and the optimizer's step. Parameters without gradient are passed over. All
/// work in one pass over each contiguous range, give the same bits for any number of threads, and allocate nothing for lists of parameters,
/// such as a model's <c>Parameters</c> or a group's.
/// </summary>
public static class GradientTools
{
    /// <summary>
    /// Scales gradients so that their norm, as if all were one vector, is at most <paramref name="maxNorm"/>:
    /// <code>
    /// norm = (Σ |g|^p)^(1/p)          max |g| for p = ∞
    /// g ← g·min(1, maxNorm/(norm + 1e-6))
    /// </code>
    /// </summary>
    /// <param name="parameters">The parameters: a model's <c>Parameters</c>, or some of them.</param>
    /// <param name="maxNorm">The largest norm, not negative.</param>
    /// <param name="normType">p, above 0; 2, the Euclidean norm, by default.</param>
    /// <param name="errorIfNonfinite">
    /// Whether a norm that is infinite or NaN is an error; otherwise (the default) gradients become 0 or NaN.
    /// </param>
    /// <returns>The norm before scaling; 0 if no parameter has a gradient.</returns>
    /// <exception cref="ArgumentOutOfRangeException">
    /// <paramref name="maxNorm"/> is negative or NaN, or <paramref name="normType"/> is not above 0.
    /// </exception>
    /// <exception cref="InvalidOperationException">
    /// The norm is not finite and <paramref name="errorIfNonfinite"/> is set. No gradient has been changed.
    /// </exception>
    /// <remarks>
    /// PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.clip_grad_norm_.html">torch.nn.utils.clip_grad_norm_</see>.
    /// Pascanu, Mikolov, Bengio, <see href="https://arxiv.org/abs/1211.5063">On the difficulty of training recurrent neural networks</see>, 2013.
    /// </remarks>
    public static double ClipGradNorm(this IEnumerable<Parameter> parameters, double maxNorm, double normType = 2, bool errorIfNonfinite = false)
    {
        Hyperparameter.NotNegative(maxNorm);
        IReadOnlyList<Parameter> list = GradientRuns.List(parameters);
        double norm = list.GlobalNorm(normType, errorIfNonfinite);
        double factor = maxNorm / (norm + 1e-6);
        if (!(factor >= 1))
        {
            GradientRuns.Scale(list, factor);
        }

        return norm;
    }

    /// <summary>Cuts each gradient off at ±<paramref name="clipValue"/>: <c>g ← max(−clipValue, min(clipValue, g))</c>. NaN stays NaN.</summary>
    /// <param name="parameters">The parameters: a model's <c>Parameters</c>, or some of them.</param>
    /// <param name="clipValue">The largest magnitude, not negative.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="clipValue"/> is negative or NaN.</exception>
    /// <remarks>
    /// PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.clip_grad_value_.html">torch.nn.utils.clip_grad_value_</see>.
    /// </remarks>
    public static void ClipGradValue(this IEnumerable<Parameter> parameters, double clipValue)
    {
        Hyperparameter.NotNegative(clipValue);
        GradientRuns.Clamp(GradientRuns.List(parameters), clipValue);
    }

    /// <summary>The norm of the gradients as if all were one vector: <c>(Σ |g|^p)^(1/p)</c>, <c>max |g|</c> for p = ∞.</summary>
    /// <param name="parameters">The parameters: a model's <c>Parameters</c>, or some of them.</param>
    /// <param name="normType">p, above 0; 2, the Euclidean norm, by default.</param>
    /// <param name="errorIfNonfinite">Whether a norm that is infinite or NaN is an error; false by default.</param>
    /// <returns>The norm; 0 if no parameter has a gradient.</returns>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="normType"/> is not above 0.</exception>
    /// <exception cref="InvalidOperationException">The norm is not finite and <paramref name="errorIfNonfinite"/> is set.</exception>
    /// <remarks>
    /// PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.get_total_norm.html">torch.nn.utils.get_total_norm</see>.
    /// </remarks>
    public static double GlobalNorm(this IEnumerable<Parameter> parameters, double normType = 2, bool errorIfNonfinite = false)
    {
        Hyperparameter.Positive(normType);
        double norm = GradientRuns.Norm(GradientRuns.List(parameters), normType);
        return !errorIfNonfinite || double.IsFinite(norm)
            ? norm
            : throw new InvalidOperationException($"Expected gradients whose norm of order {normType} is finite, got {norm}.");
    }

    /// <summary>
    /// Multiplies gradients with a number: <c>g ← factor·g</c>. For accumulation over micro-batches, because gradients add up until
    /// <see cref="Optimizer.ZeroGrad"/>.
    /// </summary>
    /// <param name="parameters">The parameters: a model's <c>Parameters</c>, or some of them.</param>
    /// <param name="factor">
    /// The number. Of k micro-batches of one size, whose losses are means, 1/k makes what one large batch gives; of losses that are sums
    /// over N samples in all, 1/N makes the mean.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="factor"/> is NaN.</exception>
    /// <example>
    /// <code>
    /// optimizer.ZeroGrad();
    /// for (int i = 0; i &lt; k; i++)
    /// {
    ///     net.Forward(inputs[i]);
    ///     net.Loss(labels[i]);
    ///     net.Backward();
    /// }
    ///
    /// net.Parameters.ScaleGradients(1.0 / k);
    /// net.Parameters.ClipGradNorm(1);
    /// optimizer.Step();
    /// </code>
    /// </example>
    public static void ScaleGradients(this IEnumerable<Parameter> parameters, double factor) =>
        GradientRuns.Scale(GradientRuns.List(parameters), Hyperparameter.Number(factor));
}
