namespace GraphGen;

/// <summary>
/// The squared error <c>(x − t)²</c>, on a partial method <c>Tensor Loss(Tensor output, [Shape(...)] Tensor target)</c>: two tensors of one shape → scalar.
/// </summary>
/// <remarks>
/// Shapes that differ but broadcast are a warning (GG1101); others are refused (GG1009).
/// PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.MSELoss.html">torch.nn.MSELoss</see>.
/// </remarks>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class MSELossAttribute : Attribute
{
    /// <summary>How elements become one number; the mean over all of them by default.</summary>
    public Reduction Reduction { get; set; } = Reduction.Mean;
}

/// <summary>
/// The absolute error <c>|x − t|</c>, on a partial method <c>Tensor Loss(Tensor output, [Shape(...)] Tensor target)</c>: two tensors of one shape → scalar.
/// The gradient is 0 where x = t.
/// </summary>
/// <remarks>
/// Shapes that differ but broadcast are a warning (GG1101); others are refused (GG1009).
/// PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.L1Loss.html">torch.nn.L1Loss</see>.
/// </remarks>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class L1LossAttribute : Attribute
{
    /// <summary>How elements become one number; the mean over all of them by default.</summary>
    public Reduction Reduction { get; set; } = Reduction.Mean;
}

/// <summary>
/// <c>(x − t)² / 2β</c> where <c>|x − t|</c> is below β, else <c>|x − t| − β/2</c>, on a partial method <c>Tensor Loss(Tensor output, [Shape(...)] Tensor target)</c>: two tensors of one shape → scalar.
/// The gradient is 0 where x = t.
/// </summary>
/// <remarks>
/// Shapes that differ but broadcast are a warning (GG1101); others are refused (GG1009).
/// PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.SmoothL1Loss.html">torch.nn.SmoothL1Loss</see>.
/// </remarks>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class SmoothL1LossAttribute : Attribute
{
    /// <summary>β, where the parabola becomes a line; 1 by default. With 0 the loss is <see cref="L1LossAttribute"/>. Negative, it is refused (GG1011).</summary>
    public double Beta { get; set; } = 1;

    /// <summary>How elements become one number; the mean over all of them by default.</summary>
    public Reduction Reduction { get; set; } = Reduction.Mean;
}

/// <summary>
/// <c>(x − t)² / 2</c> where <c>|x − t|</c> is below δ, else <c>δ·(|x − t| − δ/2)</c>, on a partial method <c>Tensor Loss(Tensor output, [Shape(...)] Tensor target)</c>: two tensors of one shape → scalar.
/// It is δ times <see cref="SmoothL1LossAttribute"/> with β = δ.
/// </summary>
/// <remarks>
/// Shapes that differ but broadcast are a warning (GG1101); others are refused (GG1009).
/// PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.HuberLoss.html">torch.nn.HuberLoss</see>.
/// </remarks>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class HuberLossAttribute : Attribute
{
    /// <summary>δ, where the parabola becomes a line; above 0 (GG1011), 1 by default.</summary>
    public double Delta { get; set; } = 1;

    /// <summary>How elements become one number; the mean over all of them by default.</summary>
    public Reduction Reduction { get; set; } = Reduction.Mean;
}

/// <summary>
/// The Kullback-Leibler divergence <c>t·(log t − x)</c> of log-probabilities x, 0 where t is 0, on a partial method <c>Tensor Loss(Tensor output, [Shape(...)] Tensor target)</c>: two tensors of one shape → scalar.
/// </summary>
/// <remarks>
/// The mean divides by the number of elements, as in PyTorch; <see cref="Reduction.BatchMean"/> by the number of samples. Shapes that differ but broadcast are a warning (GG1101); others are refused (GG1009).
/// PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.KLDivLoss.html">torch.nn.KLDivLoss</see>.
/// </remarks>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class KLDivLossAttribute : Attribute
{
    /// <summary>Whether targets are logarithms too: the loss is <c>exp(t)·(t − x)</c>. False by default.</summary>
    public bool LogTarget { get; set; }

    /// <summary>How elements become one number; the mean over all of them by default.</summary>
    public Reduction Reduction { get; set; } = Reduction.Mean;
}

/// <summary>
/// The negative log-likelihood of a Poisson distribution: <c>exp(x) − t·x</c>, or with <see cref="LogInput"/> false <c>x − t·log(x + eps)</c>,
/// on a partial method <c>Tensor Loss(Tensor output, [Shape(...)] Tensor target)</c>: two tensors of one shape → scalar.
/// </summary>
/// <remarks>
/// Shapes that differ but broadcast are a warning (GG1101); others are refused (GG1009).
/// PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.PoissonNLLLoss.html">torch.nn.PoissonNLLLoss</see>.
/// </remarks>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class PoissonNLLLossAttribute : Attribute
{
    /// <summary>Whether the input is the logarithm of the rate; true by default.</summary>
    public bool LogInput { get; set; } = true;

    /// <summary>Whether Stirling's approximation of <c>log t!</c>, <c>t·log t − t + log(2πt)/2</c>, is added where t is above 1; false by default.</summary>
    public bool Full { get; set; }

    /// <summary>Keeps the logarithm of a rate of 0 finite; 1e-8 by default, not negative (GG1011). Without meaning where <see cref="LogInput"/> is true.</summary>
    public double Eps { get; set; } = 1e-8;

    /// <summary>How elements become one number; the mean over all of them by default.</summary>
    public Reduction Reduction { get; set; } = Reduction.Mean;
}

/// <summary>
/// The negative log-likelihood of a normal distribution, <c>(log v + (x − t)²/v) / 2</c>, on a partial method
/// <c>Tensor Loss(Tensor output, [Shape(...)] Tensor target, [Shape(...)] Tensor var)</c>: mean, target and variance → scalar.
/// </summary>
/// <remarks>
/// The variance has the mean's shape, or one that broadcasts to it, such as a 1 in its last dimension (GG1009). It is kept at <see cref="Eps"/> at least,
/// which does not hold its gradient back. Shapes that differ but broadcast are a warning (GG1101); others are refused (GG1009).
/// PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.GaussianNLLLoss.html">torch.nn.GaussianNLLLoss</see>.
/// </remarks>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class GaussianNLLLossAttribute : Attribute
{
    /// <summary>Whether the constant <c>log(2π)/2</c> is added; false by default.</summary>
    public bool Full { get; set; }

    /// <summary>The least variance; above 0 (GG1011), 1e-6 by default.</summary>
    public double Eps { get; set; } = 1e-6;

    /// <summary>How elements become one number; the mean over all of them by default.</summary>
    public Reduction Reduction { get; set; } = Reduction.Mean;
}
