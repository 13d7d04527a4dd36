using System.Globalization;
using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Emit.Kernels;

/// <summary>
/// A reduction down the columns of [outer, depth, inner]: vectors along inner, which is kept, the sum down depth, which is
/// not. Where there are few columns and many rows (a bias gradient over every pixel), the depth is first reduced in a fixed
/// number of slices, which are then combined in order, so that the result does not depend on the threads.
/// </summary>
internal sealed class ColumnsEmitter : IKernelEmitter
{
    private const int Slices = 16;

    /// <summary>Columns a task takes: two or more vectors on every instruction set.</summary>
    private const int ColumnsPerTask = 64;

    /// <summary>Terms of a sum that are added one after the other, before the next begin at zero again.</summary>
    private const int BlockDepth = 32;

    public static ColumnsEmitter Instance { get; } = new();

    public IEnumerable<Scratch> Scratch(KernelContext context)
    {
        Loops loops = Loops.Of(context);
        if (loops.IsSliced)
        {
            yield return new Scratch("Slices", $"partial results, [{Slices}, {loops.Inner}]", (long)Slices * loops.Inner, false);
        }
    }

    public IEnumerable<Launch> Launches(KernelContext context)
    {
        Loops loops = Loops.Of(context);
        string depthWork = loops.Depth.PerSample ? $"{loops.Depth.Size}L * pass->N" : loops.Depth.Size + "L";
        if (loops.IsSliced)
        {
            yield return new Launch(context.Name + "Slice", Slices.ToString(CultureInfo.InvariantCulture), $"{depthWork} * {Math.Max(1, loops.Inner * 2 / Slices)}");
            yield return new Launch(context.Name, "1", $"{Slices * loops.Inner}");
            yield break;
        }

        int blocks = (loops.Inner + ColumnsPerTask - 1) / ColumnsPerTask;
        string[] factors = [.. new[] { loops.Outer, loops.Middle }.Where(dim => !dim.IsOne).Select(KernelContext.Size), .. blocks == 1 ? [] : new[] { blocks.ToString(CultureInfo.InvariantCulture) }];
        yield return new Launch(context.Name, factors.Length == 0 ? "1" : string.Join(" * ", factors), $"{depthWork} * {2 * Math.Min(loops.Inner, ColumnsPerTask)}");
    }

    public string Describe(KernelContext context)
    {
        Op.Reduce reduce = (Op.Reduce)context.Kernel.Anchor!.Op;
        Node source = context.Kernel.Anchor.Inputs[0];
        Node stored = context.Kernel.Body.First(node => context.Kernel.Stores.Contains(node) || node.Op is Op.AddToGradient);
        return $"{context.Memory.Name(stored)} {stored.Shape}: the {reduce.Function.Name.ToLowerInvariant()} of {source.Shape} over axes {string.Join(", ", reduce.Axes)}";
    }

    public void Emit(KernelContext context)
    {
        Loops loops = Loops.Of(context);
        if (loops.IsSliced)
        {
            EmitSlice(context, loops);
        }

        CodeWriter code = context.Code;
        code.Line(KernelContext.Optimized);
        using (code.Open($"{KernelContext.Signature(context.Name)} {KernelContext.Constraints}"))
        {
            code.Line("Pass* pass = (Pass*)state;");
            if (loops.IsSliced)
            {
                code.Line($"const int end = {loops.Inner};");
                code.Line("int column = 0;");
            }
            else
            {
                EmitTaskIndices(code, loops);
                code.Line($"int end = Math.Min(column + {ColumnsPerTask}, {loops.Inner});");
            }

            using (code.Open("for (; column <= end - TIsa.Width; column += TIsa.Width)"))
            {
                EmitColumn(context, loops, null);
            }

            if (loops.Inner % 16 != 0)
            {
                using (code.Open("if (column < end)"))
                {
                    code.Line("int count = end - column;");
                    EmitColumn(context, loops, "count");
                }
            }
        }
    }

    /// <summary>Which of the outer, middle and column blocks a task is.</summary>
    private static void EmitTaskIndices(CodeWriter code, Loops loops)
    {
        int blocks = (loops.Inner + ColumnsPerTask - 1) / ColumnsPerTask;
        code.Line(blocks == 1 ? "int column = 0;" : $"int column = task % {blocks} * {ColumnsPerTask};");
        if (blocks > 1 && !(loops.Outer.IsOne && loops.Middle.IsOne))
        {
            code.Line($"task /= {blocks};");
        }

        if (!loops.Middle.IsOne)
        {
            code.Line(loops.Outer.IsOne ? "int middle = task;" : $"int middle = task % {loops.Middle.Size};");
        }

        if (!loops.Outer.IsOne)
        {
            code.Line(loops.Middle.IsOne ? "int outer = task;" : $"int outer = task / {loops.Middle.Size};");
        }
    }

