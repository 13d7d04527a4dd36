using System.ComponentModel;
using System.Runtime.InteropServices;

namespace GraphGen.Runtime;

/// <summary>Zeroed floats that never move: managed memory, pinned, 64-byte aligned. Nothing to dispose.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed unsafe class AlignedBuffer
{
    /// <summary>Floats readable past the end: kernels may load a whole vector of which they use a part.</summary>
    public const int Slack = 64;

    /// <summary>The most floats that one can hold: those of the longest array (<see cref="Array.MaxLength"/>), without the slack and what alignment takes.</summary>
    public const int MaximumLength = 0x7FFFFFC7 - Slack - (Alignment / sizeof(float));

    private const int Alignment = 64;

    private readonly float[] _memory;
    private readonly int _start;

    /// <param name="length">Floats to hold.</param>
    /// <exception cref="ArgumentOutOfRangeException">The length is negative or more than <see cref="MaximumLength"/> (8 GB).</exception>
    public AlignedBuffer(long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, MaximumLength);
        _memory = GC.AllocateArray<float>((int)length + Slack + (Alignment / sizeof(float)), pinned: true);
        float* first = (float*)Marshal.UnsafeAddrOfPinnedArrayElement(_memory, 0);
        Pointer = (float*)(((nuint)first + Alignment - 1) & ~(nuint)(Alignment - 1));
        _start = (int)(Pointer - first);
        Length = length;
        HugePages.Advise(Pointer, length * sizeof(float));
    }

    /// <summary>The first float. Good for as long as this object is reachable.</summary>
    public float* Pointer { get; }

    /// <summary>Floats it holds.</summary>
    public long Length { get; }

    /// <summary>All of it.</summary>
    public Span<float> Span => _memory.AsSpan(_start, (int)Length);

    /// <summary>A part by its place.</summary>
    public Span<float> Slice(int start, int length) => _memory.AsSpan(_start + start, length);

    /// <summary>A part by its address, as a span that keeps the memory alive.</summary>
    public ReadOnlySpan<float> Slice(float* first, int length) => _memory.AsSpan(_start + (int)(first - Pointer), length);
}
