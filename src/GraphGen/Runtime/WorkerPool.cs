using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace GraphGen.Runtime;

/// <summary>
/// The threads that kernels run on: the caller and as many workers as make <see cref="ThreadCount"/>. A kernel's tasks write
/// disjoint places, so which thread runs which does not matter: results are the same for any number of threads.
/// </summary>
/// <remarks>
/// <para>
/// Each thread has a share of a run's tasks: the first thread the first tasks, and so on. Kernels number their tasks as their memory
/// lies, so a thread finds in its cache what it wrote there in the kernel before: a training step of a small network moves its
/// weights, gradients and momentum between processors otherwise, which takes longer than to compute them. A thread that is through
/// with its share helps with the others', from their ends.
/// </para>
/// <para>
/// A share is 64 bits, the next task in the low half, the end in the high half; threads claim tasks by exchanging it. A claim holds
/// the caller back until it is done, so the kernel that is read after it is the claim's. The caller waits only for what others have
/// claimed: a worker whose processor was taken away, or that wakes too late, holds nobody up.
/// </para>
/// <para>
/// Workers spin for a while after each kernel, because the next is microseconds away in a training step, and then sleep. Nothing
/// is allocated once the threads have been started.
/// </para>
/// </remarks>
public static unsafe class WorkerPool
{
    /// <summary>Floating point operations in all below which a kernel is done before a worker has heard of it.</summary>
    private const long WorthSharing = 100_000;

    private const int MaximumThreads = 1024;
    private const int SpinMicroseconds = 150;

    private static readonly State* Shared = Allocate<State>(1);
    private static readonly Share* Shares = Allocate<Share>(MaximumThreads);
    private static readonly Lock Gate = new();

    private static Worker[] _workers = [];
    private static int _threadCount = DefaultThreadCount();

    [ThreadStatic]
    private static bool _isInside;

