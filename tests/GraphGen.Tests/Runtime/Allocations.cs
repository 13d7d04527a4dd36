namespace GraphGen.Tests.Runtime;

/// <summary>Counts what all threads of the process allocate.</summary>
internal static class Allocations
{
    /// <summary>
    /// The bytes that a number of repetitions allocate: of each repetition the fewest of several rounds, summed. The test runner's own
    /// threads allocate now and then, seldom in the same repetition of every round; what is tested would.
    /// </summary>
    public static long Of(Action action, int repeats = 100)
    {
        action();
        action();
        long[] least = new long[repeats];
        Array.Fill(least, long.MaxValue);
        for (int round = 0; round < 5; round++)
        {
            for (int i = 0; i < repeats; i++)
            {
                long before = GC.GetTotalAllocatedBytes(precise: true);
                action();
                least[i] = Math.Min(least[i], GC.GetTotalAllocatedBytes(precise: true) - before);
            }
        }

        return least.Sum();
    }
}
