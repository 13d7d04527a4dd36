using System.ComponentModel;
using System.Runtime.CompilerServices;
using GraphGen.Simd;

namespace GraphGen.Runtime;

/// <summary>
/// How a long row is cut so that threads can share it: in slices that its length alone decides, whose partial results are
/// combined in order. So the result is the same for any number of threads.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static unsafe class RowSlices
{
    /// <summary>Elements that are worth a task of their own.</summary>
    private const int Shortest = 16 * 1024;

    /// <summary>How many slices a row of <paramref name="length"/> elements has, 1 to <paramref name="most"/>.</summary>
    public static int Count(int length, int most) => (int)(((long)length + Length(length, most) - 1) / Length(length, most));

    /// <summary>Elements of every slice but the last: a multiple of all vectors' widths.</summary>
    public static int Length(int length, int most) => Math.Max(Shortest, (int)((((long)length + most - 1) / most) + 15) / 16 * 16);

    /// <summary>Where a slice begins and ends.</summary>
    public static (int Begin, int End) Range(int length, int most, int slice)
    {
        int size = Length(length, most);
        int begin = slice * size;
        return (begin, begin + Math.Min(size, length - begin));
    }

    /// <summary>The sum of the slices' sums.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Sum<TVector, TIsa>(float* partials, int count)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        TVector sum = TIsa.Zero;
        int i = 0;
        for (; i <= count - TIsa.Width; i += TIsa.Width)
        {
            sum = TIsa.Add(sum, TIsa.Load(partials + i));
        }

        return TIsa.Sum(i < count ? TIsa.Add(sum, TIsa.LoadPartial(partials + i, count - i)) : sum);
    }

    /// <summary>The largest of the slices' maxima; NaN if one is.</summary>
    public static float Max(float* partials, int count)
    {
        float largest = float.NegativeInfinity;
        for (int i = 0; i < count; i++)
        {
            largest = MathF.Max(largest, partials[i]);
        }

        return largest;
    }
}
