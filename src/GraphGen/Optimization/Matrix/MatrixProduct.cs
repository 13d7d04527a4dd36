using System.Runtime.CompilerServices;
using GraphGen.Simd;

namespace GraphGen;

/// <summary>A matrix in memory, rows one after the other, or its transpose.</summary>
internal readonly unsafe struct MatrixView
{
    public MatrixView(float* pointer, int rows, int columns)
        : this(pointer, rows, columns, isTransposed: false)
    {
    }

    private MatrixView(float* pointer, int rows, int columns, bool isTransposed)
    {
        Pointer = pointer;
        Rows = rows;
        Columns = columns;
        IsTransposed = isTransposed;
    }

    public float* Pointer { get; }

    public int Rows { get; }

    public int Columns { get; }

    /// <summary>Whether a column lies in one piece, rather than a row.</summary>
    public bool IsTransposed { get; }

    public MatrixView Transpose => new(Pointer, Columns, Rows, !IsTransposed);
}

/// <summary>
/// <c>C ← alpha·left·right + beta·C</c> over matrices in single precision. Each element is summed over the inner dimension in order, in
/// stretches of one length and with each product added in one rounding, so its bits depend neither on the number of threads nor (where
/// instructions fuse) on the width of vectors.
/// </summary>
/// <remarks>
/// Both sides are first copied to panels in which a tile's work lies in the order it is read: panels of <see cref="TileRows"/> rows of
/// the left, of two vectors of columns of the right. C may therefore be one of the operands. A tile's sums are in registers for a whole
/// stretch, whose panel of the right side stays in the first-level cache while the block's left panels, in the second, pass by.
/// </remarks>
internal static unsafe class MatrixProduct
{
    // 6 x 2 vectors of sums, 2 of the right side and 1 of the left: 15 of the 16 registers that the smallest machines have, and enough
    // sums in flight for the latency of two units.
    private const int TileRows = 6;
    private const int TileVectors = 2;

    /// <summary>How far a tile goes along the inner dimension at a time.</summary>
    private const int Stretch = 256;

    /// <summary>Left panels and right panels of a task.</summary>
    private const int BlockRows = 16;
    private const int BlockColumns = 4;

    private const int WidestTile = TileVectors * 16;

    /// <summary>Floats of scratch memory that a product needs at most.</summary>
    public static long ScratchLength(int rows, int inner, int columns) =>
        PanelsLength(rows, inner, TileRows) + PanelsLength(columns, inner, WidestTile);

    /// <summary>Multiplies.</summary>
    /// <param name="left">[rows, inner].</param>
    /// <param name="right">[inner, columns].</param>
    /// <param name="result">[rows, columns], row after row.</param>
    /// <param name="alpha">The factor of the product.</param>
    /// <param name="beta">The factor of what is in <paramref name="result"/>, which is not read if this is 0.</param>
    /// <param name="isSymmetric">
    /// Whether the result is known to be symmetric (what is in it too, if <paramref name="beta"/> is not 0): half of it is computed and mirrored.
    /// </param>
    /// <param name="scratch"><see cref="ScratchLength"/> floats, on a multiple of 16.</param>
    public static void Run(MatrixView left, MatrixView right, float* result, float alpha, float beta, bool isSymmetric, float* scratch)
    {
        int rows = left.Rows, inner = left.Columns, columns = right.Columns;
        int tileColumns = TileVectors * SimdTarget.Width;
        Product product = new()
        {
            Left = scratch,
            Right = scratch + PanelsLength(rows, inner, TileRows),
            Result = result,
            Rows = rows,
            Inner = inner,
            Columns = columns,
            RowBlocks = Parts(rows, BlockRows * TileRows),
            Alpha = alpha,
            Beta = beta,
            IsSymmetric = isSymmetric,
        };
        Pack(left, TileRows, product.Left);
        Pack(right.Transpose, tileColumns, product.Right);
        long work = 2L * BlockRows * TileRows * BlockColumns * tileColumns * inner;
        PoolTasks.Run(product, product.RowBlocks * Parts(columns, BlockColumns * tileColumns), work);
    }

