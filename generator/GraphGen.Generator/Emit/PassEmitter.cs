using System.Globalization;
using GraphGen.Generator.Emit.Kernels;
using GraphGen.Generator.Fuse;
using GraphGen.Generator.Graph;
using GraphGen.Generator.Plan;

namespace GraphGen.Generator.Emit;

/// <summary>Writes the struct of a pass, which tells kernels where everything is, the programs that run them, and their routines.</summary>
internal static class PassEmitter
{
    /// <summary>Kernels that are named where a routine is shared.</summary>
    private const int MostNamed = 4;

    /// <summary>The struct <c>Pass</c>: what changes from pass to pass, what the model's class reads, and what each kernel is given.</summary>
    public static void EmitStruct(CodeWriter code, EmissionInput input)
    {
        code.Line("/// <summary>A pass: the batch, its results, and by kernel where everything is. What can change from pass to pass comes first.</summary>");
        using (code.Open("public struct Pass"))
        {
            code.Line("public int N; // samples in this batch");
            if (input.Passes.Training.Any(DrawsRandomNumbers))
            {
                code.Line("public uint Key; // of this step's random numbers");
            }

            code.Line($"public fixed bool Accumulate[{CodeWriter.Text(Math.Max(1, input.Typed.Parameters.Count))}]; // by parameter: whether its gradient has begun");
            code.Line();
            for (int i = 0; i < input.Typed.Outputs.Count; i++)
            {
                code.Line($"public float* {input.Fields.Output(i)}; // {input.Typed.Outputs[i].Shape}, what the forward pass ends with");
                code.Line($"public float* {input.Fields.OutputGradient(i)}; // {input.Typed.Outputs[i].Shape}, what the backward pass begins with");
            }

            PassValues values = input.Passes.Values;
            foreach ((string name, Node? value, string what) in new[]
            {
                (PassFields.Loss, values.Loss, "the loss"),
                (PassFields.LossValues, values.LossValues, "the losses of the samples"),
                (PassFields.LossGradient, values.LossGradient, "what the way back through the loss begins with"),
            })
            {
                if (value is not null)
                {
                    code.Line($"public float* {name}; // {value.Shape}, {what}");
                }
            }

            code.Line();
            foreach (ProgramStretch stretch in input.Kernels.Stretches)
            {
                code.Line(stretch.IsRepeated ? $"public {stretch.FieldName} {stretch.FieldName};" : Field(stretch.First[0]));
            }
        }

        foreach (ProgramStretch stretch in input.Kernels.Stretches.Where(stretch => stretch.IsRepeated))
        {
            code.Line();
            code.Line($"/// <summary>What the kernels from {stretch.First[0].Name} to {stretch.First[stretch.First.Count - 1].Name} are given, and, in turn, those like them from {string.Join(", ", stretch.Turns.Skip(1).Select(turn => turn[0].Name))} on.</summary>");
            code.Line($"[InlineArray({CodeWriter.Text(stretch.Turns.Count)})]");
            using (code.Open($"public struct {stretch.FieldName}"))
            {
                code.Line($"private {stretch.StructName} _first;");
            }

            code.Line();
            code.Line("/// <summary>What the kernels of one turn are given.</summary>");
            using (code.Open($"public struct {stretch.StructName}"))
            {
                foreach (KernelCall call in stretch.First)
                {
                    code.Line(Field(call));
                }
            }
        }
    }

    /// <summary>The method that lays the values of a training step, or of an inference pass, out in its arena.</summary>
    public static void EmitMap(CodeWriter code, string name, ArenaLayout layout, EmissionInput input)
    {
        MemoryPlan plan = layout.Plan!;
        string saved = plan.UnsharedPerSampleFloats > plan.PerSampleFloats ? $", {Kilobytes(plan.UnsharedPerSampleFloats)} if nothing shared memory" : "";
        code.Line($"/// <summary>The memory plan: {Kilobytes(plan.PerSampleFloats)} a sample{saved}, and {Kilobytes(plan.FixedFloats)} whatever the batch. Values that are never needed at the same time share a place.</summary>");
        using (code.Open($"public static PassMemory {name}(AlignedBuffer memory, ParameterBlock parameters, int maxBatch)"))
        {
            new PassMapEmitter(code, layout, input).Emit();
        }
    }

