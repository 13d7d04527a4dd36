using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GraphGen.Simd;

/// <summary>
/// A block of a product whose sides are both contiguous along the depth (x W^T): every result is a dot product. Tiles of rows x columns
/// keep their sums in registers; the columns' stretch of the right side stays in the L1 cache for all rows.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static unsafe class DotProducts
{
    /// <summary>A longer depth is walked in blocks of this many floats: 4 rows of both sides fill L1.</summary>
    private const int DepthBlock = 1024;

    /// <summary>Makes the block: its results are collected on the stack, and go through the epilogue. The columns of both sides' depth are contiguous.</summary>
    /// <param name="call">What the epilogue is given.</param>
    /// <param name="block">What to make.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    [SkipLocalsInit]
    public static void Multiply<TVector, TIsa, TEpilogue>(void* call, in ProductBlock block)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
        where TEpilogue : struct, ITileEpilogue
    {
        int rows = block.EndRow - block.FirstRow;
        int columns = block.EndColumn - block.FirstColumn;
        float* sums = stackalloc float[rows * columns];
        Multiply<TVector, TIsa>(
            block.Left + (block.FirstRow * block.LeftRow), block.LeftRow, rows, block.Right + (block.FirstColumn * block.RightColumn), block.RightColumn, columns, block.Depth, sums, columns);
        for (int row = 0; row < rows; row++)
        {
            int column = 0;
            for (; column <= columns - TIsa.Width; column += TIsa.Width)
            {
                TEpilogue.Store<TVector, TIsa>(call, block.Batch, block.FirstRow + row, block.FirstColumn + column, TIsa.Load(sums + column));
            }

            if (column < columns)
            {
                int count = columns - column;
                TEpilogue.StorePartial<TVector, TIsa>(call, block.Batch, block.FirstRow + row, block.FirstColumn + column, TIsa.LoadPartial(sums + column, count), count);
            }

            sums += columns;
        }
    }

    /// <summary>Makes the dot products of some rows of both sides.</summary>
    /// <param name="left">The first row of the left side.</param>
    /// <param name="leftRow">Floats from one to the next.</param>
    /// <param name="rows">How many.</param>
    /// <param name="right">The first row of the right side, a column of the result.</param>
    /// <param name="rightRow">Floats from one to the next.</param>
    /// <param name="columns">How many.</param>
    /// <param name="depth">The length of the rows.</param>
    /// <param name="sums">Takes the results, [rows, columns].</param>
    /// <param name="sumsRow">Floats from a row of the results to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Multiply<TVector, TIsa>(float* left, nint leftRow, int rows, float* right, nint rightRow, int columns, int depth, float* sums, nint sumsRow)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        int length = depth > 2 * DepthBlock ? DepthBlock : depth;
        for (int from = 0; from < depth; from += length)
        {
            if (rows == 1)
            {
                AddRow<TVector, TIsa>(left + from, right + from, rightRow, columns, Math.Min(length, depth - from), sums, isFirst: from == 0);
                continue;
            }

            Add<TVector, TIsa>(left + from, leftRow, rows, right + from, rightRow, columns, Math.Min(length, depth - from), sums, sumsRow, isFirst: from == 0);
        }
    }

    /// <summary>A stretch of the depth: its sums are the results, or are added to them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Add<TVector, TIsa>(float* left, nint leftRow, int rows, float* right, nint rightRow, int columns, int length, float* sums, nint sumsRow, bool isFirst)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        int column = 0;
        for (; TIsa.Registers >= 32 && column + 4 <= columns; column += 4)
        {
            float* weight = right + (column * rightRow);
            int row = 0;
            for (; row + 4 <= rows; row += 4)
            {
                Tile4x4<TVector, TIsa>(left + (row * leftRow), leftRow, weight, rightRow, length, sums + (row * sumsRow) + column, sumsRow, isFirst);
            }

            for (; row < rows; row++)
            {
                Tile1x4<TVector, TIsa>(left + (row * leftRow), weight, rightRow, length, sums + (row * sumsRow) + column, isFirst);
            }
        }

        for (; column + 2 <= columns; column += 2)
        {
            float* weight = right + (column * rightRow);
            int row = 0;
            for (; row + 4 <= rows; row += 4)
            {
                Tile4x2<TVector, TIsa>(left + (row * leftRow), leftRow, weight, rightRow, length, sums + (row * sumsRow) + column, sumsRow, isFirst);
            }

            for (; row < rows; row++)
            {
                Tile1x1<TVector, TIsa>(left + (row * leftRow), weight, length, sums + (row * sumsRow) + column, isFirst);
                Tile1x1<TVector, TIsa>(left + (row * leftRow), weight + rightRow, length, sums + (row * sumsRow) + column + 1, isFirst);
            }
        }

        for (; column < columns; column++)
        {
            float* weight = right + (column * rightRow);
            int row = 0;
            for (; row + 4 <= rows; row += 4)
            {
                Tile4x1<TVector, TIsa>(left + (row * leftRow), leftRow, weight, length, sums + (row * sumsRow) + column, sumsRow, isFirst);
            }

            for (; row < rows; row++)
            {
                Tile1x1<TVector, TIsa>(left + (row * leftRow), weight, length, sums + (row * sumsRow) + column, isFirst);
            }
        }
    }

    /// <summary>The same for one row: a task of a single sample is short, and calls would be felt.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void AddRow<TVector, TIsa>(float* left, float* right, nint rightRow, int columns, int length, float* sums, bool isFirst)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        int column = 0;
        for (; column + 4 <= columns; column += 4)
        {
            Tile1x4<TVector, TIsa>(left, right, rightRow, length, sums + column, isFirst);
            right += 4 * rightRow;
        }

        for (; column < columns; column++)
        {
            Tile1x1<TVector, TIsa>(left, right, length, sums + column, isFirst);
            right += rightRow;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Tile4x4<TVector, TIsa>(float* left, nint leftRow, float* right, nint rightRow, int length, float* sums, nint sumsRow, bool isFirst)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        float* left1 = left + leftRow, left2 = left1 + leftRow, left3 = left2 + leftRow;
        float* right1 = right + rightRow, right2 = right1 + rightRow, right3 = right2 + rightRow;
        TVector s00 = TIsa.Zero, s01 = TIsa.Zero, s02 = TIsa.Zero, s03 = TIsa.Zero;
        TVector s10 = TIsa.Zero, s11 = TIsa.Zero, s12 = TIsa.Zero, s13 = TIsa.Zero;
        TVector s20 = TIsa.Zero, s21 = TIsa.Zero, s22 = TIsa.Zero, s23 = TIsa.Zero;
        TVector s30 = TIsa.Zero, s31 = TIsa.Zero, s32 = TIsa.Zero, s33 = TIsa.Zero;
        nint k = 0;
        for (; k <= length - TIsa.Width; k += TIsa.Width)
        {
            TVector x0 = TIsa.Load(left + k), x1 = TIsa.Load(left1 + k), x2 = TIsa.Load(left2 + k), x3 = TIsa.Load(left3 + k);
            TVector w = TIsa.Load(right + k);
            s00 = TIsa.FusedMultiplyAdd(x0, w, s00);
            s10 = TIsa.FusedMultiplyAdd(x1, w, s10);
            s20 = TIsa.FusedMultiplyAdd(x2, w, s20);
            s30 = TIsa.FusedMultiplyAdd(x3, w, s30);
            w = TIsa.Load(right1 + k);
            s01 = TIsa.FusedMultiplyAdd(x0, w, s01);
            s11 = TIsa.FusedMultiplyAdd(x1, w, s11);
            s21 = TIsa.FusedMultiplyAdd(x2, w, s21);
            s31 = TIsa.FusedMultiplyAdd(x3, w, s31);
            w = TIsa.Load(right2 + k);
            s02 = TIsa.FusedMultiplyAdd(x0, w, s02);
            s12 = TIsa.FusedMultiplyAdd(x1, w, s12);
            s22 = TIsa.FusedMultiplyAdd(x2, w, s22);
            s32 = TIsa.FusedMultiplyAdd(x3, w, s32);
            w = TIsa.Load(right3 + k);
            s03 = TIsa.FusedMultiplyAdd(x0, w, s03);
            s13 = TIsa.FusedMultiplyAdd(x1, w, s13);
            s23 = TIsa.FusedMultiplyAdd(x2, w, s23);
            s33 = TIsa.FusedMultiplyAdd(x3, w, s33);
        }

        if (k < length)
        {
            int count = length - (int)k;
            TVector x0 = TIsa.LoadPartial(left + k, count), x1 = TIsa.LoadPartial(left1 + k, count), x2 = TIsa.LoadPartial(left2 + k, count), x3 = TIsa.LoadPartial(left3 + k, count);
            TVector w = TIsa.LoadPartial(right + k, count);
            s00 = TIsa.FusedMultiplyAdd(x0, w, s00);
            s10 = TIsa.FusedMultiplyAdd(x1, w, s10);
            s20 = TIsa.FusedMultiplyAdd(x2, w, s20);
            s30 = TIsa.FusedMultiplyAdd(x3, w, s30);
            w = TIsa.LoadPartial(right1 + k, count);
            s01 = TIsa.FusedMultiplyAdd(x0, w, s01);
            s11 = TIsa.FusedMultiplyAdd(x1, w, s11);
            s21 = TIsa.FusedMultiplyAdd(x2, w, s21);
            s31 = TIsa.FusedMultiplyAdd(x3, w, s31);
            w = TIsa.LoadPartial(right2 + k, count);
            s02 = TIsa.FusedMultiplyAdd(x0, w, s02);
            s12 = TIsa.FusedMultiplyAdd(x1, w, s12);
            s22 = TIsa.FusedMultiplyAdd(x2, w, s22);
            s32 = TIsa.FusedMultiplyAdd(x3, w, s32);
            w = TIsa.LoadPartial(right3 + k, count);
            s03 = TIsa.FusedMultiplyAdd(x0, w, s03);
            s13 = TIsa.FusedMultiplyAdd(x1, w, s13);
            s23 = TIsa.FusedMultiplyAdd(x2, w, s23);
            s33 = TIsa.FusedMultiplyAdd(x3, w, s33);
        }

        Take(sums, TIsa.Sum(s00, s01, s02, s03), isFirst);
        Take(sums + sumsRow, TIsa.Sum(s10, s11, s12, s13), isFirst);
        Take(sums + (2 * sumsRow), TIsa.Sum(s20, s21, s22, s23), isFirst);
        Take(sums + (3 * sumsRow), TIsa.Sum(s30, s31, s32, s33), isFirst);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Tile4x2<TVector, TIsa>(float* left, nint leftRow, float* right, nint rightRow, int length, float* sums, nint sumsRow, bool isFirst)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        float* left1 = left + leftRow, left2 = left1 + leftRow, left3 = left2 + leftRow;
        float* right1 = right + rightRow;
        TVector s00 = TIsa.Zero, s01 = TIsa.Zero, s10 = TIsa.Zero, s11 = TIsa.Zero;
        TVector s20 = TIsa.Zero, s21 = TIsa.Zero, s30 = TIsa.Zero, s31 = TIsa.Zero;
        nint k = 0;
        for (; k <= length - TIsa.Width; k += TIsa.Width)
        {
            TVector x0 = TIsa.Load(left + k), x1 = TIsa.Load(left1 + k), x2 = TIsa.Load(left2 + k), x3 = TIsa.Load(left3 + k);
            TVector w = TIsa.Load(right + k);
            s00 = TIsa.FusedMultiplyAdd(x0, w, s00);
            s10 = TIsa.FusedMultiplyAdd(x1, w, s10);
            s20 = TIsa.FusedMultiplyAdd(x2, w, s20);
            s30 = TIsa.FusedMultiplyAdd(x3, w, s30);
            w = TIsa.Load(right1 + k);
            s01 = TIsa.FusedMultiplyAdd(x0, w, s01);
            s11 = TIsa.FusedMultiplyAdd(x1, w, s11);
            s21 = TIsa.FusedMultiplyAdd(x2, w, s21);
            s31 = TIsa.FusedMultiplyAdd(x3, w, s31);
        }

        if (k < length)
        {
            int count = length - (int)k;
            TVector x0 = TIsa.LoadPartial(left + k, count), x1 = TIsa.LoadPartial(left1 + k, count), x2 = TIsa.LoadPartial(left2 + k, count), x3 = TIsa.LoadPartial(left3 + k, count);
            TVector w = TIsa.LoadPartial(right + k, count);
            s00 = TIsa.FusedMultiplyAdd(x0, w, s00);
            s10 = TIsa.FusedMultiplyAdd(x1, w, s10);
            s20 = TIsa.FusedMultiplyAdd(x2, w, s20);
            s30 = TIsa.FusedMultiplyAdd(x3, w, s30);
            w = TIsa.LoadPartial(right1 + k, count);
            s01 = TIsa.FusedMultiplyAdd(x0, w, s01);
            s11 = TIsa.FusedMultiplyAdd(x1, w, s11);
            s21 = TIsa.FusedMultiplyAdd(x2, w, s21);
            s31 = TIsa.FusedMultiplyAdd(x3, w, s31);
        }

        Vector128<float> upper = TIsa.Sum(s00, s01, s10, s11), lower = TIsa.Sum(s20, s21, s30, s31);
        Take(sums, upper[0], isFirst);
        Take(sums + 1, upper[1], isFirst);
        Take(sums + sumsRow, upper[2], isFirst);
        Take(sums + sumsRow + 1, upper[3], isFirst);
        sums += 2 * sumsRow;
        Take(sums, lower[0], isFirst);
        Take(sums + 1, lower[1], isFirst);
        Take(sums + sumsRow, lower[2], isFirst);
        Take(sums + sumsRow + 1, lower[3], isFirst);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Tile4x1<TVector, TIsa>(float* left, nint leftRow, float* right, int length, float* sums, nint sumsRow, bool isFirst)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        float* left1 = left + leftRow, left2 = left1 + leftRow, left3 = left2 + leftRow;
        TVector s0 = TIsa.Zero, s1 = TIsa.Zero, s2 = TIsa.Zero, s3 = TIsa.Zero;
        nint k = 0;
        for (; k <= length - TIsa.Width; k += TIsa.Width)
        {
            TVector w = TIsa.Load(right + k);
            s0 = TIsa.FusedMultiplyAdd(TIsa.Load(left + k), w, s0);
            s1 = TIsa.FusedMultiplyAdd(TIsa.Load(left1 + k), w, s1);
            s2 = TIsa.FusedMultiplyAdd(TIsa.Load(left2 + k), w, s2);
            s3 = TIsa.FusedMultiplyAdd(TIsa.Load(left3 + k), w, s3);
        }

        if (k < length)
        {
            int count = length - (int)k;
            TVector w = TIsa.LoadPartial(right + k, count);
            s0 = TIsa.FusedMultiplyAdd(TIsa.LoadPartial(left + k, count), w, s0);
            s1 = TIsa.FusedMultiplyAdd(TIsa.LoadPartial(left1 + k, count), w, s1);
            s2 = TIsa.FusedMultiplyAdd(TIsa.LoadPartial(left2 + k, count), w, s2);
            s3 = TIsa.FusedMultiplyAdd(TIsa.LoadPartial(left3 + k, count), w, s3);
        }

        Vector128<float> results = TIsa.Sum(s0, s1, s2, s3);
        Take(sums, results[0], isFirst);
        Take(sums + sumsRow, results[1], isFirst);
        Take(sums + (2 * sumsRow), results[2], isFirst);
        Take(sums + (3 * sumsRow), results[3], isFirst);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tile1x4<TVector, TIsa>(float* left, float* right, nint rightRow, int length, float* sums, bool isFirst)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        float* right1 = right + rightRow, right2 = right1 + rightRow, right3 = right2 + rightRow;
        TVector s0 = TIsa.Zero, s1 = TIsa.Zero, s2 = TIsa.Zero, s3 = TIsa.Zero;
        nint k = 0;
        for (; k <= length - TIsa.Width; k += TIsa.Width)
        {
            TVector x = TIsa.Load(left + k);
            s0 = TIsa.FusedMultiplyAdd(x, TIsa.Load(right + k), s0);
            s1 = TIsa.FusedMultiplyAdd(x, TIsa.Load(right1 + k), s1);
            s2 = TIsa.FusedMultiplyAdd(x, TIsa.Load(right2 + k), s2);
            s3 = TIsa.FusedMultiplyAdd(x, TIsa.Load(right3 + k), s3);
        }

        if (k < length)
        {
            int count = length - (int)k;
            TVector x = TIsa.LoadPartial(left + k, count);
            s0 = TIsa.FusedMultiplyAdd(x, TIsa.LoadPartial(right + k, count), s0);
            s1 = TIsa.FusedMultiplyAdd(x, TIsa.LoadPartial(right1 + k, count), s1);
            s2 = TIsa.FusedMultiplyAdd(x, TIsa.LoadPartial(right2 + k, count), s2);
            s3 = TIsa.FusedMultiplyAdd(x, TIsa.LoadPartial(right3 + k, count), s3);
        }

        Take(sums, TIsa.Sum(s0, s1, s2, s3), isFirst);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Tile1x1<TVector, TIsa>(float* left, float* right, int length, float* sums, bool isFirst)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        TVector s = TIsa.Zero;
        nint k = 0;
        for (; k <= length - TIsa.Width; k += TIsa.Width)
        {
            s = TIsa.FusedMultiplyAdd(TIsa.Load(left + k), TIsa.Load(right + k), s);
        }

        if (k < length)
        {
            int count = length - (int)k;
            s = TIsa.FusedMultiplyAdd(TIsa.LoadPartial(left + k, count), TIsa.LoadPartial(right + k, count), s);
        }

        Take(sums, TIsa.Sum(s), isFirst);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Take(float* place, Vector128<float> sum, bool isFirst) => (isFirst ? sum : Vector128.Load(place) + sum).Store(place);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Take(float* place, float sum, bool isFirst) => *place = isFirst ? sum : *place + sum;
}
