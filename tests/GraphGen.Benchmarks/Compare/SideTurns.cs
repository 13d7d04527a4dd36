namespace GraphGen.Benchmarks.Compare;

/// <summary>Measures sides in turns: each round asks every side once, every other round from the last to the first.</summary>
internal static class SideTurns
{
    private const double MillisecondsPerTurn = 250;
    private const double MillisecondsOfWarmUp = 1500;
    private const int MostIterations = 4000;

    /// <returns>How busy the machine was between turns.</returns>
    internal static double Take(IReadOnlyList<Side> sides, int rounds)
    {
        var load = new MachineLoad();
        int[] iterations = [.. sides.Select(side => WarmUp(side, load))];
        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < sides.Count; i++)
            {
                int side = round % 2 == 0 ? i : sides.Count - 1 - i;
                load.Pause();
                sides[side].Run(iterations[side]);
            }
        }

        return load.Busy;
    }

    // Iterations for a turn, after enough of them that everything is compiled and in its caches.
    private static int WarmUp(Side side, MachineLoad load)
    {
        load.Pause();
        double milliseconds = side.WarmUp(1);
        for (double spent = 0; spent < MillisecondsOfWarmUp;)
        {
            int count = Iterations(milliseconds);
            milliseconds = side.WarmUp(count);
            spent += count * milliseconds;
        }

        return Iterations(milliseconds);
    }

    private static int Iterations(double milliseconds) => (int)Math.Clamp(MillisecondsPerTurn / milliseconds, 1, MostIterations);
}
