using System.Globalization;

namespace GraphGen.Benchmarks.Compare;

/// <summary>How busy the machine is while no side is asked: with something else, then, and what is measured is disturbed.</summary>
internal sealed class MachineLoad
{
    private const string Statistics = "/proc/stat";

    // All sides keep spinning threads for a while after they worked: until they sleep, the next is not asked.
    private static readonly TimeSpan UntilThreadsSleep = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan Watched = TimeSpan.FromMilliseconds(40);

    private double _idle;
    private double _all;

    /// <summary>The part of the processors' time in all pauses that was not idle; 0 where the system does not tell.</summary>
    internal double Busy => _all == 0 ? 0 : 1 - (_idle / _all);

    /// <summary>Waits until the sides sleep, and then for as long as the machine is watched.</summary>
    internal void Pause()
    {
        Thread.Sleep(UntilThreadsSleep);
        (double idle, double all) = Read();
        Thread.Sleep(Watched);
        (double laterIdle, double laterAll) = Read();
        _idle += laterIdle - idle;
        _all += laterAll - all;
    }

    // "cpu" and the ticks of all processors as user, nice, system, idle, waiting for devices, interrupts (two), taken by other machines.
    private static (double Idle, double All) Read()
    {
        if (!File.Exists(Statistics))
        {
            return (0, 0);
        }

        double[] ticks =
        [
            .. File.ReadLines(Statistics).First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Take(8).Select(text => double.Parse(text, CultureInfo.InvariantCulture)),
        ];
        return (ticks[3] + ticks[4], ticks.Sum());
    }
}
