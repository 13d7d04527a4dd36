using System.Runtime.CompilerServices;
using GraphGen.Simd;

namespace GraphGen;

/// <summary>
/// Norms and dot products of floats in memory. They are cut into blocks of one size, whose sums are added in double precision and in
/// order: the same bits for any number of threads and any width of vectors (where those multiply and add in one rounding).
/// </summary>
internal static unsafe class Reductions
{
    private const int Block = 16 * 1024;
    private const long WorkPerBlock = 8 * Block;

    /// <summary>Σ x·y.</summary>
    public static double Dot(float* x, float* y, int length) => Sum(new Product { X = x, Y = y }, length);

    /// <summary>Σ |x|.</summary>
    public static double SumOfMagnitudes(float* x, int length) => Sum(new Magnitude { X = x }, length);

    /// <summary>Σ x², also where a square is more or less than a float can be.</summary>
    public static double SumOfSquares(float* x, int length)
    {
        double sum = Sum(new Product { X = x, Y = x }, length);
        return sum is < 1e-20 or double.PositiveInfinity ? SumOfPowers(x, length, 2) : sum;
    }

    /// <summary>Σ |x|^p, each power in double precision.</summary>
    public static double SumOfPowers(float* x, int length, double p) =>
        PoolTasks.Sum(new Powers { X = x, Length = length, P = p }, Blocks(length), 16 * WorkPerBlock);

    /// <summary>The largest |x|; NaN if one is.</summary>
    public static double Largest(float* x, int length) => PoolTasks.Max(new Magnitudes { X = x, Length = length }, Blocks(length), WorkPerBlock);

    private static double Sum<TSummand>(TSummand summand, int length)
        where TSummand : unmanaged, ISummand =>
        PoolTasks.Sum(new Blocked<TSummand> { Summand = summand, Length = length }, Blocks(length), WorkPerBlock);

    private static int Blocks(int length) => (int)(((long)length + Block - 1) / Block);

    private struct Blocked<TSummand> : IPoolReduction
        where TSummand : unmanaged, ISummand
    {
        public TSummand Summand;
        public nint Length;

        public readonly double Reduce<TVector, TIsa>(int task)
            where TVector : struct
            where TIsa : struct, ISimd<TVector>
        {
            nint start = (nint)task * Block;
            return LaneSum.Of<TSummand, TVector, TIsa>(Summand, start, Math.Min(Length, start + Block));
        }
    }

    private struct Product : ISummand
    {
        public float* X;
        public float* Y;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly TVector AddTo<TVector, TIsa>(TVector sum, nint i, nint count)
            where TVector : struct
            where TIsa : struct, ISimd<TVector> =>
            TIsa.FusedMultiplyAdd(LaneSum.Load<TVector, TIsa>(X + i, count), LaneSum.Load<TVector, TIsa>(Y + i, count), sum);
    }

    private struct Magnitude : ISummand
    {
        public float* X;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly TVector AddTo<TVector, TIsa>(TVector sum, nint i, nint count)
            where TVector : struct
            where TIsa : struct, ISimd<TVector> => TIsa.Add(sum, TIsa.Abs(LaneSum.Load<TVector, TIsa>(X + i, count)));
    }

    private struct Powers : IPoolReduction
    {
        public float* X;
        public nint Length;
        public double P;

        public readonly double Reduce<TVector, TIsa>(int task)
            where TVector : struct
            where TIsa : struct, ISimd<TVector>
        {
            nint start = (nint)task * Block, end = Math.Min(Length, start + Block);
            double sum = 0;
            for (nint i = start; i < end; i++)
            {
                double magnitude = Math.Abs((double)X[i]);
                sum += P == 2 ? magnitude * magnitude : Math.Pow(magnitude, P);
            }

            return sum;
        }
    }

    private struct Magnitudes : IPoolReduction
    {
        public float* X;
        public nint Length;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly double Reduce<TVector, TIsa>(int task)
            where TVector : struct
            where TIsa : struct, ISimd<TVector>
        {
            nint start = (nint)task * Block, end = Math.Min(Length, start + Block);
            TVector largest = TIsa.Zero;
            for (nint i = start; i < end; i += TIsa.Width)
            {
                largest = TIsa.Max(largest, TIsa.Abs(LaneSum.Load<TVector, TIsa>(X + i, end - i)));
            }

            return TIsa.MaxAcross(largest);
        }
    }
}
