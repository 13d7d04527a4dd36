using System.Runtime.InteropServices;

namespace GraphGen.Tests.Runtime;

/// <summary>Pages of floats with unreadable pages on both sides: what reads or writes one float too many crashes.</summary>
internal sealed unsafe partial class GuardedFloats : IDisposable
{
    private const int ReadWrite = 3;
    private const int PrivateAnonymous = 0x22;

    private static readonly int PageSize = Environment.SystemPageSize;

    private readonly byte* _pages;
    private readonly int _bytes;

    /// <summary>A page of floats.</summary>
    public GuardedFloats()
        : this(PageSize / sizeof(float))
    {
    }

    /// <summary>Some floats, the last of which is the last of a page.</summary>
    public GuardedFloats(int count)
    {
        _bytes = ((count * sizeof(float)) + PageSize - 1) / PageSize * PageSize;
        _pages = (byte*)Map(null, (nuint)(_bytes + (2 * PageSize)), ReadWrite, PrivateAnonymous, -1, 0);
        if ((nint)_pages == -1 || Protect(_pages, (nuint)PageSize, 0) != 0 || Protect(_pages + PageSize + _bytes, (nuint)PageSize, 0) != 0)
        {
            throw new InvalidOperationException("The pages cannot be mapped.");
        }

        Pointer = End - count;
    }

    /// <summary>Whether it can be had here: the flags are those of Linux on x64 and Arm64.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;

    public float* Start => (float*)(_pages + PageSize);

    public float* End => (float*)(_pages + PageSize + _bytes);

    /// <summary>The first of the floats that were asked for.</summary>
    public float* Pointer { get; }

    public Span<float> Span => new(Start, _bytes / sizeof(float));

    public void Dispose() => _ = Unmap(_pages, (nuint)(_bytes + (2 * PageSize)));

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(void* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nuint length);
}