    private static void EmitSlice(KernelContext context, Loops loops)
    {
        CodeWriter code = context.Code;
        code.Line(KernelContext.Optimized);
        using (code.Open($"{KernelContext.Signature(context.Name + "Slice")} {KernelContext.Constraints}"))
        {
            code.Line("Pass* pass = (Pass*)state;");
            code.Line($"int depth = {KernelContext.Size(loops.Depth)};");
            code.Line($"int first = (int)((long)depth * task / {Slices});");
            code.Line($"int last = (int)((long)depth * (task + 1) / {Slices});");
            code.Line("int column = 0;");
            string target = $"{context.ScratchPointer("Slices")} + (task * {loops.Inner}) + column";
            using (code.Open($"for (; column <= {loops.Inner} - TIsa.Width; column += TIsa.Width)"))
            {
                EmitSum(context, loops, null, "first", "last");
                code.Line($"TIsa.Store({target}, sum);");
            }

            if (loops.Inner % 16 != 0)
            {
                using (code.Open($"if (column < {loops.Inner})"))
                {
                    code.Line($"int count = {loops.Inner} - column;");
                    EmitSum(context, loops, "count", "first", "last");
                    code.Line($"TIsa.StorePartial({target}, sum, count);");
                }
            }
        }

        code.Line();
    }

    /// <summary>One vector of columns, reduced and stored.</summary>
    private static void EmitColumn(KernelContext context, Loops loops, string? count)
    {
        CodeWriter code = context.Code;
        if (loops.IsSliced)
        {
            code.Line($"TVector sum = {Neutral(context)};");
            using (code.Open($"for (int slice = 0; slice < {Slices}; slice++)"))
            {
                string source = $"{context.ScratchPointer("Slices")} + (slice * {loops.Inner}) + column";
                code.Line($"sum = {Combine(context, "sum", count is null ? $"TIsa.Load({source})" : $"TIsa.LoadPartial({source}, {count})")};");
            }
        }
        else
        {
            EmitSum(context, loops, count, "0", KernelContext.Size(loops.Depth));
        }

        ExpressionEmitter results = new(context, loops.Result, count);
        results.Define(context.Kernel.Anchor!, "sum");
        foreach (Node node in context.Kernel.Body.Where(node => context.Kernel.Stores.Contains(node) || node.Op is Op.AddToGradient))
        {
            results.Store(node);
        }
    }

    private static void EmitSum(KernelContext context, Loops loops, string? count, string first, string last)
    {
        CodeWriter code = context.Code;
        if (!Function(context).IsRounded || loops.Depth is { PerSample: false, Size: <= BlockDepth })
        {
            code.Line($"TVector sum = {Neutral(context)};");
            EmitTerms(context, loops, count, "sum", first, last);
            return;
        }

        code.Line("TVector sum = TIsa.Zero, lost = TIsa.Zero;");
        string start = first == "first" ? "start" : "first";
        using (code.Open($"for (int {start} = {first}; {start} < {last}; {start} += {BlockDepth})"))
        {
            code.Line($"int stop = {start} + Math.Min({BlockDepth}, {last} - {start});");
            code.Line("TVector block = TIsa.Zero;");
            EmitTerms(context, loops, count, "block", start, "stop");
            code.Line("CompensatedSum.Add<TVector, TIsa>(ref sum, ref lost, block);");
        }

        code.Line("sum = CompensatedSum.Total<TVector, TIsa>(sum, lost);");
    }

    /// <summary>Adds the elements of some rows to an accumulator, one after the other.</summary>
    private static void EmitTerms(KernelContext context, Loops loops, string? count, string accumulator, string first, string last)
    {
        CodeWriter code = context.Code;
        using (code.Open($"for (int k = {first}; k < {last}; k++)"))
        {
            ExpressionEmitter elements = new(context, loops.Input, count, prefix: "e");
            string element = elements.Emit(context.Kernel.Anchor!.Inputs[0]);
            code.Line($"{accumulator} = {Combine(context, accumulator, element)};");
        }
    }

    private static ReduceFunction Function(KernelContext context) => ((Op.Reduce)context.Kernel.Anchor!.Op).Function;

    private static string Combine(KernelContext context, string sum, string element) => Function(context).Instruction(sum, element);

    private static string Neutral(KernelContext context) => KernelContext.Vector(Function(context).Neutral);

    /// <summary>The input as [outer, depth, middle, inner] with the depth reduced.</summary>
    private sealed record Loops(Dim Outer, Dim Depth, Dim Middle, int Inner)
    {
        /// <summary>The loops over the result, outermost first.</summary>
        public LoopIndex[] Result => [new LoopIndex(Outer.IsOne ? "0" : "outer", Outer), new LoopIndex(Middle.IsOne ? "0" : "middle", Middle), new LoopIndex("column", Inner)];

        /// <summary>The loops over the input.</summary>
        public LoopIndex[] Input => [Result[0], new LoopIndex("k", Depth), Result[1], Result[2]];

        /// <summary>Few columns and a long way down.</summary>
        public bool IsSliced => Outer.IsOne && Middle.IsOne && Inner <= 1024 && Depth is { PerSample: true, Size: >= 64 };

        public static Loops Of(KernelContext context)
        {
            Op.Reduce reduce = (Op.Reduce)context.Kernel.Anchor!.Op;
            Shape shape = context.Kernel.Anchor.Inputs[0].Shape;
            int first = reduce.Axes[0];
            int end = reduce.Axes[reduce.Axes.Count - 1] + 1;

            // As many of the kept axes as are evenly spaced together make the loop that vectors run along.
            int inner = shape.Rank - 1;
            while (inner > end && context.ReadsEvenly(Shape.Product(shape.Dims.Skip(inner - 1))))
            {
                inner--;
            }

            return new Loops(
                Shape.Product(shape.Dims.Take(first)),
                Shape.Product(shape.Dims.Skip(first).Take(end - first)),
                Shape.Product(shape.Dims.Skip(end).Take(inner - end)),
                Shape.Product(shape.Dims.Skip(inner)).Size);
        }
    }
}
