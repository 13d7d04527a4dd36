using GraphGen.Generator.Graph;
using GraphGen.Generator.Nests;

namespace GraphGen.Generator.Emit.Kernels;

/// <summary>How a convolution is computed over an input that is laid out for it.</summary>
internal interface IConvolutionMethod
{
    /// <summary>The weights as the method reads them.</summary>
    public Scratch Weight { get; }

    /// <summary>The calls of the worker pool, in order.</summary>
    public IEnumerable<Launch> Launches { get; }

    /// <summary>Writes the methods.</summary>
    public void Emit();
}

/// <summary>A convolution as one sum of products for each result: its weights are packed, then come its loops.</summary>
internal sealed class DirectConvolution(KernelContext context, ConvolutionShape shape, Dim images, string source, bool isFlipped) : IConvolutionMethod
{
    private readonly ConvolutionPacking _packing = new(shape, isFlipped);
    private readonly ConvolutionLoops _loops = new(context, shape, images, source);

    private const string PackSuffix = "Pack";

    public Scratch Weight => _packing.Scratch;

    public IEnumerable<Launch> Launches => [_packing.Launch(context.Name + PackSuffix), _loops.Launch];

    public void Emit()
    {
        _packing.Emit(context, PackSuffix, context.ContiguousPointer(context.Kernel.Anchor!.Inputs[1]), context.ScratchPointer(ConvolutionPacking.Suffix));
        _loops.Emit();
    }
}
