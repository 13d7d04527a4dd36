namespace GraphGen.Tests.Runtime;

/// <summary>Counts what all threads of the process allocate.</summary>
internal static class Allocations
{
    private const int MostRounds = 25;

    /// <summary>
    /// The bytes that a number of repetitions allocate: of each repetition the fewest of several rounds, summed. The test runner's own
    /// threads allocate now and then, seldom in the same repetition of every round; what is tested would.
    /// </summary>
    public static long Of(Action action, int repeats = 100)
    {
        action();
        action();
        long[] least = new long[repeats];
        Array.Fill(least, long.MaxValue / repeats);
        for (int round = 0; round < MostRounds && least.Sum() != 0; round++)
        {
            // On a busy machine what the runner does goes on for longer than a round of short repetitions.
            Thread.Sleep(round / 5);
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
