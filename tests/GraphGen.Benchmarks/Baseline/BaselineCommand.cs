using System.Globalization;
using System.Text;
using GraphGen.Benchmarks.Compare;
using GraphGen.Benchmarks.Workloads;

namespace GraphGen.Benchmarks.Baseline;

/// <summary><c>compare --baseline REVISION</c>: every workload with an earlier revision of GraphGen and with this working tree, in turns.</summary>
internal static class BaselineCommand
{
    private const string BaselineCheck = "baseline.check";
    private const string Check = "graphgen.check";

    internal static int Run(string revision, ComparisonOptions options)
    {
        string folder = Directory.CreateTempSubdirectory("graphgen-baseline-").FullName;
        try
        {
            string commit = BaselineBuild.Commit(revision);
            string baseline = BaselineBuild.WorkerOf(commit, Directory.CreateDirectory(Path.Combine(folder, "baseline")).FullName);
            string current = BaselineBuild.WorkerOfThisTree(Directory.CreateDirectory(Path.Combine(folder, "current")).FullName);
            return Compare(baseline, current, options);
        }
        catch (SideException e)
        {
            Console.WriteLine(e.Message);
            return 1;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static int Compare(string baseline, string current, ComparisonOptions options)
    {
        List<string> notes = [];
        Note($"{MachineDescription.Get()}; medians, {options.Threads} threads each, {options.Rounds} turns each");
        foreach (string variable in SideStart.Cleared())
        {
            Note($"started without {variable}");
        }

        Note($"baseline: {Description(baseline)}");
        Note($"this tree: {Description(current)}");
        Console.WriteLine();
        Console.WriteLine($"{"workload",-30} {"kind",-10} {"baseline",12} {"this tree",12} {"ratio",6} {"peak memory",18}");
        List<BaselineRow> rows = [];
        foreach (Workload workload in options.Workloads())
        {
            BaselineRow row = Measure(workload, baseline, current, options);
            rows.Add(row);
            Console.WriteLine(
                $"{row.Workload,-30} {row.Kind,-10} {ComparisonReport.Time(row.BaselineMs),12} {ComparisonReport.Time(row.GraphGenMs),12} {Ratio(row.Ratio),6} {Memory(row),18}{Disturbance.Mark(row.Spread, row.Busy)}");
        }

        if (rows.Count > 0)
        {
            Console.WriteLine($"geometric mean of {rows.Count} ratios: {Ratio(Statistics.GeometricMean([.. rows.Select(row => row.Ratio)]))}");
        }

        JsonReport.Write(options.Json, rows);
        if (options.Markdown is not null)
        {
            File.WriteAllText(options.Markdown.FullName, Markdown(notes, rows));
        }

        return 0;

        void Note(string sentence)
        {
            notes.Add(sentence);
            Console.WriteLine(sentence);
        }

        string Description(string program)
        {
            using Side side = Side.Start("GraphGen", SideStart.Program(["dotnet", program], options.Threads, "describe", $"{options.Threads}"));
            return side.Description;
        }
    }

    private static BaselineRow Measure(Workload workload, string baseline, string current, ComparisonOptions options)
    {
        string folder = Directory.CreateTempSubdirectory("graphgen-compare-").FullName;
        try
        {
            using Side before = Start("baseline", baseline, BaselineCheck);
            using Side now = Start("this tree", current, Check);
            now.Check(Path.Combine(folder, BaselineCheck), Path.Combine(folder, Check));
            double busy = SideTurns.Take([before, now], options.Rounds);
            return new BaselineRow(
                workload.Title, workload.KindName, before.Median, now.Median, before.Median / now.Median, before.PeakMegabytes(), now.PeakMegabytes(),
                Math.Max(before.Spread, now.Spread), busy);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        Side Start(string name, string program, string check) => Side.Start(name, SideStart.Program(
            ["dotnet", program], options.Threads, "worker", $"{workload.Index}", $"{options.Threads}", folder, check));
    }

    private static string Markdown(IReadOnlyList<string> notes, IReadOnlyList<BaselineRow> rows)
    {
        var text = new StringBuilder();
        foreach (string note in notes)
        {
            text.Append("- ").Append(note).Append('\n');
        }

        text.Append("\n| workload | | baseline | this tree | ratio |\n| --- | --- | --- | --- | --- |\n");
        foreach (BaselineRow row in rows)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"| {row.Workload} | {row.Kind} | {ComparisonReport.Time(row.BaselineMs)} | {ComparisonReport.Time(row.GraphGenMs)} | {Ratio(row.Ratio)}{Disturbance.Mark(row.Spread, row.Busy)} |\n");
        }

        return text.ToString();
    }

    private static string Ratio(double ratio) => ratio.ToString("f3", CultureInfo.InvariantCulture);

    private static string Memory(BaselineRow row) => string.Create(CultureInfo.InvariantCulture, $"{row.BaselinePeakMb:f0} / {row.GraphGenPeakMb:f0} MB");
}
