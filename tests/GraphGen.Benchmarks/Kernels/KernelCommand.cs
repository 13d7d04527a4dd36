using BenchmarkDotNet.Running;

namespace GraphGen.Benchmarks.Kernels;

/// <summary>BenchmarkDotNet over single kernels. A method of its own, so that no other command loads that library: the memory of some is measured.</summary>
internal static class KernelCommand
{
    internal static void Run(string[] args) => BenchmarkSwitcher.FromAssembly(typeof(KernelCommand).Assembly).Run(args, new KernelConfig());
}
