using System.Globalization;
using GraphGen.Generator.Compile;
using GraphGen.Generator.Emit.Kernels;
using GraphGen.Generator.Fuse;
using GraphGen.Generator.Graph;
using GraphGen.Generator.Operations;
using GraphGen.Generator.Plan;

namespace GraphGen.Generator.Emit;

/// <summary>Writes the struct that tells kernels where everything is, the methods that fill it, and one driver a pass.</summary>
internal static class PassEmitter
{
    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>The struct <c>Pass</c>: the memory map that every kernel is given.</summary>
    public static void EmitStruct(CodeWriter code, TypedModel model, ArenaLayout training, ArenaLayout inference)
    {
        code.Line("/// <summary>Where everything is during a pass: what the kernels are given.</summary>");
        using (code.Open("private unsafe struct Pass"))
        {
            code.Line("public int N; // samples in this batch");
            code.Line("public uint Key; // of this step's random masks");
            code.Line("public float* Values; // all parameters");
            code.Line("public float* Gradients; // their gradients");
            code.Line("public bool* Accumulate; // by parameter: whether its gradient has begun");
            code.Line($"public float* Output; // {model.OutputShape}");
            code.Line($"public float* OutputGradient; // {model.OutputShape}");
            code.Line();
            foreach (Node input in Inputs(model))
            {
                Op.Input op = (Op.Input)input.Op;
                code.Line($"public {(op.IsInteger ? "int" : "float")}* {Identifiers.Pascal(op.Name)}Input; // {input.Shape}, the caller's");
            }

            code.Line();
            HashSet<string> written = ["Output", "OutputGradient"];
            foreach (Plan.Buffer buffer in training.Plan!.Buffers.Concat(inference.Plan!.Buffers))
            {
                if (written.Add(buffer.Name))
                {
                    code.Line($"public {(buffer.IsBytes ? "byte" : "float")}* {buffer.Name}; // {buffer.Description}");
                }
            }

            foreach (ParameterInfo parameter in model.Parameters)
            {
                code.Line();
                code.Line($"public readonly float* {parameter.Identifier} => Values + {parameter.Offset}; // {parameter.Shape}");
                code.Line($"public readonly float* {parameter.Identifier}Gradient => Gradients + {parameter.Offset};");
            }
        }
    }

    /// <summary>The arguments of the forward and loss methods.</summary>
    public static IEnumerable<Node> Inputs(TypedModel model) =>
        model.Inputs.Concat(model.Loss?.Inputs ?? []).GroupBy(input => Identifiers.Pascal(((Op.Input)input.Op).Name)).Select(group => group.First());

    /// <summary>The method that lays the values of a pass out in its arena.</summary>
    public static void EmitMap(CodeWriter code, string name, string arena, ArenaLayout layout, Node output, Node? outputGradient)
    {
        MemoryPlan plan = layout.Plan!;
        string saved = plan.UnsharedPerSampleFloats > plan.PerSampleFloats ? $", {Kilobytes(plan.UnsharedPerSampleFloats)} if nothing shared memory" : "";
        code.Line($"/// <summary>The memory plan: {Kilobytes(plan.PerSampleFloats)} a sample{saved}, and {Kilobytes(plan.FixedFloats)} whatever the batch.</summary>");
        using (code.Open($"private unsafe Pass {name}(int n)"))
        {
            code.Line($"float* arena = {arena}.Pointer;");
            code.Line("long capacity = MaxBatch;");
            if (plan.FixedFloats > 0)
            {
                code.Line($"float* rest = arena + ({Text(plan.PerSampleFloats)} * capacity);");
            }

            using (code.Open("return new Pass", "};"))
            {
                code.Line("N = n,");
                code.Line("Values = Parameters.ValuePointer,");
                code.Line("Gradients = Parameters.GradientPointer,");
                foreach (Plan.Buffer buffer in plan.Buffers)
                {
                    code.Line($"{buffer.Name} = {Address(buffer)},");
                }

                code.Line($"Output = {Address(Find(plan, output))},");
                if (outputGradient is not null)
                {
                    code.Line($"OutputGradient = {Address(Find(plan, outputGradient))},");
                }
            }
        }
    }

    /// <summary>The driver of a pass: its kernels, in order.</summary>
    public static void EmitDriver(CodeWriter code, Pass pass, MemoryNames memory)
    {
        using (code.Open($"private static unsafe void {DriverName(pass.Role)}<TVector, TIsa>(Pass* pass) {KernelContext.Constraints}"))
        {
            foreach (Kernel kernel in pass.Kernels)
            {
                KernelContext context = new(kernel, code, memory);
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
        using (code.Open($"private static unsafe void {DriverName(role)}(Pass* pass)"))
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

    public static string DriverName(PassRole role) => $"Run{role}";

    public static string Kilobytes(long floats) =>
        floats >= 262144 ? (floats / 262144.0).ToString("0.0", CultureInfo.InvariantCulture) + " MB" : (floats / 256.0).ToString("0.0", CultureInfo.InvariantCulture) + " KB";

    private static Plan.Buffer Find(MemoryPlan plan, Node root) =>
        plan.Buffers.First(buffer => buffer.Node is not null && buffer.Node == root.BehindReshapes);

    private static string Address(Plan.Buffer buffer)
    {
        string address = buffer.PerSample ? $"arena + ({Text(buffer.Offset)} * capacity)" : $"rest + {Text(buffer.Offset)}";
        return buffer.IsBytes ? $"(byte*)({address})" : address;
    }
}
