using System.Runtime.InteropServices;

namespace GraphGen.Runtime;

/// <summary>
/// Asks Linux to back large buffers with 2 MB pages. Gradients of a wide layer are written row by row with strides of
/// several pages, and would otherwise miss the TLB at each row. A hint: where it cannot be given nothing changes.
/// </summary>
internal static unsafe partial class HugePages
{
    private const long Threshold = 4 << 20;
    private const int PageSize = 2 << 20;
    private const int MadviseHugePage = 14;

    public static void Advise(void* start, long bytes)
    {
        if (bytes < Threshold || !OperatingSystem.IsLinux())
        {
            return;
        }

        nuint first = ((nuint)start + PageSize - 1) & ~(nuint)(PageSize - 1);
        nuint end = ((nuint)start + (nuint)bytes) & ~(nuint)(PageSize - 1);
        if (end > first)
        {
            _ = Advise((void*)first, end - first, MadviseHugePage);
        }
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* address, nuint length, int advice);
}
