using GraphGen.Generator.Fuse;
using GraphGen.Generator.Nests;

namespace GraphGen.Generator.Lower;

/// <summary>From kernels to loop nests.</summary>
internal static class Lowering
{
    /// <summary>The nest of each kernel that has one. The kinds that are still written as text, by <c>Emit/Kernels</c>, have none.</summary>
    public static IReadOnlyDictionary<Kernel, Nest> Lower(IEnumerable<Pass> passes)
    {
        Dictionary<Kernel, Nest> nests = [];
        foreach (Kernel kernel in passes.SelectMany(pass => pass.Kernels))
        {
            if (Lower(new KernelOperands(kernel)) is { } nest)
            {
                NestVerifier.Verify(kernel, nest);
                nests.Add(kernel, nest);
            }
        }

        return nests;
    }

    private static Nest? Lower(KernelOperands operands) => operands.Kernel.Kind switch
    {
        KernelKind.Rows => RowsLowering.Lower(operands),
        KernelKind.Columns => ColumnsLowering.Lower(operands),
        KernelKind.MatMul => MatMulLowering.Lower(operands),
        KernelKind.Concat => ConcatLowering.Lower(operands),
        KernelKind.Convolution => ConvolutionLowering.Lower(operands),
        KernelKind.ConvolutionInputGradient when operands.Kernel.Pooling is null => ConvolutionLowering.Lower(operands),
        KernelKind.Pool => PoolLowering.Lower(operands),
        KernelKind.PoolGradient => PoolGradientLowering.Lower(operands),
        _ => null,
    };
}
