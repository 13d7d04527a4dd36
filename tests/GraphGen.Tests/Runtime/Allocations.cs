namespace GraphGen.Tests.Runtime;

/// <summary>Counts what all threads of the process allocate.</summary>
internal static class Allocations
{
    /// <summary>
    /// The fewest bytes of several rounds of repetitions: the test runner's own threads allocate now and then, what is tested would in
    /// every round.
    /// </summary>
    public static long Of(Action action, int repeats = 100)
    {
        action();
        action();
        long least = long.MaxValue;
        for (int round = 0; round < 5 && least != 0; round++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            for (int i = 0; i < repeats; i++)
            {
                action();
            }

            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        return least;
    }
}
