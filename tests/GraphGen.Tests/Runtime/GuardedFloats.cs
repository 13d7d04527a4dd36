using System.Runtime.InteropServices;

namespace GraphGen.Tests.Runtime;

/// <summary>A page of floats with unreadable pages on both sides: what reads or writes one float too many crashes.</summary>
internal sealed unsafe partial class GuardedFloats : IDisposable
{
    private const int ReadWrite = 3;
    private const int PrivateAnonymous = 0x22;

    private static readonly int PageSize = Environment.SystemPageSize;

    private readonly byte* _pages;

    public GuardedFloats()
    {
        _pages = (byte*)Map(null, (nuint)(3 * PageSize), ReadWrite, PrivateAnonymous, -1, 0);
        if ((nint)_pages == -1 || Protect(_pages, (nuint)PageSize, 0) != 0 || Protect(_pages + (2 * PageSize), (nuint)PageSize, 0) != 0)
        {
            throw new InvalidOperationException("The pages cannot be mapped.");
        }
    }

    /// <summary>Whether it can be had here: the flags are those of Linux on x64 and Arm64.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux() && RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64;

    public float* Start => (float*)(_pages + PageSize);

    public float* End => (float*)(_pages + (2 * PageSize));

    public Span<float> Span => new(Start, PageSize / sizeof(float));

    public void Dispose() => _ = Unmap(_pages, (nuint)(3 * PageSize));

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial void* Map(void* address, nuint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(void* address, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* address, nuint length);
}
