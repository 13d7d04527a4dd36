using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace GraphGen.Simd;

/// <summary>
/// The weights of a convolution, [output channels][input channels][taps], as <see cref="DirectConvolution"/> reads them: panels
/// [taps][input channels][two vectors of output channels] with zeros beyond the last channel. Those of a group follow each other.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static unsafe class ConvolutionWeights
{
    /// <summary>Weights of an output channel whose places in a panel fit on the stack.</summary>
    private const int MostRows = 4096;

    /// <summary>Makes a panel.</summary>
    /// <param name="shape">The convolution.</param>
    /// <param name="weight">Its weights.</param>
    /// <param name="panels">The panels of all channels.</param>
    /// <param name="number">The number of the panel. What is there already is not written again, for the reason that <see cref="Transposition"/> gives.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    [SkipLocalsInit]
    public static void Pack<TVector, TIsa>(in ConvolutionShape shape, float* weight, float* panels, int number)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        float* panel = Begin<TVector, TIsa>(in shape, panels, number, out int group, out int first, out int channels);
        weight += ((nint)group * shape.GroupOut * shape.Depth) + ((nint)first * shape.Depth);

        // The weights of an output channel lie side by side: they are turned at once, if their places are not too many.
        int inputs = shape.Depth <= MostRows ? shape.GroupChannels : 1;
        int* rows = stackalloc int[inputs * shape.Taps];
        for (int input = 0; input < inputs; input++)
        {
            for (int tap = 0; tap < shape.Taps; tap++)
            {
                rows[(input * shape.Taps) + tap] = ((tap * shape.GroupChannels) + input) * 2 * TIsa.Width;
            }
        }

        for (int input = 0; input < shape.GroupChannels; input += inputs)
        {
            Transposition.ToRows(weight + (input * shape.Taps), shape.Depth, channels, inputs * shape.Taps, panel + (input * 2 * TIsa.Width), rows);
        }
    }

    /// <summary>
    /// The same for the convolution that makes an input's gradient: taps in reverse, and its output channels are the input channels of the
    /// weights.
    /// </summary>
    /// <param name="shape">The convolution.</param>
    /// <param name="weight">The weights of the one whose input's gradient it makes.</param>
    /// <param name="panels">The panels of all channels.</param>
    /// <param name="number">The number of the panel.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    [SkipLocalsInit]
    public static void PackFlipped<TVector, TIsa>(in ConvolutionShape shape, float* weight, float* panels, int number)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        float* panel = Begin<TVector, TIsa>(in shape, panels, number, out int group, out int first, out int channels);
        weight += ((nint)group * shape.GroupOut * shape.Depth) + ((nint)first * shape.Taps);
        int* rows = stackalloc int[shape.Taps];
        for (int tap = 0; tap < shape.Taps; tap++)
        {
            rows[tap] = (shape.Taps - 1 - tap) * shape.GroupChannels * 2 * TIsa.Width;
        }

        for (int input = 0; input < shape.GroupChannels; input++)
        {
            Transposition.ToRows(weight + ((nint)input * shape.GroupOut * shape.Taps), shape.Taps, channels, shape.Taps, panel + (input * 2 * TIsa.Width), rows);
        }
    }

    /// <summary>A panel and the channels it is of: zeros, if they are fewer than its lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float* Begin<TVector, TIsa>(in ConvolutionShape shape, float* panels, int number, out int group, out int first, out int channels)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        int floats = shape.Depth * 2 * TIsa.Width;
        int panelsOfGroup = (shape.GroupOut + (2 * TIsa.Width) - 1) / (2 * TIsa.Width);
        float* panel = panels + ((nint)number * floats);
        group = number / panelsOfGroup;
        first = number % panelsOfGroup * 2 * TIsa.Width;
        channels = Math.Min(2 * TIsa.Width, shape.GroupOut - first);
        if (channels < 2 * TIsa.Width)
        {
            new Span<float>(panel, floats).Clear();
        }

        return panel;
    }
}