    /// <summary>The method that begins a pass.</summary>
    public static void EmitBegin(CodeWriter code)
    {
        code.Line("/// <summary>The map of a pass over n samples.</summary>");
        using (code.Open("public static Pass* Begin(PassMemory map, int n)"))
        {
            code.Line("Pass* pass = (Pass*)map.Pointer;");
            code.Line("PassMemory.Set(ref pass->N, n);");
            code.Line("return pass;");
        }
    }

    /// <summary>The program of a pass: its kernels, in order.</summary>
    public static void EmitProgram(CodeWriter code, Pass pass, KernelLibrary kernels)
    {
        code.Line($"/// <summary>The kernels of {pass.Role} in order, each with how many tasks it has and the floating-point operations of a task.</summary>");
        using (code.Open($"public readonly struct {ProgramName(pass.Role)} : ISimdProgram"))
        using (code.Open($"public static void Run<TVector, TIsa>(void* state) {KernelContext.Constraints}"))
        {
            code.Line("Pass* pass = (Pass*)state;");
            foreach (ProgramStretch stretch in kernels.ProgramOf(pass))
            {
                if (!stretch.IsRepeated)
                {
                    EmitLaunches(code, stretch, "pass");
                    continue;
                }

                code.Line($"{stretch.StructName}* {Identifiers.Camel(stretch.FieldName)} = ({stretch.StructName}*)&pass->{stretch.FieldName};");
                using (code.Open($"for (int i = 0; i < {CodeWriter.Text(stretch.Turns.Count)}; i++)"))
                {
                    code.Line($"{stretch.StructName}* block = {Identifiers.Camel(stretch.FieldName)} + i;");
                    EmitLaunches(code, stretch, "block");
                }

                code.Line();
            }
        }
    }

    private static void EmitLaunches(CodeWriter code, ProgramStretch stretch, string holder)
    {
        foreach (KernelCall call in stretch.First)
        {
            foreach (Launch launch in call.Launches)
            {
                code.Line($"WorkerPool.Run(&{launch.Method}<TVector, TIsa>, &{holder}->{call.Name}, {launch.Tasks}, {launch.WorkPerTask});");
            }
        }
    }

    private static string Field(KernelCall call) => $"public {KernelContext.StructName(call.Routine.Name)} {call.Name};";

    /// <summary>A routine: what it computes for whom, the struct that it is given, and its methods.</summary>
    public static void EmitRoutine(CodeWriter code, RoutineCode routine)
    {
        KernelCall first = routine.Calls[0];
        code.Line("// " + first.Description);
        if (routine.Calls.Count > 1)
        {
            code.Line($"// Also for {string.Join(", ", routine.Calls.Skip(1).Take(MostNamed).Select(call => call.Name))}{(routine.Calls.Count - 1 > MostNamed ? $" and {CodeWriter.Text(routine.Calls.Count - 1 - MostNamed)} more" : "")}.");
        }

        using (code.Open($"public struct {KernelContext.StructName(routine.Name)}"))
        {
            code.Line("public Pass* Pass;");
            foreach ((CallField field, string? description) in first.Fields)
            {
                code.Line($"public {field.Type} {field.Name};{(description is null ? "" : $" // {description}")}");
            }
        }

        code.Line();
        code.Lines(routine.Source);
    }

    /// <summary>Whether a pass draws random numbers, and so needs the key of the step.</summary>
    public static bool DrawsRandomNumbers(Pass pass) => Node.Reachable(pass.Roots).Any(node => node.Op is Op.Uniform);

    /// <summary>The program of a pass. No kernel has such a name: those end with the role.</summary>
    public static string ProgramName(PassRole role) => $"{role}Pass";

    public static string Kilobytes(long floats) =>
        floats >= 262144 ? (floats / 262144.0).ToString("0.0", CultureInfo.InvariantCulture) + " MB" : (floats / 256.0).ToString("0.0", CultureInfo.InvariantCulture) + " KB";
}
