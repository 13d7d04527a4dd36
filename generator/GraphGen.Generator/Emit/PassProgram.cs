namespace GraphGen.Generator.Emit;

/// <summary>
/// A stretch of a pass: kernels that run one after the other, once or several times with other memory. Equal layers make equal stretches,
/// which are written once.
/// </summary>
/// <param name="Turns">The kernels of each time. Those at the same place run the same routine, with as many tasks.</param>
internal sealed record ProgramStretch(IReadOnlyList<IReadOnlyList<KernelCall>> Turns)
{
    /// <summary>Whether it runs several times.</summary>
    public bool IsRepeated => Turns.Count > 1;

    /// <summary>The kernels of the first time.</summary>
    public IReadOnlyList<KernelCall> First => Turns[0];

    /// <summary>The struct of what its kernels are given in one turn.</summary>
    public string StructName => First[0].Name + "Block";

    /// <summary>The field of <c>Pass</c> with what they are given in all turns, and its type.</summary>
    public string FieldName => First[0].Name + "Blocks";
}

/// <summary>The order in which a pass runs its kernels.</summary>
internal static class PassProgram
{
    /// <summary>Kernels that repetition has to save to be worth a loop.</summary>
    private const int LeastSaved = 4;

    /// <summary>The stretches of a pass.</summary>
    public static IReadOnlyList<ProgramStretch> Of(IReadOnlyList<KernelCall> calls)
    {
        List<ProgramStretch> stretches = [];
        int at = 0;
        foreach ((int start, int period, int turns) in Repetitions([.. calls.Select(call => call.Key)]))
        {
            AddSingle(start);
            stretches.Add(new ProgramStretch([.. Enumerable.Range(0, turns).Select(turn => Enumerable.Range(start + (turn * period), period).Select(i => calls[i]).ToArray())]));
            at = start + (turns * period);
        }

        AddSingle(calls.Count);
        return stretches;

        void AddSingle(int end)
        {
            for (; at < end; at++)
            {
                stretches.Add(new ProgramStretch([[calls[at]]]));
            }
        }
    }

    /// <summary>What repeats in a sequence, in order: where it begins, how long it is, and how often it is there. Of those that overlap, what saves most.</summary>
    internal static IReadOnlyList<(int Start, int Period, int Turns)> Repetitions(IReadOnlyList<string> keys)
    {
        Dictionary<string, int> numbers = [];
        int[] sequence = [.. keys.Select(key =>
        {
            if (!numbers.TryGetValue(key, out int number))
            {
                numbers.Add(key, number = numbers.Count);
            }

            return number;
        })];
        List<(int Start, int Period, int Turns)> found = [];
        for (int period = 1; period <= sequence.Length / 2; period++)
        {
            // A run of places that equal those a period later is as many turns as it has periods, and one.
            for (int start = 0; start < sequence.Length - period;)
            {
                int end = start;
                while (end < sequence.Length - period && sequence[end] == sequence[end + period])
                {
                    end++;
                }

                int turns = ((end - start) / period) + 1;
                if (turns > 1 && (turns - 1) * period >= LeastSaved)
                {
                    found.Add((start, period, turns));
                }

                start = end + 1;
            }
        }

        List<(int Start, int Period, int Turns)> chosen = [];
        foreach ((int Start, int Period, int Turns) candidate in found.OrderByDescending(run => (run.Turns - 1) * run.Period).ThenBy(run => run.Period).ThenBy(run => run.Start))
        {
            if (chosen.All(other => candidate.Start >= other.Start + (other.Period * other.Turns) || candidate.Start + (candidate.Period * candidate.Turns) <= other.Start))
            {
                chosen.Add(candidate);
            }
        }

        return [.. chosen.OrderBy(run => run.Start)];
    }
}
