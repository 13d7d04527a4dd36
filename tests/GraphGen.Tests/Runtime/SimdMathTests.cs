using System.Runtime.Intrinsics;
using GraphGen.Simd;
using Xunit;
using Xunit.Abstractions;

namespace GraphGen.Tests.Runtime;

public sealed class Avx512MathTests(ITestOutputHelper output) : SimdMathTests<Vector512<float>, Avx512Simd>(output);

public sealed class Avx2MathTests(ITestOutputHelper output) : SimdMathTests<Vector256<float>, Avx2Simd>(output);

public sealed class NeonMathTests(ITestOutputHelper output) : SimdMathTests<Vector128<float>, NeonSimd>(output);

public sealed class Vector128MathTests(ITestOutputHelper output) : SimdMathTests<Vector128<float>, Vector128Simd>(output);

/// <summary>The elementary functions against double precision, over all magnitudes.</summary>
public abstract class SimdMathTests<TVector, TIsa>(ITestOutputHelper output)
    where TVector : struct
    where TIsa : struct, ISimd<TVector>
{
    private const double Tolerance = 2e-7;

    // Results below the normal numbers are flushed to zero or lose their bits.
    private const double SmallestNormal = 1.17549435e-38;

    [Fact]
    public void Exp_is_accurate()
    {
        Check("exp", SimdMath.Exp<TVector, TIsa>, Math.Exp, -87.3f, 88.7f);
        CheckLimits(SimdMath.Exp<TVector, TIsa>, (0f, 1f), (-0f, 1f), (-1000f, 0f), (1000f, float.PositiveInfinity), (88.73f, float.PositiveInfinity), (-87.34f, 0f), (float.NegativeInfinity, 0f), (float.PositiveInfinity, float.PositiveInfinity), (float.MinValue, 0f), (float.MaxValue, float.PositiveInfinity));
    }

    [Fact]
    public void Log_is_accurate_also_near_one_and_for_denormals()
    {
        Check("log", SimdMath.Log<TVector, TIsa>, Math.Log, float.Epsilon, float.MaxValue);
        Check("log near 1", SimdMath.Log<TVector, TIsa>, Math.Log, 0.4f, 2.5f);
        CheckLimits(SimdMath.Log<TVector, TIsa>, (1f, 0f), (0f, float.NegativeInfinity), (-0f, float.NegativeInfinity), (-1f, float.NaN), (-1e-40f, float.NaN), (float.PositiveInfinity, float.PositiveInfinity), (float.NegativeInfinity, float.NaN));
    }

    [Fact]
    public void Tanh_is_accurate()
    {
        Check("tanh", SimdMath.Tanh<TVector, TIsa>, Math.Tanh, -20f, 20f);
        Check("tanh of small", SimdMath.Tanh<TVector, TIsa>, Math.Tanh, -1e-3f, 1e-3f);
        CheckLimits(SimdMath.Tanh<TVector, TIsa>, (0f, 0f), (-0f, -0f), (100f, 1f), (-100f, -1f), (float.PositiveInfinity, 1f), (float.NegativeInfinity, -1f), (float.MaxValue, 1f));
    }

    [Fact]
    public void Sine_and_cosine_are_accurate_at_any_angle()
    {
        foreach (float bound in new[] { 1e-3f, 4f, 6433f, 1e6f, float.MaxValue })
        {
            Check($"sin to {bound}", SimdMath.Sin<TVector, TIsa>, Math.Sin, -bound, bound);
            Check($"cos to {bound}", SimdMath.Cos<TVector, TIsa>, Math.Cos, -bound, bound);
        }

        CheckLimits(SimdMath.Sin<TVector, TIsa>, (0f, 0f), (-0f, -0f), (float.PositiveInfinity, float.NaN), (float.NegativeInfinity, float.NaN));
        CheckLimits(SimdMath.Cos<TVector, TIsa>, (0f, 1f), (-0f, 1f), (float.PositiveInfinity, float.NaN), (float.NegativeInfinity, float.NaN));
    }

    [Fact]
    public void Sine_and_cosine_are_accurate_beside_whole_quarter_turns()
    {
        if (!TIsa.IsSupported)
        {
            return;
        }

        // There one of them is nearly 0: all that is left of the angle are the last digits of π.
        for (int quarters = 1; quarters < 4096; quarters++)
        {
            float x = (float)(quarters * (Math.PI / 2));
            foreach (float lane in Lanes.ToArray<TVector, TIsa>(quarters % 2 == 0 ? SimdMath.Sin<TVector, TIsa>(TIsa.Broadcast(x)) : SimdMath.Cos<TVector, TIsa>(TIsa.Broadcast(x))))
            {
                double expected = quarters % 2 == 0 ? Math.Sin(x) : Math.Cos(x);
                Assert.True(Math.Abs(lane - expected) <= Tolerance * Math.Abs(expected), $"{x:g9}: expected {expected:g9}, got {lane:g9}");
            }
        }
    }

    [Fact]
    public void Sigmoid_is_accurate()
    {
        Check("sigmoid", SimdMath.Sigmoid<TVector, TIsa>, x => 1 / (1 + Math.Exp(-x)), -87.3f, 87.3f);
        CheckLimits(SimdMath.Sigmoid<TVector, TIsa>, (0f, 0.5f), (200f, 1f), (-200f, 0f), (float.PositiveInfinity, 1f), (float.NegativeInfinity, 0f));
    }

    [Fact]
    public void Erf_is_accurate()
    {
        Check("erf", SimdMath.Erf<TVector, TIsa>, ReferenceMath.Erf, -6f, 6f);
        Check("erf of small", SimdMath.Erf<TVector, TIsa>, ReferenceMath.Erf, -1e-3f, 1e-3f);
        CheckLimits(SimdMath.Erf<TVector, TIsa>, (0f, 0f), (-0f, -0f), (10f, 1f), (-10f, -1f), (float.PositiveInfinity, 1f), (float.NegativeInfinity, -1f), (float.MaxValue, 1f));
    }

    [Fact]
    public void Uniform_numbers_are_the_same_on_every_instruction_set()
    {
        if (!TIsa.IsSupported)
        {
            return;
        }

        foreach (uint key in new[] { 0u, 1u, 12345u, uint.MaxValue })
        {
            foreach (uint index in new[] { 0u, 7u, 1_000_000u, uint.MaxValue - 3 })
            {
                float[] lanes = Lanes.ToArray<TVector, TIsa>(SimdMath.Uniform<TVector, TIsa>(key, index));
                for (uint i = 0; i < lanes.Length; i++)
                {
                    Assert.Equal(ReferenceMath.Uniform(key, index + i), lanes[i]);
                }

                foreach (uint stride in new[] { 0u, 1u, 6u, 100_003u })
                {
                    float[] apart = Lanes.ToArray<TVector, TIsa>(SimdMath.Uniform<TVector, TIsa>(key, index, stride));
                    for (uint i = 0; i < apart.Length; i++)
                    {
                        Assert.Equal(ReferenceMath.Uniform(key, index + (i * stride)), apart[i]);
                    }
                }
            }
        }
    }

    private void Check(string name, Func<TVector, TVector> function, Func<double, double> reference, float low, float high)
    {
        if (!TIsa.IsSupported)
        {
            return;
        }

        double worst = 0;
        float worstAt = 0;
        foreach (float[] x in Arguments(low, high))
        {
            float[] y = Lanes.ToArray<TVector, TIsa>(function(Lanes.Of<TVector, TIsa>(i => x[i])));
            for (int i = 0; i < y.Length; i++)
            {
                double expected = reference(x[i]);
                if (Math.Abs(expected) < SmallestNormal)
                {
                    continue;
                }

                double error = Math.Abs(y[i] - expected) / Math.Abs(expected);
                if (!(error <= worst))
                {
                    (worst, worstAt) = (error, x[i]);
                }
            }
        }

        output.WriteLine($"{TIsa.Name} {name}: {worst:e2} at {worstAt}");
        Assert.True(worst <= Tolerance, $"{name}({worstAt:r}) is wrong by {worst:e2}, relative.");
    }

    private static void CheckLimits(Func<TVector, TVector> function, params (float X, float Y)[] limits)
    {
        if (!TIsa.IsSupported)
        {
            return;
        }

        foreach ((float x, float y) in limits.Append((float.NaN, float.NaN)))
        {
            foreach (float lane in Lanes.ToArray<TVector, TIsa>(function(TIsa.Broadcast(x))))
            {
                Assert.True(y.Equals(lane) && (float.IsNaN(y) || float.IsNegative(y) == float.IsNegative(lane)), $"Expected {y} at {x}, got {lane}.");
            }
        }
    }

    /// <summary>Even steps, and random bit patterns, which are all magnitudes alike.</summary>
    private static IEnumerable<float[]> Arguments(float low, float high)
    {
        Random random = new(3);
        const int Count = 20_000;
        for (int i = 0; i < Count; i++)
        {
            yield return Enumerable.Range(0, TIsa.Width)
                .Select(lane => (float)(low + ((double)high - low) * ((i * TIsa.Width) + lane) / (Count * TIsa.Width)))
                .ToArray();
        }

        for (int i = 0; i < Count; i++)
        {
            float[] x = new float[TIsa.Width];
            for (int lane = 0; lane < x.Length; lane++)
            {
                x[lane] = FromOrder((int)random.NextInt64(ToOrder(low), (long)ToOrder(high) + 1));
            }

            yield return x;
        }
    }

    /// <summary>Integers in the order of the floats whose bits they are.</summary>
    private static int ToOrder(float value)
    {
        int bits = BitConverter.SingleToInt32Bits(value);
        return bits >= 0 ? bits : int.MinValue - bits;
    }

    private static float FromOrder(int order) => BitConverter.Int32BitsToSingle(order >= 0 ? order : int.MinValue - order);
}
