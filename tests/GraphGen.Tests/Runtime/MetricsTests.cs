using Xunit;

namespace GraphGen.Tests.Runtime;

public sealed class MetricsTests
{
    [Theory]
    [InlineData(new[] { 1f }, 0)]
    [InlineData(new[] { 1f, 3f, 2f }, 1)]
    [InlineData(new[] { 3f, 3f, 2f }, 0)]
    [InlineData(new[] { -2f, -1f, -1f }, 1)]
    [InlineData(new[] { 1f, float.PositiveInfinity, float.NaN, float.NaN }, 2)]
    [InlineData(new[] { float.NegativeInfinity, float.NegativeInfinity }, 0)]
    [InlineData(new[] { float.NaN, 5f }, 0)]
    public void The_first_of_the_largest_is_found(float[] values, int expected) => Assert.Equal(expected, Metrics.ArgMax(values));

    [Fact]
    public void Accuracy_is_the_share_of_rows_that_are_right()
    {
        float[] logits = [1, 2, 3, 9, 2, 3, 1, 5, 3, 0, 0, 0];
        Assert.Equal(0.75, Metrics.Accuracy(logits, [2, 0, 0, 0]));
        Assert.Equal(3, Metrics.CorrectCount(logits, [2, 0, 0, 0]));
        Assert.Equal(0, Metrics.Accuracy(logits, [-100, 1, 2, 3]));
    }

    [Fact]
    public void Lengths_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentException>("logits", () => Metrics.Accuracy(new float[7], new int[2]));
        Assert.Throws<ArgumentException>("logits", () => Metrics.Accuracy(new float[7], []));
        Assert.Throws<ArgumentException>("logits", () => Metrics.Accuracy([], new int[2]));
        Assert.Throws<ArgumentException>("values", () => Metrics.ArgMax([]));
    }
}
