using GraphGen.Generator.Fuse;
using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Lower;

/// <summary>A pass over the elements of a row.</summary>
/// <param name="Reductions">What it reduces.</param>
/// <param name="Stores">The elements it stores.</param>
/// <param name="RowValues">What can be made after it of which a row has one number, its reductions among them.</param>
internal sealed record RowSweep(List<Node> Reductions, List<Node> Stores, List<Node> RowValues)
{
    public bool HasElements => Reductions.Count + Stores.Count > 0;
}

/// <summary>The loops of a kernel of rows: how many rows of which length, and the sweeps over each.</summary>
internal sealed record RowLoops(Dim Rows, Dim Length, IReadOnlyList<RowSweep> Sweeps)
{
    /// <summary>A row of so many elements is more than a core's cache holds, so that nothing is lost where threads share it.</summary>
    private const int LongRow = 1 << 18;

    /// <summary>Where there are fewer rows than this, a shorter row is worth sharing too.</summary>
    private const int FewRows = 16;

    private const int ShareableRow = 1 << 15;

    /// <summary>Whether rows are cut in slices that are tasks of their own.</summary>
    public bool IsSliced => Length.PerSample || Length.Size >= LongRow || (Rows is { PerSample: false, Size: < FewRows } && Length.Size >= ShareableRow);

    public static RowLoops Of(KernelOperands operands)
    {
        Shape shape = operands.Kernel.RowShape!;
        int axis = RowAxis(operands);
        return new RowLoops(Shape.Product(shape.Dims.Take(axis)), Shape.Product(shape.Dims.Skip(axis)), SweepsOf(operands));
    }

    /// <summary>Where rows begin. Without reductions, they are as long as memory is evenly spaced for all that is read and stored.</summary>
    private static int RowAxis(KernelOperands operands)
    {
        if (operands.Kernel.RowAxis >= 0)
        {
            return operands.Kernel.RowAxis;
        }

        Shape shape = operands.Kernel.RowShape!;
        int axis = Math.Max(0, shape.Rank - 1);
        while (axis > 1 && Shape.Product(shape.Dims.Skip(axis - 1)) is var longer && operands.ReadsEvenly(longer) && operands.StoresEvenly(longer))
        {
            axis--;
        }

        return axis;
    }

    /// <summary>Which reductions and stores each sweep over the row can do: those whose operands earlier sweeps have made.</summary>
    private static List<RowSweep> SweepsOf(KernelOperands operands)
    {
        Kernel kernel = operands.Kernel;
        Dictionary<Node, int> ready = [];
        List<RowSweep> sweeps = [new RowSweep([], [], [])];
        foreach (Node node in kernel.Body)
        {
            int sweep = ReadyAfter(operands, node.Inputs, ready);
            bool isReduction = node.Op is Op.Reduce;
            bool isRowValue = isReduction || KernelAccess.HasRowValues(kernel, node);
            while (sweeps.Count <= sweep)
            {
                sweeps.Add(new RowSweep([], [], []));
            }

            if (isReduction)
            {
                sweeps[sweep].Reductions.Add(node);
                sweeps[sweep].RowValues.Add(node);
                ready[node] = sweep + 1;
            }
            else if (isRowValue)
            {
                // Made between sweeps: right after the one that made its operands.
                int after = Math.Max(0, sweep - 1);
                sweeps[after].RowValues.Add(node);
                ready[node] = sweep;
            }
            else
            {
                ready[node] = sweep;
                if (operands.Kernel.IsStored(node))
                {
                    sweeps[sweep].Stores.Add(node);
                }
            }
        }

        return sweeps;
    }

    private static int ReadyAfter(KernelOperands operands, IEnumerable<Node> uses, Dictionary<Node, int> ready)
    {
        bool IsFound(Node value) => ready.ContainsKey(value) || operands.Loads(value);
        return new OperandWalk(use => use.Op.IsView && !IsFound(use), value => value.Op.IsElementwise && !IsFound(value))
            .Sources(uses)
            .Select(value => ready.TryGetValue(value, out int sweep) ? sweep : 0)
            .DefaultIfEmpty(0)
            .Max();
    }
}
