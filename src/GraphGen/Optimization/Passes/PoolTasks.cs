using System.Runtime.Intrinsics;
using GraphGen.Runtime;
using GraphGen.Simd;

namespace GraphGen;

/// <summary>Work in numbered tasks of which each writes places of its own.</summary>
internal interface IPoolTask
{
    /// <summary>Does one of the tasks.</summary>
    public void Run<TVector, TIsa>(int task)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>;
}

/// <summary>A quantity that is put together from those of numbered tasks.</summary>
internal interface IPoolReduction
{
    /// <summary>The quantity of one of the tasks.</summary>
    public double Reduce<TVector, TIsa>(int task)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>;
}

/// <summary>
/// Runs tasks on the pool in the widest instructions there are. How work is cut into tasks depends on its size alone and what they
/// give is combined in their order, so results are the same for any number of threads.
/// </summary>
internal static unsafe class PoolTasks
{
    /// <summary>Results of tasks that are kept at a time, on the stack, before they are combined.</summary>
    private const int Round = 512;

    /// <summary>Runs the tasks 0 to <paramref name="count"/> − 1.</summary>
    public static void Run<TTask>(TTask task, int count, long workPerTask)
        where TTask : unmanaged, IPoolTask
    {
        delegate*<void*, int, void> kernel =
            Avx512Simd.IsSupported ? &RunOne<TTask, Vector512<float>, Avx512Simd>
            : Avx2Simd.IsSupported ? &RunOne<TTask, Vector256<float>, Avx2Simd>
            : NeonSimd.IsSupported ? &RunOne<TTask, Vector128<float>, NeonSimd>
            : &RunOne<TTask, Vector128<float>, Vector128Simd>;
        WorkerPool.Run(kernel, &task, count, workPerTask);
    }

    /// <summary>The sum of what the tasks 0 to <paramref name="count"/> − 1 give.</summary>
    public static double Sum<TReduction>(TReduction reduction, int count, long workPerTask)
        where TReduction : unmanaged, IPoolReduction
    {
        double* results = stackalloc double[Round];
        double sum = 0;
        for (int first = 0; first < count; first += Round)
        {
            int length = ReduceRound(reduction, first, count, workPerTask, results);
            for (int i = 0; i < length; i++)
            {
                sum += results[i];
            }
        }

        return sum;
    }

    /// <summary>The largest of what the tasks 0 to <paramref name="count"/> − 1 give; NaN if one is; 0 if there is none larger.</summary>
    public static double Max<TReduction>(TReduction reduction, int count, long workPerTask)
        where TReduction : unmanaged, IPoolReduction
    {
        double* results = stackalloc double[Round];
        double largest = 0;
        for (int first = 0; first < count; first += Round)
        {
            int length = ReduceRound(reduction, first, count, workPerTask, results);
            for (int i = 0; i < length; i++)
            {
                largest = Math.Max(largest, results[i]);
            }
        }

        return largest;
    }

    private static int ReduceRound<TReduction>(TReduction reduction, int first, int count, long workPerTask, double* results)
        where TReduction : unmanaged, IPoolReduction
    {
        int length = Math.Min(Round, count - first);
        Run(new ReductionTask<TReduction> { Reduction = reduction, First = first, Results = results }, length, workPerTask);
        return length;
    }

    private static void RunOne<TTask, TVector, TIsa>(void* state, int task)
        where TTask : unmanaged, IPoolTask
        where TVector : struct
        where TIsa : struct, ISimd<TVector> => ((TTask*)state)->Run<TVector, TIsa>(task);

    private struct ReductionTask<TReduction> : IPoolTask
        where TReduction : unmanaged, IPoolReduction
    {
        public TReduction Reduction;
        public int First;
        public double* Results;

        public readonly void Run<TVector, TIsa>(int task)
            where TVector : struct
            where TIsa : struct, ISimd<TVector> => Results[task] = Reduction.Reduce<TVector, TIsa>(First + task);
    }
}
