using System.Runtime.InteropServices;

namespace GraphGen.Runtime;

/// <summary>
/// Keeps a worker off the caller's processor. Linux likes to run a woken thread where its waker runs, and takes a second or more
/// to see that both are busy: until then two threads were slower than one. A hint: elsewhere, and where it is refused,
/// nothing changes.
/// </summary>
internal static unsafe partial class ThreadPlacement
{
    /// <summary>Bytes of a processor mask: 1024 processors.</summary>
    private const int MaskBytes = 128;

    /// <summary>The processor the calling thread runs on now (the runtime's own answer may be old); -1 where that is not known.</summary>
    public static int CurrentProcessor => OperatingSystem.IsLinux() ? GetProcessor() : -1;

    /// <summary>Moves the calling thread to another of the processors it may run on, and leaves it free to run on all of them again.</summary>
    public static void LeaveProcessor(int processor)
    {
        if (!OperatingSystem.IsLinux() || (uint)processor >= MaskBytes * 8)
        {
            return;
        }

        byte* allowed = stackalloc byte[MaskBytes];
        if (GetAffinity(0, MaskBytes, allowed) < 0)
        {
            return;
        }

        byte* others = stackalloc byte[MaskBytes];
        new Span<byte>(allowed, MaskBytes).CopyTo(new Span<byte>(others, MaskBytes));
        others[processor / 8] &= (byte)~(1 << (processor % 8));
        if (new Span<byte>(others, MaskBytes).ContainsAnyExcept((byte)0))
        {
            _ = SetAffinity(0, MaskBytes, others);
            _ = SetAffinity(0, MaskBytes, allowed);
        }
    }

    [LibraryImport("libc", EntryPoint = "sched_getcpu")]
    [SuppressGCTransition]
    private static partial int GetProcessor();

    [LibraryImport("libc", EntryPoint = "sched_getaffinity")]
    private static partial int GetAffinity(int thread, nuint bytes, byte* mask);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int SetAffinity(int thread, nuint bytes, byte* mask);
}
