namespace GraphGen;

/// <summary>
/// How an optimizer's pass over a range is cut into tasks: chunks of one size, whatever the number of threads. Three buffers of a
/// chunk are 192 KB: large enough to be worth claiming, small enough that a range of a hundred thousand still divides evenly.
/// </summary>
internal static class OptimizerPass
{
    private const int Chunk = 16 * 1024;

    /// <summary>By which the pool decides whether to share: counted as some 16 operations a float, because memory is what takes the time.</summary>
    public const long WorkPerTask = 16 * Chunk;

    public static int Tasks(int length) => (length + Chunk - 1) / Chunk;

    public static int Start(int task) => task * Chunk;

    public static int End(int task, int length) => Math.Min(length, Start(task) + Chunk);
}
