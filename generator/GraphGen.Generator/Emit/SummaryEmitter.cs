using System.Globalization;
using GraphGen.Generator.Compile;
using GraphGen.Generator.Fuse;
using GraphGen.Generator.Graph;
using GraphGen.Generator.Plan;

namespace GraphGen.Generator.Emit;

/// <summary>Writes what people read: the table of the graph over the class, and the summary that <c>ToString</c> gives.</summary>
internal static class SummaryEmitter
{
    /// <summary>The comment over the class: the passes and their kernels.</summary>
    public static void EmitGraphTable(CodeWriter code, EmissionInput input)
    {
        code.Line($"// {input.Names.Class}: {string.Join(", ", input.Typed.Inputs.Select(node => $"{((Op.Input)node.Op).Name} {node.Shape}"))} to {Outputs(input.Typed)}");
        code.Line("//");
        code.Line("// The passes and their kernels in order: what each leaves in memory, and how it is made. n is the size of the batch.");
        code.Line("//");
        foreach ((Pass pass, ArenaLayout layout) in Passes(input))
        {
            code.Line(pass.Role == PassRole.Evaluate ? "// Evaluate, after Predict" : $"// {pass.Role}");
            foreach (ProgramStretch stretch in input.Kernels.ProgramOf(pass))
            {
                if (stretch.IsRepeated)
                {
                    code.Line($"//     {stretch.Turns.Count} times, each with other memory:");
                }

                foreach (KernelCall call in stretch.First)
                {
                    code.Line($"//     {(stretch.IsRepeated ? "    " : "")}{call.Name,-32} {call.Description}");
                }
            }
        }
    }

    public static void EmitToString(CodeWriter code, EmissionInput input)
    {
        code.Line("/// <summary>The model's summary: layers, shapes, parameters, operations, fused kernels and memory.</summary>");
        using (code.Open("public override string ToString()"))
        {
            code.Line("return string.Create(");
            code.Line("    global::System.Globalization.CultureInfo.InvariantCulture,");
            code.Line("    $\"\"\"");
            foreach (string line in Summary(input))
            {
                code.Line("    " + line.TrimEnd());
            }

            code.Line("    \"\"\");");
        }

        code.Line();
    }

    private static IEnumerable<string> Summary(EmissionInput input)
    {
        TypedModel model = input.Typed;
        int parameters = model.Parameters.Sum(parameter => parameter.Length);
        yield return $"{input.Names.Class}  {string.Join(", ", model.Inputs.Select(node => node.Shape))} -> {Outputs(model)}";
        yield return new string('-', 72);
        yield return $"{"layer",-12} {"operation",-14} {"output",-24} {"parameters",12}";
        foreach (LayerRow row in model.Layers.Where(row => row.Operation != "Parameter"))
        {
            yield return $"{row.Name,-12} {row.Operation,-14} {row.Output,-24} {(row.Parameters == 0 ? "" : row.Parameters.ToString("N0", CultureInfo.InvariantCulture)),12}";
        }

        yield return new string('-', 72);
        MemoryPlan training = input.Training.Plan!;
        MemoryPlan inference = input.Inference.Plan!;
        yield return $"parameters     {parameters.ToString("N0", CultureInfo.InvariantCulture)} ({PassEmitter.Kilobytes(parameters)})";
        double operations = Operations(input.Passes.Predict);
        (double scaled, string unit) = operations >= 1e6 ? (operations / 1e6, "million") : (operations / 1e3, "thousand");
        yield return $"forward        {scaled.ToString("N2", CultureInfo.InvariantCulture)} {unit} floating-point operations a sample";
        yield return $"kernels        {string.Join(", ", Passes(input).Select(pair => $"{pair.Pass.Kernels.Count(input.Kernels.Runs)} in {pair.Pass.Role}"))}";
        yield return $"training       {Memory(training)}";
        yield return $"inference      {Memory(inference)}";
        yield return "instructions   {(global::GraphGen.Simd.SimdTarget.Name)}, {(global::GraphGen.Runtime.WorkerPool.ThreadCount)} threads";
    }

    private static string Outputs(TypedModel model) =>
        string.Join(", ", model.Outputs.Select(output => output.Name is { } name ? $"{OutputsEmitter.Property(name)} {output.Shape}" : output.Shape.ToString()));

    /// <summary>The memory of an arena: what it takes in all depends on the batch it was made for.</summary>
    private static string Memory(MemoryPlan plan)
    {
        string shared = plan.UnsharedPerSampleFloats > plan.PerSampleFloats ? $", {PassEmitter.Kilobytes(plan.UnsharedPerSampleFloats)} without sharing" : "";
        return $"{{(({plan.PerSampleFloats}L * this.MaxBatch) + {plan.FixedFloats}) / 256.0:N1}} KB for values at batch {{this.MaxBatch}} ({PassEmitter.Kilobytes(plan.PerSampleFloats)} a sample{shared})";
    }

    private static IEnumerable<(Pass Pass, ArenaLayout Layout)> Passes(EmissionInput input) =>
        input.Passes.Training.Select(pass => (pass, input.Training)).Concat(input.Passes.Inference.Select(pass => (pass, input.Inference)));

    /// <summary>Two for each multiply-add of the contractions: what dominates.</summary>
    private static double Operations(Pass pass) => pass.Kernels.Select(kernel => kernel.Anchor).OfType<Node>().Sum(node => node.Op switch
    {
        Op.Conv2d conv => 2.0 * conv.Geometry.MultiplyAdds,
        Op.MatMul matMul => 2.0 * node.Shape.ElementsPerSample * node.Inputs[0].Shape[matMul.TransposeLeft ? node.Shape.Rank - 2 : node.Shape.Rank - 1].Size,
        _ => 0,
    });
}
