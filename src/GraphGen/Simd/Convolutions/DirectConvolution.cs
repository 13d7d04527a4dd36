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
    /// <summary>Results of a row that are collected before the epilogue takes them: those of longer rows it takes tile by tile.</summary>
    private const int LongestRow = 256;

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
        int width = shape.ResultWidth, plane = shape.ResultHeight * width;

        // Pooling of single pixels has winners too, and no tile.
        int capacity = shape.Pool == 1 && TEpilogue.HasWinners ? 1 : Math.Max(1, PanelTile.MostPixels(TIsa.Registers) / (shape.Pool * shape.Pool));

        // A tile has several rows only where it has whole ones.
        bool hasWholeRows = 2 * width <= capacity;
        EvenSplit rows = EvenSplit.Of(block.End - block.First, hasWholeRows ? capacity / width : 1);
        nint* offsets = stackalloc nint[PanelTile.Tallest];
        Arrange(in shape, width, offsets);
        int step = (TEpilogue.HasWinners ? 4 : 2) * TIsa.Width;
        float* results = stackalloc float[(rows.Size * Math.Min(width, LongestRow) * step) + (2 * TIsa.Width) + 16];
        // By so many results, and again for panels of one vector, the tiles that have been asked for.
        nint* tiles = stackalloc nint[2 * PanelTile.Tallest];
        new Span<nint>(tiles, 2 * PanelTile.Tallest).Clear();
        bool hasTiles = shape.Pool == 2 || (shape.Pool == 1 && !TEpilogue.HasWinners);
        Band band = new()
        {
            Call = call,
            Walk = TileWalk.Of(in shape),
            Width = width,
            Plane = plane,
            Columns = EvenSplit.Of(width, hasWholeRows ? width : capacity),
            Offsets = offsets,
            Tiles = hasTiles ? tiles : null,
            Results = (float*)(((nint)results + 63) & -64),
            Step = step,
        };
        for (int row = block.First; row < block.End; row += band.Rows)
        {
            band.Rows = rows.SizeAt(row - block.First);
            band.Pixel = (block.Image * plane) + (row * width);
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
                    band.Planes = block.Planes == null ? null : block.PlaneOf(channel, plane) + (row * width);
                    Convolve<TVector, TIsa, TEpilogue>(in shape, in band);
                    band.Weights += (nint)shape.Depth * 2 * TIsa.Width;
                }
            }
        }
    }

    /// <summary>The offsets of the patches of a tile's pixels, window by window: one with fewer pixels has the first of them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Arrange(in ConvolutionShape shape, int width, nint* offsets)
    {
        int count = 0;
        for (int row = 0; count < PanelTile.Tallest; row += shape.Pool)
        {
            for (int column = 0; column < width * shape.Pool; column += shape.Pool)
            {
                for (int y = row; y < row + shape.Pool; y++)
                {
                    for (int x = column; x < column + shape.Pool && count < PanelTile.Tallest; x++)
                    {
                        offsets[count] = ((nint)y * shape.OutputRowStep) + (x * shape.OutputStep);
                        count++;
                    }
                }
            }
        }
    }

    /// <summary>Makes a band, tile by tile.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Convolve<TVector, TIsa, TEpilogue>(in ConvolutionShape shape, in Band band)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
        where TEpilogue : struct, IConvolutionEpilogue
    {
        int width = band.Width;
        int first = 0, columns;
        for (int column = 0; column < width; column += columns)
        {
            // The tiles of one size, or one of them where the epilogue takes each.
            int size = band.Columns.SizeAt(column);
            int end = column < band.Columns.EndOfLarge ? band.Columns.EndOfLarge : width;
            columns = width > LongestRow || band.Tiles == null ? size : end - column;
            float* x = band.X + ((nint)column * shape.Pool * shape.OutputStep);
            float* results = band.Results + ((column - first) * band.Step);
            if (band.Tiles != null)
            {
                nint* known = band.Tiles + (band.Channels <= TIsa.Width ? PanelTile.Tallest : 0) + (size * band.Rows) - 1;
                var tile = (delegate*<in TileWalk, in TileRun, float*, float*, nint*, float*, void>)*known;
                if (tile == null)
                {
                    tile = TileOf<TVector, TIsa>(size * band.Rows, shape.Pool, band.Channels, TEpilogue.HasWinners);
                    *known = (nint)tile;
                }

                TileRun run = new(columns / size, size * shape.Pool * shape.OutputStep, size * band.Step);
                tile(in band.Walk, in run, x, band.Weights, band.Offsets, results);
            }
            else
            {
                MakeWindow<TVector, TIsa>(in shape, in band, x, results);
            }

            if (width > LongestRow)
            {
                Finish<TVector, TIsa, TEpilogue>(in band, column, columns);
                first = column + columns;
            }
        }

        if (width <= LongestRow)
        {
            Finish<TVector, TIsa, TEpilogue>(in band, 0, band.Rows * width);
        }
    }

    /// <summary>Gives results of the band, from a column on, to the epilogue.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Finish<TVector, TIsa, TEpilogue>(in Band band, int column, int count)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
        where TEpilogue : struct, IConvolutionEpilogue
    {
        ConvolutionResults.Finish<TVector, TIsa, TEpilogue>(
            band.Call, band.Pixel + column, band.Channel, band.Channels, count, band.Results, band.Results + (2 * TIsa.Width), band.Step);
        if (band.Planes != null)
        {
            Transposition.ToPlanes(band.Results, band.Step, band.Channels, count, band.Planes + column, band.Plane);
        }
    }

    /// <summary>The tile that makes so many results.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static delegate*<in TileWalk, in TileRun, float*, float*, nint*, float*, void> TileOf<TVector, TIsa>(int results, int pool, int channels, bool hasWinners)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        bool isNarrow = channels <= TIsa.Width;
        return (pool, isNarrow, hasWinners) switch
        {
            (1, false, false) => PanelTile.Of<TVector, TIsa, N2, Sums>(results),
            (1, true, false) => PanelTile.Of<TVector, TIsa, N1, Sums>(results),
            (_, false, false) => PanelTile.OfWindows<TVector, TIsa, N2, Off>(results),
            (_, false, true) => PanelTile.OfWindows<TVector, TIsa, N2, On>(results),
            (_, true, false) => PanelTile.OfWindows<TVector, TIsa, N1, Off>(results),
            (_, true, true) => PanelTile.OfWindows<TVector, TIsa, N1, On>(results),
        };
    }

    /// <summary>Makes one result: sums of some rows of its window at a time, or of a part of a row, which are pooled from memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    [SkipLocalsInit]
    private static void MakeWindow<TVector, TIsa>(in ConvolutionShape shape, in Band band, float* x, float* result)
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
                PanelTile.Of<TVector, TIsa, N2, Sums>(height * width)(in band.Walk, new TileRun(1, 0, 0), from, band.Weights, offsets, sums + (((row * pool) + column) * 2 * TIsa.Width));
            }
        }

        MaxPooling.Window<TVector, TIsa>(sums, pool * pool, result, result + (2 * TIsa.Width));
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

        /// <summary>Results of a row of the image.</summary>
        public int Width;

        /// <summary>Results of the image, in each channel.</summary>
        public int Plane;

        /// <summary>How a row is cut into tiles.</summary>
        public EvenSplit Columns;

        /// <summary>Where the patches of a tile's pixels are, counted from the first.</summary>
        public nint* Offsets;

        /// <summary>The tiles that are known; <see langword="null"/> where windows have none and are made one by one.</summary>
        public nint* Tiles;

        /// <summary>The number of the first result.</summary>
        public int Pixel;

        /// <summary>The first channel.</summary>
        public int Channel;

        /// <summary>Channels, as many as the lanes of two vectors or fewer.</summary>
        public int Channels;

        /// <summary>Memory for the results, each followed by its winners if they are wanted. What is stored plane by plane takes their place.</summary>
        public float* Results;

        /// <summary>From one result to the next, in floats.</summary>
        public int Step;

        /// <summary>Where what is stored plane by plane goes.</summary>
        public float* Planes;
    }
}
