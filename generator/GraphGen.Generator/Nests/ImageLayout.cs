using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Nests;

/// <summary>
/// Lays images into larger (or shifted) ones of zeros, pixels <c>Spread</c> apart: the padding before a convolution, the
/// spread gradient of a strided one. Pixels that fall outside are left out. In the source a pixel is <c>Pitch</c> elements from the next: more
/// than it has channels, where it is part of a concatenation.
/// </summary>
internal sealed record ImageLayout(int Channels, int Height, int Width, int ToHeight, int ToWidth, int Top, int Left, int Spread, int Pitch)
{
    /// <summary>Floats of the destination worth a task of their own.</summary>
    private const int FloatsPerTask = 16384;

    /// <summary>Whether there is nothing to do: the source can be read as it lies.</summary>
    public bool IsIdentity => Height == ToHeight && Width == ToWidth && Top == 0 && Left == 0 && Spread == 1 && Pitch == Channels;

    public long Floats => (long)ToHeight * ToRow;

    public int ToRow => ToWidth * Channels;

    public int RowsPerTask => Math.Max(1, Math.Min(ToHeight, FloatsPerTask / ToRow));

    /// <summary>The padding of a convolution's input.</summary>
    public static ImageLayout InputOf(ConvolutionGeometry g) =>
        new(g.InChannels, g.Height, g.Width, g.Height + (2 * g.Padding), g.Width + (2 * g.Padding), g.Padding, g.Padding, 1, g.InChannels);

    /// <summary>The gradient of a convolution's result, so laid out that a convolution with stride 1 makes the input's gradient of it.</summary>
    public static ImageLayout GradientOf(ConvolutionGeometry g)
    {
        int reachY = g.Dilation * (g.KernelHeight - 1);
        int reachX = g.Dilation * (g.KernelWidth - 1);
        return new(g.OutChannels, g.OutHeight, g.OutWidth, g.Height + reachY, g.Width + reachX, reachY - g.Padding, reachX - g.Padding, g.Stride, g.OutChannels);
    }
}
