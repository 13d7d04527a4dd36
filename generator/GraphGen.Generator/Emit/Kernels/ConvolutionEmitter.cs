using GraphGen.Generator.Graph;
using GraphGen.Generator.Lower;
using GraphGen.Generator.Nests;

namespace GraphGen.Generator.Emit.Kernels;

/// <summary>Convolutions: pooled in registers where pooling follows, with the elementwise work on the result done there too.</summary>
internal sealed class ConvolutionEmitter : IKernelEmitter
{
    public static ConvolutionEmitter Instance { get; } = new();

    public IEnumerable<Scratch> Scratch(KernelContext context) => Code(context).Scratch;

    public IEnumerable<Launch> Launches(KernelContext context) => Code(context).Launches;

    public void Emit(KernelContext context) => Code(context).Emit();

    public string Describe(KernelContext context)
    {
        ConvolutionGeometry g = Geometry(context);
        string from = context.Memory.Name(context.Operands.Base(context.Kernel.Anchor!.Inputs[0]).Value);
        string elementwise = string.Concat(context.Kernel.Body.Skip(1).Select(node => ", " + EpilogueWords.Of(node)));
        return $"{Target(context)}: {context.Kernel.ResultShape} = {Sizes(g)} convolution{(Code(context).IsWinograd ? " by Winograd's transforms" : "")} of {from} {context.Kernel.Anchor.Inputs[0].Shape}{elementwise}";
    }

    /// <summary>A convolution's kernel, stride and so on, in a few words.</summary>
    public static string Sizes(ConvolutionGeometry g) =>
        $"{g.KernelHeight}x{g.KernelWidth}"
        + (g.Stride > 1 ? $", stride {g.Stride}" : "")
        + (g.Padding > 0 ? $", padding {g.Padding}" : "")
        + (g.Dilation > 1 ? $", dilation {g.Dilation}" : "")
        + (g.Groups > 1 ? $", {g.Groups} groups" : "");

    /// <summary>What a kernel leaves in memory.</summary>
    public static string Target(KernelContext context) =>
        string.Join(", ", context.Kernel.Stored.Select(context.Memory.Name));

    private static ConvolutionGeometry Geometry(KernelContext context) => ((Op.Conv2d)context.Kernel.Anchor!.Op).Geometry;

    private static ConvolutionCode Code(KernelContext context)
    {
        ConvolutionGeometry geometry = Geometry(context);
        PoolGeometry? pooling = (context.Kernel.Pooling?.Op as Op.MaxPool2d)?.Geometry;
        return new ConvolutionCode(context, ConvolutionShape.Of(geometry, pooling), ImageLayout.InputOf(geometry), context.Kernel.Anchor!.Inputs[0], IsFlipped: false);
    }
}

/// <summary>A convolution as its input laid out, if it cannot be read as it lies, and the method that fits it.</summary>
/// <param name="Context">The kernel.</param>
/// <param name="Shape">The convolution over the input that is laid out.</param>
/// <param name="Layout">How it is laid out.</param>
/// <param name="Input">The input.</param>
/// <param name="IsFlipped">For an input's gradient: taps in reverse, input and output channels exchanged.</param>
internal sealed record ConvolutionCode(KernelContext Context, ConvolutionShape Shape, ImageLayout Layout, Node Input, bool IsFlipped)
{
    private const string LayoutSuffix = "Padded";

    private string Images => KernelContext.Size(Input.Shape[0]);

    private string Source => Layout.IsIdentity ? Context.ContiguousPointer(Input) : Context.ScratchPointer(LayoutSuffix);

    private IConvolutionMethod Method => IsWinograd
        ? new WinogradConvolution(Context, Shape, Input.Shape[0], Source)
        : new DirectConvolution(Context, Shape, Input.Shape[0], Source, IsFlipped);

    /// <summary>Whether it is computed by Winograd's transforms.</summary>
    public bool IsWinograd => !IsFlipped && WinogradConvolution.Suits(Shape);

    public IEnumerable<Scratch> Scratch
    {
        get
        {
            yield return Method.Weight;
            if (!Layout.IsIdentity)
            {
                Dim images = Input.Shape[0];
                yield return new Scratch(LayoutSuffix, $"[{images}, {Shape.Height}, {Shape.Width}, {Shape.Channels}]", Layout.Floats * images.Size, images.PerSample);
            }
        }
    }

    public IEnumerable<Launch> Launches =>
        Layout.IsIdentity ? Method.Launches : [Layout.Launch(Context.Name + "Pad", KernelContext.SizeInDriver(Input.Shape[0])), .. Method.Launches];

    public void Emit()
    {
        if (!Layout.IsIdentity)
        {
            Layout.Emit(Context, "Pad", Context.ContiguousPointer(Input), Source, Images);
        }

        Method.Emit();
    }
}
