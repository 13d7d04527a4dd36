using GraphGen.Generator.Graph;
using GraphGen.Generator.Lower;
using GraphGen.Generator.Nests;

namespace GraphGen.Generator.Emit.Kernels;

/// <summary>
/// The gradient of the input of a convolution that is pooled: each winner adds its gradient times its channel's weights to its patch.
/// Where the whole gradient of the result is there, it is a convolution, which has a nest.
/// </summary>
internal sealed class ConvolutionInputGradientEmitter : IKernelEmitter
{
    public static ConvolutionInputGradientEmitter Instance { get; } = new();

    public IEnumerable<Scratch> Scratch(KernelContext context) => new WinnerInputGradient(context).Scratch;

    public IEnumerable<Launch> Launches(KernelContext context) => new WinnerInputGradient(context).Launches;

    public void Emit(KernelContext context) => new WinnerInputGradient(context).Emit();

    public string Describe(KernelContext context)
    {
        Node anchor = context.Kernel.Anchor!;
        Node gradient = context.Kernel.Pooling!.Inputs[0];
        string elementwise = string.Concat(context.Kernel.Body.Skip(1).Select(node => ", " + EpilogueWords.Of(node)));
        return $"{ConvolutionEmitter.Target(context)}: {anchor.Shape} = gradient of the input of a {ConvolutionWords.Of(((Op.Conv2dInputGradient)anchor.Op).Geometry)} convolution, from {gradient.Shape}, through the winners of its pooling{elementwise}";
    }
}
