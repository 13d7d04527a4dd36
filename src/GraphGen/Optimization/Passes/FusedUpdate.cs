using System.Runtime.Intrinsics;
using GraphGen.Runtime;
using GraphGen.Simd;

namespace GraphGen;

/// <summary>An optimizer's update of a contiguous range: every buffer is read once and written once, and nothing is kept between.</summary>
internal interface IFusedUpdate
{
    /// <summary>Updates the floats in [start, end), both multiples of 16, a vector at a time.</summary>
    public void Update<TVector, TIsa>(nint start, nint end)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>;
}

/// <summary>Runs an update over its range in chunks of one size, whatever the number of threads, in the widest instructions there are.</summary>
internal static unsafe class FusedUpdate
{
    /// <summary>
    /// Floats of a task. Three buffers of so many are 192 KB: large enough to be worth claiming, small enough that a range of a
    /// hundred thousand still divides evenly.
    /// </summary>
    private const int Chunk = 16 * 1024;

    /// <summary>By which the pool decides whether to share: counted as some 16 operations a float, because memory is what takes the time.</summary>
    private const long WorkPerTask = 16 * Chunk;

    /// <summary>Runs an update.</summary>
    /// <param name="update">The update, whose buffers have <paramref name="length"/> floats each.</param>
    /// <param name="length">A multiple of 16.</param>
    public static void Run<TUpdate>(TUpdate update, int length)
        where TUpdate : unmanaged, IFusedUpdate
    {
        Range<TUpdate> range = new() { Update = update, Length = length };
        delegate*<void*, int, void> kernel =
            Avx512Simd.IsSupported ? &RunChunk<TUpdate, Vector512<float>, Avx512Simd>
            : Avx2Simd.IsSupported ? &RunChunk<TUpdate, Vector256<float>, Avx2Simd>
            : NeonSimd.IsSupported ? &RunChunk<TUpdate, Vector128<float>, NeonSimd>
            : &RunChunk<TUpdate, Vector128<float>, Vector128Simd>;
        WorkerPool.Run(kernel, &range, (length + Chunk - 1) / Chunk, WorkPerTask);
    }

    /// <summary>Runs an update with the loop that is compiled for its options.</summary>
    /// <inheritdoc cref="Run"/>
    public static void RunSwitched<TUpdate>(TUpdate update, int length)
        where TUpdate : unmanaged, ISwitchedUpdate =>
        Run(new SwitchedUpdate<TUpdate>(update), length);

    private static void RunChunk<TUpdate, TVector, TIsa>(void* state, int task)
        where TUpdate : unmanaged, IFusedUpdate
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        Range<TUpdate>* range = (Range<TUpdate>*)state;
        nint start = (nint)task * Chunk;
        range->Update.Update<TVector, TIsa>(start, Math.Min(range->Length, start + Chunk));
    }

    private struct Range<TUpdate>
        where TUpdate : unmanaged, IFusedUpdate
    {
        public TUpdate Update;
        public nint Length;
    }
}
