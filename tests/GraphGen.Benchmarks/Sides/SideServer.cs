using System.Diagnostics;
using System.Globalization;

namespace GraphGen.Benchmarks.Sides;

/// <summary>What the process of a side of a comparison answers; the class Side says what it is asked. The .NET peers' projects have this file too.</summary>
internal static class SideServer
{
    /// <summary>Serves an iteration, which is timed here.</summary>
    /// <param name="description">What computes: versions, instruction sets, settings.</param>
    /// <param name="iteration">What is timed.</param>
    internal static int Answer(string description, Action iteration) => Answer(description, () =>
    {
        long start = Stopwatch.GetTimestamp();
        iteration();

        // A TimeSpan counts in 100 ns, which is much of the shortest iterations.
        return (Stopwatch.GetTimestamp() - start) * 1000.0 / Stopwatch.Frequency;
    });

    /// <summary>Serves samples that are milliseconds already.</summary>
    internal static int Answer(string description, Func<double> sample)
    {
        Console.WriteLine($"ready {description}");
        while (Console.ReadLine() is string line)
        {
            Console.WriteLine(line == "memory" ? PeakMegabytes() : Take(sample, int.Parse(line.AsSpan("run ".Length), CultureInfo.InvariantCulture)));
        }

        return 0;
    }

    private static string Take(Func<double> sample, int count)
    {
        var times = new double[count];
        for (int i = 0; i < count; i++)
        {
            times[i] = sample();
        }

        return string.Join(' ', times.Select(time => time.ToString("g6", CultureInfo.InvariantCulture)));
    }

    // The high-water mark of resident memory, as the kernel counts it for all sides alike.
    private static string PeakMegabytes()
    {
        string line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        long kilobytes = long.Parse(line.AsSpan("VmHWM:".Length, line.Length - "VmHWM:".Length - " kB".Length).Trim(), CultureInfo.InvariantCulture);
        return (kilobytes / 1024.0).ToString("f1", CultureInfo.InvariantCulture);
    }
}
