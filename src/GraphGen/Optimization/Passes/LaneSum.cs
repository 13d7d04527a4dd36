using System.Runtime.CompilerServices;
using GraphGen.Simd;

namespace GraphGen;

/// <summary>What is summed over places in memory.</summary>
internal interface ISummand
{
    /// <summary>
    /// <paramref name="sum"/> and the terms of the places from <paramref name="i"/> on: of a vector of them or, if
    /// <paramref name="count"/> is less, of so many; none if it is not above 0.
    /// </summary>
    public TVector AddTo<TVector, TIsa>(TVector sum, nint i, nint count)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>;
}

/// <summary>
/// Sums that do not depend on the width of the vectors: always sixteen partial sums, whether they lie in one register or in four,
/// combined in one order. Every few thousand terms they go into a sum in double precision, so that rounding does not build up.
/// </summary>
internal static unsafe class LaneSum
{
    private const int Lanes = 16;
    private const int Stretch = 256 * Lanes;

    /// <summary>The sum over the places from <paramref name="start"/> to <paramref name="end"/>, which may be any.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static double Of<TSummand, TVector, TIsa>(in TSummand summand, nint start, nint end)
        where TSummand : struct, ISummand
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        double sum = 0;
        for (nint first = start; first < end; first += Stretch)
        {
            sum += OfStretch<TSummand, TVector, TIsa>(summand, first, Math.Min(end, first + Stretch));
        }

        return sum;
    }

    /// <summary>Up to a vector of floats; lanes past <paramref name="count"/> are zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Load<TVector, TIsa>(float* source, nint count)
        where TVector : struct
        where TIsa : struct, ISimd<TVector> =>
        count >= TIsa.Width ? TIsa.Load(source) : count > 0 ? TIsa.LoadPartial(source, (int)count) : TIsa.Zero;

    /// <summary>Writes up to a vector of floats, <paramref name="count"/> at most.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<TVector, TIsa>(float* destination, TVector value, nint count)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        if (count >= TIsa.Width)
        {
            TIsa.Store(destination, value);
        }
        else if (count > 0)
        {
            TIsa.StorePartial(destination, value, (int)count);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static double OfStretch<TSummand, TVector, TIsa>(TSummand summand, nint start, nint end)
        where TSummand : struct, ISummand
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        // Those that a width has no use for are never touched: width is a constant to the compiler.
        TVector a = TIsa.Zero, b = TIsa.Zero, c = TIsa.Zero, d = TIsa.Zero;
        nint i = start;
        for (; i <= end - Lanes; i += Lanes)
        {
            a = summand.AddTo<TVector, TIsa>(a, i, TIsa.Width);
            if (TIsa.Width <= 8)
            {
                b = summand.AddTo<TVector, TIsa>(b, i + TIsa.Width, TIsa.Width);
            }

            if (TIsa.Width <= 4)
            {
                c = summand.AddTo<TVector, TIsa>(c, i + (2 * TIsa.Width), TIsa.Width);
                d = summand.AddTo<TVector, TIsa>(d, i + (3 * TIsa.Width), TIsa.Width);
            }
        }

        if (i < end)
        {
            a = summand.AddTo<TVector, TIsa>(a, i, end - i);
            if (TIsa.Width <= 8)
            {
                b = summand.AddTo<TVector, TIsa>(b, i + TIsa.Width, end - i - TIsa.Width);
            }

            if (TIsa.Width <= 4)
            {
                c = summand.AddTo<TVector, TIsa>(c, i + (2 * TIsa.Width), end - i - (2 * TIsa.Width));
                d = summand.AddTo<TVector, TIsa>(d, i + (3 * TIsa.Width), end - i - (3 * TIsa.Width));
            }
        }

        float* lanes = stackalloc float[Lanes];
        TIsa.Store(lanes, a);
        if (TIsa.Width <= 8)
        {
            TIsa.Store(lanes + TIsa.Width, b);
        }

        if (TIsa.Width <= 4)
        {
            TIsa.Store(lanes + (2 * TIsa.Width), c);
            TIsa.Store(lanes + (3 * TIsa.Width), d);
        }

        double sum = 0;
        for (int lane = 0; lane < Lanes; lane++)
        {
            sum += lanes[lane];
        }

        return sum;
    }
}
