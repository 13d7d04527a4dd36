using System.Runtime.Intrinsics;
using GraphGen.Simd;
using Xunit;

namespace GraphGen.Tests.Runtime;

public sealed class Avx512SimdTests : SimdPolicyTests<Vector512<float>, Avx512Simd>;

public sealed class Avx2SimdTests : SimdPolicyTests<Vector256<float>, Avx2Simd>;

public sealed class NeonSimdTests : SimdPolicyTests<Vector128<float>, NeonSimd>;

public sealed class Vector128SimdTests : SimdPolicyTests<Vector128<float>, Vector128Simd>;

/// <summary>Every operation of a policy against scalar arithmetic. Where the machine lacks the instructions nothing is tested.</summary>
public abstract class SimdPolicyTests<TVector, TIsa>
    where TVector : struct
    where TIsa : struct, ISimd<TVector>
{
    private static readonly float[] Values =
    [
        0f, -0f, 1f, -1f, 0.5f, 1.5f, 2.5f, -2.5f, 3.25f, -7.75f, 1e-30f, -1e30f, 1e-40f, 16777216f,
        float.MaxValue, float.MinValue, float.Epsilon, float.PositiveInfinity, float.NegativeInfinity, float.NaN,
    ];

    [Fact]
    public void Arithmetic_is_that_of_floats()
    {
        Binary((x, y) => x + y, TIsa.IsSupported ? TIsa.Add : null);
        Binary((x, y) => x - y, TIsa.IsSupported ? TIsa.Subtract : null);
        Binary((x, y) => x * y, TIsa.IsSupported ? TIsa.Multiply : null);
        Binary((x, y) => x / y, TIsa.IsSupported ? TIsa.Divide : null);
    }

    [Fact]
    public void The_larger_or_smaller_of_anything_and_NaN_is_NaN()
    {
        Binary(MathF.Max, TIsa.IsSupported ? TIsa.Max : null);
        Binary(MathF.Min, TIsa.IsSupported ? TIsa.Min : null);
        Binary((x, _) => MathF.Max(x, 0f), TIsa.IsSupported ? (x, _) => TIsa.Max(x, TIsa.Zero) : null);
        Binary((x, _) => MathF.Max(0f, x), TIsa.IsSupported ? (x, _) => TIsa.Max(TIsa.Zero, x) : null);
    }

    [Fact]
    public void Functions_of_one_value_are_those_of_floats()
    {
        Unary(x => -x, TIsa.IsSupported ? TIsa.Negate : null);
        Unary(MathF.Abs, TIsa.IsSupported ? TIsa.Abs : null);
        Unary(MathF.Sqrt, TIsa.IsSupported ? TIsa.Sqrt : null);
        Unary(x => MathF.Round(x, MidpointRounding.ToEven), TIsa.IsSupported ? TIsa.Round : null);
    }

    [Fact]
    public void A_faithful_root_is_less_than_a_unit_in_the_last_place_off()
    {
        if (!TIsa.IsSupported)
        {
            return;
        }

        float[] values = new float[TIsa.Width];
        Random random = new(1);
        for (int repeat = 0; repeat < 10_000; repeat++)
        {
            for (int i = 0; i < values.Length; i++)
            {
                // Any float that is not negative: subnormal, infinite and NaN too; and those that are their own roots.
                values[i] = repeat == 0 ? (i % 2 == 0 ? 0 : float.PositiveInfinity) : BitConverter.Int32BitsToSingle(random.Next());
            }

            float[] actual = Array(TIsa.FaithfulSqrt(Vector(values)));
            for (int i = 0; i < values.Length; i++)
            {
                float nearest = MathF.Sqrt(values[i]);
                double exact = Math.Sqrt(values[i]);
                Assert.True(
                    actual[i].Equals(nearest) || Math.Abs(actual[i] - exact) < MathF.BitIncrement(nearest) - (double)nearest,
                    $"root of {values[i]:g9}: expected {nearest:g9}, got {actual[i]:g9}");
            }
        }
    }

    [Fact]
    public void Fused_multiply_add_rounds_once_or_twice()
    {
        if (!TIsa.IsSupported)
        {
            return;
        }

        Random random = new(1);
        for (int repeat = 0; repeat < 100; repeat++)
        {
            float[] a = Draw(random), b = Draw(random), c = Draw(random);
            float[] actual = Array(TIsa.FusedMultiplyAdd(Vector(a), Vector(b), Vector(c)));
            for (int i = 0; i < TIsa.Width; i++)
            {
                Assert.True(actual[i] == MathF.FusedMultiplyAdd(a[i], b[i], c[i]) || actual[i] == (a[i] * b[i]) + c[i]);
            }
        }
    }

    [Fact]
    public void Comparisons_make_masks_that_select()
    {
        Binary((x, y) => x > y ? x : y, TIsa.IsSupported ? (x, y) => TIsa.Select(TIsa.GreaterThan(x, y), x, y) : null);
        Binary((x, y) => x > y || float.IsNaN(x) ? x : y, TIsa.IsSupported ? (x, y) => TIsa.Select(TIsa.GreaterThanOrNaN(x, y), x, y) : null);
        Binary((x, y) => x == y ? 1f : 0f, TIsa.IsSupported ? (x, y) => TIsa.And(TIsa.Equals(x, y), TIsa.Broadcast(1f)) : null);
    }

    [Fact]
    public void Bits_are_combined_and_shifted()
    {
        Bits((x, y) => x & y, TIsa.IsSupported ? TIsa.And : null);
        Bits((x, y) => x | y, TIsa.IsSupported ? TIsa.Or : null);
        Bits((x, y) => x ^ y, TIsa.IsSupported ? TIsa.Xor : null);
        Bits((x, y) => x + y, TIsa.IsSupported ? TIsa.AddBits : null);
        Bits((x, y) => x * y, TIsa.IsSupported ? TIsa.MultiplyBits : null);
        Bits((x, _) => x << 23, TIsa.IsSupported ? (x, _) => TIsa.ShiftLeftBits(x, 23) : null);
        Bits((x, _) => (int)((uint)x >> 9), TIsa.IsSupported ? (x, _) => TIsa.ShiftRightBits(x, 9) : null);
        Bits((x, y) => x > y ? -1 : 0, TIsa.IsSupported ? TIsa.GreaterThanBits : null);
        Bits((x, y) => (x & 3) == (y & 3) ? -1 : 0, TIsa.IsSupported ? (x, y) => TIsa.EqualsBits(TIsa.And(x, TIsa.BroadcastBits(3)), TIsa.And(y, TIsa.BroadcastBits(3))) : null);
        Bits((_, _) => -12345, TIsa.IsSupported ? (_, _) => TIsa.BroadcastBits(-12345) : null);
    }

    [Fact]
    public void Vectors_are_identical_bit_for_bit()
    {
        if (!TIsa.IsSupported)
        {
            return;
        }

        Assert.True(TIsa.AreIdentical(TIsa.Broadcast(float.NaN), TIsa.Broadcast(float.NaN)));
        Assert.False(TIsa.AreIdentical(TIsa.Zero, TIsa.Negate(TIsa.Zero)));
        for (int place = 0; place < TIsa.Width; place++)
        {
            Assert.False(TIsa.AreIdentical(TIsa.Iota, Lanes.Of<TVector, TIsa>(i => i == place ? -1f : i)));
        }
    }

    [Fact]
    public void Floats_become_integers_to_the_nearest_even_and_back()
    {
        if (!TIsa.IsSupported)
        {
            return;
        }

        foreach (float value in new[] { 0f, 0.5f, 1.5f, 2.5f, -0.5f, -1.5f, -2.6f, 8388607.5f, -2147483520f, 2147483520f })
        {
            int expected = (int)Math.Round((double)value, MidpointRounding.ToEven);
            foreach (float lane in Array(TIsa.ToBits(TIsa.Broadcast(value))))
            {
                Assert.Equal(expected, BitConverter.SingleToInt32Bits(lane));
            }

            foreach (float lane in Array(TIsa.FromBits(TIsa.BroadcastBits(expected))))
            {
                Assert.Equal((float)expected, lane);
            }
        }
    }

    [Fact]
    public void Constants_are_what_they_say()
    {
        if (!TIsa.IsSupported)
        {
            return;
        }

        Assert.Equal(System.Runtime.CompilerServices.Unsafe.SizeOf<TVector>() / sizeof(float), TIsa.Width);
        Assert.Equal(Enumerable.Range(0, TIsa.Width).Select(i => (float)i), Array(TIsa.Iota));
        Assert.Equal(Enumerable.Repeat(0f, TIsa.Width), Array(TIsa.Zero));
        Assert.Equal(Enumerable.Repeat(2.5f, TIsa.Width), Array(TIsa.Broadcast(2.5f)));
    }

    [Fact]
    public void Four_vectors_are_summed_as_each_alone_is()
    {
        if (!TIsa.IsSupported)
        {
            return;
        }

        // Values of every size: another order of addition would round otherwise.
        var random = new Random(4);
        for (int repetition = 0; repetition < 100; repetition++)
        {
            TVector[] four = [.. Enumerable.Range(0, 4).Select(_ => Lanes.Of<TVector, TIsa>(_ => (random.NextSingle() - 0.5f) * MathF.Pow(10, random.Next(-4, 5))))];
            Vector128<float> sums = TIsa.Sum(four[0], four[1], four[2], four[3]);
            for (int i = 0; i < four.Length; i++)
            {
                Assert.Equal(BitConverter.SingleToInt32Bits(TIsa.Sum(four[i])), BitConverter.SingleToInt32Bits(sums[i]));
            }
        }
    }

    [Fact]
    public void Lanes_are_summed_and_searched_across()
    {
        if (!TIsa.IsSupported)
        {
            return;
        }

        Assert.Equal(TIsa.Width * (TIsa.Width - 1) / 2, TIsa.Sum(TIsa.Iota));
        for (int place = 0; place < TIsa.Width; place++)
        {
            Assert.Equal(5f, TIsa.MaxAcross(Lanes.Of<TVector, TIsa>(i => i == place ? 5f : -i)));
            Assert.Equal(float.NaN, TIsa.MaxAcross(Lanes.Of<TVector, TIsa>(i => i == place ? float.NaN : i)));
        }
    }

    private static float[] Array(TVector vector) => Lanes.ToArray<TVector, TIsa>(vector);

    private static TVector Vector(float[] values) => Lanes.Of<TVector, TIsa>(i => values[i]);

    private static float[] Draw(Random random) =>
        Enumerable.Range(0, TIsa.Width).Select(_ => (random.NextSingle() * 4) - 2).ToArray();

    private static void Unary(Func<float, float> expected, Func<TVector, TVector>? actual) =>
        Binary((x, _) => expected(x), actual is null ? null : (x, _) => actual(x));

    /// <summary>All pairs of values, rotated through the lanes.</summary>
    private static void Binary(Func<float, float, float> expected, Func<TVector, TVector, TVector>? actual)
    {
        if (actual is null)
        {
            return;
        }

        for (int left = 0; left < Values.Length; left++)
        {
            for (int right = 0; right < Values.Length; right++)
            {
                float[] x = Enumerable.Range(left, TIsa.Width).Select(i => Values[i % Values.Length]).ToArray();
                float[] y = Enumerable.Range(right, TIsa.Width).Select(i => Values[i % Values.Length]).ToArray();
                float[] lanes = Array(actual(Vector(x), Vector(y)));
                Assert.Equal(x.Zip(y, expected), lanes);
            }
        }
    }

    private static void Bits(Func<int, int, int> expected, Func<TVector, TVector, TVector>? actual)
    {
        if (actual is null)
        {
            return;
        }

        Random random = new(2);
        for (int repeat = 0; repeat < 100; repeat++)
        {
            int[] x = Enumerable.Range(0, TIsa.Width).Select(_ => random.Next(int.MinValue, int.MaxValue)).ToArray();
            int[] y = Enumerable.Range(0, TIsa.Width).Select(_ => random.Next(int.MinValue, int.MaxValue)).ToArray();
            TVector result = actual(
                Lanes.Of<TVector, TIsa>(i => BitConverter.Int32BitsToSingle(x[i])),
                Lanes.Of<TVector, TIsa>(i => BitConverter.Int32BitsToSingle(y[i])));
            Assert.Equal(x.Zip(y, expected), Array(result).Select(BitConverter.SingleToInt32Bits));
        }
    }
}
