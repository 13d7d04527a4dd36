using System.ComponentModel;
using System.Runtime.CompilerServices;

namespace GraphGen.Simd;

/// <summary>
/// Sums of any number of terms that are exact to about 1e-7 of the sum of their magnitudes: kernels add up blocks of a few dozen vectors,
/// and here the blocks' sums are added with what rounding loses of them kept beside (Neumaier, 1974).
/// </summary>
/// <remarks>A running float sum of n terms instead can be off by n times that: each addition rounds to the size of the whole.</remarks>
[EditorBrowsable(EditorBrowsableState.Never)]
public static unsafe class CompensatedSum
{
    /// <summary>Adds a block's sum.</summary>
    /// <param name="sum">The sum of the blocks so far.</param>
    /// <param name="lost">What rounding has lost of it.</param>
    /// <param name="block">The sum of the next block.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Add<TVector, TIsa>(ref TVector sum, ref TVector lost, TVector block)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        // Exact whichever of the two is larger (Knuth's TwoSum).
        TVector next = TIsa.Add(sum, block);
        TVector blockPart = TIsa.Subtract(next, sum);
        TVector sumPart = TIsa.Subtract(next, blockPart);
        lost = TIsa.Add(lost, TIsa.Add(TIsa.Subtract(sum, sumPart), TIsa.Subtract(block, blockPart)));
        sum = next;
    }

    /// <summary>The sum with what was lost put back; infinite or NaN where a plain sum is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Total<TVector, TIsa>(TVector sum, TVector lost)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        // What infinity loses is NaN: infinity minus infinity.
        TVector total = TIsa.Add(sum, lost);
        return TIsa.Select(TIsa.Equals(total, total), total, sum);
    }

    /// <summary><see cref="Add"/> for many vectors in memory, such as the tile of a matrix product.</summary>
    /// <param name="sums">For each vector two: the sum of the blocks so far, and what rounding has lost of it.</param>
    /// <param name="blocks">For each vector the sum of the next block.</param>
    /// <param name="vectors">How many.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void AddAll<TVector, TIsa>(float* sums, float* blocks, int vectors)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        for (int i = 0; i < vectors; i++)
        {
            TVector sum = TIsa.Load(sums), lost = TIsa.Load(sums + TIsa.Width);
            Add<TVector, TIsa>(ref sum, ref lost, TIsa.Load(blocks));
            TIsa.Store(sums, sum);
            TIsa.Store(sums + TIsa.Width, lost);
            sums += 2 * TIsa.Width;
            blocks += TIsa.Width;
        }
    }

    /// <summary><see cref="Total"/> of many sums in memory.</summary>
    /// <param name="sums">What <see cref="AddAll"/> has left.</param>
    /// <param name="totals">Takes a vector for each.</param>
    /// <param name="vectors">How many.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void TotalAll<TVector, TIsa>(float* sums, float* totals, int vectors)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        for (int i = 0; i < vectors; i++)
        {
            TIsa.Store(totals, Total<TVector, TIsa>(TIsa.Load(sums), TIsa.Load(sums + TIsa.Width)));
            sums += 2 * TIsa.Width;
            totals += TIsa.Width;
        }
    }
}
