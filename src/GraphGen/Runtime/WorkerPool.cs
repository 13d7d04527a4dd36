using System.Globalization;

namespace GraphGen.Runtime;

/// <summary>
/// The threads that kernels run on: the caller and as many workers as make <see cref="ThreadCount"/>. Workers wait
/// spinning for a while after each kernel, because the next is microseconds away in a training step, and then sleep.
/// Nothing is allocated. Which thread runs which task is open; what a task computes never depends on it.
/// </summary>
public static unsafe class WorkerPool
{
    /// <summary>Floating-point operations below which waking a worker costs more than it saves.</summary>
    private const long WorthSharing = 100_000;

    /// <summary>How often a waiting worker looks before it goes to sleep: about 200 microseconds.</summary>
    private const int SpinsBeforeSleep = 5_000;

    private static readonly Lock Gate = new();
    private static Worker[] _workers = [];
    private static int _threadCount = DefaultThreadCount();

    // The kernel under way. Written by the caller before it raises _generation, read by workers after they see it raised.
    private static delegate*<void*, int, void> _kernel;
    private static void* _state;
    private static int _tasks;
    private static PaddedCounter _next;
    private static PaddedCounter _running;
    private static PaddedCounter _generation;

    [ThreadStatic]
    private static bool _isInside;

    /// <summary>Threads that kernels run on, the caller's among them. By default one a processor, or what the environment variable GRAPHGEN_THREADS says.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is less than 1 or more than 1024.</exception>
    public static int ThreadCount
    {
        get => _threadCount;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, 1024);
            lock (Gate)
            {
                if (value != _threadCount)
                {
                    Stop();
                    _threadCount = value;
                }
            }
        }
    }

    /// <summary>Runs <paramref name="kernel"/> for each task in [0, <paramref name="tasks"/>) and returns when all are done.</summary>
    /// <param name="kernel">Must not throw.</param>
    /// <param name="state">Given to each task.</param>
    /// <param name="tasks">How many.</param>
    /// <param name="workPerTask">Floating-point operations of one, by which it is decided whether workers are worth waking.</param>
    public static void Run(delegate*<void*, int, void> kernel, void* state, int tasks, long workPerTask)
    {
        if (_threadCount == 1 || tasks <= 1 || tasks * workPerTask < WorthSharing || _isInside)
        {
            for (int task = 0; task < tasks; task++)
            {
                kernel(state, task);
            }

            return;
        }

        lock (Gate)
        {
            if (_workers.Length != _threadCount - 1)
            {
                Start();
            }

            _kernel = kernel;
            _state = state;
            _tasks = tasks;
            _next.Value = 0;
            _running.Value = _workers.Length;
            Interlocked.Increment(ref _generation.Value);
            foreach (Worker worker in _workers)
            {
                worker.Wake();
            }

            _isInside = true;
            RunTasks();
            _isInside = false;
            SpinWait spinner = default;
            while (Volatile.Read(ref _running.Value) != 0)
            {
                // The last task of a worker: microseconds away, unless the system took its processor.
                spinner.SpinOnce(sleep1Threshold: -1);
            }
        }
    }

    private static int DefaultThreadCount() =>
        int.TryParse(Environment.GetEnvironmentVariable("GRAPHGEN_THREADS"), NumberStyles.None, CultureInfo.InvariantCulture, out int threads) && threads is >= 1 and <= 1024
            ? threads
            : Environment.ProcessorCount;

    private static void RunTasks()
    {
        int tasks = _tasks;
        int task;
        while ((task = Interlocked.Increment(ref _next.Value) - 1) < tasks)
        {
            _kernel(_state, task);
        }
    }

    private static void Start()
    {
        Stop();
        Worker[] workers = new Worker[_threadCount - 1];
        for (int i = 0; i < workers.Length; i++)
        {
            workers[i] = new Worker(i, _generation.Value);
        }

        _workers = workers;
    }

    private static void Stop()
    {
        foreach (Worker worker in _workers)
        {
            worker.Stop();
        }

        _workers = [];
    }

    /// <summary>A counter with a cache line of its own, so that threads that write one do not slow those that read another.</summary>
    [System.Runtime.InteropServices.StructLayout(System.Runtime.InteropServices.LayoutKind.Explicit, Size = 128)]
    private struct PaddedCounter
    {
        [System.Runtime.InteropServices.FieldOffset(64)]
        public int Value;
    }

    private sealed class Worker
    {
        private readonly SemaphoreSlim _wake = new(0);
        private readonly Thread _thread;
        private int _seen;
        private int _isAsleep;
        private volatile bool _isStopped;

        public Worker(int index, int generation)
        {
            _seen = generation;
            _thread = new Thread(Work) { IsBackground = true, Name = $"GraphGen worker {index + 1}" };
            _thread.Start();
        }

        /// <summary>Wakes the worker if it sleeps. Called after the generation was raised.</summary>
        public void Wake()
        {
            if (Volatile.Read(ref _isAsleep) != 0 && Interlocked.Exchange(ref _isAsleep, 0) != 0)
            {
                _wake.Release();
            }
        }

        public void Stop()
        {
            _isStopped = true;
            Wake();
            _thread.Join();
        }

        private void Work()
        {
            _isInside = true;
            while (WaitForKernel())
            {
                RunTasks();
                Interlocked.Decrement(ref _running.Value);
            }
        }

        /// <summary>Waits for the next kernel; false when the worker is to end.</summary>
        private bool WaitForKernel()
        {
            while (true)
            {
                for (int spin = 0; spin < SpinsBeforeSleep; spin++)
                {
                    if (IsRaised())
                    {
                        return true;
                    }

                    if (_isStopped)
                    {
                        return false;
                    }

                    Thread.SpinWait(1);
                }

                // Declare the sleep, then look once more: whoever raises the generation after this sees the declaration.
                Interlocked.Exchange(ref _isAsleep, 1);
                if ((Volatile.Read(ref _generation.Value) == _seen && !_isStopped) || Interlocked.Exchange(ref _isAsleep, 0) == 0)
                {
                    _wake.Wait();
                }
            }
        }

        private bool IsRaised()
        {
            int generation = Volatile.Read(ref _generation.Value);
            if (generation == _seen)
            {
                return false;
            }

            _seen = generation;
            return true;
        }
    }
}
