using System.Runtime.CompilerServices;

namespace GraphGen.Simd;

/// <summary>How the depth of a sum walks the floats of an image: rows of the kernel, taps of a row, floats of a tap.</summary>
/// <param name="Rows">Rows of the kernel.</param>
/// <param name="Taps">Taps of a row that lie apart: 1 where they touch.</param>
/// <param name="Length">Floats of a tap.</param>
/// <param name="TapStep">From one tap to the next, in floats.</param>
/// <param name="RowStep">From one row of the kernel to the next, in floats.</param>
internal readonly record struct TileWalk(int Rows, int Taps, int Length, int TapStep, int RowStep)
{
    /// <summary>Products summed.</summary>
    public int Depth => Rows * Taps * Length;

    /// <summary>The walk over the patch of an output.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static TileWalk Of(in ConvolutionShape shape)
    {
        bool touch = shape.KernelWidth == 1 || (shape.Groups == 1 && shape.Dilation == 1);
        return new TileWalk(
            shape.KernelHeight,
            touch ? 1 : shape.KernelWidth,
            touch ? shape.KernelWidth * shape.GroupChannels : shape.GroupChannels,
            shape.Dilation * shape.Channels,
            shape.Dilation * shape.InputRow);
    }
}

/// <summary>Tiles of one height that follow each other.</summary>
/// <param name="Count">How many.</param>
/// <param name="Step">From the patches of one to those of the next, in floats.</param>
/// <param name="ResultStep">From the results of one to those of the next, in floats.</param>
internal readonly record struct TileRun(int Count, int Step, int ResultStep);

/// <summary>
/// The register tile of convolutions: pixels x one or two vectors of output channels, whose sums stay in registers while the depth goes by.
/// Each step broadcasts a float of each pixel's patch against the vectors of a panel of weights [depth][two vectors].
/// </summary>
internal static unsafe class PanelTile
{
    /// <summary>Pixels of the tallest tile there is.</summary>
    public const int Tallest = 12;

    /// <summary>Pixels whose sums registers hold: 12 x 2 vectors leave 8 of 32 to weights and broadcasts; 6 x 2 leave 4 of 16.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int MostPixels(int registers) => registers >= 32 ? Tallest : 6;

    /// <summary>The tile of so many pixels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static delegate*<in TileWalk, in TileRun, float*, float*, nint*, float*, void> Of<TVector, TIsa, TVectors, TResults>(int pixels)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
        where TVectors : unmanaged
        where TResults : struct, ITileResults => pixels switch
        {
            1 => &Sum<TVector, TIsa, N1, TVectors, TResults>,
            2 => &Sum<TVector, TIsa, N2, TVectors, TResults>,
            3 => &Sum<TVector, TIsa, N3, TVectors, TResults>,
            4 => &Sum<TVector, TIsa, N4, TVectors, TResults>,
            5 => &Sum<TVector, TIsa, N5, TVectors, TResults>,
            6 => &Sum<TVector, TIsa, N6, TVectors, TResults>,
            7 => &Sum<TVector, TIsa, N7, TVectors, TResults>,
            8 => &Sum<TVector, TIsa, N8, TVectors, TResults>,
            9 => &Sum<TVector, TIsa, N9, TVectors, TResults>,
            10 => &Sum<TVector, TIsa, N10, TVectors, TResults>,
            11 => &Sum<TVector, TIsa, N11, TVectors, TResults>,
            _ => &Sum<TVector, TIsa, N12, TVectors, TResults>,
        };

    /// <summary>The tile of so many windows of four pixels, which pools them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static delegate*<in TileWalk, in TileRun, float*, float*, nint*, float*, void> OfWindows<TVector, TIsa, TVectors, TWinners>(int windows)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
        where TVectors : unmanaged
        where TWinners : struct, ISwitch => windows switch
        {
            1 => &Sum<TVector, TIsa, N4, TVectors, PooledSums<TWinners>>,
            2 => &Sum<TVector, TIsa, N8, TVectors, PooledSums<TWinners>>,
            _ => &Sum<TVector, TIsa, N12, TVectors, PooledSums<TWinners>>,
        };

