using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace GraphGen.Simd;

/// <summary>
/// How images [height, width, channels] are laid into larger (or shifted) ones of zeros, pixels <paramref name="Spread"/> apart: the padding
/// before a convolution, the spread gradient of a strided one. Pixels that fall outside are left out.
/// </summary>
/// <param name="Channels">Floats of a pixel.</param>
/// <param name="Height">Rows of an image.</param>
/// <param name="Width">Pixels of a row.</param>
/// <param name="ToHeight">Rows of the image that it is laid into.</param>
/// <param name="ToWidth">Pixels of a row of that.</param>
/// <param name="Top">The row that the first one comes to; it may lie outside.</param>
/// <param name="Left">The column that the first pixel of a row comes to; it may lie outside.</param>
/// <param name="Spread">From one pixel to the next, in pixels, both ways.</param>
/// <param name="Pitch">From one pixel to the next in the source, in floats; 0 where pixels touch.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct ImageLayout(int Channels, int Height, int Width, int ToHeight, int ToWidth, int Top, int Left, int Spread = 1, int Pitch = 0)
{
    /// <summary>Makes rows of the images that are laid into, counted through all of them.</summary>
    /// <param name="from">The first image.</param>
    /// <param name="to">The first image to make.</param>
    /// <param name="firstRow">The first row.</param>
    /// <param name="endRow">The row after the last.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public unsafe void CopyRows(float* from, float* to, int firstRow, int endRow)
    {
        // The columns whose place is inside.
        int first = Left >= 0 ? 0 : (-Left + Spread - 1) / Spread;
        int end = Math.Min(Width, (ToWidth - 1 - Left + Spread) / Spread);
        int floats = Math.Max(0, end - first) * Channels;
        int pitch = Pitch == 0 ? Channels : Pitch;
        int at = (Left + (first * Spread)) * Channels;
        for (int row = firstRow; row < endRow; row++)
        {
            int image = row / ToHeight;
            int y = (row % ToHeight) - Top;
            Span<float> target = new(to + ((nint)row * ToWidth * Channels), ToWidth * Channels);
            if (floats == 0 || y < 0 || y >= Height * Spread || y % Spread != 0)
            {
                target.Clear();
                continue;
            }

            float* source = from + (((((nint)image * Height) + (y / Spread)) * Width) + first) * pitch;
            if (Spread == 1 && pitch == Channels)
            {
                target[..at].Clear();
                new Span<float>(source, floats).CopyTo(target[at..]);
                target[(at + floats)..].Clear();
                continue;
            }

            target.Clear();
            for (int x = 0; x < floats; x += Channels)
            {
                new Span<float>(source, Channels).CopyTo(target[(at + (x * Spread))..]);
                source += pitch;
            }
        }
    }
}
