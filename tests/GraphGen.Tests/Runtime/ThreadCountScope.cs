using GraphGen.Runtime;

namespace GraphGen.Tests.Runtime;

/// <summary>Sets the number of threads for a test and sets it back.</summary>
internal sealed class ThreadCountScope : IDisposable
{
    private readonly int _before = WorkerPool.ThreadCount;

    public ThreadCountScope(int threads) => WorkerPool.ThreadCount = threads;

    public void Dispose() => WorkerPool.ThreadCount = _before;
}
