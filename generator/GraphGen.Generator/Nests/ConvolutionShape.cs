using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Nests;

/// <summary>
/// A convolution as its kernels see it: over an input [n, height, width, channels] that is padded already, followed by
/// pooling with windows of <paramref name="Pool"/> x <paramref name="Pool"/> that tile the plane (1: none). Its K products an
/// output are walked as segments of contiguous floats: whole kernel rows where the taps of a row touch, else single taps.
/// </summary>
internal sealed record ConvolutionShape(
    int Channels, int Height, int Width, int OutChannels, int KernelHeight, int KernelWidth, int Stride, int Dilation, int Groups, int Pool)
{
    public int OutHeight => ((Height - (Dilation * (KernelHeight - 1)) - 1) / Stride) + 1;

    public int OutWidth => ((Width - (Dilation * (KernelWidth - 1)) - 1) / Stride) + 1;

    public int PooledHeight => OutHeight / Pool;

    public int PooledWidth => OutWidth / Pool;

    /// <summary>Results of an image in each channel.</summary>
    public int Plane => PooledHeight * PooledWidth;

    /// <summary>Places in a window of the pooling.</summary>
    public int Window => Pool * Pool;

    public int GroupChannels => Channels / Groups;

    public int GroupOut => OutChannels / Groups;

    public int Taps => KernelHeight * KernelWidth;

    /// <summary>Products summed for each output.</summary>
    public int K => Taps * GroupChannels;

    /// <summary>Floats in a row of the input.</summary>
    public int InRow => Width * Channels;

    /// <summary>Floats in an image of the input.</summary>
    public int InImage => Height * InRow;

    /// <summary>From one result to the next, in floats of the input.</summary>
    public int PixelStep => Pool * Stride * Channels;

    /// <summary>From one row of results to the next, in floats of the input.</summary>
    public int RowStep => Pool * Stride * InRow;

    public int SegmentLength => SegmentsPerRow == 1 ? KernelWidth * GroupChannels : GroupChannels;

    /// <summary>Segments in a row of the kernel: 1 where its taps touch.</summary>
    public int SegmentsPerRow => KernelWidth == 1 || (Groups == 1 && Dilation == 1) ? 1 : KernelWidth;

    public int Segments => KernelHeight * SegmentsPerRow;

    public long FlopsPerImage => 2L * OutChannels * K * Plane * Window;

    /// <summary>The convolution itself, over its padded input.</summary>
    public static ConvolutionShape Of(ConvolutionGeometry geometry, PoolGeometry? pooling) => new(
        geometry.InChannels,
        geometry.Height + (2 * geometry.Padding),
        geometry.Width + (2 * geometry.Padding),
        geometry.OutChannels,
        geometry.KernelHeight,
        geometry.KernelWidth,
        geometry.Stride,
        geometry.Dilation,
        geometry.Groups,
        pooling?.Kernel ?? 1);

    /// <summary>
    /// The convolution that makes the gradient of the input: with stride 1, and flipped weights, over the gradient of the
    /// result laid out by <see cref="ImageLayout.GradientOf"/>.
    /// </summary>
    public static ConvolutionShape InputGradientOf(ConvolutionGeometry geometry) => new(
        geometry.OutChannels,
        geometry.Height + (geometry.Dilation * (geometry.KernelHeight - 1)),
        geometry.Width + (geometry.Dilation * (geometry.KernelWidth - 1)),
        geometry.InChannels,
        geometry.KernelHeight,
        geometry.KernelWidth,
        1,
        geometry.Dilation,
        geometry.Groups,
        1);

    /// <summary>Where a segment begins in a patch of the input.</summary>
    public int SegmentOffset(int segment) =>
        (segment / SegmentsPerRow * Dilation * InRow) + (segment % SegmentsPerRow * Dilation * Channels);

    /// <summary>Where the patch of a place in the pooling's window begins, counted from that of the first place.</summary>
    public int WindowOffset(int place) =>
        (place / Pool * Stride * InRow) + (place % Pool * Stride * Channels);
}
