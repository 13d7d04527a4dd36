using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace GraphGen.Benchmarks.Generate;

/// <summary><c>generate</c>: how generation, the C# compiler and the JIT grow with the layers of a model.</summary>
internal static class GenerateCommand
{
    /// <summary>What the processes that measure one model are started with.</summary>
    public const string One = "generate-one";

    public static int Run(string? only, FileInfo? json, DirectoryInfo? keep)
    {
        List<ScalingRow> rows = [];
        keep?.Create();
        Console.WriteLine($"{"model",-30} {"layers",6} {"lines",7} {"cold ms",8} {"warm ms",8} {"csc cold",8} {"csc warm",8} {"step ms",8} {"methods",8} {"IL KB",8} {"JIT ms",8}   each against the row before");
        foreach (ScalingModel model in ScalingModel.All.Where(model => only is null || model.Name.Contains(only, StringComparison.OrdinalIgnoreCase)))
        {
            ScalingRow? before = null;
            foreach (int count in model.Counts)
            {
                ScalingRow row = Measure(model, count, keep);
                rows.Add(row);
                string growth = before is null ? "" : string.Create(CultureInfo.InvariantCulture,
                    $"lines {(double)row.Lines / before.Lines:f2}, csc {row.WarmCompilation / before.WarmCompilation:f2}, JIT {row.JitTime / before.JitTime:f2}");
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{row.Model,-30} {row.Count,6} {row.Lines,7} {row.ColdGeneration,8:f0} {row.WarmGeneration,8:f0} {row.ColdCompilation,8:f0} {row.WarmCompilation,8:f0} {row.FirstStep,8:f0} {row.JitMethods,8} {row.JitBytes / 1024.0,8:f1} {row.JitTime,8:f0}   {growth}"));
                before = row;
            }
        }

        JsonReport.Write(json, rows);
        return 0;
    }

    private static ScalingRow Measure(ScalingModel model, int count, DirectoryInfo? keep)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!, [typeof(GenerateCommand).Assembly.Location, One, model.Name, count.ToString(CultureInfo.InvariantCulture), .. keep is null ? [] : new[] { keep.FullName }])
        {
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? JsonSerializer.Deserialize<ScalingRow>(output)!
            : throw new InvalidOperationException($"{model.Name} x {count} ended with {process.ExitCode}.");
    }
}
