using System.Globalization;
using System.IO.Enumeration;

namespace GraphGen.Benchmarks.Compare;

/// <summary><c>compare</c>: GraphGen against PyTorch and ONNX Runtime.</summary>
internal static class CompareCommand
{
    internal static int Run(string? only, FileInfo? json, int threads, int rounds)
    {
        var peers = new Peers();
        foreach (string sentence in peers.Missing())
        {
            Console.WriteLine(sentence);
        }

        var comparison = new Comparison(peers, threads, rounds);
        List<ComparisonRow> rows = [];
        Console.WriteLine($"medians, {threads} threads each, taken in turns");
        Console.WriteLine($"{"workload",-30} {"kind",-10} {"GraphGen",12} {"peer",-14} {"",10} {"ratio",6} {"peak memory",18}");
        foreach (Workload workload in Workload.All.Where(workload => Matches(workload, only)))
        {
            foreach (ComparisonRow row in comparison.Measure(workload))
            {
                rows.Add(row);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{row.Workload,-30} {row.Kind,-10} {row.GraphGenMs,9:g4} ms {row.Peer,-14} {row.PeerMs,7:g4} ms {row.Ratio,6:f2} {row.GraphGenPeakMb,6:f0} / {row.PeerPeakMb,6:f0} MB"));
            }
        }

        JsonReport.Write(json, rows);
        return 0;
    }

    // A pattern without wildcards is looked for anywhere in "training mlp MLP 784-128-64-10, B=32".
    private static bool Matches(Workload workload, string? pattern) =>
        pattern is null
        || FileSystemName.MatchesSimpleExpression(pattern.Contains('*') ? pattern : $"*{pattern}*", $"{workload.KindName} {workload.Name} {workload.Title}");
}
