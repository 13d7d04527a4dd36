using System.Runtime.InteropServices;

namespace GraphGen.Benchmarks.Compare;

internal static class MachineDescription
{
    /// <summary>The day, the processor, how many of them this process may use, and the system.</summary>
    internal static string Get() =>
        $"{DateTime.UtcNow:yyyy-MM-dd}, {Processor()}, {Environment.ProcessorCount} processors, {RuntimeInformation.OSDescription}";

    private static string Processor()
    {
        const string Cpuinfo = "/proc/cpuinfo";
        string? line = File.Exists(Cpuinfo) ? File.ReadLines(Cpuinfo).FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line?[(line.IndexOf(':') + 1)..].Trim() ?? RuntimeInformation.ProcessArchitecture.ToString();
    }
}
