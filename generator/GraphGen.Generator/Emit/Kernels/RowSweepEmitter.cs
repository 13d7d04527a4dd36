using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Emit.Kernels;

/// <summary>Writes sweeps over a row, or over a slice of it, and the arithmetic between them on what a row has one number of.</summary>
internal sealed class RowSweepEmitter(KernelContext context, RowLoops loops)
{
    /// <summary>Vectors whose sum is kept in one register before it is added to a <c>CompensatedSum</c>.</summary>
    private const int BlockVectors = 32;

    /// <summary>Elements that are no more than a block on any instruction set.</summary>
    private const int OneBlock = BlockVectors * 4;

    /// <summary>Variables, whose lanes are all the same, by the value of the row they hold.</summary>
    private readonly Dictionary<Node, string> _rowValues = [];

    /// <summary>Whether so many elements are reduced in blocks, and what rounding loses is kept.</summary>
    private bool IsBlocked(Node reduction) => Function(reduction).IsRounded && (loops.IsSliced || loops.Length.Size > OneBlock);

    private LoopIndex Row => new(loops.Rows.IsOne ? "0" : "row", loops.Rows);

    public static ReduceFunction Function(Node reduction) => ((Op.Reduce)reduction.Op).Function;

    /// <summary>A sweep from one position of the row to another; its reductions are left in their accumulators.</summary>
    public void EmitSweep(RowSweep sweep, int number, string begin, string end)
    {
        CodeWriter code = context.Code;
        bool isBlocked = sweep.Reductions.Any(IsBlocked);
        foreach (Node reduction in sweep.Reductions)
        {
            string lost = IsBlocked(reduction) ? $", {Accumulator(reduction)}Lost = TIsa.Zero" : "";
            code.Line($"TVector {Accumulator(reduction)} = {Neutral(reduction)}{lost};");
        }

        string index = $"j{number}";
        if (loops.Length is { PerSample: false, Size: < 4 })
        {
            // Shorter than any vector.
            using (code.Open(""))
            {
                EmitElements(sweep, "0", "length");
            }

            return;
        }

        code.Line($"int {index} = {begin};");
        if (!isBlocked)
        {
            EmitVectors(sweep, index, end);
            return;
        }

        using (code.Open($"while ({index} < {end})"))
        {
            code.Line($"int stop = {index} + Math.Min({BlockVectors} * TIsa.Width, {end} - {index});");
            foreach (Node sum in sweep.Reductions.Where(IsBlocked))
            {
                code.Line($"TVector {Accumulator(sum)}Block = TIsa.Zero;");
            }

            EmitVectors(sweep, index, "stop");
            foreach (Node sum in sweep.Reductions.Where(IsBlocked))
            {
                string name = Accumulator(sum);
                code.Line($"CompensatedSum.Add<TVector, TIsa>(ref {name}, ref {name}Lost, {name}Block);");
            }
        }
    }

    /// <summary>What a sweep's accumulator comes to, one number: an expression.</summary>
    public string Result(Node reduction)
    {
        string name = Accumulator(reduction);
        return Function(reduction).Across(IsBlocked(reduction) ? $"CompensatedSum.Total<TVector, TIsa>({name}, {name}Lost)" : name);
    }

    /// <summary>Makes the result of a reduction known to the sweeps and the arithmetic that follow.</summary>
    /// <param name="reduction">The reduction.</param>
    /// <param name="declaration">What is left of the assignment: nothing for its own accumulator, <c>TVector</c> for a new variable.</param>
    /// <param name="result">The one number, an expression.</param>
    public void EmitResult(Node reduction, string declaration, string result)
    {
        string name = Accumulator(reduction);
        context.Code.Line($"{declaration}{name} = TIsa.Broadcast({result});");
        _rowValues[reduction] = name;
    }

    /// <summary>Arithmetic on numbers a row has one of, in vectors whose lanes are all the same.</summary>
    /// <param name="sweep">The sweep that it follows.</param>
    /// <param name="number">The sweep's number.</param>
    /// <param name="isNeeded">Which of its values to make.</param>
    /// <param name="isStored">Which of its values to store.</param>
    public void EmitRowValues(RowSweep sweep, int number, Func<Node, bool> isNeeded, Func<Node, bool> isStored)
    {
        ExpressionEmitter scalars = new(context, [Row, new LoopIndex("0", 1)], "1", prefix: $"s{number}_");
        foreach (KeyValuePair<Node, string> value in _rowValues)
        {
            scalars.Define(value.Key, value.Value);
        }

        foreach (Node node in sweep.RowValues.Where(isNeeded))
        {
            if (node.Op is not Op.Reduce and not Op.AddToGradient)
            {
                _rowValues[node] = scalars.Emit(node);
                scalars.Define(node, _rowValues[node]);
            }

            if (isStored(node))
            {
                scalars.Store(node);
            }
        }
    }

    /// <summary>Whole vectors up to <paramref name="end"/>, and then a part of one.</summary>
    private void EmitVectors(RowSweep sweep, string index, string end)
    {
        CodeWriter code = context.Code;
        using (code.Open($"for (; {index} <= {end} - TIsa.Width; {index} += TIsa.Width)"))
        {
            EmitElements(sweep, index, null);
        }

        if (!loops.Length.PerSample && loops.Length.Size % 16 == 0)
        {
            return;
        }

        using (code.Open($"if ({index} < {end})"))
        {
            code.Line($"int count = {end} - {index};");
            EmitElements(sweep, index, "count");
            if (end == "stop")
            {
                code.Line($"{index} = stop;");
            }
        }
    }

    private void EmitElements(RowSweep sweep, string index, string? count)
    {
        CodeWriter code = context.Code;
        ExpressionEmitter elements = new(context, [Row, new LoopIndex(index, loops.Length)], count);
        foreach (KeyValuePair<Node, string> value in _rowValues)
        {
            elements.Define(value.Key, value.Value);
        }

        foreach (Node reduction in sweep.Reductions)
        {
            string element = elements.Emit(reduction.Inputs[0]);
            if (count is not null)
            {
                // Lanes beyond the row must not count.
                element = $"TIsa.Select(TIsa.GreaterThan(TIsa.Broadcast((float){count}), TIsa.Iota), {element}, {Neutral(reduction)})";
            }

            string name = Accumulator(reduction) + (IsBlocked(reduction) ? "Block" : "");
            code.Line($"{name} = {Function(reduction).Instruction(name, element)};");
        }

        foreach (Node node in sweep.Stores)
        {
            elements.Store(node);
        }
    }

    private static string Accumulator(Node reduction) => $"r{reduction.Id}";

    private static string Neutral(Node reduction) => KernelContext.Vector(Function(reduction).Neutral);
}
