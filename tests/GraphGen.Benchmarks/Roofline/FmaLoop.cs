using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using GraphGen.Runtime;
using GraphGen.Simd;

namespace GraphGen.Benchmarks.Roofline;

/// <summary>What the machine can do at most: multiply-adds on registers, and streams from memory.</summary>
internal static unsafe class FmaLoop
{
    private const int Accumulators = 12; // enough for two units of four cycles, and few enough for sixteen registers
    private const int Iterations = 20_000;

    /// <summary>GFLOP/s of a loop of nothing but fused multiply-adds, with the vectors that kernels use.</summary>
    /// <param name="milliseconds">About how long to run.</param>
    internal static double GigaflopsPerSecond(double milliseconds) =>
        Avx512Simd.IsSupported ? Measure<Vector512<float>, Avx512Simd>(milliseconds)
        : Avx2Simd.IsSupported ? Measure<Vector256<float>, Avx2Simd>(milliseconds)
        : NeonSimd.IsSupported ? Measure<Vector128<float>, NeonSimd>(milliseconds)
        : Measure<Vector128<float>, Vector128Simd>(milliseconds);

    /// <summary>GFLOP/s of the same loop on all of <see cref="WorkerPool"/>'s threads at once.</summary>
    internal static double GigaflopsPerSecondOnAllThreads()
    {
        const int Repetitions = 10; // some 0.3 ms
        int repetitions = Repetitions, threads = WorkerPool.ThreadCount;
        delegate*<void*, int, void> loop =
            Avx512Simd.IsSupported ? &RunTask<Vector512<float>, Avx512Simd>
            : Avx2Simd.IsSupported ? &RunTask<Vector256<float>, Avx2Simd>
            : NeonSimd.IsSupported ? &RunTask<Vector128<float>, NeonSimd>
            : &RunTask<Vector128<float>, Vector128Simd>;
        long start = Stopwatch.GetTimestamp();
        WorkerPool.Run(loop, &repetitions, threads, workPerTask: int.MaxValue);
        return Operations(SimdTarget.Width) * Repetitions * threads / Stopwatch.GetElapsedTime(start).TotalNanoseconds;
    }

    /// <summary>GB/s of a[i] = b[i] + s * c[i] over arrays far larger than the caches: three streams are counted.</summary>
    internal static double TriadGigabytesPerSecond()
    {
        const int Length = 1 << 25;
        float[] a = new float[Length], b = new float[Length], c = new float[Length];
        double best = 0;
        for (int i = 0; i < 6; i++)
        {
            long start = Stopwatch.GetTimestamp();
            Triad(a, b, c, 0.5f);
            best = Math.Max(best, 3.0 * sizeof(float) * Length / Stopwatch.GetElapsedTime(start).TotalNanoseconds);
        }

        return best;
    }

    private static double Operations(int width) => 2.0 * Accumulators * width * Iterations;

    private static void RunTask<TVector, TIsa>(void* state, int task)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        for (int i = 0; i < *(int*)state; i++)
        {
            Run<TVector, TIsa>(Iterations);
        }
    }

    private static double Measure<TVector, TIsa>(double milliseconds)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        long start = Stopwatch.GetTimestamp();
        double operations = 0;
        do
        {
            Run<TVector, TIsa>(Iterations);
            operations += Operations(TIsa.Width);
        }
        while (Stopwatch.GetElapsedTime(start).TotalMilliseconds < milliseconds);

        return operations / Stopwatch.GetElapsedTime(start).TotalNanoseconds;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Run<TVector, TIsa>(int iterations)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        TVector scale = TIsa.Broadcast(0.999f), addend = TIsa.Broadcast(0.001f);
        TVector a0 = TIsa.Iota, a1 = a0, a2 = a0, a3 = a0, a4 = a0, a5 = a0, a6 = a0, a7 = a0, a8 = a0, a9 = a0, a10 = a0, a11 = a0;
        for (int i = 0; i < iterations; i++)
        {
            a0 = TIsa.FusedMultiplyAdd(a0, scale, addend);
            a1 = TIsa.FusedMultiplyAdd(a1, scale, addend);
            a2 = TIsa.FusedMultiplyAdd(a2, scale, addend);
            a3 = TIsa.FusedMultiplyAdd(a3, scale, addend);
            a4 = TIsa.FusedMultiplyAdd(a4, scale, addend);
            a5 = TIsa.FusedMultiplyAdd(a5, scale, addend);
            a6 = TIsa.FusedMultiplyAdd(a6, scale, addend);
            a7 = TIsa.FusedMultiplyAdd(a7, scale, addend);
            a8 = TIsa.FusedMultiplyAdd(a8, scale, addend);
            a9 = TIsa.FusedMultiplyAdd(a9, scale, addend);
            a10 = TIsa.FusedMultiplyAdd(a10, scale, addend);
            a11 = TIsa.FusedMultiplyAdd(a11, scale, addend);
        }

        TVector sum = TIsa.Add(TIsa.Add(TIsa.Add(a0, a1), TIsa.Add(a2, a3)), TIsa.Add(TIsa.Add(a4, a5), TIsa.Add(a6, a7)));
        return TIsa.Sum(TIsa.Add(sum, TIsa.Add(TIsa.Add(a8, a9), TIsa.Add(a10, a11))));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Triad(float[] a, float[] b, float[] c, float scale)
    {
        fixed (float* pa = a, pb = b, pc = c)
        {
            Vector256<float> s = Vector256.Create(scale);
            for (int i = 0; i < a.Length; i += Vector256<float>.Count)
            {
                (Vector256.Load(pb + i) + (s * Vector256.Load(pc + i))).Store(pa + i);
            }
        }
    }
}
