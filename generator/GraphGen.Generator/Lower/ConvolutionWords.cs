using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Lower;

/// <summary>A convolution in words.</summary>
internal static class ConvolutionWords
{
    /// <summary>Its kernel, stride and so on: <c>3x3, stride 2</c>.</summary>
    public static string Of(ConvolutionGeometry g) =>
        $"{g.KernelHeight}x{g.KernelWidth}"
        + (g.Stride > 1 ? $", stride {g.Stride}" : "")
        + (g.Padding > 0 ? $", padding {g.Padding}" : "")
        + (g.Dilation > 1 ? $", dilation {g.Dilation}" : "")
        + (g.Groups > 1 ? $", {g.Groups} groups" : "");
}
