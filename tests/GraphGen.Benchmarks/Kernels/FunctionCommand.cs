using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using GraphGen.Simd;

namespace GraphGen.Benchmarks.Kernels;

/// <summary>The functions of <see cref="SimdMath"/> on one thread, each beside what its operations would take at the rate of multiply-adds.</summary>
internal static unsafe class FunctionCommand
{
    private const int Length = 4096; // 32 KB with the results: the L1 cache
    private const int Repetitions = 20;
    private const int Turns = 200;

    internal static void Run()
    {
        if (Avx512Simd.IsSupported)
        {
            Measure<Vector512<float>, Avx512Simd>();
        }

        if (Avx2Simd.IsSupported)
        {
            Measure<Vector256<float>, Avx2Simd>();
        }

        if (NeonSimd.IsSupported)
        {
            Measure<Vector128<float>, NeonSimd>();
        }

        Measure<Vector128<float>, Vector128Simd>();
    }

    private static void Measure<TVector, TIsa>()
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        Console.WriteLine($"{TIsa.Name,-14} operations/vector  ns/element  at the FMA rate  share");
        Row<TVector, TIsa, ExpFunction>("exp");
        Row<TVector, TIsa, LogFunction>("log");
        Row<TVector, TIsa, TanhFunction>("tanh");
        Row<TVector, TIsa, SigmoidFunction>("sigmoid");
        Row<TVector, TIsa, ErfFunction>("erf");
        Row<TVector, TIsa, SinFunction>("sin");
        Row<TVector, TIsa, CosFunction>("cos");
        Row<TVector, TIsa, CalledErfFunction>("erf, called");
        Console.WriteLine();
    }

    private static void Row<TVector, TIsa, TFunction>(string name)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
        where TFunction : struct, IVectorFunction
    {
        float[] x = new float[Length], y = new float[Length];
        Random random = new(1);
        for (int i = 0; i < Length; i++)
        {
            x[i] = 4 * random.NextSingle();
        }

        // The two in turns: what disturbs one disturbs the other. The fastest of each counts.
        double best = double.MaxValue;
        double bestYardstick = double.MaxValue;
        for (int turn = 0; turn < Turns; turn++)
        {
            best = Math.Min(best, NanosecondsPerElement<TVector, TIsa, TFunction>(x, y));
            bestYardstick = Math.Min(bestYardstick, NanosecondsPerElement<TVector, TIsa, MultiplyAdds>(x, y));
        }

        int operations = Operations<TFunction>();
        double limit = bestYardstick * operations / Operations<MultiplyAdds>();
        Console.WriteLine($"  {name,-12} {operations,17}  {best,10:f3}  {limit,15:f3}  {limit / best,5:p0}");
    }

    private static double NanosecondsPerElement<TVector, TIsa, TFunction>(float[] x, float[] y)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
        where TFunction : struct, IVectorFunction
    {
        fixed (float* px = x, py = y)
        {
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < Repetitions; i++)
            {
                Sweep<TVector, TIsa, TFunction>(px, py);
            }

            return Stopwatch.GetElapsedTime(start).TotalNanoseconds / (Repetitions * Length);
        }
    }

    /// <summary>The operations on a vector, counted.</summary>
    private static int Operations<TFunction>()
        where TFunction : struct, IVectorFunction
    {
        int before = CountingSimd.Operations;
        TFunction.Apply<Vector128<float>, CountingSimd>(Vector128.Create(1f));
        return CountingSimd.Operations - before;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void Sweep<TVector, TIsa, TFunction>(float* x, float* y)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
        where TFunction : struct, IVectorFunction
    {
        for (int i = 0; i < Length; i += TIsa.Width)
        {
            TIsa.Store(y + i, TFunction.Apply<TVector, TIsa>(TIsa.Load(x + i)));
        }
    }
}
