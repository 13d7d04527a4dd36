using GraphGen.Benchmarks.Roofline;
using GraphGen.Benchmarks.Sides;
using GraphGen.Benchmarks.Workloads;
using GraphGen.Runtime;

namespace GraphGen.Benchmarks.Compare;

/// <summary>
/// A side that says what a workload takes on these threads at least: its multiply-adds at the rate of a loop of nothing else, and
/// then the bytes of its optimizer's step at the rate of a loop that moves as many from buffers as large, whichever cache they fit in.
/// </summary>
internal static class LimitSide
{
    internal static int Serve(int workload, int threads)
    {
        WorkerPool.ThreadCount = threads;
        Need need = Workload.All[workload].Need();
        UpdateLoop? update = need.Buffers == 0 ? null : new UpdateLoop(need.Buffers, need.Length);
        return SideServer.Answer(Worker.Description(), () => Arithmetic(need.Operations) + (update?.Milliseconds() ?? 0));
    }

    private static double Arithmetic(double operations) => operations == 0 ? 0 : operations / FmaLoop.GigaflopsPerSecondOnAllThreads() / 1e6;
}
