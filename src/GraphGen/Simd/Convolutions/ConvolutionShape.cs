using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace GraphGen.Simd;

/// <summary>
/// A convolution over images [height, width, channels] that are padded already, followed by max-pooling whose windows tile the plane.
/// </summary>
/// <param name="Height">Rows of an image.</param>
/// <param name="Width">Pixels of a row.</param>
/// <param name="Channels">Input channels.</param>
/// <param name="OutChannels">Output channels.</param>
/// <param name="KernelHeight">Rows of the kernel.</param>
/// <param name="KernelWidth">Taps of a row of the kernel.</param>
/// <param name="Stride">From one output to the next, in pixels.</param>
/// <param name="Dilation">From one tap to the next, in pixels.</param>
/// <param name="Groups">Groups of channels that do not see each other.</param>
/// <param name="Pool">Rows and columns of a window of the pooling; 1 where there is none.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
[method: MethodImpl(MethodImplOptions.AggressiveInlining)]
public readonly record struct ConvolutionShape(
    int Height, int Width, int Channels, int OutChannels, int KernelHeight, int KernelWidth, int Stride = 1, int Dilation = 1, int Groups = 1, int Pool = 1)
{
    // Made once, where sizes are literals: divisions would be felt in short tasks.

    /// <summary>Rows of results, after the pooling.</summary>
    public int ResultHeight { get; } = (((Height - (Dilation * (KernelHeight - 1)) - 1) / Stride) + 1) / Pool;

    /// <summary>Results in a row, after the pooling.</summary>
    public int ResultWidth { get; } = (((Width - (Dilation * (KernelWidth - 1)) - 1) / Stride) + 1) / Pool;

    /// <summary>Input channels of a group.</summary>
    public int GroupChannels => Channels / Groups;

    /// <summary>Output channels of a group.</summary>
    public int GroupOut => OutChannels / Groups;

    /// <summary>Places of the kernel.</summary>
    public int Taps => KernelHeight * KernelWidth;

    /// <summary>Products summed for each output.</summary>
    public int Depth => Taps * GroupChannels;

    /// <summary>Floats in a row of an image.</summary>
    internal int InputRow => Width * Channels;

    /// <summary>From one output to the one below, in floats of the image.</summary>
    internal int OutputRowStep => Stride * InputRow;

    /// <summary>From one output to the next, in floats of the image.</summary>
    internal int OutputStep => Stride * Channels;
}
