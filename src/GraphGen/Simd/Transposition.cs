using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace GraphGen.Simd;

/// <summary>Rows that become columns: what convolutions do to weights before, and to channels after.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static unsafe class Transposition
{
    /// <summary>
    /// <c>to[rows[j] + i] = from[(i * stride) + j]</c> for i below <paramref name="lanes"/> and j below <paramref name="count"/>:
    /// what lies side by side comes to lie in rows of its own, anywhere.
    /// </summary>
    /// <remarks>
    /// What is there already is not written again. Weights are laid out anew before every pass and rarely change between two
    /// predictions; writing lines that several processors have read takes each from all of them, several times as long as
    /// finding that nothing has changed.
    /// </remarks>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void ToRows(float* from, int stride, int lanes, int count, float* to, int* rows)
    {
        // Blocks of 4 x 4. Rows outermost: they are often 4 KB apart, so each is finished while its lines are in the cache.
        int j = 0;
        for (; j <= count - 4; j += 4)
        {
            ToRows(from + j, stride, lanes, to + rows[j], to + rows[j + 1], to + rows[j + 2], to + rows[j + 3]);
        }

        for (; j < count; j++)
        {
            float* row = to + rows[j];
            for (int lane = 0; lane < lanes; lane++)
            {
                float value = from[((long)lane * stride) + j];
                if (BitConverter.SingleToUInt32Bits(row[lane]) != BitConverter.SingleToUInt32Bits(value))
                {
                    row[lane] = value;
                }
            }
        }
    }

    /// <summary><c>to[(i * stride) + j] = from[(j * width) + i]</c> for i below <paramref name="lanes"/> and j below <paramref name="count"/>: channels last to planes.</summary>
    /// <remarks>Not inlined: among a kernel's many locals its loop counters do not stay in registers.</remarks>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    public static void ToPlanes(float* from, int width, int lanes, int count, float* to, int stride)
    {
        int lane = 0;
        for (; lane <= lanes - 4; lane += 4)
        {
            float* source = from + lane;
            float* first = to + ((long)lane * stride);
            float* second = first + stride;
            float* third = second + stride;
            float* fourth = third + stride;
            int j = 0;
            for (; j <= count - 4; j += 4)
            {
                Transpose(
                    Vector128.Load(source), Vector128.Load(source + width), Vector128.Load(source + (2 * (nint)width)), Vector128.Load(source + (3 * (nint)width)),
                    out Vector128<float> a, out Vector128<float> b, out Vector128<float> c, out Vector128<float> d);
                Vector128.Store(a, first + j);
                Vector128.Store(b, second + j);
                Vector128.Store(c, third + j);
                Vector128.Store(d, fourth + j);
                source += 4 * (nint)width;
            }

            for (; j < count; j++)
            {
                first[j] = source[0];
                second[j] = source[1];
                third[j] = source[2];
                fourth[j] = source[3];
                source += width;
            }
        }

        for (; lane < lanes; lane++)
        {
            float* plane = to + ((long)lane * stride);
            for (int j = 0; j < count; j++)
            {
                plane[j] = from[((long)j * width) + lane];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void ToRows(float* from, int stride, int lanes, float* first, float* second, float* third, float* fourth)
    {
        int lane = 0;
        for (; lane <= lanes - 4; lane += 4)
        {
            Transpose(
                Vector128.Load(from), Vector128.Load(from + stride), Vector128.Load(from + (2 * (nint)stride)), Vector128.Load(from + (3 * (nint)stride)),
                out Vector128<float> rowOne, out Vector128<float> rowTwo, out Vector128<float> rowThree, out Vector128<float> rowFour);
            if ((Difference(rowOne, first + lane) | Difference(rowTwo, second + lane) | Difference(rowThree, third + lane) | Difference(rowFour, fourth + lane)) != Vector128<uint>.Zero)
            {
                Vector128.Store(rowOne, first + lane);
                Vector128.Store(rowTwo, second + lane);
                Vector128.Store(rowThree, third + lane);
                Vector128.Store(rowFour, fourth + lane);
            }

            from += 4 * (nint)stride;
        }

        for (; lane < lanes; lane++)
        {
            first[lane] = from[0];
            second[lane] = from[1];
            third[lane] = from[2];
            fourth[lane] = from[3];
            from += stride;
        }
    }

    /// <summary>The columns of a 4 x 4 matrix of which four rows are given.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose(
        Vector128<float> a, Vector128<float> b, Vector128<float> c, Vector128<float> d,
        out Vector128<float> first, out Vector128<float> second, out Vector128<float> third, out Vector128<float> fourth)
    {
        Vector128<float> abLow = Low(a, b), abHigh = High(a, b), cdLow = Low(c, d), cdHigh = High(c, d);
        first = LowPair(abLow, cdLow);
        second = HighPair(abLow, cdLow);
        third = LowPair(abHigh, cdHigh);
        fourth = HighPair(abHigh, cdHigh);
    }

    // The bits in which a vector differs from what is in memory: bits, because a NaN is not equal to itself.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<uint> Difference(Vector128<float> value, float* memory) => value.AsUInt32() ^ Vector128.Load((uint*)memory);

    // The lower halves of two vectors, element by element in turn; and the upper halves.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Low(Vector128<float> left, Vector128<float> right) =>
        Sse.IsSupported ? Sse.UnpackLow(left, right)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(left, right)
        : Vector128.Create(left[0], right[0], left[1], right[1]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> High(Vector128<float> left, Vector128<float> right) =>
        Sse.IsSupported ? Sse.UnpackHigh(left, right)
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(left, right)
        : Vector128.Create(left[2], right[2], left[3], right[3]);

    // The same of pairs of elements. By way of instructions: 64-bit halves are slow to take apart and join.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> LowPair(Vector128<float> left, Vector128<float> right) =>
        Sse2.IsSupported ? Sse2.UnpackLow(left.AsDouble(), right.AsDouble()).AsSingle()
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipLow(left.AsDouble(), right.AsDouble()).AsSingle()
        : Vector128.Create(left[0], left[1], right[0], right[1]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> HighPair(Vector128<float> left, Vector128<float> right) =>
        Sse2.IsSupported ? Sse2.UnpackHigh(left.AsDouble(), right.AsDouble()).AsSingle()
        : AdvSimd.Arm64.IsSupported ? AdvSimd.Arm64.ZipHigh(left.AsDouble(), right.AsDouble()).AsSingle()
        : Vector128.Create(left[2], left[3], right[2], right[3]);
}
