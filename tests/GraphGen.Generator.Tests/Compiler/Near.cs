namespace GraphGen.Generator.Tests.Compiler;

/// <summary>Compares numbers relative to the largest of the tensor they are in.</summary>
internal static class Near
{
    /// <summary>
    /// Fails, naming the worst element, unless each differs by at most <paramref name="tolerance"/> times the largest expected (or
    /// <paramref name="floor"/>), and what is allowed besides.
    /// </summary>
    public static void Assert(string what, IReadOnlyList<double> expected, IReadOnlyList<double> actual, double tolerance, double floor = 0, double allowance = 0)
    {
        if (Difference(what, expected, actual, tolerance, floor, allowance) is { } difference)
        {
            Xunit.Assert.Fail(difference);
        }
    }

    /// <summary>A sentence on the worst element, or <see langword="null"/> if all are near.</summary>
    public static string? Difference(string what, IReadOnlyList<double> expected, IReadOnlyList<double> actual, double tolerance, double floor = 0, double allowance = 0)
    {
        if (expected.Count != actual.Count)
        {
            return $"{what} has {actual.Count} elements instead of {expected.Count}";
        }

        double scale = expected.Select(Math.Abs).Where(double.IsFinite).Append(floor).Max();
        int worst = -1;
        double most = (tolerance * scale) + allowance;
        for (int i = 0; i < expected.Count; i++)
        {
            // Equal infinities and NaNs are near, everything else that is not finite is far.
            double distance = expected[i].Equals(actual[i]) ? 0 : Math.Abs(expected[i] - actual[i]);
            if (!(distance <= most))
            {
                (worst, most) = (i, double.IsNaN(distance) ? double.PositiveInfinity : distance);
            }
        }

        return worst < 0 ? null : $"{what}: element {worst} of {expected.Count} is {actual[worst]:g9} instead of {expected[worst]:g9} (largest {scale:g6}, {allowance:g3} allowed besides)";
    }
}
