using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace GraphGen.Simd;

/// <summary>
/// A 3 x 3 convolution that is pooled 2 x 2, by <see cref="Winograd"/>'s transforms: the four outputs of a window of the pooling are 16
/// products of transformed values. A block of windows goes through all three steps: their patches are transformed, multiplied, and the
/// products transformed back and pooled.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static unsafe class WinogradConvolution
{
    /// <summary>Values of a transformed patch in each channel.</summary>
    private const int Places = 16;

    /// <summary>Makes the block: its results go through the epilogue.</summary>
    /// <param name="call">What the epilogue is given.</param>
    /// <param name="block">
    /// What to make: <see cref="ConvolutionBlock.First"/> and <see cref="ConvolutionBlock.End"/> are windows, and the weights are panels of
    /// <see cref="Winograd.PackWeights"/>. Input channels are a multiple of 16, output channels of 32.
    /// </param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    [SkipLocalsInit]
    public static void Convolve<TVector, TIsa, TEpilogue>(void* call, in ConvolutionBlock block)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
        where TEpilogue : struct, IConvolutionEpilogue
    {
        ConvolutionShape shape = block.Shape;
        int windows = block.End - block.First;
        int room = windows | 1; // an odd number, so that the places of a window lie in different sets of the cache
        float* patches = stackalloc float[(Places * room * shape.Channels) + 16];
        patches = (float*)(((nint)patches + 63) & -64); // [place][window][input channel]
        float* products = stackalloc float[(Places * room * 2 * TIsa.Width) + 16];
        products = (float*)(((nint)products + 63) & -64); // [place][window][two vectors of output channels]
        int width = shape.ResultWidth, plane = shape.ResultHeight * width;
        (int row, int column) = Math.DivRem(block.First, width);
        float* x = block.ImageInput + (row * 2 * shape.OutputRowStep);
        for (int window = 0; window < windows; window++)
        {
            Winograd.TransformInput<TVector, TIsa>(x + (column * 2 * shape.OutputStep), shape.InputRow, shape.Channels, patches + (window * shape.Channels), room * shape.Channels);
            column++;
            if (column == width)
            {
                column = 0;
                x += 2 * shape.OutputRowStep;
            }
        }

        for (int channel = block.FirstChannel; channel < block.EndChannel; channel += 2 * TIsa.Width)
        {
            Multiply<TVector, TIsa>(patches, block.Weights + ((nint)channel * Places * shape.Channels), shape.Channels, windows, room, products);
            float* winners = products + (room * 2 * TIsa.Width);
            if (TEpilogue.HasWinners)
            {
                Pool<TVector, TIsa, On>(products, winners, windows, room);
            }
            else
            {
                Pool<TVector, TIsa, Off>(products, winners, windows, room);
            }

            ConvolutionResults.Finish<TVector, TIsa, TEpilogue>(call, (block.Image * plane) + block.First, channel, 2 * TIsa.Width, windows, products, winners, 2 * TIsa.Width);
            if (block.Planes != null)
            {
                Transposition.ToPlanes(products, 2 * TIsa.Width, 2 * TIsa.Width, windows, block.PlaneOf(channel, plane) + block.First, plane);
            }
        }
    }

    /// <summary>For each place [windows, depth]·[depth, two vectors of output channels].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Multiply<TVector, TIsa>(float* patches, float* weights, int depth, int windows, int room, float* products)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        nint* offsets = stackalloc nint[PanelTile.Tallest];
        for (int i = 0; i < PanelTile.Tallest; i++)
        {
            offsets[i] = (nint)i * depth;
        }

        TileWalk walk = new(1, 1, depth, 0, 0);
        EvenSplit tiles = EvenSplit.Of(windows, PanelTile.MostPixels(TIsa.Registers));
        delegate*<in TileWalk, in TileRun, float*, float*, nint*, float*, void> large = PanelTile.Of<TVector, TIsa, N2, Sums>(tiles.Size);
        delegate*<in TileWalk, in TileRun, float*, float*, nint*, float*, void> small = tiles.EndOfLarge < windows ? PanelTile.Of<TVector, TIsa, N2, Sums>(tiles.Size - 1) : large;
        int size = tiles.Size, rest = tiles.EndOfLarge;
        TileRun ofLarge = new(rest / size, size * depth, size * 2 * TIsa.Width), ofSmall = new(rest < windows ? (windows - rest) / (size - 1) : 0, (size - 1) * depth, (size - 1) * 2 * TIsa.Width);
        for (int place = 0; place < Places; place++)
        {
            large(in walk, in ofLarge, patches, weights, offsets, products);
            if (ofSmall.Count > 0)
            {
                small(in walk, in ofSmall, patches + (rest * depth), weights, offsets, products + (rest * 2 * TIsa.Width));
            }

            patches += room * depth;
            weights += depth * 2 * TIsa.Width;
            products += room * 2 * TIsa.Width;
        }
    }

    /// <summary>
    /// Transforms products back to a window's four outputs, Aᵀ m A with Aᵀ = [[1, 1, 1, 0], [0, 1, -1, -1]], and pools them: what they come to
    /// takes the place of the window's first product, the winner that of the second.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Pool<TVector, TIsa, TWinners>(float* products, float* winners, int windows, int room)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
        where TWinners : struct, ISwitch
    {
        nint step = (nint)room * 2 * TIsa.Width;
        for (int at = 0; at < windows * 2 * TIsa.Width; at += TIsa.Width)
        {
            float* m = products + at;
            Column<TVector, TIsa>(m, 4 * step, out TVector upper0, out TVector lower0);
            Column<TVector, TIsa>(m + step, 4 * step, out TVector upper1, out TVector lower1);
            Column<TVector, TIsa>(m + (2 * step), 4 * step, out TVector upper2, out TVector lower2);
            Column<TVector, TIsa>(m + (3 * step), 4 * step, out TVector upper3, out TVector lower3);
            MaxPooling.Window<TVector, TIsa, TWinners>(
                TIsa.Add(upper0, TIsa.Add(upper1, upper2)),
                TIsa.Subtract(TIsa.Subtract(upper1, upper2), upper3),
                TIsa.Add(lower0, TIsa.Add(lower1, lower2)),
                TIsa.Subtract(TIsa.Subtract(lower1, lower2), lower3),
                m,
                winners + at);
        }
    }

    /// <summary>Aᵀ times a column of four places.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Column<TVector, TIsa>(float* m, nint step, out TVector upper, out TVector lower)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        TVector b = TIsa.Load(m + step), c = TIsa.Load(m + (2 * step));
        upper = TIsa.Add(TIsa.Load(m), TIsa.Add(b, c));
        lower = TIsa.Subtract(TIsa.Subtract(b, c), TIsa.Load(m + (3 * step)));
    }
}
