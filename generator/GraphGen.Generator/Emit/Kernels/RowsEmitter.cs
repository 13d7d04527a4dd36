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

    public IEnumerable<Scratch> Scratch(KernelContext context) => [];

    public IEnumerable<Launch> Launches(KernelContext context)
    {
        (Dim rows, Dim length) = Split(context);
        int perTask = RowsPerTask(length);
        string tasks = rows.PerSample || rows.Size != 1
            ? perTask == 1 ? KernelContext.Size(rows) : $"({KernelContext.Size(rows)} + {perTask - 1}) / {perTask}"
            : "1";
        int work = Math.Max(1, context.Kernel.Body.Count) * 4;
        yield return new Launch(context.Name, tasks, length.PerSample ? $"{work * length.Size} * pass->N" : ((long)perTask * length.Size * work).ToString(CultureInfo.InvariantCulture));
    }

    public string Describe(KernelContext context)
    {
        string stores = string.Join(", ", context.Kernel.Body.Where(context.Kernel.Stores.Contains).Concat(context.Kernel.Body.Where(node => node.Op is Op.AddToGradient)).Select(node => $"{context.Memory.Name(node)} {node.Shape}"));
        int sweeps = Sweeps(context).Count;
        (Dim rows, Dim length) = Split(context);
        return $"{stores}: {rows} rows of {length}, {(sweeps == 1 ? "one sweep" : $"{sweeps} sweeps")}";
    }

    public void Emit(KernelContext context)
    {
        CodeWriter code = context.Code;
        (Dim rows, Dim length) = Split(context);
        code.Line(KernelContext.Optimized);
        using (code.Open($"{KernelContext.Signature(context.Name)} {KernelContext.Constraints}"))
        {
            int perTask = RowsPerTask(length);
            code.Line("Pass* pass = (Pass*)state;");
            code.Line(length.PerSample ? $"int length = {KernelContext.Size(length)};" : $"const int length = {length.Size};");
            if (rows.IsOne)
            {
                EmitRow(context, rows, length);
                return;
            }

            code.Line($"int end = Math.Min((task + 1) * {perTask}, {KernelContext.Size(rows)});");
            using (code.Open($"for (int row = task * {perTask}; row < end; row++)"))
            {
                EmitRow(context, rows, length);
            }
        }
    }

    private static void EmitRow(KernelContext context, Dim rows, Dim length)
    {
        // What a row has one number of, from sweep to sweep.
        Dictionary<Node, string> rowValues = [];
        List<Sweep> sweeps = Sweeps(context);
        for (int i = 0; i < sweeps.Count; i++)
        {
            if (sweeps[i].Reductions.Count + sweeps[i].Stores.Count > 0)
            {
                EmitSweep(context, sweeps[i], i, rows, length, rowValues);
            }

            EmitRowValues(context, sweeps[i], i, rows, rowValues);
        }
    }

    private static void EmitSweep(KernelContext context, Sweep sweep, int number, Dim rows, Dim length, Dictionary<Node, string> rowValues)
    {
        CodeWriter code = context.Code;
        foreach (Node reduction in sweep.Reductions)
        {
            string name = $"r{reduction.Id}";
            rowValues[reduction] = name;
            code.Line($"TVector {name} = {Neutral(reduction)};");
        }

        bool mayHaveTail = length.PerSample || length.Size % 16 != 0;
        string index = $"j{number}";
        if (length.PerSample || length.Size >= 4)
        {
            code.Line($"int {index} = 0;");
            using (code.Open($"for (; {index} <= length - TIsa.Width; {index} += TIsa.Width)"))
            {
                EmitElements(context, sweep, rows, length, index, null, rowValues);
            }

            if (mayHaveTail)
            {
                using (code.Open($"if ({index} < length)"))
                {
                    code.Line($"int count = length - {index};");
                    EmitElements(context, sweep, rows, length, index, "count", rowValues);
                }
            }
        }
        else
        {
            // Shorter than any vector.
            using (code.Open(""))
            {
                EmitElements(context, sweep, rows, length, "0", "length", rowValues);
            }
        }

        foreach (Node reduction in sweep.Reductions)
        {
            string name = rowValues[reduction];
            bool isSum = ((Op.Reduce)reduction.Op).Function == ReduceFunction.Sum;
            code.Line($"{name} = TIsa.Broadcast(TIsa.{(isSum ? "Sum" : "MaxAcross")}({name}));");
        }
    }

    private static void EmitElements(KernelContext context, Sweep sweep, Dim rows, Dim length, string index, string? count, Dictionary<Node, string> rowValues)
    {
        CodeWriter code = context.Code;
        ExpressionEmitter elements = new(context, [Row(rows), new LoopIndex(index, length)], count);
        foreach (KeyValuePair<Node, string> value in rowValues.Where(value => !sweep.Reductions.Contains(value.Key)))
        {
            elements.Define(value.Key, value.Value);
        }

        foreach (Node reduction in sweep.Reductions)
        {
            string element = elements.Emit(reduction.Inputs[0]);
            string name = rowValues[reduction];
            if (count is not null)
            {
                // Lanes beyond the row must not count.
                element = $"TIsa.Select(TIsa.GreaterThan(TIsa.Broadcast((float){count}), TIsa.Iota), {element}, {Neutral(reduction)})";
            }

            bool isSum = ((Op.Reduce)reduction.Op).Function == ReduceFunction.Sum;
            code.Line($"{name} = TIsa.{(isSum ? "Add" : "Max")}({name}, {element});");
        }

        foreach (Node node in sweep.Stores)
        {
            elements.Store(node);
        }
    }

    /// <summary>Arithmetic on numbers a row has one of, in vectors whose lanes are all the same.</summary>
    private static void EmitRowValues(KernelContext context, Sweep sweep, int number, Dim rows, Dictionary<Node, string> rowValues)
    {
        ExpressionEmitter scalars = new(context, [Row(rows), new LoopIndex("0", 1)], "1", prefix: $"s{number}_");
        foreach (KeyValuePair<Node, string> value in rowValues)
        {
            scalars.Define(value.Key, value.Value);
        }

        foreach (Node node in sweep.RowValues)
        {
            if (node.Op is not Op.Reduce and not Op.AddToGradient)
            {
                rowValues[node] = scalars.Emit(node);
                scalars.Define(node, rowValues[node]);
            }

            if (context.Kernel.Stores.Contains(node) || node.Op is Op.AddToGradient)
            {
                scalars.Store(node);
            }
        }
    }

    private static LoopIndex Row(Dim rows) => new(rows.IsOne ? "0" : "row", rows);

    private static string Neutral(Node reduction) =>
        ((Op.Reduce)reduction.Op).Function == ReduceFunction.Sum ? "TIsa.Zero" : "TIsa.Broadcast(float.NegativeInfinity)";

    private static int RowsPerTask(Dim length) => length.PerSample ? 1 : Math.Max(1, ElementsPerTask / length.Size);

    /// <summary>The rows: given by the reductions, or as long as memory is evenly spaced for all that is read and stored.</summary>
    private static (Dim Rows, Dim Length) Split(KernelContext context)
    {
        Kernel kernel = context.Kernel;
        if (kernel.RowAxis < 0)
        {
            kernel.RowAxis = Math.Max(0, kernel.RowShape!.Rank - 1);
            while (kernel.RowAxis > 1 && context.ReadsEvenly(Shape.Product(kernel.RowShape!.Dims.Skip(kernel.RowAxis - 1))))
            {
                kernel.RowAxis--;
            }
        }

        return (kernel.Rows, kernel.RowLength);
    }

    /// <summary>Which reductions and stores each sweep over the row can do: those whose operands earlier sweeps have made.</summary>
    private static List<Sweep> Sweeps(KernelContext context)
    {
        Kernel kernel = context.Kernel;
        _ = Split(context);
        Dictionary<Node, int> ready = [];
        List<Sweep> sweeps = [new Sweep([], [], [])];
        foreach (Node node in kernel.Body)
        {
            int sweep = ReadyAfter(context, node.Inputs, ready);
            bool isReduction = node.Op is Op.Reduce;
            bool isRowValue = isReduction || KernelAccess.HasRowValues(kernel, node);
            while (sweeps.Count <= sweep)
            {
                sweeps.Add(new Sweep([], [], []));
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
                if (kernel.Stores.Contains(node) || node.Op is Op.AddToGradient)
                {
                    sweeps[sweep].Stores.Add(node);
                }
            }
        }

        return sweeps;
    }

    private static int ReadyAfter(KernelContext context, IEnumerable<Node> uses, Dictionary<Node, int> ready)
    {
        bool IsFound(Node value) => ready.ContainsKey(value) || context.Loads(value);
        return new OperandWalk(use => use.Op.IsView && !IsFound(use), value => value.Op.IsElementwise && !IsFound(value))
            .Sources(uses)
            .Select(value => ready.TryGetValue(value, out int sweep) ? sweep : 0)
            .DefaultIfEmpty(0)
            .Max();
    }

    private sealed record Sweep(List<Node> Reductions, List<Node> Stores, List<Node> RowValues);
}
