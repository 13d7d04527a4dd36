using System.Runtime.CompilerServices;
using GraphGen.Simd;

namespace GraphGen;

/// <summary>
/// Dot products as exact as if every product were added up in double precision: what curvature (y·s) is computed with, where most
/// of two sums may cancel.
/// </summary>
/// <remarks>
/// Each product of two floats is split into its rounded value and what rounding lost, each sum likewise, and what was lost is
/// summed apart (Ogita, Rump, Oishi, <see href="https://doi.org/10.1137/030601818">Accurate sum and dot product</see>, 2005: Dot2). There
/// are always sixteen partial sums, and blocks of one size, so the bits are the same for any number of threads and any width of
/// vectors (where those multiply and add in one rounding).
/// </remarks>
internal static unsafe class CompensatedDot
{
    private const int Lanes = 16;
    private const int Block = 16 * 1024;
    private const long WorkPerBlock = 16 * Block;

    /// <summary>Below this, what is lost of a product may be less than a float can be.</summary>
    private const double Least = 1e-20;

    /// <summary>Σ x·y.</summary>
    /// <param name="x">[length].</param>
    /// <param name="y">[length].</param>
    /// <param name="length">A multiple of 16.</param>
    public static double Of(float* x, float* y, int length)
    {
        int blocks = (int)(((long)length + Block - 1) / Block);
        double sum = PoolTasks.Sum(new Compensated { X = x, Y = y, Length = length }, blocks, WorkPerBlock);
        return Math.Abs(sum) is >= Least and <= double.MaxValue
            ? sum
            : PoolTasks.Sum(new Wide { X = x, Y = y, Length = length }, blocks, WorkPerBlock);
    }

    private struct Compensated : IPoolReduction
    {
        public float* X;
        public float* Y;
        public nint Length;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly double Reduce<TVector, TIsa>(int task)
            where TVector : struct
            where TIsa : struct, ISimd<TVector>
        {
            nint start = (nint)task * Block, end = Math.Min(Length, start + Block);
            float* x = X;
            float* y = Y;

            // Those that a width has no use for are never touched: width is a constant to the compiler.
            TVector a = TIsa.Zero, b = TIsa.Zero, c = TIsa.Zero, d = TIsa.Zero;
            TVector lostA = TIsa.Zero, lostB = TIsa.Zero, lostC = TIsa.Zero, lostD = TIsa.Zero;
            for (nint i = start; i < end; i += Lanes)
            {
                Add<TVector, TIsa>(x + i, y + i, ref a, ref lostA);
                if (TIsa.Width <= 8)
                {
                    Add<TVector, TIsa>(x + i + TIsa.Width, y + i + TIsa.Width, ref b, ref lostB);
                }

                if (TIsa.Width <= 4)
                {
                    Add<TVector, TIsa>(x + i + (2 * TIsa.Width), y + i + (2 * TIsa.Width), ref c, ref lostC);
                    Add<TVector, TIsa>(x + i + (3 * TIsa.Width), y + i + (3 * TIsa.Width), ref d, ref lostD);
                }
            }

            float* lanes = stackalloc float[2 * Lanes];
            TIsa.Store(lanes, a);
            TIsa.Store(lanes + Lanes, lostA);
            if (TIsa.Width <= 8)
            {
                TIsa.Store(lanes + TIsa.Width, b);
                TIsa.Store(lanes + Lanes + TIsa.Width, lostB);
            }

            if (TIsa.Width <= 4)
            {
                TIsa.Store(lanes + (2 * TIsa.Width), c);
                TIsa.Store(lanes + Lanes + (2 * TIsa.Width), lostC);
                TIsa.Store(lanes + (3 * TIsa.Width), d);
                TIsa.Store(lanes + Lanes + (3 * TIsa.Width), lostD);
            }

            double sum = 0;
            for (int lane = 0; lane < 2 * Lanes; lane++)
            {
                sum += lanes[lane];
            }

            return sum;
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static void Add<TVector, TIsa>(float* x, float* y, ref TVector sum, ref TVector lost)
            where TVector : struct
            where TIsa : struct, ISimd<TVector>
        {
            TVector left = TIsa.Load(x), right = TIsa.Load(y);
            TVector product = TIsa.Multiply(left, right);
            TVector lostByProduct = TIsa.FusedMultiplyAdd(left, right, TIsa.Negate(product));
            TVector next = TIsa.Add(sum, product);
            TVector added = TIsa.Subtract(next, sum);
            TVector lostBySum = TIsa.Add(TIsa.Subtract(sum, TIsa.Subtract(next, added)), TIsa.Subtract(product, added));
            lost = TIsa.Add(lost, TIsa.Add(lostByProduct, lostBySum));
            sum = next;
        }
    }

    /// <summary>A product at a time in double precision, for what floats cannot hold.</summary>
    private struct Wide : IPoolReduction
    {
        public float* X;
        public float* Y;
        public nint Length;

        public readonly double Reduce<TVector, TIsa>(int task)
            where TVector : struct
            where TIsa : struct, ISimd<TVector>
        {
            nint start = (nint)task * Block, end = Math.Min(Length, start + Block);
            double sum = 0;
            for (nint i = start; i < end; i++)
            {
                sum += (double)X[i] * Y[i];
            }

            return sum;
        }
    }
}
