namespace GraphGen.Benchmarks.Compare;

internal static class Statistics
{
    internal static double Median(IReadOnlyCollection<double> values)
    {
        double[] sorted = [.. values.Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>By how much the medians of the first half and of the second differ, as a fraction of the smaller.</summary>
    internal static double Spread(IReadOnlyList<double> values)
    {
        if (values.Count < 2)
        {
            return 0;
        }

        double first = Median([.. values.Take(values.Count / 2)]), second = Median([.. values.Skip((values.Count + 1) / 2)]);
        return (Math.Max(first, second) / Math.Min(first, second)) - 1;
    }

    internal static double GeometricMean(IReadOnlyCollection<double> values) => Math.Exp(values.Average(Math.Log));
}
