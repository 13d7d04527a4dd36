using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using GraphGen.Runtime;

namespace GraphGen.Benchmarks.Compare;

/// <summary>a[i] = b[i] + s·c[i] on all threads, from buffers as those of parameters: what the machine's memory gives a plain loop.</summary>
internal sealed unsafe class TriadSide
{
    /// <summary>Buffers read and written. That a store first reads the line it writes is not counted, nor is it for optimizers, which have read it.</summary>
    internal const int Streams = 3;

    private const int Chunk = 16 * 1024;

    private readonly int _length;
    private readonly AlignedBuffer _a;
    private readonly AlignedBuffer _b;
    private readonly AlignedBuffer _c;

    internal TriadSide(int length)
    {
        _length = length / Vector256<float>.Count * Vector256<float>.Count;
        _a = new AlignedBuffer(_length);
        _b = new AlignedBuffer(_length);
        _c = new AlignedBuffer(_length);
        _b.Span.Fill(1);
        _c.Span.Fill(2);
    }

    internal void Run()
    {
        var buffers = new Buffers { A = _a.Pointer, B = _b.Pointer, C = _c.Pointer, Length = _length };
        WorkerPool.Run(&RunChunk, &buffers, (_length + Chunk - 1) / Chunk, workPerTask: 16 * Chunk);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void RunChunk(void* state, int task)
    {
        var buffers = (Buffers*)state;
        float* a = buffers->A, b = buffers->B, c = buffers->C;
        Vector256<float> s = Vector256.Create(0.5f);
        int end = Math.Min(buffers->Length, (task + 1) * Chunk);
        for (int i = task * Chunk; i < end; i += Vector256<float>.Count)
        {
            (Vector256.Load(b + i) + (s * Vector256.Load(c + i))).Store(a + i);
        }
    }

    private struct Buffers
    {
        public float* A;
        public float* B;
        public float* C;
        public int Length;
    }
}
