namespace GraphGen.Generator.Nests;

/// <summary>The ways to make a convolution over an input that is laid out for it.</summary>
internal enum ConvolutionMethod
{
    /// <summary>A sum of products for each output.</summary>
    Direct,

    /// <summary>By Winograd's transforms: of a 3 x 3 convolution that is pooled 2 x 2.</summary>
    Winograd,
}

/// <summary>How the weights of a convolution come into its panels.</summary>
internal enum WeightOrder
{
    /// <summary>As they are: the panel [taps][input channels][two vectors of output channels].</summary>
    Straight,

    /// <summary>For the gradient of an input: taps in reverse, and the output channels are the input channels of the weights.</summary>
    Flipped,

    /// <summary>Transformed for <see cref="ConvolutionMethod.Winograd"/>: [16 places][input channels][two vectors of output channels].</summary>
    Transformed,
}

/// <summary>What the <see cref="Epilogue"/> of a convolution is given: a vector of its results, pooled if it is, whose lanes are neighbouring channels.</summary>
internal static class ConvolutionResult
{
    /// <summary>The register that has the results.</summary>
    public const string Value = "value";

    /// <summary>The register that has the places of the pooling's windows that they come from.</summary>
    public const string Winner = "winner";

    /// <summary>Which result of all images it is.</summary>
    public static Integer Pixel { get; } = new Integer.Variable("pixel");

    /// <summary>The channel of the first lane.</summary>
    public static Integer Channel { get; } = new Integer.Variable("channel");
}
