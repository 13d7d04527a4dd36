using GraphGen.Generator.Graph;
using GraphGen.Generator.Nests;

namespace GraphGen.Generator.Lower;

/// <summary>
/// A kernel of rows that are too long or too few to be a task each. A row is cut in slices that its length alone decides; each sweep
/// is a routine, whose tasks take a slice of a row and leave their part of every reduction in memory. What comes after combines the
/// parts in order, so that the result does not depend on the threads.
/// </summary>
internal sealed class SlicedRows(KernelOperands operands, RowLoops loops)
{
    private const int MostSlices = 64;
    private const string PartsSuffix = "Parts";

    private static readonly Integer SliceCount = new Integer.Variable("slices");

    private readonly Node[] _reductions = [.. loops.Sweeps.SelectMany(sweep => sweep.Reductions)];

    public IEnumerable<Scratch> Scratch => _reductions.Length == 0
        ? []
        : [new Scratch(PartsSuffix, $"parts of reductions, [{loops.Rows}, {_reductions.Length}, {MostSlices}]", (long)loops.Rows.Size * _reductions.Length * MostSlices, loops.Rows.PerSample)];

    public IEnumerable<Routine> Routines
    {
        get
        {
            Integer tasks = (Integer)loops.Rows * new Integer.Slices(loops.Length, MostSlices);
            Integer work = RowsLowering.WorkPerElement(operands) * new Integer.SliceLength(loops.Length, MostSlices);
            for (int i = 0; i < loops.Sweeps.Count; i++)
            {
                if (loops.Sweeps[i].HasElements)
                {
                    yield return new Routine(Suffix(i), tasks, work, new(Slice(i)));
                }
            }

            if (StoresRowValues)
            {
                yield return new Routine("", loops.Rows, _reductions.Length * MostSlices, new(Ending()));
            }
        }
    }

    /// <summary>Whether anything is left to do once the sweeps are over.</summary>
    private bool StoresRowValues => loops.Sweeps.Any(sweep => sweep.RowValues.Any(operands.Kernel.IsStored));

    /// <summary>A sweep over a slice of a row.</summary>
    private List<Statement> Slice(int number)
    {
        RowSweep sweep = loops.Sweeps[number];
        bool hasRows = !loops.Rows.IsOne;
        List<Statement> body = [];
        if (hasRows || number > 0)
        {
            body.Add(new Statement.Define("slices", new Integer.Slices(loops.Length, MostSlices)));
        }

        if (hasRows)
        {
            body.Add(new Statement.Define("row", Integer.Task / SliceCount));
            body.Add(new Statement.Define("slice", Integer.Task % SliceCount));
        }

        Integer slice = hasRows ? new Integer.Variable("slice") : Integer.Task;
        body.Add(new Statement.DefineSlice("begin", "end", loops.Length, MostSlices, slice));
        RowSweeps row = new(operands, loops);
        RowValues(row, number, operands.WorkOf(sweep.Reductions.Concat(sweep.Stores)), _ => false);
        row.Sweep(sweep, number, new Integer.Variable("begin"), new Integer.Variable("end"));
        body.AddRange(row.Statements);
        body.AddRange(sweep.Reductions.Select(reduction => new Statement.Store(Parts(reduction, slice), row.Result(reduction))));
        return body;
    }

    /// <summary>What is stored once the sweeps are over.</summary>
    private List<Statement> Ending()
    {
        List<Statement> body = [new Statement.Define("slices", new Integer.Slices(loops.Length, MostSlices))];
        if (!loops.Rows.IsOne)
        {
            body.Add(new Statement.Define("row", Integer.Task));
        }

        RowSweeps row = new(operands, loops);
        RowValues(row, loops.Sweeps.Count, operands.WorkOf(loops.Sweeps.SelectMany(sweep => sweep.RowValues.Where(operands.Kernel.IsStored))), operands.Kernel.IsStored);
        body.AddRange(row.Statements);
        return body;
    }

    /// <summary>What earlier sweeps have made of which a row has one number.</summary>
    private void RowValues(RowSweeps row, int sweeps, HashSet<Node> needed, Func<Node, bool> isStored)
    {
        for (int i = 0; i < sweeps; i++)
        {
            foreach (Node reduction in loops.Sweeps[i].Reductions.Where(needed.Contains))
            {
                row.Combine(reduction, Parts(reduction, Integer.Zero), SliceCount);
            }

            row.RowValues(loops.Sweeps[i], i, needed.Contains, isStored);
        }
    }

    /// <summary>The last sweep has the kernel's name where nothing follows it.</summary>
    private string Suffix(int sweep) => !StoresRowValues && sweep == loops.Sweeps.Count - 1 ? "" : "Slice" + (sweep == 0 ? "" : $"{sweep + 1}");

    /// <summary>Where a slice leaves its part of a reduction of this row; the parts of all slices follow each other.</summary>
    private Address Parts(Node reduction, Integer slice)
    {
        Integer row = new LoopIndex("row", loops.Rows).Position;
        return new Address(new Place.Scratch(PartsSuffix), (row * (_reductions.Length * MostSlices)) + (Array.IndexOf(_reductions, reduction) * MostSlices) + slice);
    }
}
