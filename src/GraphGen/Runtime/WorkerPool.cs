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
/// The protocol is one 64-bit ticket, the number of tasks in its high half, the next task in its low half. Threads claim a task by
/// incrementing it. A claim below the number of tasks is valid and holds the caller back until it is done, so the kernel that is
/// read after it is the claim's. The caller publishes with one write and waits only for what others have claimed: a worker whose
/// processor was taken away, or that wakes too late, holds nobody up.
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

    private static readonly State* Shared = CreateState();
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
        state->Kernel = kernel;
        state->Pass = pass;
        state->Unfinished = tasks;
        state->CallerProcessor = ThreadPlacement.CurrentProcessor;

        // A full fence: what is above is visible to whoever sees the ticket, and sleepers are looked for only after it.
        Interlocked.Exchange(ref state->Ticket, (long)tasks << 32);
        WakeSleepers(tasks - 1);
        RunClaims(state);
        AwaitOthers(state);
        _isInside = false;
        Volatile.Write(ref state->Busy, 0);
    }

    /// <summary>Claims tasks and runs them until none is left.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunClaims(State* state)
    {
        int done = 0;
        while (true)
        {
            long claim = Interlocked.Increment(ref state->Ticket) - 1;
            int task = (int)claim;
            if (task >= (int)(claim >> 32))
            {
                break;
            }

            state->Kernel(state->Pass, task);
            done++;
        }

        if (done != 0)
        {
            Interlocked.Add(ref state->Unfinished, -done);
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
        wanted = Math.Min(wanted, workers.Length);
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

    private static State* CreateState()
    {
        // Native, for the life of the process: the threads hold on to it.
        State* state = (State*)NativeMemory.AlignedAlloc((nuint)sizeof(State), 128);
        *state = default;
        return state;
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
    [StructLayout(LayoutKind.Explicit, Size = 512)]
    private struct State
    {
        /// <summary>Tasks in the high half, the next task in the low half.</summary>
        [FieldOffset(0)]
        public long Ticket;

        /// <summary>Tasks of this run that are not finished.</summary>
        [FieldOffset(128)]
        public int Unfinished;

        [FieldOffset(256)]
        public delegate*<void*, int, void> Kernel;

        [FieldOffset(264)]
        public void* Pass;

        /// <summary>Where the caller runs, which is where a worker had better not.</summary>
        [FieldOffset(272)]
        public int CallerProcessor;

        /// <summary>1 while a caller has the workers.</summary>
        [FieldOffset(384)]
        public int Busy;
    }

    /// <summary>One background thread.</summary>
    private sealed class Worker
    {
        private readonly State* _state;
        private readonly AutoResetEvent _wake = new(false);
        private int _isAsleep;
        private bool _isStopping;

        public Worker(State* state, int number)
        {
            _state = state;
            Thread thread = new(Work) { IsBackground = true, Name = $"GraphGen worker {number}" };
            thread.UnsafeStart();
        }

        /// <summary>Wakes the worker if it sleeps. Called after a ticket has been published.</summary>
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
            State* state = _state;
            long spinTicks = Stopwatch.Frequency * SpinMicroseconds / 1_000_000;
            while (!Volatile.Read(ref _isStopping))
            {
                if (SpinUntilWork(state, spinTicks))
                {
                    if (ThreadPlacement.CurrentProcessor == state->CallerProcessor)
                    {
                        ThreadPlacement.LeaveProcessor(state->CallerProcessor);
                    }

                    RunClaims(state);
                    continue;
                }

                // Declare the sleep, then look once more: whoever publishes after this sees the declaration.
                Interlocked.Exchange(ref _isAsleep, 1);
                if (!HasWork(state) || Interlocked.Exchange(ref _isAsleep, 0) == 0)
                {
                    _wake.WaitOne();
                }
            }
        }

        private static bool SpinUntilWork(State* state, long spinTicks)
        {
            long deadline = Stopwatch.GetTimestamp() + spinTicks;
            do
            {
                for (int i = 0; i < 64; i++)
                {
                    if (HasWork(state))
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
        private static bool HasWork(State* state)
        {
            long ticket = Volatile.Read(ref state->Ticket);
            return (int)ticket < (int)(ticket >> 32);
        }
    }
}