    /// <summary>
    /// Threads that kernels run on, the caller's among them. By default what the environment variable <c>GRAPHGEN_THREADS</c> says
    /// or, without it, the processors this process may use.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to less than 1 or more than 1024.</exception>
    /// <remarks>Setting it waits for a kernel that is running; a kernel itself must not set it.</remarks>
    public static int ThreadCount
    {
        get => Volatile.Read(ref _threadCount);
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, MaximumThreads);
            Configure(value);
        }
    }

    /// <summary>
    /// Starts the threads, if they do not run yet. Models do so when they are constructed, so that no step has to; until then
    /// kernels run on the caller alone.
    /// </summary>
    public static void Start() => Configure(ThreadCount);

    /// <summary>
    /// Runs <c>kernel(pass, t)</c> for every t in [0, <paramref name="tasks"/>), each once, in no particular order, and returns when
    /// all are done.
    /// </summary>
    /// <param name="kernel">The kernel. It must not throw: on a worker that would end the process.</param>
    /// <param name="pass">Given to each task.</param>
    /// <param name="tasks">How many; none if 0 or less.</param>
    /// <param name="workPerTask">About how many floating point operations a task is, by which it is decided whether to share.</param>
    /// <remarks>
    /// Any thread may call. While one caller has the workers, others run their tasks by themselves instead of waiting, as does a
    /// kernel that calls this from inside.
    /// </remarks>
    public static void Run(delegate*<void*, int, void> kernel, void* pass, int tasks, long workPerTask)
    {
        State* state = Shared;
        if (tasks <= 1 || _workers.Length == 0 || tasks * workPerTask < WorthSharing || _isInside
            || Interlocked.CompareExchange(ref state->Busy, 1, 0) != 0)
        {
            for (int task = 0; task < tasks; task++)
            {
                kernel(pass, task);
            }

            return;
        }

        _isInside = true;
        state->Unfinished = tasks;
        int shares = Math.Min(tasks, _workers.Length + 1);
        Describe(state, kernel, pass, shares);
        Publish(tasks, shares);
        WakeSleepers(shares - 1);
        RunShares(state, first: 0);
        AwaitOthers(state);
        _isInside = false;
        Volatile.Write(ref state->Busy, 0);
    }

    /// <summary>
    /// Says what a run is. Where that is what the last was, as in predictions one after another, nothing is written, and the workers
    /// still have the line.
    /// </summary>
    private static void Describe(State* state, delegate*<void*, int, void> kernel, void* pass, int shares)
    {
        int processor = ThreadPlacement.CurrentProcessor;
        if ((void*)state->Kernel != (void*)kernel || state->Pass != pass || state->ShareCount != shares || state->CallerProcessor != processor)
        {
            state->Kernel = kernel;
            state->Pass = pass;
            state->ShareCount = shares;
            state->CallerProcessor = processor;
        }
    }

    /// <summary>Gives each thread its share. What was written before is visible to whoever sees one.</summary>
    private static void Publish(int tasks, int shares)
    {
        long begin = 0;
        for (int i = 0; i < shares; i++)
        {
            long end = (long)tasks * (i + 1) / shares;
            Volatile.Write(ref Shares[i].Tasks, (end << 32) | begin);
            begin = end;
        }

        // Sleepers are looked for only after this: one that goes to sleep meanwhile sees its share.
        Interlocked.MemoryBarrier();
    }

    /// <summary>Runs what is left of a thread's own share and then of the others'.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunShares(State* state, int first)
    {
        int done = 0;
        int shares = Volatile.Read(ref state->ShareCount);
        for (int i = 0; i < shares; i++)
        {
            Share* share = Shares + ((first + i) % shares);
            for (int task = Claim(share, fromEnd: i > 0); task >= 0; task = Claim(share, fromEnd: i > 0))
            {
                state->Kernel(state->Pass, task);
                done++;
            }
        }

        if (done != 0)
        {
            Interlocked.Add(ref state->Unfinished, -done);
        }
    }

    /// <summary>A task of a share, or -1 if none is left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Claim(Share* share, bool fromEnd)
    {
        while (true)
        {
            long tasks = Volatile.Read(ref share->Tasks);
            int begin = (int)tasks;
            int end = (int)(tasks >> 32);
            if (begin >= end)
            {
                return -1;
            }

            long rest = fromEnd ? tasks - (1L << 32) : tasks + 1;
            if (Interlocked.CompareExchange(ref share->Tasks, rest, tasks) == tasks)
            {
                return fromEnd ? end - 1 : begin;
            }
        }
    }

    /// <summary>Waits for the tasks that other threads have claimed; gives way when their threads seem not to be running.</summary>
    private static void AwaitOthers(State* state)
    {
        for (int spins = 0; Volatile.Read(ref state->Unfinished) != 0; spins++)
        {
            if (spins < 4096)
            {
                Pause();
            }
            else
            {
                Thread.Yield();
            }
        }
    }

    private static void WakeSleepers(int wanted)
    {
        Worker[] workers = _workers;
        for (int i = 0; i < wanted; i++)
        {
            workers[i].Wake();
        }
    }

    private static void Configure(int threads)
    {
        lock (Gate)
        {
            if (_workers.Length == threads - 1)
            {
                _threadCount = threads;
                return;
            }

            State* state = Shared;
            while (Interlocked.CompareExchange(ref state->Busy, 1, 0) != 0)
            {
                Thread.Yield();
            }

            // Workers that are too many leave; those kept go on as they are.
            Worker[] old = _workers;
            Worker[] workers = new Worker[threads - 1];
            for (int i = 0; i < Math.Max(old.Length, workers.Length); i++)
            {
                if (i >= workers.Length)
                {
                    old[i].Stop();
                }
                else
                {
                    workers[i] = i < old.Length ? old[i] : new Worker(state, i + 1);
                }
            }

            _workers = workers;
            _threadCount = threads;
            Volatile.Write(ref state->Busy, 0);
        }
    }

    private static int DefaultThreadCount()
    {
        string? text = Environment.GetEnvironmentVariable("GRAPHGEN_THREADS");
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int threads) && threads >= 1
            ? Math.Min(threads, MaximumThreads)
            : Math.Min(Environment.ProcessorCount, MaximumThreads);
    }

    /// <summary>Native zeroes, for the life of the process: the threads hold on to them.</summary>
    private static T* Allocate<T>(int count)
        where T : unmanaged
    {
        nuint bytes = (nuint)sizeof(T) * (nuint)count;
        void* memory = NativeMemory.AlignedAlloc(bytes, 128);
        NativeMemory.Clear(memory, bytes);
        return (T*)memory;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pause()
    {
        if (X86Base.IsSupported)
        {
            X86Base.Pause();
        }
        else if (ArmBase.IsSupported)
        {
            ArmBase.Yield();
        }
        else
        {
            Thread.SpinWait(1);
        }
    }

    /// <summary>What the threads share; parts that different threads write lie on different pairs of cache lines.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 384)]
    private struct State
    {
        /// <summary>Tasks of this run that are not finished.</summary>
        [FieldOffset(0)]
        public int Unfinished;

        [FieldOffset(128)]
        public delegate*<void*, int, void> Kernel;

        [FieldOffset(136)]
        public void* Pass;

        /// <summary>Threads that have a share of this run.</summary>
        [FieldOffset(144)]
        public int ShareCount;

        /// <summary>Where the caller runs, which is where a worker had better not.</summary>
        [FieldOffset(148)]
        public int CallerProcessor;

        /// <summary>1 while a caller has the workers.</summary>
        [FieldOffset(256)]
        public int Busy;
    }

    /// <summary>What is left of a thread's share of a run, on cache lines of its own.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct Share
    {
        /// <summary>The next task in the low half, the end in the high half.</summary>
        [FieldOffset(0)]
        public long Tasks;
    }

    /// <summary>One background thread.</summary>
    private sealed class Worker
    {
        private readonly State* _state;
        private readonly int _number;
        private readonly AutoResetEvent _wake = new(false);
        private int _isAsleep;
        private bool _isStopping;

        /// <param name="state">What the threads share.</param>
        /// <param name="number">Which share is the worker's; the caller's is 0.</param>
        public Worker(State* state, int number)
        {
            _state = state;
            _number = number;
            Thread thread = new(Work) { IsBackground = true, Name = $"GraphGen worker {number}" };
            thread.UnsafeStart();
        }

        /// <summary>Wakes the worker if it sleeps. Called after its share has been published.</summary>
        public void Wake()
        {
            if (Volatile.Read(ref _isAsleep) != 0 && Interlocked.Exchange(ref _isAsleep, 0) != 0)
            {
                _wake.Set();
            }
        }

        public void Stop()
        {
            Volatile.Write(ref _isStopping, true);
            _wake.Set();
        }

        private void Work()
        {
            _isInside = true;
            long spinTicks = Stopwatch.Frequency * SpinMicroseconds / 1_000_000;
            while (!Volatile.Read(ref _isStopping))
            {
                if (SpinUntilWork(spinTicks))
                {
                    RunShares(_state, _number);
                    continue;
                }

                // Declare the sleep, then look once more: whoever publishes after this sees the declaration.
                Interlocked.Exchange(ref _isAsleep, 1);
                if (!HasWork() || Interlocked.Exchange(ref _isAsleep, 0) == 0)
                {
                    _wake.WaitOne();
                    int callers = Volatile.Read(ref _state->CallerProcessor);
                    if (ThreadPlacement.CurrentProcessor == callers)
                    {
                        ThreadPlacement.LeaveProcessor(callers);
                    }
                }
            }
        }

        private bool SpinUntilWork(long spinTicks)
        {
            long deadline = Stopwatch.GetTimestamp() + spinTicks;
            do
            {
                for (int i = 0; i < 64; i++)
                {
                    if (HasWork())
                    {
                        return true;
                    }

                    Pause();
                }
            }
            while (Stopwatch.GetTimestamp() < deadline);

            return false;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private bool HasWork()
        {
            long tasks = Volatile.Read(ref Shares[_number].Tasks);
            return (int)tasks < (int)(tasks >> 32);
        }
    }
}
