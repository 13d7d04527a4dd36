using System.Globalization;
using GraphGen.Generator.Emit.Kernels;
using GraphGen.Generator.Fuse;
using GraphGen.Generator.Graph;
using GraphGen.Generator.Operations;
using GraphGen.Generator.Plan;

namespace GraphGen.Generator.Emit;

/// <summary>Writes the struct that tells kernels where everything is, the methods that fill it, and one driver a pass.</summary>
internal static class PassEmitter
{
    /// <summary>The struct <c>Pass</c>: the memory map that every kernel is given.</summary>
    public static void EmitStruct(CodeWriter code, EmissionInput input)
    {
        code.Line("/// <summary>Where everything is during a pass: what the kernels are given. What can change from pass to pass comes first.</summary>");
        using (code.Open("public struct Pass"))
        {
            code.Line("public int N; // samples in this batch");
            if (input.Passes.Training.Any(DrawsRandomNumbers))
            {
                code.Line("public uint Key; // of this step's random numbers");
            }

            foreach (Node given in input.Fields.Inputs)
            {
                Op.Input op = (Op.Input)given.Op;
                code.Line($"public {op.Type}* {input.Fields.Input(op)}; // {given.Shape}, the caller's");
            }

            code.Line($"public fixed bool Accumulate[{CodeWriter.Text(Math.Max(1, input.Typed.Parameters.Count))}]; // by parameter: whether its gradient has begun");
            code.Line();
            code.Line("public float* Values; // all parameters");
            code.Line("public float* Gradients; // their gradients");
            for (int i = 0; i < input.Typed.Outputs.Count; i++)
            {
                code.Line($"public float* {input.Fields.Output(i)}; // {input.Typed.Outputs[i].Shape}, what the forward pass ends with");
                code.Line($"public float* {input.Fields.OutputGradient(i)}; // {input.Typed.Outputs[i].Shape}, what the backward pass begins with");
            }

            if (input.Passes.Values.LossGradient is { } lossGradient)
            {
                code.Line($"public float* {input.Fields.LossGradient}; // {lossGradient.Shape}, what the way back through the loss begins with");
            }

            code.Line();
            EmitBuffers(code, input.Training.Plan!, input.Inference.Plan!);
            foreach (ParameterInfo parameter in input.Fields.Parameters)
            {
                code.Line();
                code.Line($"public readonly float* {parameter.Identifier} => {At("Values", parameter.Offset)}; // {parameter.Shape}");
                code.Line($"public readonly float* {parameter.Identifier}Gradient => {At("Gradients", parameter.Offset)};");
            }
        }
    }

