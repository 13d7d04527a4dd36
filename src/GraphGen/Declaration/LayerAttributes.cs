namespace GraphGen;

/// <summary>
/// A fully connected layer, on a partial method <c>Tensor Name(Tensor x)</c>:
/// [..., in] → [..., out], <c>y = x·Wᵀ + b</c> over the last dimension.
/// </summary>
/// <remarks>
/// Parameters: <c>name.weight</c> [out, in] and <c>name.bias</c> [out], both starting uniform in ±1/√in.
/// PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.Linear.html">torch.nn.Linear</see>.
/// </remarks>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class LinearAttribute : Attribute
{
    /// <summary>A layer whose number of inputs is inferred from what it is applied to.</summary>
    /// <param name="outFeatures">The outputs of a sample, at least 1.</param>
    public LinearAttribute(int outFeatures)
    {
        OutFeatures = outFeatures;
    }

    /// <summary>A layer whose number of inputs is stated, and checked against what it is applied to.</summary>
    /// <param name="inFeatures">The inputs of a sample, at least 1; 0 to infer them.</param>
    /// <param name="outFeatures">The outputs of a sample, at least 1.</param>
    public LinearAttribute(int inFeatures, int outFeatures)
    {
        InFeatures = inFeatures;
        OutFeatures = outFeatures;
    }

    /// <summary>The inputs of a sample; 0: inferred.</summary>
    public int InFeatures { get; }

    /// <summary>The outputs of a sample.</summary>
    public int OutFeatures { get; }

    /// <summary>Whether a learned bias is added; true by default.</summary>
    public bool Bias { get; set; } = true;
}

/// <summary>
/// A two-dimensional convolution, on a partial method <c>Tensor Name(Tensor x)</c>: [n, in, h, w] → [n, out, h', w'] with
/// <c>h' = (h + 2·padding − dilation·(kernel − 1) − 1) / stride + 1</c>, and w' alike.
/// </summary>
/// <remarks>
/// Parameters: <c>name.weight</c> [out, in/groups, kernel, kernel] and <c>name.bias</c> [out], both starting uniform in
/// ±1/√(in/groups·kernel²). <see cref="Kernel"/> has no default: it must be given.
/// A 3×3 convolution with stride 1 and at least 16 input and 32 output channels (multiples of these) that is max-pooled 2×2 is computed by
/// Winograd's transforms. Its results differ from plain sums by rounding alone; an infinite input makes NaN of the results that it has a part in.
/// PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.Conv2d.html">torch.nn.Conv2d</see>.
/// </remarks>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class Conv2dAttribute : Attribute
{
    /// <summary>A convolution whose number of input channels is inferred from what it is applied to.</summary>
    /// <param name="outChannels">The channels it makes, at least 1.</param>
    public Conv2dAttribute(int outChannels)
    {
        OutChannels = outChannels;
    }

    /// <summary>A convolution whose number of input channels is stated, and checked against what it is applied to.</summary>
    /// <param name="inChannels">The channels it reads, at least 1; 0 to infer them.</param>
    /// <param name="outChannels">The channels it makes, at least 1.</param>
    public Conv2dAttribute(int inChannels, int outChannels)
    {
        InChannels = inChannels;
        OutChannels = outChannels;
    }

    /// <summary>The channels it reads; 0: inferred.</summary>
    public int InChannels { get; }

    /// <summary>The channels it makes.</summary>
    public int OutChannels { get; }

    /// <summary>Height and width of the window, at least 1. Must be given.</summary>
    public int Kernel { get; set; }

    /// <summary>Pixels from one window to the next, at least 1; 1 by default.</summary>
    public int Stride { get; set; } = 1;

    /// <summary>Zeros added on each of the four sides, not negative; 0 by default.</summary>
    public int Padding { get; set; }

    /// <summary>Pixels from one element of the window to the next, at least 1; 1 by default.</summary>
    public int Dilation { get; set; } = 1;

    /// <summary>Independent convolutions side by side, each over its share of the channels, at least 1; 1 by default. Divides both channel counts.</summary>
    public int Groups { get; set; } = 1;

    /// <summary>Whether a learned bias is added to each channel; true by default.</summary>
    public bool Bias { get; set; } = true;
}

/// <summary>
/// Dropout, on a partial method <c>Tensor Name(Tensor x)</c>: in the training pass each element is zeroed with probability
/// <see cref="P"/> and the others are scaled by 1/(1 − p); <c>Predict</c> and <c>Evaluate</c> leave it out. Any shape, kept.
/// </summary>
/// <param name="p">The probability of an element to be zeroed, in [0, 1]; 0.5 by default.</param>
/// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.Dropout.html">torch.nn.Dropout</see>.</remarks>
[AttributeUsage(AttributeTargets.Method, Inherited = false)]
public sealed class DropoutAttribute(double p = 0.5) : Attribute
{
    /// <summary>The probability of an element to be zeroed, in [0, 1].</summary>
    public double P { get; } = p;
}
