using GraphGen.Generator.Graph;
using GraphGen.Generator.Lower;

namespace GraphGen.Generator.Emit.Kernels;

/// <summary>What the descriptions of kernels that are written as text have in common.</summary>
internal static class ConvolutionEmitter
{
    /// <summary>A convolution's kernel, stride and so on, in a few words.</summary>
    public static string Sizes(ConvolutionGeometry g) => ConvolutionWords.Of(g);

    /// <summary>What a kernel leaves in memory.</summary>
    public static string Target(KernelContext context) =>
        string.Join(", ", context.Kernel.Stored.Select(context.Memory.Name));
}
