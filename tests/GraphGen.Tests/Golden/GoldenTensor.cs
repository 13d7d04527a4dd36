using Xunit;

namespace GraphGen.Tests.Golden;

/// <summary>
/// The values of a tensor as PyTorch has them: all of them, or those at 0, Stride, 2 * Stride, ... with the sum and the
/// Euclidean norm of all.
/// </summary>
internal sealed record GoldenTensor(int[] Shape, double[] Values, int Stride, double Sum, double Norm)
{
    /// <summary>
    /// Fails unless every value differs by at most <c>tolerance</c> of the tensor's largest value, and by at most
    /// <c>tolerance</c> of its own magnitude and a tenth of <c>tolerance</c> of the largest: small values are right too.
    /// </summary>
    /// <param name="actual">The whole tensor.</param>
    /// <param name="tolerance">1e-5 for values, 1e-4 for gradients.</param>
    /// <param name="what">Named in the failure.</param>
    internal void Check(ReadOnlySpan<float> actual, double tolerance, string what)
    {
        CheckEach(actual, tolerance, what, ofItself: tolerance, ofLargest: tolerance / 10);
        if (Stride > 0)
        {
            CheckTotals(actual, tolerance, what);
        }
    }

    /// <summary>Fails unless every value differs by at most <c>tolerance</c> of the tensor's largest value.</summary>
    internal void CheckLargest(ReadOnlySpan<float> actual, double tolerance, string what) =>
        CheckEach(actual, tolerance, what, ofItself: 0, ofLargest: tolerance);

    /// <summary>These values less others of the whole tensor. The totals are lost.</summary>
    internal GoldenTensor Minus(float[] whole) =>
        this with { Values = [.. Values.Select((value, i) => value - whole[i * Math.Max(Stride, 1)])] };

    private void CheckEach(ReadOnlySpan<float> actual, double tolerance, string what, double ofItself, double ofLargest)
    {
        int length = Shape.Aggregate(1, (product, size) => product * size);
        Assert.True(actual.Length == length, $"{what}: {actual.Length} values, expected [{string.Join(", ", Shape)}]");

        double largest = Values.Max(Math.Abs);
        int stride = Math.Max(Stride, 1);
        for (int i = 0; i < Values.Length; i++)
        {
            double expected = Values[i], difference = Math.Abs(actual[i * stride] - expected);
            double allowed = Math.Min(tolerance * largest, (ofItself * Math.Abs(expected)) + (ofLargest * largest));
            if (!(difference <= allowed))
            {
                Assert.Fail($"{what}[{i * stride}]: {actual[i * stride]:g9}, expected {expected:g9}: off by {difference / largest:e1} of the largest value");
            }
        }
    }

    // Values between the samples show in the sum and the norm. A relative error e of every value changes the sum by at most
    // e times the sum of magnitudes, which is at most sqrt(n) times the norm.
    private void CheckTotals(ReadOnlySpan<float> actual, double tolerance, string what)
    {
        double sum = 0, squares = 0;
        foreach (float value in actual)
        {
            sum += value;
            squares += (double)value * value;
        }

        Assert.True(Math.Abs(sum - Sum) <= tolerance * Norm * Math.Sqrt(actual.Length), $"{what}: sum {sum:g9}, expected {Sum:g9}");
        Assert.True(Math.Abs(Math.Sqrt(squares) - Norm) <= tolerance * Norm, $"{what}: norm {Math.Sqrt(squares):g9}, expected {Norm:g9}");
    }
}
