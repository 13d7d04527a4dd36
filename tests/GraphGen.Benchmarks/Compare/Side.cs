using System.Diagnostics;
using System.Globalization;

namespace GraphGen.Benchmarks.Compare;

/// <summary>
/// One side of a comparison: a process of its own, so that its peak memory is its own, which works only when asked to.
/// It prints <c>ready</c>, answers a line <c>run N</c> with the milliseconds of N iterations and a line <c>memory</c> with
/// its peak resident megabytes, and ends with its input.
/// </summary>
internal sealed class Side : IDisposable
{
    private readonly Process _process;

    private Side(string name, Process process)
    {
        Name = name;
        _process = process;
    }

    internal string Name { get; }

    /// <summary>The milliseconds of every iteration so far.</summary>
    internal List<double> Times { get; } = [];

    internal double Median => Statistics.Median(Times);

    /// <summary>Starts a side and waits until it is ready.</summary>
    /// <exception cref="InvalidOperationException">The process ended before it was ready; the message has what it wrote.</exception>
    internal static Side Start(string name, ProcessStartInfo start)
    {
        start.RedirectStandardInput = true;
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        var side = new Side(name, process);
        if (process.StandardOutput.ReadLine() != "ready")
        {
            process.Kill(entireProcessTree: true);
            throw new InvalidOperationException($"{name} did not start:\n{errors.Result}");
        }

        return side;
    }

    /// <summary>Runs iterations and keeps their times.</summary>
    internal void Run(int iterations) =>
        Times.AddRange(Ask($"run {iterations}").Split(' ').Select(text => double.Parse(text, CultureInfo.InvariantCulture)));

    /// <summary>Runs iterations whose times do not count; returns the median.</summary>
    internal double WarmUp(int iterations)
    {
        Run(iterations);
        double median = Median;
        Times.Clear();
        return median;
    }

    /// <summary>Its peak resident memory so far, in MB.</summary>
    internal double PeakMegabytes() => double.Parse(Ask("memory"), CultureInfo.InvariantCulture);

    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(10)))
        {
            _process.Kill(entireProcessTree: true);
        }

        _process.Dispose();
    }

    private string Ask(string line)
    {
        _process.StandardInput.WriteLine(line);
        _process.StandardInput.Flush();
        return _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"{Name} ended while asked to {line}.");
    }
}
