using GraphGen.Generator.Fuse;
using GraphGen.Generator.Nests;

namespace GraphGen.Generator.Emit.Kernels;

/// <summary>How a kind of kernel is written.</summary>
internal interface IKernelEmitter
{
    /// <summary>Memory it needs while it runs.</summary>
    public IEnumerable<Scratch> Scratch(KernelContext context);

    /// <summary>Writes the kernel's methods; the ones in <see cref="Launches"/> are its entry points.</summary>
    public void Emit(KernelContext context);

    /// <summary>The calls of the worker pool that run it, in order.</summary>
    public IEnumerable<Launch> Launches(KernelContext context);

    /// <summary>What it computes, as one sentence with shapes.</summary>
    public string Describe(KernelContext context);
}

/// <summary>A call of the worker pool.</summary>
/// <param name="Method">The kernel's method.</param>
/// <param name="Tasks">How many tasks, as an expression of <c>pass->N</c>.</param>
/// <param name="WorkPerTask">Floating-point operations of a task, as an expression.</param>
internal sealed record Launch(string Method, string Tasks, string WorkPerTask);

internal static class KernelEmitters
{
    /// <summary>The emitter of a kernel that has no nest.</summary>
    public static IKernelEmitter For(Kernel kernel) => kernel.Kind switch
    {
        KernelKind.ConvolutionInputGradient => ConvolutionInputGradientEmitter.Instance,
        KernelKind.ConvolutionWeightGradient => ConvolutionWeightGradientEmitter.Instance,
        _ => throw new InvalidOperationException($"No emitter for {kernel.Kind}."),
    };
}
