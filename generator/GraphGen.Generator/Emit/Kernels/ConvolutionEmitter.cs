namespace GraphGen.Generator.Emit.Kernels;

/// <summary>What the descriptions of kernels that are written as text have in common.</summary>
internal static class ConvolutionEmitter
{
    /// <summary>What a kernel leaves in memory.</summary>
    public static string Target(KernelContext context) =>
        string.Join(", ", context.Kernel.Stored.Select(context.Memory.Name));
}
