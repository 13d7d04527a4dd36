using System.Diagnostics;
using System.Globalization;
using GraphGen.Runtime;

namespace GraphGen.Benchmarks.Compare;

/// <summary>The process of one of our own sides of a comparison; <see cref="Side"/> says what it answers.</summary>
internal static class Worker
{
    /// <summary>Serves a workload of <see cref="Workload.All"/>.</summary>
    internal static int Serve(int workload, int threads, string folder)
    {
        WorkerPool.ThreadCount = threads;
        return Answer(Workload.All[workload].Prepare(folder));
    }

    /// <summary>Serves the loop that memory is measured with.</summary>
    internal static int ServeTriad(int length, int threads)
    {
        WorkerPool.ThreadCount = threads;
        return Answer(new TriadSide(length).Run);
    }

    private static int Answer(Action iteration)
    {
        Console.WriteLine("ready");
        while (Console.ReadLine() is string line)
        {
            Console.WriteLine(line == "memory" ? PeakMegabytes() : Time(iteration, int.Parse(line.AsSpan("run ".Length), CultureInfo.InvariantCulture)));
        }

        return 0;
    }

    private static string Time(Action iteration, int count)
    {
        var times = new long[count];
        for (int i = 0; i < count; i++)
        {
            long start = Stopwatch.GetTimestamp();
            iteration();
            times[i] = Stopwatch.GetTimestamp() - start;
        }

        return string.Join(' ', times.Select(ticks => (ticks * 1e3 / Stopwatch.Frequency).ToString("g6", CultureInfo.InvariantCulture)));
    }

    // The high-water mark of resident memory, as the kernel counts it for all sides alike.
    private static string PeakMegabytes()
    {
        string line = File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        long kilobytes = long.Parse(line.AsSpan("VmHWM:".Length, line.Length - "VmHWM:".Length - " kB".Length).Trim(), CultureInfo.InvariantCulture);
        return (kilobytes / 1024.0).ToString("f1", CultureInfo.InvariantCulture);
    }
}
