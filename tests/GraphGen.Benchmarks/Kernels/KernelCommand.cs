using System.Runtime.CompilerServices;
using BenchmarkDotNet.Running;

namespace GraphGen.Benchmarks.Kernels;

/// <summary>Single kernels by BenchmarkDotNet; <c>functions</c> measures the vector functions that kernels are made of.</summary>
internal static class KernelCommand
{
    internal static void Run(string[] args)
    {
        if (args is ["functions"])
        {
            FunctionCommand.Run();
            return;
        }

        RunBenchmarks(args);
    }

    /// <summary>A method of its own, so that no other command loads that library: the memory of some is measured.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void RunBenchmarks(string[] args) => BenchmarkSwitcher.FromAssembly(typeof(KernelCommand).Assembly).Run(args, new KernelConfig());
}
