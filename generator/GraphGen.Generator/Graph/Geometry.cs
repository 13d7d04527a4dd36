namespace GraphGen.Generator.Graph;

/// <summary>A convolution's sizes; all of them are literals in the generated code.</summary>
public sealed record ConvolutionGeometry(
    int Height,
    int Width,
    int InChannels,
    int OutChannels,
    int KernelHeight,
    int KernelWidth,
    int Stride,
    int Padding,
    int Dilation,
    int Groups)
{
    public int OutHeight => ((Height + (2 * Padding) - (Dilation * (KernelHeight - 1)) - 1) / Stride) + 1;

    public int OutWidth => ((Width + (2 * Padding) - (Dilation * (KernelWidth - 1)) - 1) / Stride) + 1;

    /// <summary>Multiply-adds for one sample.</summary>
    public long MultiplyAdds => (long)OutHeight * OutWidth * OutChannels * (InChannels / Groups) * KernelHeight * KernelWidth;
}

/// <summary>A pooling window over [n, h, w, c].</summary>
public sealed record PoolGeometry(int Height, int Width, int Channels, int Kernel, int Stride, int Padding)
{
    public int OutHeight => ((Height + (2 * Padding) - Kernel) / Stride) + 1;

    public int OutWidth => ((Width + (2 * Padding) - Kernel) / Stride) + 1;

    /// <summary>Whether the windows tile the plane without overlap or padding, so that a convolution can pool what it has in registers.</summary>
    public bool Tiles => Kernel == Stride && Padding == 0;
}
