using GraphGen.Generator.Nests;

namespace GraphGen.Generator.Emit.Kernels;

/// <summary>Kernels that have a loop nest.</summary>
internal sealed class NestEmitter : IKernelEmitter
{
    public static NestEmitter Instance { get; } = new();

    public IEnumerable<Scratch> Scratch(KernelContext context) => context.Nest!.Scratch;

    public void Emit(KernelContext context) => NestPrinter.Print(context, context.Nest!);

    public IEnumerable<Launch> Launches(KernelContext context) => NestPrinter.Launches(context.Name, context.Nest!);

    /// <summary>The values that it leaves in memory, what they are, and how they are made.</summary>
    public string Describe(KernelContext context) => $"{KernelFormula.Of(context.Operands, context.Memory)}: {context.Nest!.Loops}";
}
