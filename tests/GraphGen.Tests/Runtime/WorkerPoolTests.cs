using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using GraphGen.Runtime;
using Xunit;

namespace GraphGen.Tests.Runtime;

public sealed unsafe class WorkerPoolTests
{
    private const long Large = 1_000_000;

    private static readonly ConcurrentDictionary<int, int> Threads = new();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(8)]
    public void Every_task_runs_once(int threads)
    {
        using ThreadCountScope scope = new(threads);
        int[] counts = new int[1000];
        fixed (int* pointer = counts)
        {
            for (int repeat = 0; repeat < 2000; repeat++)
            {
                int tasks = repeat % counts.Length;
                Array.Clear(counts);
                WorkerPool.Run(&Count, pointer, tasks, Large);
                Assert.Equal(tasks, counts.Sum());
                Assert.Equal(-1, counts.AsSpan(0, tasks).IndexOfAnyExcept(1));
            }
        }
    }

    [Fact]
    public void No_tasks_are_no_work()
    {
        WorkerPool.Run(&Count, null, 0, Large);
        WorkerPool.Run(&Count, null, -1, Large);
    }

    [Fact]
    public void Workers_take_part_and_wake_after_a_sleep()
    {
        using ThreadCountScope scope = new(2);
        for (int repeat = 0; repeat < 3; repeat++)
        {
            Thread.Sleep(20);
            Threads.Clear();
            Stopwatch clock = Stopwatch.StartNew();
            while (Threads.Count < 2)
            {
                WorkerPool.Run(&Linger, null, 8, Large);
                Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), "No worker ran a task.");
            }
        }
    }

    [Fact]
    public void Little_work_stays_on_the_caller()
    {
        using ThreadCountScope scope = new(2);
        Threads.Clear();
        for (int repeat = 0; repeat < 100; repeat++)
        {
            WorkerPool.Run(&Linger, null, 4, workPerTask: 1000);
        }

        Assert.Equal([Environment.CurrentManagedThreadId], Threads.Keys);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Many_callers_at_once_each_get_their_own_tasks_done(int threads)
    {
        using ThreadCountScope scope = new(threads);
        Exception? failure = null;
        Thread[] callers = Enumerable.Range(0, 6).Select(_ => new Thread(() =>
        {
            try
            {
                int[] counts = new int[64];
                fixed (int* pointer = counts)
                {
                    for (int repeat = 0; repeat < 3000; repeat++)
                    {
                        int tasks = 1 + (repeat % counts.Length);
                        Array.Clear(counts);
                        WorkerPool.Run(&Count, pointer, tasks, Large);
                        Assert.Equal(-1, counts.AsSpan(0, tasks).IndexOfAnyExcept(1));
                    }
                }
            }
            catch (Exception error)
            {
                failure = error;
            }
        })).ToArray();
        Array.ForEach(callers, caller => caller.Start());
        Array.ForEach(callers, caller => caller.Join());
        Assert.Null(failure);
    }

    [Fact]
    public void A_kernel_may_run_kernels()
    {
        using ThreadCountScope scope = new(3);
        int[] counts = new int[8 * 8];
        fixed (int* pointer = counts)
        {
            for (int repeat = 0; repeat < 200; repeat++)
            {
                Array.Clear(counts);
                WorkerPool.Run(&Outer, pointer, 8, Large);
                Assert.Equal(-1, counts.AsSpan().IndexOfAnyExcept(1));
            }
        }
    }

    [Fact]
    public void The_number_of_threads_may_change_while_others_run_kernels()
    {
        using ThreadCountScope scope = new(2);
        bool stop = false;
        Exception? failure = null;
        Thread caller = new(() =>
        {
            try
            {
                int[] counts = new int[16];
                fixed (int* pointer = counts)
                {
                    while (!Volatile.Read(ref stop))
                    {
                        Array.Clear(counts);
                        WorkerPool.Run(&Count, pointer, counts.Length, Large);
                        Assert.Equal(-1, counts.AsSpan().IndexOfAnyExcept(1));
                    }
                }
            }
            catch (Exception error)
            {
                failure = error;
            }
        });
        caller.Start();
        for (int repeat = 0; repeat < 200; repeat++)
        {
            WorkerPool.ThreadCount = 1 + (repeat % 4);
            Assert.Equal(1 + (repeat % 4), WorkerPool.ThreadCount);
        }

        Volatile.Write(ref stop, true);
        caller.Join();
        Assert.Null(failure);
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        using ThreadCountScope scope = new(2);
        int* counts = (int*)NativeMemory.AllocZeroed(64, sizeof(int));
        Assert.Equal(0, Allocations.Of(() => WorkerPool.Run(&Count, counts, 64, Large), repeats: 1000));
        NativeMemory.Free(counts);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1025)]
    public void A_number_of_threads_that_cannot_be_is_refused(int threads)
    {
        int before = WorkerPool.ThreadCount;
        Assert.Throws<ArgumentOutOfRangeException>("value", () => WorkerPool.ThreadCount = threads);
        Assert.Equal(before, WorkerPool.ThreadCount);
    }

    private static void Count(void* counts, int task) => Interlocked.Increment(ref ((int*)counts)[task]);

    private static void Outer(void* counts, int task) => WorkerPool.Run(&Count, (int*)counts + (task * 8), 8, Large);

    private static void Linger(void* unused, int task)
    {
        Threads.TryAdd(Environment.CurrentManagedThreadId, task);
        Thread.SpinWait(2000);
    }
}
