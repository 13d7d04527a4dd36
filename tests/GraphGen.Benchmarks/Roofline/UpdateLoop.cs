using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using GraphGen.Runtime;
using GraphGen.Simd;

namespace GraphGen.Benchmarks.Roofline;

/// <summary>
/// A loop that moves what an optimizer's step moves and computes next to nothing: it reads one buffer, and reads and writes the
/// others, b[i] = s·b[i] + a[i].
/// </summary>
/// <remarks>
/// The buffers are as large as the optimizer's, so they come from where the optimizer's may come from at best: from the threads' own
/// caches, the shared one, or memory. Over small ones every thread passes again and again, each over a part of its own; of large ones the
/// threads take chunks, as optimizers do.
/// </remarks>
internal sealed unsafe class UpdateLoop
{
    private const int MostBuffers = 4;

    /// <summary>Bytes moved between two readings of the clock: some tenths of a millisecond from a cache.</summary>
    private const double BytesPerReading = 32e6;

    private const int Chunk = 16 * 1024;

    private readonly AlignedBuffer[] _buffers;
    private readonly int _length;
    private readonly int _passes;

    internal UpdateLoop(int buffers, int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(buffers, MostBuffers);
        _length = length;
        _buffers = new AlignedBuffer[buffers];
        foreach (ref AlignedBuffer buffer in _buffers.AsSpan())
        {
            buffer = new AlignedBuffer(length);
            buffer.Span.Fill(1);
        }

        _passes = (int)Math.Ceiling(BytesPerReading / ((double)sizeof(float) * length * ((2 * buffers) - 1)));
    }

    /// <summary>Milliseconds of a pass over all buffers on all threads.</summary>
    internal double Milliseconds()
    {
        int parts = _passes == 1 ? (_length + Chunk - 1) / Chunk : WorkerPool.ThreadCount;
        var pass = new Pass { Length = _length, Passes = _passes, Parts = parts, Source = _buffers[0].Pointer };
        for (int i = 1; i < MostBuffers; i++)
        {
            pass.Targets[i - 1] = i < _buffers.Length ? (nint)_buffers[i].Pointer : 0;
        }

        delegate*<void*, int, void> kernel =
            Avx512Simd.IsSupported ? &Run<Vector512<float>, Avx512Simd>
            : Avx2Simd.IsSupported ? &Run<Vector256<float>, Avx2Simd>
            : NeonSimd.IsSupported ? &Run<Vector128<float>, NeonSimd>
            : &Run<Vector128<float>, Vector128Simd>;
        long start = Stopwatch.GetTimestamp();
        WorkerPool.Run(kernel, &pass, pass.Parts, workPerTask: int.MaxValue);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds / _passes;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Run<TVector, TIsa>(void* state, int task)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        var pass = (Pass*)state;
        nint vectors = pass->Length / TIsa.Width;
        nint start = vectors * task / pass->Parts * TIsa.Width, end = vectors * (task + 1) / pass->Parts * TIsa.Width;
        float* a = pass->Source, b = (float*)pass->Targets[0], c = (float*)pass->Targets[1], d = (float*)pass->Targets[2];
        TVector scale = TIsa.Broadcast(0.5f);
        for (int i = 0; i < pass->Passes; i++)
        {
            if (d is null)
            {
                Two<TVector, TIsa>(a, b, c, scale, start, end);
            }
            else
            {
                Three<TVector, TIsa>(a, b, c, d, scale, start, end);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Two<TVector, TIsa>(float* a, float* b, float* c, TVector scale, nint start, nint end)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        for (nint i = start; i < end; i += TIsa.Width)
        {
            TVector addend = TIsa.Load(a + i);
            TIsa.Store(b + i, TIsa.FusedMultiplyAdd(TIsa.Load(b + i), scale, addend));
            TIsa.Store(c + i, TIsa.FusedMultiplyAdd(TIsa.Load(c + i), scale, addend));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Three<TVector, TIsa>(float* a, float* b, float* c, float* d, TVector scale, nint start, nint end)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        for (nint i = start; i < end; i += TIsa.Width)
        {
            TVector addend = TIsa.Load(a + i);
            TIsa.Store(b + i, TIsa.FusedMultiplyAdd(TIsa.Load(b + i), scale, addend));
            TIsa.Store(c + i, TIsa.FusedMultiplyAdd(TIsa.Load(c + i), scale, addend));
            TIsa.Store(d + i, TIsa.FusedMultiplyAdd(TIsa.Load(d + i), scale, addend));
        }
    }

    private struct Pass
    {
        public float* Source;
        public fixed long Targets[MostBuffers - 1];
        public nint Length;
        public int Passes;
        public int Parts;
    }
}
