using GraphGen.Generator.Graph;
using GraphGen.Generator.Lower;
using GraphGen.Generator.Nests;

namespace GraphGen.Generator.Emit.Kernels;

/// <summary>
/// The gradient of a convolution's input: where the whole gradient of the result is there, a convolution of it with the
/// flipped weights; under a pooling, each winner adds its gradient times its channel's weights to its patch.
/// </summary>
internal sealed class ConvolutionInputGradientEmitter : IKernelEmitter
{
    public static ConvolutionInputGradientEmitter Instance { get; } = new();

    public IEnumerable<Scratch> Scratch(KernelContext context) =>
        IsPooled(context) ? new WinnerInputGradient(context).Scratch : Dense(context).Scratch;

    public IEnumerable<Launch> Launches(KernelContext context) =>
        IsPooled(context) ? new WinnerInputGradient(context).Launches : Dense(context).Launches;

    public void Emit(KernelContext context)
    {
        if (IsPooled(context))
        {
            new WinnerInputGradient(context).Emit();
        }
        else
        {
            Dense(context).Emit();
        }
    }

    public string Describe(KernelContext context)
    {
        Node anchor = context.Kernel.Anchor!;
        Node gradient = context.Kernel.Pooling is { } pooling ? pooling.Inputs[0] : anchor.Inputs[0];
        string through = context.Kernel.Pooling is null ? "" : ", through the winners of its pooling";
        string elementwise = string.Concat(context.Kernel.Body.Skip(1).Select(node => ", " + EpilogueWords.Of(node)));
        return $"{ConvolutionEmitter.Target(context)}: {anchor.Shape} = gradient of the input of a {ConvolutionEmitter.Sizes(((Op.Conv2dInputGradient)anchor.Op).Geometry)} convolution, from {gradient.Shape}{through}{elementwise}";
    }

    private static bool IsPooled(KernelContext context) => context.Kernel.Pooling is not null;

    private static ConvolutionCode Dense(KernelContext context)
    {
        ConvolutionGeometry geometry = ((Op.Conv2dInputGradient)context.Kernel.Anchor!.Op).Geometry;
        return new ConvolutionCode(context, ConvolutionShape.InputGradientOf(geometry), ImageLayout.GradientOf(geometry), context.Kernel.Anchor.Inputs[0], IsFlipped: true);
    }
}
