using System.Globalization;
using System.Reflection;
using GraphGen.Benchmarks.Workloads;
using GraphGen.Runtime;
using GraphGen.Simd;

namespace GraphGen.Benchmarks.Sides;

/// <summary>The process of GraphGen's side of a comparison.</summary>
internal static class Worker
{
    private const int ShortCommit = 7;

    /// <summary>
    /// <c>worker WORKLOAD THREADS FOLDER CHECK</c> serves a workload of <see cref="Workload.All"/>, by its index. In FOLDER it leaves
    /// what the other sides start from, unless it is there, and in its file CHECK what it computes first.
    /// <c>describe THREADS</c> serves nothing but the description.
    /// </summary>
    internal static int Run(string[] args)
    {
        switch (args)
        {
            case ["worker", string workload, string threads, string folder, string check]:
                WorkerPool.ThreadCount = Number(threads);
                return SideServer.Answer(Description(), Workload.All[Number(workload)].Prepare(folder, Path.Combine(folder, check)));
            case ["describe", string threads]:
                WorkerPool.ThreadCount = Number(threads);
                return SideServer.Answer(Description(), static () => { });
            default:
                throw new ArgumentException($"Expected worker WORKLOAD THREADS FOLDER CHECK or describe THREADS, not: {string.Join(' ', args)}.", nameof(args));
        }
    }

    /// <summary>GraphGen's version and commit, .NET's version, the instruction set and the threads.</summary>
    internal static string Description()
    {
        string version = typeof(ParameterBlock).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "of unknown version";
        int commit = version.IndexOf('+');
        return $"GraphGen {version[..Math.Min(version.Length, commit < 0 ? version.Length : commit + 1 + ShortCommit)]}, .NET {Environment.Version}, {SimdTarget.Name}, {WorkerPool.ThreadCount} threads";
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