    /// <summary>Copies rows to panels of <paramref name="width"/> of them, each [inner, width]; rows that are not there are zero.</summary>
    private static void Pack(MatrixView source, int width, float* panels)
    {
        Packing packing = new() { Source = source, Width = width, Panels = panels };
        PoolTasks.Run(packing, Parts(source.Rows, width), 4L * width * source.Columns);
    }

    private static int Parts(int length, int part) => (int)(((long)length + part - 1) / part);

    private static long PanelsLength(int rows, int inner, int width) => ParameterBlock.Align((long)Parts(rows, width) * width * inner);

    private struct Packing : IPoolTask
    {
        public MatrixView Source;
        public int Width;
        public float* Panels;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TVector, TIsa>(int task)
            where TVector : struct
            where TIsa : struct, ISimd<TVector>
        {
            int first = task * Width, count = Math.Min(Width, Source.Rows - first), inner = Source.Columns;
            float* panel = Panels + ((nint)task * Width * inner);
            if (count < Width)
            {
                new Span<float>(panel, checked(Width * inner)).Clear();
            }

            if (Source.IsTransposed)
            {
                for (nint k = 0; k < inner; k++)
                {
                    Copy<TVector, TIsa>(Source.Pointer + (k * Source.Rows) + first, panel + (k * Width), count);
                }
            }
            else
            {
                // So that a line of the panel is filled while it is near: a few columns of every row at a time.
                const int Columns = 16;
                for (nint k = 0; k < inner; k += Columns)
                {
                    nint end = Math.Min(inner, k + Columns);
                    for (int row = 0; row < count; row++)
                    {
                        float* source = Source.Pointer + ((nint)(first + row) * inner);
                        for (nint i = k; i < end; i++)
                        {
                            panel[(i * Width) + row] = source[i];
                        }
                    }
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Copy<TVector, TIsa>(float* source, float* destination, int count)
            where TVector : struct
            where TIsa : struct, ISimd<TVector>
        {
            for (int i = 0; i < count; i += TIsa.Width)
            {
                LaneSum.Store<TVector, TIsa>(destination + i, LaneSum.Load<TVector, TIsa>(source + i, count - i), count - i);
            }
        }
    }

    private struct Product : IPoolTask
    {
        /// <summary>[row panels, inner, tile rows].</summary>
        public float* Left;

        /// <summary>[column panels, inner, tile columns].</summary>
        public float* Right;

        /// <summary>[rows, columns].</summary>
        public float* Result;

        public int Rows;
        public int Inner;
        public int Columns;
        public int RowBlocks;
        public float Alpha;
        public float Beta;
        public bool IsSymmetric;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TVector, TIsa>(int task)
            where TVector : struct
            where TIsa : struct, ISimd<TVector>
        {
            int tileColumns = TileVectors * TIsa.Width;
            int firstRow = task % RowBlocks * BlockRows * TileRows, firstColumn = task / RowBlocks * BlockColumns * tileColumns;
            int endRow = Math.Min(Rows, firstRow + (BlockRows * TileRows)), endColumn = Math.Min(Columns, firstColumn + (BlockColumns * tileColumns));
            float* tile = stackalloc float[TileRows * WidestTile];
            for (int k = 0; k < Inner; k += Stretch)
            {
                int length = Math.Min(Stretch, Inner - k);
                float before = k == 0 ? Beta : 1f;
                bool mirrors = IsSymmetric && k + length == Inner;
                for (int column = firstColumn; column < endColumn; column += tileColumns)
                {
                    float* right = Right + ((nint)column * Inner) + ((nint)k * tileColumns);
                    for (int row = firstRow; row < endRow; row += TileRows)
                    {
                        // Of a symmetric result a tile that is above the diagonal altogether is another's mirror image.
                        if (IsSymmetric && row + TileRows <= column)
                        {
                            continue;
                        }

                        Tile<TVector, TIsa>(Left + ((nint)row * Inner) + ((nint)k * TileRows), right, length, tile);
                        Store<TVector, TIsa>(tile, row, Math.Min(TileRows, endRow - row), column, Math.Min(tileColumns, endColumn - column), before, mirrors);
                    }
                }
            }
        }

        /// <summary>tile [tile rows, tile columns] ← left [length, tile rows]ᵀ · right [length, tile columns].</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Tile<TVector, TIsa>(float* left, float* right, int length, float* tile)
            where TVector : struct
            where TIsa : struct, ISimd<TVector>
        {
            TVector a0 = TIsa.Zero, a1 = TIsa.Zero, b0 = TIsa.Zero, b1 = TIsa.Zero, c0 = TIsa.Zero, c1 = TIsa.Zero;
            TVector d0 = TIsa.Zero, d1 = TIsa.Zero, e0 = TIsa.Zero, e1 = TIsa.Zero, f0 = TIsa.Zero, f1 = TIsa.Zero;
            for (int k = 0; k < length; k++)
            {
                TVector right0 = TIsa.Load(right), right1 = TIsa.Load(right + TIsa.Width);
                TVector x = TIsa.Broadcast(left[0]);
                a0 = TIsa.FusedMultiplyAdd(x, right0, a0);
                a1 = TIsa.FusedMultiplyAdd(x, right1, a1);
                x = TIsa.Broadcast(left[1]);
                b0 = TIsa.FusedMultiplyAdd(x, right0, b0);
                b1 = TIsa.FusedMultiplyAdd(x, right1, b1);
                x = TIsa.Broadcast(left[2]);
                c0 = TIsa.FusedMultiplyAdd(x, right0, c0);
                c1 = TIsa.FusedMultiplyAdd(x, right1, c1);
                x = TIsa.Broadcast(left[3]);
                d0 = TIsa.FusedMultiplyAdd(x, right0, d0);
                d1 = TIsa.FusedMultiplyAdd(x, right1, d1);
                x = TIsa.Broadcast(left[4]);
                e0 = TIsa.FusedMultiplyAdd(x, right0, e0);
                e1 = TIsa.FusedMultiplyAdd(x, right1, e1);
                x = TIsa.Broadcast(left[5]);
                f0 = TIsa.FusedMultiplyAdd(x, right0, f0);
                f1 = TIsa.FusedMultiplyAdd(x, right1, f1);
                left += TileRows;
                right += TileVectors * TIsa.Width;
            }

            StoreRow<TVector, TIsa>(tile, 0, a0, a1);
            StoreRow<TVector, TIsa>(tile, 1, b0, b1);
            StoreRow<TVector, TIsa>(tile, 2, c0, c1);
            StoreRow<TVector, TIsa>(tile, 3, d0, d1);
            StoreRow<TVector, TIsa>(tile, 4, e0, e1);
            StoreRow<TVector, TIsa>(tile, 5, f0, f1);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void StoreRow<TVector, TIsa>(float* tile, int row, TVector first, TVector second)
            where TVector : struct
            where TIsa : struct, ISimd<TVector>
        {
            TIsa.Store(tile + (row * TileVectors * TIsa.Width), first);
            TIsa.Store(tile + (row * TileVectors * TIsa.Width) + TIsa.Width, second);
        }

        /// <summary>result ← alpha·tile + beta·result, for the part of the tile that there is and, at last, its mirror image.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Store<TVector, TIsa>(float* tile, int row, int rows, int column, int columns, float beta, bool mirrors)
            where TVector : struct
            where TIsa : struct, ISimd<TVector>
        {
            TVector alpha = TIsa.Broadcast(Alpha);
            for (int i = 0; i < rows; i++)
            {
                float* source = tile + (i * TileVectors * TIsa.Width);
                float* result = Result + ((nint)(row + i) * Columns) + column;

                // Of a symmetric result each element is computed once, on or below the diagonal, by the task that writes its mirror image too.
                int count = IsSymmetric ? Math.Min(columns, row + i + 1 - column) : columns;
                for (int j = 0; j < count; j += TIsa.Width)
                {
                    TVector sum = TIsa.Multiply(alpha, TIsa.Load(source + j));
                    if (beta != 0)
                    {
                        sum = TIsa.FusedMultiplyAdd(TIsa.Broadcast(beta), LaneSum.Load<TVector, TIsa>(result + j, count - j), sum);
                    }

                    LaneSum.Store<TVector, TIsa>(result + j, sum, count - j);
                }

                for (int j = 0; mirrors && j < count; j++)
                {
                    Result[((nint)(column + j) * Columns) + row + i] = result[j];
                }
            }
        }
    }
}
