using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Emit.Kernels;

/// <summary>
/// A kernel of rows that are too long or too few to be a task each. A row is cut in slices that its length alone decides; each sweep
/// is a launch, whose tasks take a slice of a row and leave their part of every reduction in memory. What comes after combines the
/// parts in order, so that the result does not depend on the threads.
/// </summary>
internal sealed class SlicedRows(KernelContext context, RowLoops loops)
{
    private const int MostSlices = 64;
    private const string PartsSuffix = "Parts";

    private readonly Node[] _reductions = [.. loops.Sweeps.SelectMany(sweep => sweep.Reductions)];

    public IEnumerable<Scratch> Scratch => _reductions.Length == 0
        ? []
        : [new Scratch(PartsSuffix, $"parts of reductions, [{loops.Rows}, {_reductions.Length}, {MostSlices}]", (long)loops.Rows.Size * _reductions.Length * MostSlices, loops.Rows.PerSample)];

    public IEnumerable<Launch> Launches
    {
        get
        {
            string length = KernelContext.Size(loops.Length);
            string rows = loops.Rows.IsOne ? "" : $"{KernelContext.Size(loops.Rows)} * ";
            int work = RowsEmitter.WorkPerElement(context.Kernel);
            for (int i = 0; i < loops.Sweeps.Count; i++)
            {
                if (loops.Sweeps[i].HasElements)
                {
                    yield return new Launch(SliceMethod(i), $"{rows}RowSlices.Count({length}, {MostSlices})", $"{work}L * RowSlices.Length({length}, {MostSlices})");
                }
            }

            if (StoresRowValues)
            {
                yield return new Launch(context.Name, KernelContext.Size(loops.Rows), $"{_reductions.Length * MostSlices}");
            }
        }
    }

    /// <summary>Whether anything is left to do once the sweeps are over.</summary>
    private bool StoresRowValues => loops.Sweeps.Any(sweep => sweep.RowValues.Any(IsStored));

    public void Emit()
    {
        CodeWriter code = context.Code;
        for (int i = 0; i < loops.Sweeps.Count; i++)
        {
            RowSweep sweep = loops.Sweeps[i];
            if (!sweep.HasElements)
            {
                continue;
            }

            code.Line(KernelContext.Optimized);
            using (code.Open($"{KernelContext.Signature(SliceMethod(i))} {KernelContext.Constraints}"))
            {
                code.Line("Pass* pass = (Pass*)state;");
                code.Line($"int length = {KernelContext.Size(loops.Length)};");
                if (!loops.Rows.IsOne || i > 0 || sweep.Reductions.Count > 0)
                {
                    code.Line($"int slices = RowSlices.Count(length, {MostSlices});");
                }

                string slice = "task";
                if (!loops.Rows.IsOne)
                {
                    code.Line("int row = task / slices;");
                    code.Line("int slice = task % slices;");
                    slice = "slice";
                }

                code.Line($"(int begin, int end) = RowSlices.Range(length, {MostSlices}, {slice});");
                RowSweepEmitter emitter = new(context, loops);
                EmitRowValues(emitter, i, context.WorkOf(sweep.Reductions.Concat(sweep.Stores)), _ => false);
                emitter.EmitSweep(sweep, i, "begin", "end");
                foreach (Node reduction in sweep.Reductions)
                {
                    code.Line($"*({Parts(reduction)} + {slice}) = {emitter.Result(reduction)};");
                }
            }

            code.Line();
        }

        if (StoresRowValues)
        {
            code.Line(KernelContext.Optimized);
            using (code.Open($"{KernelContext.Signature(context.Name)} {KernelContext.Constraints}"))
            {
                code.Line("Pass* pass = (Pass*)state;");
                code.Line($"int slices = RowSlices.Count({KernelContext.Size(loops.Length)}, {MostSlices});");
                if (!loops.Rows.IsOne)
                {
                    code.Line("int row = task;");
                }

                HashSet<Node> needed = context.WorkOf(loops.Sweeps.SelectMany(sweep => sweep.RowValues.Where(IsStored)));
                EmitRowValues(new RowSweepEmitter(context, loops), loops.Sweeps.Count, needed, IsStored);
            }
        }
    }

    /// <summary>What earlier sweeps have made of which a row has one number.</summary>
    private void EmitRowValues(RowSweepEmitter emitter, int sweeps, HashSet<Node> needed, Func<Node, bool> isStored)
    {
        for (int i = 0; i < sweeps; i++)
        {
            foreach (Node reduction in loops.Sweeps[i].Reductions.Where(needed.Contains))
            {
                emitter.EmitResult(reduction, "TVector ", RowSweepEmitter.Function(reduction).AcrossSlices(Parts(reduction), "slices"));
            }

            emitter.EmitRowValues(loops.Sweeps[i], i, needed.Contains, isStored);
        }
    }

    private bool IsStored(Node node) => RowLoops.IsStored(context.Kernel, node);

    /// <summary>The last sweep has the kernel's name where nothing follows it.</summary>
    private string SliceMethod(int sweep) =>
        !StoresRowValues && sweep == loops.Sweeps.Count - 1 ? context.Name : context.Name + "Slice" + (sweep == 0 ? "" : $"{sweep + 1}");

    /// <summary>A pointer to the parts of a reduction of this row, one a slice.</summary>
    private string Parts(Node reduction)
    {
        int index = Array.IndexOf(_reductions, reduction);
        string row = loops.Rows.IsOne ? "" : $" + (row * {_reductions.Length * MostSlices})";
        return $"{context.ScratchPointer(PartsSuffix)}{row}{(index == 0 ? "" : $" + {index * MostSlices}")}";
    }
}
