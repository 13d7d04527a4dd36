using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace GraphGen.Benchmarks.Compare;

/// <summary>
/// One side of a comparison: a process of its own, so that its peak memory is its own, which works only when asked to.
/// It prints <c>ready</c> and what it is, answers a line <c>run N</c> with the milliseconds of N iterations and a line <c>memory</c>
/// with its peak resident megabytes, and ends with its input.
/// </summary>
internal sealed class Side : IDisposable
{
    private const string Ready = "ready ";

    /// <summary>How far the others may be from GraphGen's results, relative to the largest.</summary>
    private const double Tolerance = 1e-4;

    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly List<double> _times = [];

    private Side(string name, Process process)
    {
        Name = name;
        _process = process;
        _errors = process.StandardError.ReadToEndAsync();
    }

    internal string Name { get; }

    /// <summary>What computes: versions, instruction sets, settings.</summary>
    internal string Description { get; private set; } = string.Empty;

    /// <summary>The median milliseconds of an iteration so far.</summary>
    internal double Median => Statistics.Median(_times);

    /// <summary>By how much the two halves of the iterations so far differ.</summary>
    internal double Spread => Statistics.Spread(_times);

    /// <summary>Starts a side and waits until it is ready.</summary>
    /// <exception cref="SideException">It ended before it was ready; the message has the last line that it wrote.</exception>
    internal static Side Start(string name, ProcessStartInfo start)
    {
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            throw new SideException($"{name} did not start: {e.Message}");
        }

        var side = new Side(name, process);
        try
        {
            string line = side.ReadLine("start");
            side.Description = line.StartsWith(Ready, StringComparison.Ordinal) ? line[Ready.Length..] : throw new SideException($"{name} did not start: {line}");
            return side;
        }
        catch
        {
            side.Dispose();
            throw;
        }
    }

    /// <summary>Compares what this side computed with what GraphGen's did.</summary>
    /// <exception cref="SideException">It computed something else.</exception>
    internal void Check(string expectedPath, string actualPath)
    {
        float[] expected = ReadFloats(expectedPath), actual = ReadFloats(actualPath);
        double largest = expected.Max(Math.Abs);
        double difference = expected.Length == actual.Length ? expected.Zip(actual, (left, right) => Math.Abs((double)left - right)).Max() : double.NaN;
        if (!(difference <= Tolerance * largest))
        {
            throw new SideException($"{Name} computes something else: off by {difference / largest:g3} of the largest value.");
        }
    }

    /// <summary>Runs iterations and keeps their times.</summary>
    internal void Run(int iterations) => _times.AddRange(Times(iterations));

    /// <summary>Runs iterations whose times do not count.</summary>
    /// <returns>The milliseconds that an iteration took, seen from here.</returns>
    internal double WarmUp(int iterations)
    {
        long start = Stopwatch.GetTimestamp();
        Times(iterations);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds / iterations;
    }

    /// <summary>Its peak resident memory so far, in MB.</summary>
    internal double PeakMegabytes() => double.Parse(Ask("memory"), CultureInfo.InvariantCulture);

    public void Dispose()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended already.
        }

        if (!_process.WaitForExit(TimeSpan.FromSeconds(10)))
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private static float[] ReadFloats(string path) => MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(path)).ToArray();

    private double[] Times(int iterations) =>
        [.. Ask($"run {iterations}").Split(' ').Select(text => double.Parse(text, CultureInfo.InvariantCulture))];

    private string Ask(string line)
    {
        try
        {
            _process.StandardInput.WriteLine(line);
            _process.StandardInput.Flush();
        }
        catch (IOException)
        {
            // It has ended, and its output with it: reading says why.
        }

        return ReadLine(line);
    }

    private string ReadLine(string asked)
    {
        if (_process.StandardOutput.ReadLine() is string line)
        {
            return line;
        }

        // .NET gives the exception before its stack, Python after it.
        string[] lines = _errors.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        string? reason = lines.FirstOrDefault(line => line.StartsWith("Unhandled exception", StringComparison.Ordinal)) ?? lines.LastOrDefault();
        _process.WaitForExit();
        reason ??= $"exit code {_process.ExitCode}";
        throw new SideException($"{Name} ended while asked to {asked}: {reason}");
    }
}
