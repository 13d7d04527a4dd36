using System.Collections;
using System.Diagnostics;

namespace GraphGen.Benchmarks.Compare;

/// <summary>How the processes of sides are started: all in an environment that holds none of them back.</summary>
internal static class SideStart
{
    // What chooses narrower instructions, other thread pools, slower tiers or other caches than a side would by itself.
    private static readonly string[] Prefixes =
    [
        "OPENBLAS_", "GOTO_", "BLIS_", "MKL_", "DNNL_", "ONEDNN_", "ATEN_", "OMP_", "GOMP_", "KMP_", "TORCH_", "TORCHINDUCTOR_", "PYTORCH_", "ORT_",
        "GRAPHGEN_THREADS", .. Runtime("DOTNET_"), .. Runtime("COMPlus_"),
    ];

    /// <summary>The variables of this process that its sides are started without, with their values.</summary>
    internal static IEnumerable<string> Cleared() =>
        Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Where(entry => HoldsBack((string)entry.Key))
            .Select(entry => $"{entry.Key}={entry.Value}")
            .Order(StringComparer.Ordinal);

    /// <summary>A program of ours as a side: this one, with other arguments.</summary>
    internal static ProcessStartInfo Self(int threads, params string[] arguments)
    {
        string program = Environment.ProcessPath!;
        string[] host = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [typeof(SideStart).Assembly.Location] : [];
        return Program([program, .. host], threads, arguments);
    }

    /// <summary>Another program as a side.</summary>
    /// <param name="command">The program and its first arguments.</param>
    /// <param name="threads">The threads of OpenMP, which libraries start before they can be asked not to.</param>
    /// <param name="arguments">What the program is asked.</param>
    internal static ProcessStartInfo Program(IReadOnlyList<string> command, int threads, params string[] arguments)
    {
        var start = new ProcessStartInfo(command[0], [.. command.Skip(1), .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string name in start.Environment.Keys.Where(HoldsBack).ToArray())
        {
            start.Environment.Remove(name);
        }

        start.Environment["OMP_NUM_THREADS"] = $"{threads}";
        return start;
    }

    private static string[] Runtime(string prefix) =>
    [
        .. new[] { "Enable", "Tiered", "TC_", "OSR", "ReadyToRun", "Jit", "gc", "PROCESSOR_COUNT", "PreferredVector", "MaxVector", "Thread" }.Select(name => prefix + name),
    ];

    private static bool HoldsBack(string name) => Prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
}
