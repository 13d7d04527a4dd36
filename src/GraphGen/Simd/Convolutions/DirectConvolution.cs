using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace GraphGen.Simd;

/// <summary>
/// A convolution as one sum of products for each output. For each panel of two vectors of output channels, rows of results are cut into
/// tiles of pixels (<see cref="PanelTile"/>), whole windows of the pooling.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static unsafe class DirectConvolution
{
    /// <summary>Results of a row that are collected before they are written plane by plane.</summary>
    private const int LongestTurnedRow = 512;

    /// <summary>Makes the block: its results go through the epilogue.</summary>
    /// <param name="call">What the epilogue is given.</param>
    /// <param name="block">What to make: <see cref="ConvolutionBlock.First"/> and <see cref="ConvolutionBlock.End"/> are rows of results.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    [SkipLocalsInit]
    public static void Convolve<TVector, TIsa, TEpilogue>(void* call, in ConvolutionBlock block)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
        where TEpilogue : struct, IConvolutionEpilogue
    {
        ConvolutionShape shape = block.Shape;
        int window = shape.Pool * shape.Pool;
        int width = shape.ResultWidth;
        int capacity = Math.Max(1, PanelTile.MostPixels(TIsa.Registers) / window);

        // A tile has several rows only where it has whole ones.
        bool hasWholeRows = 2 * width <= capacity;
        EvenSplit rows = EvenSplit.Of(block.End - block.First, hasWholeRows ? capacity / width : 1);
        nint* offsets = stackalloc nint[PanelTile.Tallest];
        Arrange(in shape, offsets);
        float* results = stackalloc float[ConvolutionResults.Floats(TIsa.Width) + 16];
        float* turned = null;
        if (block.Planes != null)
        {
            float* room = stackalloc float[(rows.Size * Math.Min(width, LongestTurnedRow) * 2 * TIsa.Width) + 16];
            turned = (float*)(((nint)room + 63) & -64);
        }

        Band band = new()
        {
            Call = call,
            Walk = TileWalk.Of(in shape),
            Columns = EvenSplit.Of(width, hasWholeRows ? width : capacity),
            Offsets = offsets,
            Results = (float*)(((nint)results + 63) & -64),
            Turned = turned,
        };
        for (int row = block.First; row < block.End; row += band.Rows)
        {
            band.Rows = rows.SizeAt(row - block.First);
            band.Pixel = ((block.Image * shape.ResultHeight) + row) * width;
            band.Weights = block.Weights + ((nint)block.FirstChannel * shape.Depth);
            float* x = block.ImageInput + ((nint)row * shape.Pool * shape.OutputRowStep);
            for (int group = 0; group < shape.Groups; group++)
            {
                band.X = x + (group * shape.GroupChannels);
                int end = shape.Groups == 1 ? block.EndChannel : (group + 1) * shape.GroupOut;
                for (int channel = shape.Groups == 1 ? block.FirstChannel : group * shape.GroupOut; channel < end; channel += 2 * TIsa.Width)
                {
                    band.Channel = channel;
                    band.Channels = Math.Min(2 * TIsa.Width, end - channel);
                    band.Planes = block.Planes == null ? null : block.PlaneOf(channel) + (row * width);
                    Convolve<TVector, TIsa, TEpilogue>(in shape, in band);
                    band.Weights += (nint)shape.Depth * 2 * TIsa.Width;
                }
            }
        }
    }

    /// <summary>The offsets of the patches of a tile's pixels, window by window: one with fewer pixels has the first of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Arrange(in ConvolutionShape shape, nint* offsets)
    {
        int window = shape.Pool * shape.Pool;
        for (int i = 0; i < PanelTile.Tallest; i++)
        {
            (int result, int place) = Math.DivRem(i, window);
            int row = (result / shape.ResultWidth * shape.Pool) + (place / shape.Pool);
            int column = (result % shape.ResultWidth * shape.Pool) + (place % shape.Pool);
            offsets[i] = ((nint)row * shape.OutputRowStep) + (column * shape.OutputStep);
        }
    }

    /// <summary>Makes a band, tile by tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Convolve<TVector, TIsa, TEpilogue>(in ConvolutionShape shape, in Band band)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
        where TEpilogue : struct, IConvolutionEpilogue
    {
        int width = shape.ResultWidth;
        bool turnsTiles = width > LongestTurnedRow;
        delegate*<in TileWalk, float*, float*, nint*, float*, void> tile = null;
        int count, known = 0;
        for (int column = 0; column < width; column += count / band.Rows)
        {
            count = band.Columns.SizeAt(column) * band.Rows;
            if (count != known)
            {
                tile = TileOf<TVector, TIsa>(count, shape.Pool, band.Channels, TEpilogue.HasWinners);
                known = count;
            }

            float* x = band.X + ((nint)column * shape.Pool * shape.OutputStep);
            if (tile != null)
            {
                tile(in band.Walk, x, band.Weights, band.Offsets, band.Results);
            }
            else
            {
                MakeWindow<TVector, TIsa>(in shape, in band, x);
            }

            float* turned = band.Turned + (turnsTiles ? 0 : column * 2 * TIsa.Width);
            ConvolutionResults.Finish<TVector, TIsa, TEpilogue>(
                band.Call, band.Pixel + column, band.Channel, band.Channels, count, band.Results, band.Results + ConvolutionResults.Winners(TIsa.Width), turned);
            if (turnsTiles && band.Planes != null)
            {
                Transposition.ToPlanes(turned, 2 * TIsa.Width, band.Channels, count, band.Planes + column, shape.ResultHeight * width);
            }
        }

        if (!turnsTiles && band.Planes != null)
        {
            Transposition.ToPlanes(band.Turned, 2 * TIsa.Width, band.Channels, band.Rows * width, band.Planes, shape.ResultHeight * width);
        }
    }

    /// <summary>The tile that makes so many results; <see langword="null"/> where one window is more than registers hold or has no tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static delegate*<in TileWalk, float*, float*, nint*, float*, void> TileOf<TVector, TIsa>(int results, int pool, int channels, bool hasWinners)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        bool isNarrow = channels <= TIsa.Width;
        return (pool, isNarrow, hasWinners) switch
        {
            (1, false, _) => PanelTile.Of<TVector, TIsa, N2, Sums>(results),
            (1, true, _) => PanelTile.Of<TVector, TIsa, N1, Sums>(results),
            (2, false, false) => PanelTile.OfWindows<TVector, TIsa, N2, Off>(results),
            (2, false, true) => PanelTile.OfWindows<TVector, TIsa, N2, On>(results),
            (2, true, false) => PanelTile.OfWindows<TVector, TIsa, N1, Off>(results),
            (2, true, true) => PanelTile.OfWindows<TVector, TIsa, N1, On>(results),
            _ => null,
        };
    }

    /// <summary>Makes one result of a large window: sums of some of its rows at a time, or of a part of a row, which are pooled from memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    [SkipLocalsInit]
    private static void MakeWindow<TVector, TIsa>(in ConvolutionShape shape, in Band band, float* x)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        int pool = shape.Pool;
        EvenSplit columns = EvenSplit.Of(pool, PanelTile.MostPixels(TIsa.Registers));
        EvenSplit rows = EvenSplit.Of(pool, Math.Max(1, PanelTile.MostPixels(TIsa.Registers) / pool));
        nint* offsets = stackalloc nint[PanelTile.Tallest];
        for (int i = 0; i < PanelTile.Tallest; i++)
        {
            offsets[i] = ((nint)(i / columns.Size) * shape.OutputRowStep) + (i % columns.Size * shape.OutputStep);
        }

        float* sums = stackalloc float[pool * pool * 2 * TIsa.Width]; // [place][two vectors]
        int width, height;
        for (int row = 0; row < pool; row += height)
        {
            height = rows.SizeAt(row);
            for (int column = 0; column < pool; column += width)
            {
                width = columns.SizeAt(column);
                float* from = x + ((nint)row * shape.OutputRowStep) + (column * shape.OutputStep);
                PanelTile.Of<TVector, TIsa, N2, Sums>(height * width)(in band.Walk, from, band.Weights, offsets, sums + (((row * pool) + column) * 2 * TIsa.Width));
            }
        }

        MaxPooling.Window<TVector, TIsa>(sums, pool * pool, band.Results, band.Results + ConvolutionResults.Winners(TIsa.Width));
    }

    /// <summary>Some rows of an image's results, in two vectors of output channels.</summary>
    private struct Band
    {
        /// <summary>What the epilogue is given.</summary>
        public void* Call;

        /// <summary>How the depth goes by.</summary>
        public TileWalk Walk;

        /// <summary>The patch of the first pixel.</summary>
        public float* X;

        /// <summary>The weights of the channels.</summary>
        public float* Weights;

        /// <summary>How many rows: of one tile.</summary>
        public int Rows;

        /// <summary>How a row is cut into tiles.</summary>
        public EvenSplit Columns;

        /// <summary>Where the patches of a tile's pixels are, counted from the first.</summary>
        public nint* Offsets;

        /// <summary>The number of the first result.</summary>
        public int Pixel;

        /// <summary>The first channel.</summary>
        public int Channel;

        /// <summary>Channels, as many as the lanes of two vectors or fewer.</summary>
        public int Channels;

        /// <summary>Memory for the results of a tile.</summary>
        public float* Results;

        /// <summary>Memory for what is stored plane by plane.</summary>
        public float* Turned;

        /// <summary>Where that goes.</summary>
        public float* Planes;
    }
}
