using GraphGen.Runtime;
using Xunit;

namespace GraphGen.Tests.Runtime;

public sealed class GuardTests
{
    [Theory]
    [InlineData(784, 1)]
    [InlineData(784 * 64, 64)]
    public void A_whole_number_of_samples_is_counted(int length, int samples) =>
        Assert.Equal(samples, Guard.Batch(length, 784, 64, "images"));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(783, "783")]
    [InlineData(785, "785")]
    [InlineData(784 * 65, "65")]
    public void An_input_of_another_length_is_refused_with_what_came(int length, string actual)
    {
        ArgumentException error = Assert.Throws<ArgumentException>("images", () => Guard.Batch(length, 784, 64, "images"));
        Assert.Contains(actual, error.Message);
    }

    [Fact]
    public void A_length_that_differs_is_refused_with_both()
    {
        Guard.Length(32, 32, "labels");
        ArgumentException error = Assert.Throws<ArgumentException>("labels", () => Guard.Length(31, 32, "labels"));
        Assert.Contains("31", error.Message);
        Assert.Contains("32", error.Message);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(10)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    public void A_label_that_is_no_class_is_refused_with_its_place(int label)
    {
        Guard.Labels([0, 9, -100, 5], 10, -100, "labels");
        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>("labels", () => Guard.Labels([0, 9, label], 10, -100, "labels"));
        Assert.Equal(label, error.ActualValue);
        Assert.Contains("position 2", error.Message);
    }

    [Theory]
    [InlineData(1, 2_147_483_511, 0)]
    [InlineData(2_147_483, 1000, 511)]
    [InlineData(10_737, 200_000, 16)]
    [InlineData(int.MaxValue, 0, 2_147_483_511)]
    public void A_capacity_that_fits_is_free(int maxBatch, long perSample, long constant) => Guard.Capacity(maxBatch, (0, 0), (perSample, constant));

    [Theory]
    [InlineData(2_147_484, 1000, 511, "the largest maxBatch that fits is 2147483.")]
    [InlineData(10_738, 200_000, 16, "the largest maxBatch that fits is 10737.")]
    [InlineData(1, 2_147_483_511, 1, "not even one sample fits.")]
    [InlineData(1, 0, 2_147_483_512, "not even one sample fits.")]
    [InlineData(int.MaxValue, 1L << 40, 1L << 40, "not even one sample fits.")]
    public void A_capacity_that_does_not_fit_is_refused_with_the_largest_that_does(int maxBatch, long perSample, long constant, string message)
    {
        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>("maxBatch", () => Guard.Capacity(maxBatch, (0, 0), (perSample, constant), (1, 1)));
        Assert.Equal(maxBatch, error.ActualValue);
        Assert.Contains(message, error.Message);
    }

    [Fact]
    public void Where_no_label_is_ignored_none_is() =>
        Assert.Throws<ArgumentOutOfRangeException>("labels", () => Guard.Labels([int.MinValue], 10, int.MinValue, "labels"));
}
