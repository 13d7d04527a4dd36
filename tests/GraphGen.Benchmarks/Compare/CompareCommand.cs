using GraphGen.Benchmarks.Workloads;

namespace GraphGen.Benchmarks.Compare;

/// <summary><c>compare</c>: GraphGen against the peers that a user could have instead.</summary>
internal static class CompareCommand
{
    internal static int Run(ComparisonOptions options)
    {
        List<string> notes = [];
        bool failed = false;
        Workload[] workloads = options.Workloads();

        Note($"{MachineDescription.Get()}; medians, {options.Threads} threads each, {options.Rounds} turns each");
        foreach (string variable in SideStart.Cleared())
        {
            Note($"started without {variable}");
        }

        using (Side ours = Side.Start("GraphGen", SideStart.Self(options.Threads, "describe", $"{options.Threads}")))
        {
            Note($"GraphGen: {ours.Description}");
        }

        var comparison = new Comparison(Peers.Load(workloads, options.Threads, Note), options.Threads, options.Rounds, Fail);
        Console.WriteLine();
        Console.WriteLine(ComparisonReport.Header);
        List<IReadOnlyList<ComparisonRow>> tables = [];
        foreach (Workload workload in workloads)
        {
            IReadOnlyList<ComparisonRow> rows = comparison.Measure(workload);
            tables.Add(rows);
            foreach (string line in ComparisonReport.Lines(rows))
            {
                Console.WriteLine(line);
            }
        }

        JsonReport.Write(options.Json, [.. tables.SelectMany(rows => rows)]);
        if (options.Markdown is not null)
        {
            File.WriteAllText(options.Markdown.FullName, ComparisonReport.Markdown(notes, tables));
        }

        return failed ? 1 : 0;

        void Note(string sentence)
        {
            notes.Add(sentence);
            Console.WriteLine(sentence);
        }

        void Fail(string sentence)
        {
            failed = true;
            Console.WriteLine(sentence);
        }
    }
}
