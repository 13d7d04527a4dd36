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

    [Fact]
    public void Where_no_label_is_ignored_none_is() =>
        Assert.Throws<ArgumentOutOfRangeException>("labels", () => Guard.Labels([int.MinValue], 10, int.MinValue, "labels"));
}
