using System.IO.Enumeration;
using GraphGen.Benchmarks.Workloads;

namespace GraphGen.Benchmarks.Compare;

/// <summary>What <c>compare</c> is told.</summary>
/// <param name="Only">Only workloads that this pattern is found in.</param>
/// <param name="Json">A file for the rows.</param>
/// <param name="Markdown">A file for the table.</param>
/// <param name="Threads">Threads of each side.</param>
/// <param name="Rounds">Turns of each side.</param>
internal sealed record ComparisonOptions(string? Only, FileInfo? Json, FileInfo? Markdown, int Threads, int Rounds)
{
    internal Workload[] Workloads() => [.. Workload.All.Where(Matches)];

    // The pattern is looked for anywhere in "training mlp MLP 784-128-64-10, B=32".
    private bool Matches(Workload workload) =>
        Only is null
        || FileSystemName.MatchesSimpleExpression($"*{Only}*", $"{workload.KindName} {workload.Name} {workload.Title}");
}
