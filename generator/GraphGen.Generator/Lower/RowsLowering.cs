using GraphGen.Generator.Graph;
using GraphGen.Generator.Nests;

namespace GraphGen.Generator.Lower;

/// <summary>
/// Kernels of rows: for each row as many sweeps as its reductions need (softmax needs its maximum before its sum), each
/// recomputing in registers what it needs, so that a row is read from cache and nothing between is stored. A kernel without
/// reductions is one sweep: elementwise work, or a copy.
/// </summary>
internal static class RowsLowering
{
    /// <summary>Elements worth a task of their own.</summary>
    private const int ElementsPerTask = 8192;

    public static Nest Lower(KernelOperands operands)
    {
        RowLoops loops = RowLoops.Of(operands);
        string words = $"{loops.Rows} rows of {loops.Length}, {(loops.Sweeps.Count == 1 ? "one sweep" : $"{loops.Sweeps.Count} sweeps")}{(loops.IsSliced ? " in slices" : "")}";
        if (loops.IsSliced)
        {
            SlicedRows slices = new(operands, loops);
            return new Nest(words, new(slices.Scratch), new(slices.Routines), operands.CallsFunctions);
        }

        int perTask = RowsPerTask(loops.Length);
        return new Nest(
            words,
            EquatableArray<Scratch>.Empty,
            new([new Routine("", Integer.Pieces(loops.Rows, perTask), (long)perTask * loops.Length.Size * WorkPerElement(operands), new(RowsOfTask(loops.Rows, perTask, Row(operands, loops))))]),
            operands.CallsFunctions);
    }

    /// <summary>Operations an element, about.</summary>
    public static int WorkPerElement(KernelOperands operands) => Math.Max(1, operands.Kernel.Body.Count) * 4;

    /// <summary>Rows of a length that a task takes.</summary>
    public static int RowsPerTask(Dim length) => Math.Max(1, ElementsPerTask / length.Size);

    /// <summary>What a task does for each of its rows.</summary>
    public static IEnumerable<Statement> RowsOfTask(Dim rows, int perTask, IReadOnlyList<Statement> row)
    {
        if (rows.IsOne)
        {
            return row;
        }

        if (perTask == 1)
        {
            return [new Statement.Define("row", Integer.Task), .. row];
        }

        return
        [
            new Statement.Define("end", Integer.Min((Integer.Task + 1) * perTask, rows)),
            new Statement.Loop("row", Integer.Task * perTask, new Integer.Variable("end"), new(row)),
        ];
    }

    private static IReadOnlyList<Statement> Row(KernelOperands operands, RowLoops loops)
    {
        RowSweeps row = new(operands, loops);
        for (int i = 0; i < loops.Sweeps.Count; i++)
        {
            RowSweep sweep = loops.Sweeps[i];
            if (sweep.HasElements)
            {
                row.Sweep(sweep, i, Integer.Zero, loops.Length);
            }

            foreach (Node reduction in sweep.Reductions)
            {
                row.Finish(reduction);
            }

            row.RowValues(sweep, i, _ => true, operands.Kernel.IsStored);
        }

        return row.Statements;
    }
}
