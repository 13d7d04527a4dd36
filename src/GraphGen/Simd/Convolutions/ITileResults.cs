using System.Runtime.CompilerServices;

namespace GraphGen.Simd;

/// <summary>How the sums of a <see cref="PanelTile"/> leave their registers.</summary>
internal unsafe interface ITileResults
{
    /// <summary>
    /// Takes the sums of four pixels, the vectors a and b of each, of which the tile may have fewer: <typeparamref name="THeight"/> says how
    /// many pixels it has in all, <c>first</c> which of them is the first here.
    /// </summary>
    public static abstract void Take<TVector, TIsa, THeight, TVectors>(
        float* results, int first, TVector a0, TVector b0, TVector a1, TVector b1, TVector a2, TVector b2, TVector a3, TVector b3)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
        where THeight : unmanaged
        where TVectors : unmanaged;
}

/// <summary>Stores each sum: [pixel][two vectors].</summary>
internal readonly unsafe struct Sums : ITileResults
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Take<TVector, TIsa, THeight, TVectors>(
        float* results, int first, TVector a0, TVector b0, TVector a1, TVector b1, TVector a2, TVector b2, TVector a3, TVector b3)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
        where THeight : unmanaged
        where TVectors : unmanaged
    {
        results += first * 2 * TIsa.Width;
        if (sizeof(THeight) > first)
        {
            TIsa.Store(results, a0);
            if (sizeof(TVectors) == 2)
            {
                TIsa.Store(results + TIsa.Width, b0);
            }
        }

        if (sizeof(THeight) > first + 1)
        {
            TIsa.Store(results + (2 * TIsa.Width), a1);
            if (sizeof(TVectors) == 2)
            {
                TIsa.Store(results + (3 * TIsa.Width), b1);
            }
        }

        if (sizeof(THeight) > first + 2)
        {
            TIsa.Store(results + (4 * TIsa.Width), a2);
            if (sizeof(TVectors) == 2)
            {
                TIsa.Store(results + (5 * TIsa.Width), b2);
            }
        }

        if (sizeof(THeight) > first + 3)
        {
            TIsa.Store(results + (6 * TIsa.Width), a3);
            if (sizeof(TVectors) == 2)
            {
                TIsa.Store(results + (7 * TIsa.Width), b3);
            }
        }
    }
}

/// <summary>Pools windows of four pixels and stores what they come to: [window][two vectors], and where the winners are wanted two vectors of them after each.</summary>
internal readonly unsafe struct PooledSums<TWinners> : ITileResults
    where TWinners : struct, ISwitch
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Take<TVector, TIsa, THeight, TVectors>(
        float* results, int first, TVector a0, TVector b0, TVector a1, TVector b1, TVector a2, TVector b2, TVector a3, TVector b3)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
        where THeight : unmanaged
        where TVectors : unmanaged
    {
        if (sizeof(THeight) > first)
        {
            results += first / 4 * (TWinners.IsOn ? 4 : 2) * TIsa.Width;
            MaxPooling.Window<TVector, TIsa, TWinners>(a0, a1, a2, a3, results, results + (2 * TIsa.Width));
            if (sizeof(TVectors) == 2)
            {
                MaxPooling.Window<TVector, TIsa, TWinners>(b0, b1, b2, b3, results + TIsa.Width, results + (3 * TIsa.Width));
            }
        }
    }
}
