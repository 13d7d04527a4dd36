using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace GraphGen.Simd;

/// <summary>
/// A block of a product as a sum of outer products: a tile of rows x two vectors of the result stays in registers while the depth goes by;
/// each step broadcasts a column of the left side against two vectors of a row of the right. The right side is read as it lies, or from
/// panels two vectors wide (<see cref="Pack"/>) where it is read often or lies transposed.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static unsafe partial class OuterProducts
{
    /// <summary>
    /// Steps along the depth whose products are added up in registers. Each block of so many goes to memory, where what rounding loses is
    /// kept, so that a weight's gradient over a million rows is as exact as over a few.
    /// </summary>
    private const int DepthBlock = 512;

    /// <summary>Rows of the tallest tile.</summary>
    private const int MostRows = 8;

    /// <summary>Copies columns of the right side to panels [depth][two vectors], zeros beyond the last column.</summary>
    /// <param name="right">The right side's first element.</param>
    /// <param name="rightRow">Floats from a row to the next.</param>
    /// <param name="rightColumn">Floats from a column to the next.</param>
    /// <param name="depth">How many rows.</param>
    /// <param name="firstColumn">The first column to copy: a multiple of two vectors.</param>
    /// <param name="endColumn">The column after the last.</param>
    /// <param name="columns">All columns.</param>
    /// <param name="panels">The panels of all columns.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Pack<TVector, TIsa>(float* right, nint rightRow, int rightColumn, int depth, int firstColumn, int endColumn, int columns, float* panels)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        for (int column = firstColumn; column < endColumn; column += TIsa.Width)
        {
            int count = columns - column;
            float* target = Panel<TVector, TIsa>(panels, depth, column);
            float* source = right + ((nint)column * rightColumn);
            for (int k = 0; k < depth; k++)
            {
                TVector row = (count >= TIsa.Width, rightColumn == 1) switch
                {
                    (true, true) => TIsa.Load(source),
                    (true, false) => TIsa.LoadStrided(source, rightColumn),
                    (false, true) => TIsa.LoadPartial(source, count),
                    (false, false) => TIsa.LoadStridedPartial(source, rightColumn, count),
                };
                TIsa.Store(target, row);
                source += rightRow;
                target += 2 * TIsa.Width;
            }
        }
    }

    /// <summary>Makes the block: its results go through the epilogue.</summary>
    /// <param name="call">What the epilogue is given.</param>
    /// <param name="block">What to make.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Multiply<TVector, TIsa, TEpilogue>(void* call, in ProductBlock block)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
        where TEpilogue : struct, ITileEpilogue
    {
        if (block.IsFar)
        {
            Multiply<TVector, TIsa, TEpilogue, On>(call, in block);
        }
        else
        {
            Multiply<TVector, TIsa, TEpilogue, Off>(call, in block);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    [SkipLocalsInit]
    private static void Multiply<TVector, TIsa, TEpilogue, TFar>(void* call, in ProductBlock block)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
        where TEpilogue : struct, ITileEpilogue
        where TFar : struct, ISwitch
    {
        // By way of memory: a tile's sums over blocks of the depth, what rounding lost of each, and the sums of the last block.
        float* memory = null;
        if (TEpilogue.IsLong || block.Depth > DepthBlock)
        {
            float* room = stackalloc float[(6 * MostRows * TIsa.Width) + 16];
            memory = (float*)(((nint)room + 63) & -64);
        }

        nint rightRow = block.IsPacked ? 2 * TIsa.Width : block.RightRow;
        int column = block.FirstColumn;
        for (; column <= block.EndColumn - (2 * TIsa.Width); column += 2 * TIsa.Width)
        {
            float* right = block.IsPacked ? Panel<TVector, TIsa>(block.Right, block.Depth, column) : block.Right + column;
            int row = block.FirstRow;
            for (; TIsa.Registers >= 32 && row <= block.EndRow - 8; row += 8)
            {
                float* left = block.Left + (row * block.LeftRow);
                if (memory is null)
                {
                    Tile8<TVector, TIsa, TEpilogue, TFar>(call, block.Batch, left, block.LeftRow, block.LeftColumn, right, rightRow, block.Depth, row, column);
                }
                else if (block.Depth <= DepthBlock)
                {
                    Tile8<TVector, TIsa, ToMemory, TFar>(memory, 0, left, block.LeftRow, block.LeftColumn, right, rightRow, block.Depth, 0, 0);
                    FinishTile<TVector, TIsa, TEpilogue>(call, block.Batch, 8, row, column, memory);
                }
                else
                {
                    ThroughMemory<TVector, TIsa, TEpilogue>(call, in block, 8, 2, left, right, rightRow, row, column, memory);
                }
            }

            for (; row <= block.EndRow - 4; row += 4)
            {
                float* left = block.Left + (row * block.LeftRow);
                if (memory is null)
                {
                    Tile4<TVector, TIsa, TEpilogue, TFar>(call, block.Batch, left, block.LeftRow, block.LeftColumn, right, rightRow, block.Depth, row, column);
                }
                else
                {
                    ThroughMemory<TVector, TIsa, TEpilogue>(call, in block, 4, 2, left, right, rightRow, row, column, memory);
                }
            }

            for (; row < block.EndRow; row++)
            {
                float* left = block.Left + (row * block.LeftRow);
                if (memory is null)
                {
                    Tile1<TVector, TIsa, TEpilogue, TFar>(call, block.Batch, left, block.LeftColumn, right, rightRow, block.Depth, row, column);
                }
                else
                {
                    ThroughMemory<TVector, TIsa, TEpilogue>(call, in block, 1, 2, left, right, rightRow, row, column, memory);
                }
            }
        }

        // The columns left over from pairs of vectors, a vector or less at a time.
        for (; column < block.EndColumn; column += TIsa.Width)
        {
            float* right = block.IsPacked ? Panel<TVector, TIsa>(block.Right, block.Depth, column) : block.Right + column;
            int row = block.FirstRow;
            for (; row <= block.EndRow - 4; row += 4)
            {
                float* left = block.Left + (row * block.LeftRow);
                if (memory is null)
                {
                    Edge4<TVector, TIsa, TEpilogue>(call, in block, left, right, rightRow, block.Depth, row, column);
                }
                else
                {
                    ThroughMemory<TVector, TIsa, TEpilogue>(call, in block, 4, 1, left, right, rightRow, row, column, memory);
                }
            }

            for (; row < block.EndRow; row++)
            {
                float* left = block.Left + (row * block.LeftRow);
                if (memory is null)
                {
                    Edge1<TVector, TIsa, TEpilogue>(call, in block, left, right, rightRow, block.Depth, row, column);
                }
                else
                {
                    ThroughMemory<TVector, TIsa, TEpilogue>(call, in block, 1, 1, left, right, rightRow, row, column, memory);
                }
            }
        }
    }

    /// <summary>A tile whose sums go to memory, over blocks of the depth, and from there through the epilogue.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void ThroughMemory<TVector, TIsa, TEpilogue>(
        void* call, in ProductBlock block, int rows, int vectors, float* left, float* right, nint rightRow, int row, int column, float* memory)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
        where TEpilogue : struct, ITileEpilogue
    {
        float* last = memory + (4 * rows * TIsa.Width); // [rows, 2 vectors], after the sums and what they lost
        if (block.Depth <= DepthBlock)
        {
            Sums<TVector, TIsa>(in block, rows, vectors, left, right, rightRow, block.Depth, column, last);
        }
        else
        {
            new Span<float>(memory, 4 * rows * TIsa.Width).Clear();
            for (int k = 0; k < block.Depth; k += DepthBlock)
            {
                Sums<TVector, TIsa>(in block, rows, vectors, left + (k * block.LeftColumn), right + (k * rightRow), rightRow, Math.Min(DepthBlock, block.Depth - k), column, last);
                CompensatedSum.AddAll<TVector, TIsa>(memory, last, 2 * rows);
            }

            CompensatedSum.TotalAll<TVector, TIsa>(memory, last, 2 * rows);
        }

        if (vectors == 2)
        {
            FinishTile<TVector, TIsa, TEpilogue>(call, block.Batch, rows, row, column, last);
        }
        else
        {
            FinishEdge<TVector, TIsa, TEpilogue>(call, block.Batch, rows, row, column, block.Columns - column, last);
        }
    }

    /// <summary>Gives sums [rows, 2 vectors] in memory to the epilogue, a row at a time: what it loads for both vectors is under way at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void FinishTile<TVector, TIsa, TEpilogue>(void* call, int batch, int rows, int row, int column, float* sums)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
        where TEpilogue : struct, ITileEpilogue
    {
        for (int r = 0; r < rows; r++)
        {
            TEpilogue.Store<TVector, TIsa>(call, batch, row + r, column, TIsa.Load(sums));
            TEpilogue.Store<TVector, TIsa>(call, batch, row + r, column + TIsa.Width, TIsa.Load(sums + TIsa.Width));
            sums += 2 * TIsa.Width;
        }
    }

    /// <summary>The same of the first vector of each row, of which so many lanes count.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void FinishEdge<TVector, TIsa, TEpilogue>(void* call, int batch, int rows, int row, int column, int count, float* sums)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
        where TEpilogue : struct, ITileEpilogue
    {
        for (int r = 0; r < rows; r++)
        {
            Finish<TVector, TIsa, TEpilogue>(call, batch, row + r, column, TIsa.Load(sums + (2 * r * TIsa.Width)), count);
        }
    }

    /// <summary>A tile's sums over a stretch of the depth, in memory: [rows, 2 vectors].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Sums<TVector, TIsa>(in ProductBlock block, int rows, int vectors, float* left, float* right, nint rightRow, int depth, int column, float* sums)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        switch (rows, vectors)
        {
            case (8, 2):
                Tile8<TVector, TIsa, ToMemory, Off>(sums, 0, left, block.LeftRow, block.LeftColumn, right, rightRow, depth, 0, 0);
                break;
            case (4, 2):
                Tile4<TVector, TIsa, ToMemory, Off>(sums, 0, left, block.LeftRow, block.LeftColumn, right, rightRow, depth, 0, 0);
                break;
            case (1, 2):
                Tile1<TVector, TIsa, ToMemory, Off>(sums, 0, left, block.LeftColumn, right, rightRow, depth, 0, 0);
                break;
            default:
                // As if the column were the first: that is where the sums go.
                ProductBlock edge = block with { Batch = 0, Columns = block.Columns - column };
                for (int r = 0; r < rows; r++)
                {
                    Edge1<TVector, TIsa, ToMemory>(sums + (2 * r * TIsa.Width), in edge, left + (r * block.LeftRow), right, rightRow, depth, 0, 0);
                    TIsa.Store(sums + (((2 * r) + 1) * TIsa.Width), TIsa.Zero);
                }

                break;
        }
    }

    /// <summary>Where a column is in the panels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float* Panel<TVector, TIsa>(float* panels, int depth, int column)
        where TVector : struct
        where TIsa : struct, ISimd<TVector> =>
        panels + ((nint)(column / (2 * TIsa.Width)) * depth * 2 * TIsa.Width) + (column % (2 * TIsa.Width));
}
