using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GraphGen.Runtime;

/// <summary>
/// Where the map of a pass lies, by which kernels find their values: zeroed memory that never moves, managed and pinned. It stays from
/// step to step, and what is in it already is not written again. The workers have its lines in their caches; each line that is written
/// is fetched from the writer's processor, which takes a small network as long as a layer.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public sealed unsafe class PassMemory
{
    /// <summary>Two cache lines, which processors fetch together.</summary>
    private const int Alignment = 128;

    private readonly byte[] _memory;

    /// <param name="bytes">The size of the map.</param>
    public PassMemory(int bytes)
    {
        // Whole lines: nothing else that is written lies beside it.
        int size = (bytes + Alignment - 1) / Alignment * Alignment;
        _memory = GC.AllocateArray<byte>(size + Alignment, pinned: true);
        Pointer = (void*)((Marshal.UnsafeAddrOfPinnedArrayElement(_memory, 0) + Alignment - 1) & -Alignment);
    }

    /// <summary>The first byte. Good for as long as this object is reachable.</summary>
    public void* Pointer { get; }

    /// <summary>Makes a place hold a value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Set(ref int place, int value)
    {
        if (place != value)
        {
            place = value;
        }
    }

    /// <summary>Makes a place hold a value.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Set(ref bool place, bool value)
    {
        if (place != value)
        {
            place = value;
        }
    }

    /// <summary>Makes a place hold a pointer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Set(ref float* place, float* value)
    {
        if (place != value)
        {
            place = value;
        }
    }

    /// <summary>Makes a place hold a pointer.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Set(ref int* place, int* value)
    {
        if (place != value)
        {
            place = value;
        }
    }
}
