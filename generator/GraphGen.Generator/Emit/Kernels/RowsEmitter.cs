using System.Globalization;
using GraphGen.Generator.Fuse;
using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Emit.Kernels;

/// <summary>
/// Kernels of rows: for each row as many sweeps as its reductions need (softmax needs its maximum before its sum), each
/// recomputing in registers what it needs, so that a row is read from cache and nothing between is stored. A kernel without
/// reductions is one sweep: elementwise work, or a copy.
/// </summary>
internal sealed class RowsEmitter : IKernelEmitter
{
    /// <summary>Elements worth a task of their own.</summary>
    private const int ElementsPerTask = 8192;

    public static RowsEmitter Instance { get; } = new();

    public IEnumerable<Scratch> Scratch(KernelContext context)
    {
        RowLoops loops = RowLoops.Of(context);
        return loops.IsSliced ? new SlicedRows(context, loops).Scratch : [];
    }

    public IEnumerable<Launch> Launches(KernelContext context)
    {
        RowLoops loops = RowLoops.Of(context);
        if (loops.IsSliced)
        {
            return new SlicedRows(context, loops).Launches;
        }

        int perTask = RowsPerTask(loops);
        string tasks = loops.Rows.IsOne ? "1"
            : perTask == 1 ? KernelContext.Size(loops.Rows)
            : $"({KernelContext.Size(loops.Rows)} + {perTask - 1}) / {perTask}";
        return [new Launch(context.Name, tasks, ((long)perTask * loops.Length.Size * WorkPerElement(context.Kernel)).ToString(CultureInfo.InvariantCulture))];
    }

    public string Describe(KernelContext context)
    {
        RowLoops loops = RowLoops.Of(context);
        string stores = string.Join(", ", context.Kernel.Body.Where(context.Kernel.Stores.Contains).Concat(context.Kernel.Body.Where(node => node.Op is Op.AddToGradient)).Select(node => $"{context.Memory.Name(node)} {node.Shape}"));
        return $"{stores}: {loops.Rows} rows of {loops.Length}, {(loops.Sweeps.Count == 1 ? "one sweep" : $"{loops.Sweeps.Count} sweeps")}{(loops.IsSliced ? " in slices" : "")}";
    }

    public void Emit(KernelContext context)
    {
        RowLoops loops = RowLoops.Of(context);
        if (loops.IsSliced)
        {
            new SlicedRows(context, loops).Emit();
            return;
        }

        CodeWriter code = context.Code;
        code.Line(KernelContext.Optimized);
        using (code.Open($"{KernelContext.Signature(context.Name)} {KernelContext.Constraints}"))
        {
            int perTask = RowsPerTask(loops);
            code.Line("Pass* pass = (Pass*)state;");
            code.Line($"const int length = {loops.Length.Size};");
            if (loops.Rows.IsOne)
            {
                EmitRow(context, loops);
                return;
            }

            code.Line($"int end = Math.Min((task + 1) * {perTask}, {KernelContext.Size(loops.Rows)});");
            using (code.Open($"for (int row = task * {perTask}; row < end; row++)"))
            {
                EmitRow(context, loops);
            }
        }
    }

    /// <summary>Operations an element, about.</summary>
    public static int WorkPerElement(Kernel kernel) => Math.Max(1, kernel.Body.Count) * 4;

    private static void EmitRow(KernelContext context, RowLoops loops)
    {
        RowSweepEmitter emitter = new(context, loops);
        for (int i = 0; i < loops.Sweeps.Count; i++)
        {
            RowSweep sweep = loops.Sweeps[i];
            if (sweep.HasElements)
            {
                emitter.EmitSweep(sweep, i, "0", "length");
            }

            foreach (Node reduction in sweep.Reductions)
            {
                emitter.EmitResult(reduction, "", emitter.Result(reduction));
            }

            emitter.EmitRowValues(sweep, i, _ => true, node => RowLoops.IsStored(context.Kernel, node));
        }
    }

    private static int RowsPerTask(RowLoops loops) => Math.Max(1, ElementsPerTask / loops.Length.Size);
}
