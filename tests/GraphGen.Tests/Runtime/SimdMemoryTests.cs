using System.Runtime.Intrinsics;
using GraphGen.Simd;
using Xunit;

namespace GraphGen.Tests.Runtime;

public sealed class Avx512MemoryTests : SimdMemoryTests<Vector512<float>, Avx512Simd>;

public sealed class Avx2MemoryTests : SimdMemoryTests<Vector256<float>, Avx2Simd>;

public sealed class NeonMemoryTests : SimdMemoryTests<Vector128<float>, NeonSimd>;

public sealed class Vector128MemoryTests : SimdMemoryTests<Vector128<float>, Vector128Simd>;

/// <summary>Loads and stores up to the last float before a page that cannot be touched.</summary>
public abstract unsafe class SimdMemoryTests<TVector, TIsa>
    where TVector : struct
    where TIsa : struct, ISimd<TVector>
{
    private static bool IsSupported => TIsa.IsSupported && GuardedFloats.IsSupported;

    [Fact]
    public void Whole_vectors_end_where_they_say()
    {
        if (!IsSupported)
        {
            return;
        }

        using GuardedFloats memory = Counting();
        float* last = memory.End - TIsa.Width;
        Assert.Equal(Expected(last, 1, TIsa.Width), Lanes.ToArray<TVector, TIsa>(TIsa.Load(last)));
        TIsa.Store(memory.Start, TIsa.Load(last));
        TIsa.Store(last, TIsa.Iota);
        Assert.Equal(TIsa.Width - 1, memory.End[-1]);

        int* integers = (int*)last;
        for (int i = 0; i < TIsa.Width; i++)
        {
            integers[i] = i - 5;
        }

        Assert.Equal(Enumerable.Range(-5, TIsa.Width).Select(i => (float)i), Lanes.ToArray<TVector, TIsa>(TIsa.FromBits(TIsa.Load((float*)integers))));
    }

    [Fact]
    public void Partial_loads_read_no_further_and_fill_with_zeros()
    {
        if (!IsSupported)
        {
            return;
        }

        using GuardedFloats memory = Counting();
        for (int count = 1; count < TIsa.Width; count++)
        {
            float* source = memory.End - count;
            Assert.Equal(Expected(source, 1, count), Lanes.ToArray<TVector, TIsa>(TIsa.LoadPartial(source, count)));
            Assert.Equal(Expected(memory.Start, 1, count), Lanes.ToArray<TVector, TIsa>(TIsa.LoadPartial(memory.Start, count)));
        }
    }

    [Fact]
    public void Partial_loads_of_integers_read_no_further_and_fill_with_zeros()
    {
        if (!IsSupported)
        {
            return;
        }

        using GuardedFloats memory = new();
        for (int count = 1; count < TIsa.Width; count++)
        {
            int* source = (int*)(memory.End - count);
            for (int i = 0; i < count; i++)
            {
                source[i] = (i * 1000) - 3;
            }

            float[] expected = Enumerable.Range(0, TIsa.Width).Select(i => i < count ? (i * 1000) - 3f : 0f).ToArray();
            Assert.Equal(expected, Lanes.ToArray<TVector, TIsa>(TIsa.FromBits(TIsa.LoadPartial((float*)source, count))));
        }
    }

    [Fact]
    public void Partial_stores_write_no_further()
    {
        if (!IsSupported)
        {
            return;
        }

        using GuardedFloats memory = new();
        for (int count = 1; count < TIsa.Width; count++)
        {
            // Up to the end of the page, then in the middle, where there would be something to spoil.
            TIsa.StorePartial(memory.End - count, TIsa.Add(TIsa.Iota, TIsa.Broadcast(1f)), count);
            memory.Span.Fill(-1f);
            float* middle = memory.Start + 100;
            TIsa.StorePartial(middle, TIsa.Iota, count);
            for (int i = -TIsa.Width; i < 2 * TIsa.Width; i++)
            {
                Assert.Equal(i >= 0 && i < count ? i : -1f, middle[i]);
            }
        }
    }

    [Fact]
    public void Bytes_are_loaded_and_stored_no_further_than_said()
    {
        if (!IsSupported)
        {
            return;
        }

        using GuardedFloats memory = new();
        Span<byte> bytes = new(memory.Start, memory.Span.Length * sizeof(float));
        for (int count = 1; count <= TIsa.Width; count++)
        {
            // Up to the end of the page, then at its start, where there is something to spoil.
            byte* last = (byte*)memory.End - count;
            float[] expected = Enumerable.Range(0, TIsa.Width).Select(i => i < count ? 255f - (i * 7) : 0f).ToArray();
            bytes.Fill(99);
            TVector values = Lanes.Of<TVector, TIsa>(i => 255f - (i * 7));
            if (count == TIsa.Width)
            {
                TIsa.StoreBytes(last, values);
                TIsa.StoreBytes((byte*)memory.Start, values);
                Assert.Equal(expected, Lanes.ToArray<TVector, TIsa>(TIsa.LoadBytes(last)));
            }
            else
            {
                TIsa.StoreBytesPartial(last, values, count);
                TIsa.StoreBytesPartial((byte*)memory.Start, values, count);
                Assert.Equal(expected, Lanes.ToArray<TVector, TIsa>(TIsa.LoadBytesPartial(last, count)));
            }

            for (int i = 0; i < count; i++)
            {
                Assert.Equal(255 - (i * 7), bytes[i]);
                Assert.Equal(255 - (i * 7), last[i]);
            }

            Assert.False(bytes[count..^count].ContainsAnyExcept((byte)99));
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(28)]
    public void Strided_loads_read_every_stride_and_no_further(int stride)
    {
        if (!IsSupported)
        {
            return;
        }

        using GuardedFloats memory = Counting();
        float* whole = memory.End - ((TIsa.Width - 1) * stride) - 1;
        Assert.Equal(Expected(whole, stride, TIsa.Width), Lanes.ToArray<TVector, TIsa>(TIsa.LoadStrided(whole, stride)));
        for (int count = 1; count < TIsa.Width; count++)
        {
            float* source = memory.End - ((count - 1) * stride) - 1;
            Assert.Equal(Expected(source, stride, count), Lanes.ToArray<TVector, TIsa>(TIsa.LoadStridedPartial(source, stride, count)));
        }
    }

    /// <summary>Strides of values that are read from the end on.</summary>
    [Theory]
    [InlineData(-1)]
    [InlineData(-2)]
    [InlineData(-5)]
    public void Strided_loads_read_backwards_and_no_further(int stride)
    {
        if (!IsSupported)
        {
            return;
        }

        using GuardedFloats memory = Counting();
        float* whole = memory.Start - ((TIsa.Width - 1) * stride);
        Assert.Equal(Expected(whole, stride, TIsa.Width), Lanes.ToArray<TVector, TIsa>(TIsa.LoadStrided(whole, stride)));
        for (int count = 1; count < TIsa.Width; count++)
        {
            float* source = memory.Start - ((count - 1) * stride);
            Assert.Equal(Expected(source, stride, count), Lanes.ToArray<TVector, TIsa>(TIsa.LoadStridedPartial(source, stride, count)));
        }
    }

    [Fact]
    public void Constant_strides_compile_to_the_same()
    {
        if (!IsSupported)
        {
            return;
        }

        using GuardedFloats memory = Counting();
        Assert.Equal(Expected(memory.Start, 1, TIsa.Width), Lanes.ToArray<TVector, TIsa>(TIsa.LoadStrided(memory.Start, 1)));
        Assert.Equal(Expected(memory.Start, 2, TIsa.Width), Lanes.ToArray<TVector, TIsa>(TIsa.LoadStrided(memory.Start, 2)));
        Assert.Equal(Expected(memory.Start, 5, TIsa.Width), Lanes.ToArray<TVector, TIsa>(TIsa.LoadStrided(memory.Start, 5)));
        Assert.Equal(Expected(memory.Start + TIsa.Width - 1, -1, TIsa.Width), Lanes.ToArray<TVector, TIsa>(TIsa.LoadStrided(memory.Start + TIsa.Width - 1, -1)));
        Assert.Equal(Expected(memory.Start, 1, 3), Lanes.ToArray<TVector, TIsa>(TIsa.LoadPartial(memory.Start, 3)));
    }

    private static GuardedFloats Counting()
    {
        GuardedFloats memory = new();
        for (int i = 0; i < memory.Span.Length; i++)
        {
            memory.Span[i] = i + 1;
        }

        return memory;
    }

    private static float[] Expected(float* source, int stride, int count)
    {
        float[] lanes = new float[TIsa.Width];
        for (int i = 0; i < count; i++)
        {
            lanes[i] = source[i * stride];
        }

        return lanes;
    }
}
