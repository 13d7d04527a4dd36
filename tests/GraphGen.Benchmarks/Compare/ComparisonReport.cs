using System.Globalization;
using System.Text;

namespace GraphGen.Benchmarks.Compare;

/// <summary>Rows as tables: for the console a line a peer, in Markdown a line a workload.</summary>
internal static class ComparisonReport
{
    internal static string Header =>
        $"{"workload",-30} {"kind",-10} {"GraphGen",12} {"limit",12}  {"peer",-22} {"",12} {"ratio",6} {"peak memory",18}";

    /// <summary>The rows of one workload.</summary>
    internal static IEnumerable<string> Lines(IReadOnlyList<ComparisonRow> rows)
    {
        for (int i = 0; i < rows.Count; i++)
        {
            ComparisonRow row = rows[i];
            string ours = i > 0 ? new string(' ', 67) : $"{row.Workload,-30} {row.Kind,-10} {Time(row.GraphGenMs),12} {Time(row.LimitMs),12}";
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{ours}  {row.Peer,-22} {Time(row.PeerMs),12} {row.Ratio,6:f2} {Memory(row),18}{Mark(row)}");
        }
    }

    /// <summary>A table to be pasted, with what it was measured on above it.</summary>
    internal static string Markdown(IReadOnlyList<string> notes, IEnumerable<IReadOnlyList<ComparisonRow>> workloads)
    {
        var text = new StringBuilder();
        foreach (string note in notes)
        {
            text.Append("- ").Append(note).Append('\n');
        }

        text.Append("\n| workload | | GraphGen | limit | fastest peer | | ratio | other peers' ratios | peak memory |\n");
        text.Append("| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
        foreach (IReadOnlyList<ComparisonRow> rows in workloads.Where(rows => rows.Count > 0))
        {
            ComparisonRow best = rows[0];
            string others = string.Join(", ", rows.Skip(1).Select(row => string.Create(CultureInfo.InvariantCulture, $"{row.Peer} {row.Ratio:f2}{Mark(row)}")));
            text.Append(CultureInfo.InvariantCulture, $"| {best.Workload} | {best.Kind} | {Time(best.GraphGenMs)} | {Time(best.LimitMs)} ")
                .Append(CultureInfo.InvariantCulture, $"| {best.Peer} | {Time(best.PeerMs)} | {best.Ratio:f2}{Mark(best)} | {others} | {Memory(best)} |\n");
        }

        return text.ToString();
    }

    /// <summary>Milliseconds in three digits.</summary>
    internal static string Time(double milliseconds) => milliseconds.ToString(
        milliseconds >= 100 ? "f0" : milliseconds >= 10 ? "f1" : milliseconds >= 1 ? "f2" : "g3", CultureInfo.InvariantCulture) + " ms";

    private static string Memory(ComparisonRow row) => string.Create(CultureInfo.InvariantCulture, $"{row.GraphGenPeakMb:f0} / {row.PeerPeakMb:f0} MB");

    private static string Mark(ComparisonRow row) => Disturbance.Mark(row.Spread, row.Busy);
}
