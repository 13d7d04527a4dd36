using System.Runtime.CompilerServices;

namespace GraphGen.Simd;

/// <content>The register tiles: rows x two vectors, and rows x one where columns are left over from pairs of vectors.</content>
public static unsafe partial class OuterProducts
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Tile8<TVector, TIsa, TEpilogue, TFar>(
        void* call, int batch, float* left, nint leftRow, nint leftColumn, float* right, nint rightRow, int depth, int row, int column)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
        where TEpilogue : struct, ITileEpilogue
        where TFar : struct, ISwitch
    {
        float* lower = left + (4 * leftRow);
        nint two = 2 * leftRow, three = 3 * leftRow;
        TVector c00 = TIsa.Zero, c01 = TIsa.Zero, c10 = TIsa.Zero, c11 = TIsa.Zero, c20 = TIsa.Zero, c21 = TIsa.Zero, c30 = TIsa.Zero, c31 = TIsa.Zero;
        TVector c40 = TIsa.Zero, c41 = TIsa.Zero, c50 = TIsa.Zero, c51 = TIsa.Zero, c60 = TIsa.Zero, c61 = TIsa.Zero, c70 = TIsa.Zero, c71 = TIsa.Zero;
        for (int k = 0; k < depth; k++)
        {
            PrefetchNext<TVector, TIsa, TFar>(right);
            TVector b0 = TIsa.Load(right), b1 = TIsa.Load(right + TIsa.Width);
            TVector a = TIsa.Broadcast(left[0]);
            c00 = TIsa.FusedMultiplyAdd(a, b0, c00);
            c01 = TIsa.FusedMultiplyAdd(a, b1, c01);
            a = TIsa.Broadcast(left[leftRow]);
            c10 = TIsa.FusedMultiplyAdd(a, b0, c10);
            c11 = TIsa.FusedMultiplyAdd(a, b1, c11);
            a = TIsa.Broadcast(left[two]);
            c20 = TIsa.FusedMultiplyAdd(a, b0, c20);
            c21 = TIsa.FusedMultiplyAdd(a, b1, c21);
            a = TIsa.Broadcast(left[three]);
            c30 = TIsa.FusedMultiplyAdd(a, b0, c30);
            c31 = TIsa.FusedMultiplyAdd(a, b1, c31);
            a = TIsa.Broadcast(lower[0]);
            c40 = TIsa.FusedMultiplyAdd(a, b0, c40);
            c41 = TIsa.FusedMultiplyAdd(a, b1, c41);
            a = TIsa.Broadcast(lower[leftRow]);
            c50 = TIsa.FusedMultiplyAdd(a, b0, c50);
            c51 = TIsa.FusedMultiplyAdd(a, b1, c51);
            a = TIsa.Broadcast(lower[two]);
            c60 = TIsa.FusedMultiplyAdd(a, b0, c60);
            c61 = TIsa.FusedMultiplyAdd(a, b1, c61);
            a = TIsa.Broadcast(lower[three]);
            c70 = TIsa.FusedMultiplyAdd(a, b0, c70);
            c71 = TIsa.FusedMultiplyAdd(a, b1, c71);
            left += leftColumn;
            lower += leftColumn;
            right += rightRow;
        }

        TEpilogue.Store<TVector, TIsa>(call, batch, row, column, c00);
        TEpilogue.Store<TVector, TIsa>(call, batch, row, column + TIsa.Width, c01);
        TEpilogue.Store<TVector, TIsa>(call, batch, row + 1, column, c10);
        TEpilogue.Store<TVector, TIsa>(call, batch, row + 1, column + TIsa.Width, c11);
        TEpilogue.Store<TVector, TIsa>(call, batch, row + 2, column, c20);
        TEpilogue.Store<TVector, TIsa>(call, batch, row + 2, column + TIsa.Width, c21);
        TEpilogue.Store<TVector, TIsa>(call, batch, row + 3, column, c30);
        TEpilogue.Store<TVector, TIsa>(call, batch, row + 3, column + TIsa.Width, c31);
        TEpilogue.Store<TVector, TIsa>(call, batch, row + 4, column, c40);
        TEpilogue.Store<TVector, TIsa>(call, batch, row + 4, column + TIsa.Width, c41);
        TEpilogue.Store<TVector, TIsa>(call, batch, row + 5, column, c50);
        TEpilogue.Store<TVector, TIsa>(call, batch, row + 5, column + TIsa.Width, c51);
        TEpilogue.Store<TVector, TIsa>(call, batch, row + 6, column, c60);
        TEpilogue.Store<TVector, TIsa>(call, batch, row + 6, column + TIsa.Width, c61);
        TEpilogue.Store<TVector, TIsa>(call, batch, row + 7, column, c70);
        TEpilogue.Store<TVector, TIsa>(call, batch, row + 7, column + TIsa.Width, c71);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Tile4<TVector, TIsa, TEpilogue, TFar>(
        void* call, int batch, float* left, nint leftRow, nint leftColumn, float* right, nint rightRow, int depth, int row, int column)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
        where TEpilogue : struct, ITileEpilogue
        where TFar : struct, ISwitch
    {
        nint two = 2 * leftRow, three = 3 * leftRow;
        TVector c00 = TIsa.Zero, c01 = TIsa.Zero, c10 = TIsa.Zero, c11 = TIsa.Zero, c20 = TIsa.Zero, c21 = TIsa.Zero, c30 = TIsa.Zero, c31 = TIsa.Zero;
        for (int k = 0; k < depth; k++)
        {
            PrefetchNext<TVector, TIsa, TFar>(right);
            TVector b0 = TIsa.Load(right), b1 = TIsa.Load(right + TIsa.Width);
            TVector a = TIsa.Broadcast(left[0]);
            c00 = TIsa.FusedMultiplyAdd(a, b0, c00);
            c01 = TIsa.FusedMultiplyAdd(a, b1, c01);
            a = TIsa.Broadcast(left[leftRow]);
            c10 = TIsa.FusedMultiplyAdd(a, b0, c10);
            c11 = TIsa.FusedMultiplyAdd(a, b1, c11);
            a = TIsa.Broadcast(left[two]);
            c20 = TIsa.FusedMultiplyAdd(a, b0, c20);
            c21 = TIsa.FusedMultiplyAdd(a, b1, c21);
            a = TIsa.Broadcast(left[three]);
            c30 = TIsa.FusedMultiplyAdd(a, b0, c30);
            c31 = TIsa.FusedMultiplyAdd(a, b1, c31);
            left += leftColumn;
            right += rightRow;
        }

        TEpilogue.Store<TVector, TIsa>(call, batch, row, column, c00);
        TEpilogue.Store<TVector, TIsa>(call, batch, row, column + TIsa.Width, c01);
        TEpilogue.Store<TVector, TIsa>(call, batch, row + 1, column, c10);
        TEpilogue.Store<TVector, TIsa>(call, batch, row + 1, column + TIsa.Width, c11);
        TEpilogue.Store<TVector, TIsa>(call, batch, row + 2, column, c20);
        TEpilogue.Store<TVector, TIsa>(call, batch, row + 2, column + TIsa.Width, c21);
        TEpilogue.Store<TVector, TIsa>(call, batch, row + 3, column, c30);
        TEpilogue.Store<TVector, TIsa>(call, batch, row + 3, column + TIsa.Width, c31);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Tile1<TVector, TIsa, TEpilogue, TFar>(
        void* call, int batch, float* left, nint leftColumn, float* right, nint rightRow, int depth, int row, int column)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
        where TEpilogue : struct, ITileEpilogue
        where TFar : struct, ISwitch
    {
        TVector c0 = TIsa.Zero, c1 = TIsa.Zero;
        for (int k = 0; k < depth; k++)
        {
            PrefetchNext<TVector, TIsa, TFar>(right);
            TVector a = TIsa.Broadcast(left[0]);
            c0 = TIsa.FusedMultiplyAdd(a, TIsa.Load(right), c0);
            c1 = TIsa.FusedMultiplyAdd(a, TIsa.Load(right + TIsa.Width), c1);
            left += leftColumn;
            right += rightRow;
        }

        TEpilogue.Store<TVector, TIsa>(call, batch, row, column, c0);
        TEpilogue.Store<TVector, TIsa>(call, batch, row, column + TIsa.Width, c1);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Edge4<TVector, TIsa, TEpilogue>(void* call, in ProductBlock block, float* left, float* right, nint rightRow, int depth, int row, int column)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
        where TEpilogue : struct, ITileEpilogue
    {
        int count = block.Columns - column;
        bool isWhole = block.IsPacked || count >= TIsa.Width;
        nint leftRow = block.LeftRow, leftColumn = block.LeftColumn, two = 2 * leftRow, three = 3 * leftRow;
        TVector c0 = TIsa.Zero, c1 = TIsa.Zero, c2 = TIsa.Zero, c3 = TIsa.Zero;
        for (int k = 0; k < depth; k++)
        {
            TVector b = isWhole ? TIsa.Load(right) : TIsa.LoadPartial(right, count);
            c0 = TIsa.FusedMultiplyAdd(TIsa.Broadcast(left[0]), b, c0);
            c1 = TIsa.FusedMultiplyAdd(TIsa.Broadcast(left[leftRow]), b, c1);
            c2 = TIsa.FusedMultiplyAdd(TIsa.Broadcast(left[two]), b, c2);
            c3 = TIsa.FusedMultiplyAdd(TIsa.Broadcast(left[three]), b, c3);
            left += leftColumn;
            right += rightRow;
        }

        Finish<TVector, TIsa, TEpilogue>(call, block.Batch, row, column, c0, count);
        Finish<TVector, TIsa, TEpilogue>(call, block.Batch, row + 1, column, c1, count);
        Finish<TVector, TIsa, TEpilogue>(call, block.Batch, row + 2, column, c2, count);
        Finish<TVector, TIsa, TEpilogue>(call, block.Batch, row + 3, column, c3, count);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Edge1<TVector, TIsa, TEpilogue>(void* call, in ProductBlock block, float* left, float* right, nint rightRow, int depth, int row, int column)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
        where TEpilogue : struct, ITileEpilogue
    {
        int count = block.Columns - column;
        bool isWhole = block.IsPacked || count >= TIsa.Width;
        nint leftColumn = block.LeftColumn;
        TVector c = TIsa.Zero;
        for (int k = 0; k < depth; k++)
        {
            c = TIsa.FusedMultiplyAdd(TIsa.Broadcast(left[0]), isWhole ? TIsa.Load(right) : TIsa.LoadPartial(right, count), c);
            left += leftColumn;
            right += rightRow;
        }

        Finish<TVector, TIsa, TEpilogue>(call, block.Batch, row, column, c, count);
    }

    /// <summary>Gives a vector of which so many lanes count to the epilogue.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Finish<TVector, TIsa, TEpilogue>(void* call, int batch, int row, int column, TVector sum, int count)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
        where TEpilogue : struct, ITileEpilogue
    {
        if (count >= TIsa.Width)
        {
            TEpilogue.Store<TVector, TIsa>(call, batch, row, column, sum);
        }
        else
        {
            TEpilogue.StorePartial<TVector, TIsa>(call, batch, row, column, sum, count);
        }
    }

    /// <summary>Asks for the panel after this one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PrefetchNext<TVector, TIsa, TFar>(float* right)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
        where TFar : struct, ISwitch
    {
        if (TFar.IsOn)
        {
            TIsa.Prefetch(right + (2 * TIsa.Width));
            TIsa.Prefetch(right + (3 * TIsa.Width));
        }
    }

    /// <summary>Leaves sums where they are wanted: <c>call</c> is where those of row 0 and column 0 go, two vectors a row.</summary>
    private readonly struct ToMemory : ITileEpilogue
    {
        public static bool IsLong => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store<TVector, TIsa>(void* call, int batch, int row, int column, TVector product)
            where TVector : struct
            where TIsa : struct, ISimd<TVector> =>
            TIsa.Store((float*)call + (row * 2 * TIsa.Width) + column, product);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void StorePartial<TVector, TIsa>(void* call, int batch, int row, int column, TVector product, int count)
            where TVector : struct
            where TIsa : struct, ISimd<TVector> =>
            TIsa.Store((float*)call + (row * 2 * TIsa.Width) + column, product);
    }
}
