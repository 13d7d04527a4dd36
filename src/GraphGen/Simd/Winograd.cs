using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace GraphGen.Simd;

/// <summary>
/// The two ends of Winograd's convolution F(2x2, 3x3) that do not depend on what becomes of its result: the transforms of the weights
/// and of the input. Four results of a 3 x 3 convolution with stride 1, side by side, are 16 products of transformed values where they
/// would be 36 of plain ones (Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2016).
/// </summary>
/// <remarks>
/// The transforms add and subtract at most four values and halve twice, so results are nearly as exact as those of plain sums. A NaN
/// comes to the results that it has a part in, and to no others. An infinite input makes NaN of them, where a plain sum may be infinite.
/// </remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static unsafe class Winograd
{
    /// <summary>Input channels whose taps are turned at a time.</summary>
    private const int InputsAtOnce = 16;

    private const int Taps = 9;

    /// <summary>
    /// Transforms the weights of two vectors of output channels, [2 * Width][inputs][3][3], to a panel
    /// [16][inputs][2 * Width]: G g Gᵀ, with G = [[1, 0, 0], [½, ½, ½], [½, -½, ½], [0, 0, 1]].
    /// </summary>
    /// <param name="weight">The weights of all output channels.</param>
    /// <param name="inputs">Input channels, a multiple of 16.</param>
    /// <param name="panels">The panels of all output channels.</param>
    /// <param name="number">The number of the panel. What is there already is not written again, for the reason that <see cref="Transposition"/> gives.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    [SkipLocalsInit]
    public static void PackWeights<TVector, TIsa>(float* weight, int inputs, float* panels, int number)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        float* turned = stackalloc float[InputsAtOnce * Taps * 2 * TIsa.Width]; // [input][tap][output]
        int* rows = stackalloc int[InputsAtOnce * Taps];
        for (int i = 0; i < InputsAtOnce * Taps; i++)
        {
            rows[i] = i * 2 * TIsa.Width;
        }

        int step = inputs * 2 * TIsa.Width;
        weight += (nint)number * step * Taps;
        float* panel = panels + ((nint)number * step * 16);
        for (int input = 0; input < inputs; input += InputsAtOnce)
        {
            Transposition.ToRows(weight + (input * Taps), inputs * Taps, 2 * TIsa.Width, InputsAtOnce * Taps, turned, rows);
            for (int i = 0; i < InputsAtOnce; i++)
            {
                float* taps = turned + (i * Taps * 2 * TIsa.Width);
                float* to = panel + ((input + i) * 2 * TIsa.Width);
                PackTaps<TVector, TIsa>(taps, to, step);
                PackTaps<TVector, TIsa>(taps + TIsa.Width, to + TIsa.Width, step);
            }
        }
    }

    /// <summary>
    /// Transforms a patch of 4 x 4 pixels, for all channels: Bᵀ d B, with Bᵀ = [[1, 0, -1, 0], [0, 1, 1, 0], [0, -1, 1, 0], [0, 1, 0, -1]].
    /// </summary>
    /// <param name="x">The first pixel, [channels].</param>
    /// <param name="row">From one row of pixels to the next, in floats.</param>
    /// <param name="channels">Channels, a multiple of 16.</param>
    /// <param name="to">Where the first of the 16 vectors of channels goes.</param>
    /// <param name="step">From one of them to the next, in floats.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void TransformInput<TVector, TIsa>(float* x, int row, int channels, float* to, int step)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        for (int channel = 0; channel < channels; channel += TIsa.Width)
        {
            Column<TVector, TIsa>(x, row, out TVector a0, out TVector a1, out TVector a2, out TVector a3);
            Column<TVector, TIsa>(x + channels, row, out TVector b0, out TVector b1, out TVector b2, out TVector b3);
            Column<TVector, TIsa>(x + (2 * channels), row, out TVector c0, out TVector c1, out TVector c2, out TVector c3);
            Column<TVector, TIsa>(x + (3 * channels), row, out TVector d0, out TVector d1, out TVector d2, out TVector d3);
            Row<TVector, TIsa>(a0, b0, c0, d0, to, step);
            Row<TVector, TIsa>(a1, b1, c1, d1, to + (4 * step), step);
            Row<TVector, TIsa>(a2, b2, c2, d2, to + (8 * step), step);
            Row<TVector, TIsa>(a3, b3, c3, d3, to + (12 * step), step);
            x += TIsa.Width;
            to += TIsa.Width;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Column<TVector, TIsa>(float* x, int row, out TVector first, out TVector second, out TVector third, out TVector fourth)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        TVector x0 = TIsa.Load(x), x1 = TIsa.Load(x + row), x2 = TIsa.Load(x + (2 * row)), x3 = TIsa.Load(x + (3 * row));
        first = TIsa.Subtract(x0, x2);
        second = TIsa.Add(x1, x2);
        third = TIsa.Subtract(x2, x1);
        fourth = TIsa.Subtract(x1, x3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row<TVector, TIsa>(TVector a, TVector b, TVector c, TVector d, float* to, int step)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        TIsa.Store(to, TIsa.Subtract(a, c));
        TIsa.Store(to + step, TIsa.Add(b, c));
        TIsa.Store(to + (2 * step), TIsa.Subtract(c, b));
        TIsa.Store(to + (3 * step), TIsa.Subtract(b, d));
    }

    /// <summary>The 3 x 3 weights of a vector of output channels, two vectors apart, to 4 x 4.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void PackTaps<TVector, TIsa>(float* taps, float* to, int step)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        Spread<TVector, TIsa>(taps, out TVector a0, out TVector a1, out TVector a2, out TVector a3);
        Spread<TVector, TIsa>(taps + (2 * TIsa.Width), out TVector b0, out TVector b1, out TVector b2, out TVector b3);
        Spread<TVector, TIsa>(taps + (4 * TIsa.Width), out TVector c0, out TVector c1, out TVector c2, out TVector c3);
        PackRow<TVector, TIsa>(a0, b0, c0, to, step);
        PackRow<TVector, TIsa>(a1, b1, c1, to + (4 * step), step);
        PackRow<TVector, TIsa>(a2, b2, c2, to + (8 * step), step);
        PackRow<TVector, TIsa>(a3, b3, c3, to + (12 * step), step);
    }

    /// <summary>A column of three weights, from one row of the kernel to the next, times G.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Spread<TVector, TIsa>(float* column, out TVector first, out TVector second, out TVector third, out TVector fourth)
        where TVector : struct
        where TIsa : struct, ISimd<TVector> =>
        Spread<TVector, TIsa>(TIsa.Load(column), TIsa.Load(column + (6 * TIsa.Width)), TIsa.Load(column + (12 * TIsa.Width)), out first, out second, out third, out fourth);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Spread<TVector, TIsa>(TVector a, TVector b, TVector c, out TVector first, out TVector second, out TVector third, out TVector fourth)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        TVector half = TIsa.Broadcast(0.5f);
        TVector outer = TIsa.Add(a, c);
        first = a;
        second = TIsa.Multiply(TIsa.Add(outer, b), half);
        third = TIsa.Multiply(TIsa.Subtract(outer, b), half);
        fourth = c;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PackRow<TVector, TIsa>(TVector a, TVector b, TVector c, float* to, int step)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        Spread<TVector, TIsa>(a, b, c, out TVector first, out TVector second, out TVector third, out TVector fourth);
        bool isThere = TIsa.AreIdentical(first, TIsa.Load(to)) && TIsa.AreIdentical(second, TIsa.Load(to + step))
            && TIsa.AreIdentical(third, TIsa.Load(to + (2 * step))) && TIsa.AreIdentical(fourth, TIsa.Load(to + (3 * step)));
        if (!isThere)
        {
            TIsa.Store(to, first);
            TIsa.Store(to + step, second);
            TIsa.Store(to + (2 * step), third);
            TIsa.Store(to + (3 * step), fourth);
        }
    }
}
