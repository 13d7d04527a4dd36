using GraphGen.Generator.Nests;

namespace GraphGen.Generator.Emit.Kernels;

/// <summary>Kernels that have a loop nest.</summary>
internal sealed class NestEmitter : IKernelEmitter
{
    public static NestEmitter Instance { get; } = new();

    public IEnumerable<Scratch> Scratch(KernelContext context) => context.Nest!.Scratch;

    public void Emit(KernelContext context) => NestPrinter.Print(context, context.Nest!);

    public IEnumerable<Launch> Launches(KernelContext context) => NestPrinter.Launches(context.Name, context.Nest!);

    /// <summary>The values that it leaves in memory, and how; the words of products and convolutions have their shape already.</summary>
    public string Describe(KernelContext context)
    {
        bool hasShape = context.Nest!.Epilogue is not null;
        return $"{string.Join(", ", context.Kernel.Stored.Select(node => context.Memory.Name(node) + (hasShape ? "" : $" {node.Shape}")))}: {context.Nest.Loops}";
    }
}