    /// <summary>Makes the sums of some tiles.</summary>
    /// <param name="walk">How the depth goes by.</param>
    /// <param name="run">The tiles.</param>
    /// <param name="x">The patch of the first pixel.</param>
    /// <param name="panel">The weights.</param>
    /// <param name="offsets">Where the patch of each pixel is, counted from the first: twelve numbers, whatever the tile's height.</param>
    /// <param name="results">Takes the sums, or what they come to.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Sum<TVector, TIsa, THeight, TVectors, TResults>(in TileWalk walk, in TileRun run, float* x, float* panel, nint* offsets, float* results)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
        where THeight : unmanaged
        where TVectors : unmanaged
        where TResults : struct, ITileResults
    {
        nint o1 = offsets[1], o2 = offsets[2], o3 = offsets[3], o4 = 0, o5 = 0, o6 = 0, o7 = 0, o8 = 0, o9 = 0, o10 = 0, o11 = 0;
        if (sizeof(THeight) > 4)
        {
            (o4, o5, o6, o7) = (offsets[4], offsets[5], offsets[6], offsets[7]);
        }

        if (sizeof(THeight) > 8)
        {
            (o8, o9, o10, o11) = (offsets[8], offsets[9], offsets[10], offsets[11]);
        }

        for (int tile = run.Count; tile > 0; tile--)
        {
            TVector a0 = default, b0 = default, a1 = default, b1 = default, a2 = default, b2 = default, a3 = default, b3 = default;
            TVector a4 = default, b4 = default, a5 = default, b5 = default, a6 = default, b6 = default, a7 = default, b7 = default;
            TVector a8 = default, b8 = default, a9 = default, b9 = default, a10 = default, b10 = default, a11 = default, b11 = default;
            float* from = x, weights = panel;
            for (int row = walk.Rows; row > 0; row--)
            {
                for (int tap = walk.Taps; tap > 0; tap--)
                {
                    float* end = from + walk.Length;
                    while (from < end)
                    {
                        TVector a = TIsa.Load(weights), b = sizeof(TVectors) == 2 ? TIsa.Load(weights + TIsa.Width) : a;
                        Add<TVector, TIsa, THeight, TVectors>(0, from, 0, o1, o2, o3, a, b, ref a0, ref b0, ref a1, ref b1, ref a2, ref b2, ref a3, ref b3);
                        Add<TVector, TIsa, THeight, TVectors>(4, from, o4, o5, o6, o7, a, b, ref a4, ref b4, ref a5, ref b5, ref a6, ref b6, ref a7, ref b7);
                        Add<TVector, TIsa, THeight, TVectors>(8, from, o8, o9, o10, o11, a, b, ref a8, ref b8, ref a9, ref b9, ref a10, ref b10, ref a11, ref b11);
                        from++;
                        weights += 2 * TIsa.Width;
                    }

                    from += walk.TapStep - walk.Length;
                }

                from += walk.RowStep - (walk.Taps * walk.TapStep);
            }

            TResults.Take<TVector, TIsa, THeight, TVectors>(results, 0, a0, b0, a1, b1, a2, b2, a3, b3);
            TResults.Take<TVector, TIsa, THeight, TVectors>(results, 4, a4, b4, a5, b5, a6, b6, a7, b7);
            TResults.Take<TVector, TIsa, THeight, TVectors>(results, 8, a8, b8, a9, b9, a10, b10, a11, b11);
            x += run.Step;
            results += run.ResultStep;
        }
    }

    /// <summary>A step of four pixels, of which the tile may have fewer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TVector, TIsa, THeight, TVectors>(
        int first, float* x, nint o0, nint o1, nint o2, nint o3, TVector a, TVector b,
        ref TVector a0, ref TVector b0, ref TVector a1, ref TVector b1, ref TVector a2, ref TVector b2, ref TVector a3, ref TVector b3)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
        where THeight : unmanaged
        where TVectors : unmanaged
    {
        if (sizeof(THeight) > first)
        {
            TVector value = TIsa.Broadcast(x[o0]);
            a0 = TIsa.FusedMultiplyAdd(value, a, a0);
            if (sizeof(TVectors) == 2)
            {
                b0 = TIsa.FusedMultiplyAdd(value, b, b0);
            }
        }

        if (sizeof(THeight) > first + 1)
        {
            TVector value = TIsa.Broadcast(x[o1]);
            a1 = TIsa.FusedMultiplyAdd(value, a, a1);
            if (sizeof(TVectors) == 2)
            {
                b1 = TIsa.FusedMultiplyAdd(value, b, b1);
            }
        }

        if (sizeof(THeight) > first + 2)
        {
            TVector value = TIsa.Broadcast(x[o2]);
            a2 = TIsa.FusedMultiplyAdd(value, a, a2);
            if (sizeof(TVectors) == 2)
            {
                b2 = TIsa.FusedMultiplyAdd(value, b, b2);
            }
        }

        if (sizeof(THeight) > first + 3)
        {
            TVector value = TIsa.Broadcast(x[o3]);
            a3 = TIsa.FusedMultiplyAdd(value, a, a3);
            if (sizeof(TVectors) == 2)
            {
                b3 = TIsa.FusedMultiplyAdd(value, b, b3);
            }
        }
    }
}
