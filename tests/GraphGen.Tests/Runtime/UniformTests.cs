using Xunit;

namespace GraphGen.Tests.Runtime;

/// <summary>The hash that dropout masks come from, as a source of random numbers. <see cref="SimdMathTests{TVector, TIsa}"/> shows that the vectors have the same numbers.</summary>
public sealed class UniformTests
{
    private const int Count = 1 << 20;

    [Theory]
    [InlineData(0u)]
    [InlineData(1u)]
    [InlineData(2u)]
    [InlineData(0x80000000u)]
    [InlineData(uint.MaxValue)]
    public void Numbers_fill_the_interval_evenly(uint key)
    {
        int[] bins = new int[256];
        for (uint i = 0; i < Count; i++)
        {
            float u = ReferenceMath.Uniform(key, i);
            Assert.InRange(u, 0f, 0.99999994f);
            bins[(int)(u * bins.Length)]++;
        }

        // Chi squared with 255 degrees of freedom: mean 255, standard deviation 22.6.
        double expected = (double)Count / bins.Length;
        double chiSquared = bins.Sum(bin => (bin - expected) * (bin - expected) / expected);
        Assert.InRange(chiSquared, 255 - (6 * 22.6), 255 + (6 * 22.6));
    }

    [Theory]
    [InlineData(0u, 1u, 0u)]
    [InlineData(1u, 2u, 0u)]
    [InlineData(0u, 0u, 1u)]
    [InlineData(5u, 5u, 64u)]
    [InlineData(5u, 6u, 1u)]
    [InlineData(100u, 228u, 128u)]
    public void Streams_and_neighbours_are_uncorrelated(uint key, uint otherKey, uint shift)
    {
        double sum = 0;
        for (uint i = 0; i < Count; i++)
        {
            sum += (ReferenceMath.Uniform(key, i) - 0.5) * (ReferenceMath.Uniform(otherKey, i + shift) - 0.5);
        }

        // Correlation: the standard deviation of an estimate from n pairs is 1/√n.
        Assert.InRange(sum / Count * 12, -6 / Math.Sqrt(Count), 6 / Math.Sqrt(Count));
    }

    [Fact]
    public void A_stream_is_not_a_shifted_or_reordered_copy_of_another()
    {
        HashSet<float> first = [.. Enumerable.Range(0, 4096).Select(i => ReferenceMath.Uniform(7, (uint)i))];
        int shared = Enumerable.Range(0, 4096).Count(i => first.Contains(ReferenceMath.Uniform(8, (uint)i)));

        // 4096² / 2^24 pairs meet by chance.
        Assert.InRange(shared, 0, 12);
    }
}