    /// <summary>The method that lays the values of a pass out in its arena.</summary>
    public static void EmitMap(CodeWriter code, string name, ArenaLayout layout, PassFields fields, IReadOnlyList<Node> outputs, IReadOnlyList<Node> outputGradients, Node? lossGradient)
    {
        MemoryPlan plan = layout.Plan!;
        string saved = plan.UnsharedPerSampleFloats > plan.PerSampleFloats ? $", {Kilobytes(plan.UnsharedPerSampleFloats)} if nothing shared memory" : "";
        code.Line($"/// <summary>The memory plan: {Kilobytes(plan.PerSampleFloats)} a sample{saved}, and {Kilobytes(plan.FixedFloats)} whatever the batch. Values that are never needed at the same time share a place.</summary>");
        using (code.Open($"public static PassMemory {name}(AlignedBuffer memory, ParameterBlock parameters, int maxBatch)"))
        {
            code.Line("PassMemory map = new(sizeof(Pass));");
            code.Line("float* arena = memory.Pointer;");
            code.Line("long capacity = maxBatch;");
            if (plan.FixedFloats > 0)
            {
                code.Line($"float* rest = arena + ({CodeWriter.Text(plan.PerSampleFloats)} * capacity); // what does not grow with the batch");
            }

            using (code.Open("*(Pass*)map.Pointer = new Pass", "};"))
            {
                code.Line("Values = parameters.ValuePointer,");
                code.Line("Gradients = parameters.GradientPointer,");
                foreach (Plan.Buffer buffer in plan.Buffers)
                {
                    code.Line($"{buffer.Name} = {Address(buffer)},{(buffer.InPlaceOf is { } before ? $" // in place of {before.Name}" : "")}");
                }

                for (int i = 0; i < outputs.Count; i++)
                {
                    code.Line($"{fields.Output(i)} = {Address(Find(plan, outputs[i]))},");
                }

                for (int i = 0; i < outputGradients.Count; i++)
                {
                    code.Line($"{fields.OutputGradient(i)} = {Address(Find(plan, outputGradients[i]))},");
                }

                if (lossGradient is not null)
                {
                    code.Line($"{fields.LossGradient} = {Address(Find(plan, lossGradient))},");
                }
            }

            code.Line("return map;");
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

    /// <summary>The driver of a pass: its kernels, in order.</summary>
    public static void EmitDriver(CodeWriter code, Pass pass, ArenaLayout layout)
    {
        code.Line($"/// <summary>The kernels of {pass.Role} in order, each with how many tasks it has and the floating-point operations of a task.</summary>");
        using (code.Open($"private static void {DriverName(pass.Role)}<TVector, TIsa>(Pass* pass) {KernelContext.Constraints}"))
        {
            foreach (Kernel kernel in pass.Kernels)
            {
                KernelContext context = new(kernel, layout.NestOf(kernel), code, layout.Memory);
                foreach (Launch launch in KernelEmitters.For(kernel).Launches(context))
                {
                    code.Line($"WorkerPool.Run(&{launch.Method}<TVector, TIsa>, pass, {launch.Tasks}, {launch.WorkPerTask});");
                }
            }
        }
    }

    /// <summary>The choice of instruction set: constants, so that one branch is left of it.</summary>
    public static void EmitDispatch(CodeWriter code, PassRole role)
    {
        code.Line($"/// <summary>{role}, on the widest vectors of this processor.</summary>");
        using (code.Open($"public static void {DriverName(role)}(Pass* pass)"))
        {
            string[] targets = ["Vector512<float>, Avx512Simd", "Vector256<float>, Avx2Simd", "Vector128<float>, NeonSimd"];
            for (int i = 0; i < targets.Length; i++)
            {
                string isa = targets[i].Split(' ')[1];
                using (code.Open($"{(i == 0 ? "" : "else ")}if ({isa}.IsSupported)"))
                {
                    code.Line($"{DriverName(role)}<{targets[i]}>(pass);");
                }
            }

            using (code.Open("else"))
            {
                code.Line($"{DriverName(role)}<Vector128<float>, Vector128Simd>(pass);");
            }
        }
    }

    /// <summary>Whether a pass draws random numbers, and so needs the key of the step.</summary>
    public static bool DrawsRandomNumbers(Pass pass) => Node.Reachable(pass.Roots).Any(node => node.Op is Op.Uniform);

    public static string DriverName(PassRole role) => $"Run{role}";

    public static bool IsDriverName(string name) => Enum.GetValues(typeof(PassRole)).Cast<PassRole>().Any(role => name == DriverName(role));

    public static string Kilobytes(long floats) =>
        floats >= 262144 ? (floats / 262144.0).ToString("0.0", CultureInfo.InvariantCulture) + " MB" : (floats / 256.0).ToString("0.0", CultureInfo.InvariantCulture) + " KB";

    /// <summary>What lies in the arenas. A name may be there in both, for values of other shapes.</summary>
    private static void EmitBuffers(CodeWriter code, MemoryPlan training, MemoryPlan inference)
    {
        foreach (IGrouping<string, Plan.Buffer> same in training.Buffers.Concat(inference.Buffers).GroupBy(buffer => buffer.Name))
        {
            string[] descriptions = [.. same.Select(buffer => buffer.Description).Distinct()];
            string elsewhere = descriptions.Length > 1 ? $"; in inference {descriptions[1]}" : "";
            code.Line($"public {same.First().Type}* {same.Key}; // {descriptions[0]}{elsewhere}");
        }
    }

    private static Plan.Buffer Find(MemoryPlan plan, Node root) =>
        plan.Buffers.First(buffer => buffer.Node is not null && buffer.Node == root.BehindReshapes);

    private static string At(string start, long offset) => offset == 0 ? start : $"{start} + {CodeWriter.Text(offset)}";

    private static string Address(Plan.Buffer buffer)
    {
        string address = !buffer.PerSample ? At("rest", buffer.Offset) : buffer.Offset == 0 ? "arena" : $"arena + ({CodeWriter.Text(buffer.Offset)} * capacity)";
        return buffer.Type == DataType.Float ? address : address == "arena" ? $"({buffer.Type}*)arena" : $"({buffer.Type}*)({address})";
    }
}
