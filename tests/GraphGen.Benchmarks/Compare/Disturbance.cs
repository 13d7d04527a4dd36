using System.Globalization;

namespace GraphGen.Benchmarks.Compare;

/// <summary>When a row is no measurement to rely on, and how it says so.</summary>
internal static class Disturbance
{
    /// <summary>The spread, or the part of the machine's time taken by something else, above which a row is marked.</summary>
    private const double Most = 0.1;

    /// <summary>What is written behind a row; empty where nothing disturbed it.</summary>
    /// <param name="spread">By how much the two halves of a side's samples differ.</param>
    /// <param name="busy">How busy the machine was between turns.</param>
    internal static string Mark(double spread, double busy)
    {
        string[] reasons =
        [
            .. spread > Most ? [string.Create(CultureInfo.InvariantCulture, $"halves differ by {100 * spread:f0} %")] : (string[])[],
            .. busy > Most ? [string.Create(CultureInfo.InvariantCulture, $"machine {100 * busy:f0} % busy")] : (string[])[],
        ];
        return reasons.Length == 0 ? string.Empty : $" (disturbed: {string.Join(", ", reasons)})";
    }
}
