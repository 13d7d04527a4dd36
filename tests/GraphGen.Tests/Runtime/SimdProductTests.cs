using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using GraphGen.Simd;
using Xunit;

namespace GraphGen.Tests.Runtime;

public sealed class Avx512SimdProductTests : SimdProductTests<Vector512<float>, Avx512Simd>;

public sealed class Avx2SimdProductTests : SimdProductTests<Vector256<float>, Avx2Simd>;

public sealed class NeonSimdProductTests : SimdProductTests<Vector128<float>, NeonSimd>;

public sealed class Vector128SimdProductTests : SimdProductTests<Vector128<float>, Vector128Simd>;

/// <summary>The products of the runtime against plain sums, at sizes below, at and above those of tiles and vectors; the operands end where memory ends.</summary>
public abstract unsafe class SimdProductTests<TVector, TIsa>
    where TVector : struct
    where TIsa : struct, ISimd<TVector>
{
    private static readonly int[] Rows = [1, 2, 3, 4, 5, 7, 8, 9, 13];
    private static readonly int[] Columns = [1, 2, 3, 4, 7, 15, 16, 17, 31, 32, 33, 48, 61];
    private static readonly int[] Depths = [1, 3, 8, 17, 64];

    [Fact]
    public void Dot_products_are_the_plain_sums()
    {
        if (!TIsa.IsSupported || !GuardedFloats.IsSupported)
        {
            return;
        }

        // The last two are walked in blocks.
        foreach ((int rows, int columns, int depth) in Sizes([.. Depths, 2049, 2100]))
        {
            using GuardedFloats left = Draw(rows * depth, seed: 1), right = Draw(columns * depth, seed: 2), sums = Draw(rows * columns, seed: 3);
            DotProducts.Multiply<TVector, TIsa>(left.Pointer, depth, rows, right.Pointer, depth, columns, depth, sums.Pointer, columns);
            Verify(rows, columns, depth, (row, k) => left.Pointer[(row * depth) + k], (k, column) => right.Pointer[(column * depth) + k], (row, column) => sums.Pointer[(row * columns) + column]);
        }
    }

    [Fact]
    public void Outer_products_are_the_plain_sums()
    {
        if (!TIsa.IsSupported || !GuardedFloats.IsSupported)
        {
            return;
        }

        // The last two are added up in blocks.
        foreach ((int rows, int columns, int depth) in Sizes([.. Depths, 513, 1100]))
        {
            bool isLong = (rows + columns) % 2 == 0;
            using GuardedFloats left = Draw(rows * depth, seed: 1), right = Draw(columns * depth, seed: 2), result = Draw(rows * columns, seed: 3);
            Target target = new() { Result = result.Pointer, Columns = columns };
            ProductBlock block = new()
            {
                Left = left.Pointer,
                LeftRow = depth,
                LeftColumn = 1,
                Right = right.Pointer,
                RightRow = columns,
                IsFar = depth % 2 == 0,
                Depth = depth,
                Columns = columns,
                Batch = 1,
                EndRow = rows,
                EndColumn = columns,
            };
            Multiply(isLong, &target, in block);
            Verify(rows, columns, depth, (row, k) => left.Pointer[(row * depth) + k], (k, column) => right.Pointer[(k * columns) + column], (row, column) => result.Pointer[(row * columns) + column] - 1);
        }
    }

    [Fact]
    public void Outer_products_of_transposed_sides_and_panels_are_the_plain_sums()
    {
        if (!TIsa.IsSupported || !GuardedFloats.IsSupported)
        {
            return;
        }

        foreach ((int rows, int columns, int depth) in Sizes([.. Depths, 513]))
        {
            bool isTransposed = (rows + columns) % 2 == 0;
            int panels = (columns + (2 * TIsa.Width) - 1) / (2 * TIsa.Width) * 2 * TIsa.Width * depth;
            using GuardedFloats left = Draw(rows * depth, seed: 1), right = Draw(columns * depth, seed: 2), result = Draw(rows * columns, seed: 3), packed = Draw(panels, seed: 4);
            (int rightRow, int rightColumn) = isTransposed ? (1, depth) : (columns, 1);
            int half = columns / (2 * TIsa.Width) * 2 * TIsa.Width;
            OuterProducts.Pack<TVector, TIsa>(right.Pointer, rightRow, rightColumn, depth, 0, half, columns, packed.Pointer);
            OuterProducts.Pack<TVector, TIsa>(right.Pointer, rightRow, rightColumn, depth, half, columns, columns, packed.Pointer);
            Target target = new() { Result = result.Pointer, Columns = columns };
            ProductBlock block = new()
            {
                Left = left.Pointer,
                LeftRow = 1,
                LeftColumn = rows,
                Right = packed.Pointer,
                IsPacked = true,
                Depth = depth,
                Columns = columns,
                Batch = 1,
                FirstRow = rows / 2,
                EndRow = rows,
                EndColumn = columns,
            };
            Multiply(isLong: false, &target, in block);
            Multiply(isLong: false, &target, block with { FirstRow = 0, EndRow = rows / 2 });
            Verify(
                rows,
                columns,
                depth,
                (row, k) => left.Pointer[(k * rows) + row],
                (k, column) => right.Pointer[(k * rightRow) + (column * rightColumn)],
                (row, column) => result.Pointer[(row * columns) + column] - 1);
        }
    }

    private static void Multiply(bool isLong, Target* target, in ProductBlock block)
    {
        if (isLong)
        {
            OuterProducts.Multiply<TVector, TIsa, LongEpilogue>(target, in block);
        }
        else
        {
            OuterProducts.Multiply<TVector, TIsa, ShortEpilogue>(target, in block);
        }
    }

    private static IEnumerable<(int Rows, int Columns, int Depth)> Sizes(int[] depths) =>
        from rows in Rows
        from columns in Columns
        from depth in depths
        where depth < 100 || (rows, columns) is (1, 4) or (9, 33) or (13, 61)
        select (rows, columns, depth);

    private static void Verify(int rows, int columns, int depth, Func<int, int, float> left, Func<int, int, float> right, Func<int, int, float> actual)
    {
        for (int row = 0; row < rows; row++)
        {
            for (int column = 0; column < columns; column++)
            {
                double expected = 0;
                for (int k = 0; k < depth; k++)
                {
                    expected += (double)left(row, k) * right(k, column);
                }

                double difference = Math.Abs(expected - actual(row, column));
                Assert.True(difference <= 1e-6 * (depth + 10), $"[{rows}, {depth}]·[{depth}, {columns}] at {row}, {column}: {actual(row, column)} instead of {expected}");
            }
        }
    }

    private static GuardedFloats Draw(int count, int seed)
    {
        Random random = new(seed);
        GuardedFloats floats = new(count);
        for (int i = 0; i < count; i++)
        {
            floats.Pointer[i] = random.NextSingle() - 0.5f;
        }

        return floats;
    }

    private struct Target
    {
        public float* Result;
        public int Columns;
    }

    /// <summary>Stores each result, and the number of its batch beside it.</summary>
    private readonly struct ShortEpilogue : ITileEpilogue
    {
        public static bool IsLong => false;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void Store<T, TPolicy>(void* call, int batch, int row, int column, T product)
            where T : struct
            where TPolicy : struct, ISimd<T>
        {
            Target* target = (Target*)call;
            TPolicy.Store(target->Result + (row * target->Columns) + column, TPolicy.Add(product, TPolicy.Broadcast(batch)));
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static void StorePartial<T, TPolicy>(void* call, int batch, int row, int column, T product, int count)
            where T : struct
            where TPolicy : struct, ISimd<T>
        {
            Target* target = (Target*)call;
            TPolicy.StorePartial(target->Result + (row * target->Columns) + column, TPolicy.Add(product, TPolicy.Broadcast(batch)), count);
        }
    }

    /// <summary>The same by way of memory.</summary>
    private readonly struct LongEpilogue : ITileEpilogue
    {
        public static bool IsLong => true;

        public static void Store<T, TPolicy>(void* call, int batch, int row, int column, T product)
            where T : struct
            where TPolicy : struct, ISimd<T> =>
            ShortEpilogue.Store<T, TPolicy>(call, batch, row, column, product);

        public static void StorePartial<T, TPolicy>(void* call, int batch, int row, int column, T product, int count)
            where T : struct
            where TPolicy : struct, ISimd<T> =>
            ShortEpilogue.StorePartial<T, TPolicy>(call, batch, row, column, product, count);
    }
}
