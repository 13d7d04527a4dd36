using GraphGen.Generator.Compile;

namespace GraphGen.Generator.Emit;

/// <summary>Writes the nested struct <c>Outputs</c>: what a model with several outputs returns, a property an output.</summary>
internal static class OutputsEmitter
{
    /// <summary>The nested struct.</summary>
    public const string ClassName = "Outputs";

    /// <summary>What a pass returns: a span, or the struct where the outputs have names.</summary>
    public static string ReturnType(IReadOnlyCollection<string> outputs) => outputs.Count == 0 ? ApiCalls.Floats : ClassName;

    /// <summary>The property of an output: <c>Mean</c>.</summary>
    public static string Property(string output) => Identifiers.Pascal(output);

    /// <summary>The argument of <c>Backward</c> that is the gradient of an output: <c>meanGradient</c>.</summary>
    public static string GradientArgument(string? output) => output is null ? "outputGradient" : Identifiers.Camel(Property(output)) + "Gradient";

    /// <summary>The method by which <c>var (mean, variance) = net.Forward(x)</c> works, up to its body.</summary>
    public static string Deconstruct(IEnumerable<string> outputs) =>
        $"public void Deconstruct({string.Join(", ", outputs.Select(output => $"out {ApiCalls.Floats} {Argument(output)}"))})";

    public static void Emit(CodeWriter code, EmissionInput input)
    {
        IReadOnlyList<string> names = input.Typed.OutputNames;
        if (names.Count == 0)
        {
            return;
        }

        code.Line("/// <summary>What the model makes of a batch. It is read where it lies: valid until the next pass of its kind.</summary>");
        using (code.Open($"public readonly ref struct {ClassName}"))
        {
            using (code.Open($"internal {ClassName}({string.Join(", ", names.Select(name => $"{ApiCalls.Floats} {Argument(name)}"))})"))
            {
                foreach (string name in names)
                {
                    code.Line($"this.{Property(name)} = {Argument(name)};");
                }
            }

            code.Line();
            foreach (TypedOutput output in input.Typed.Outputs)
            {
                code.Line($"/// <summary>{output.Shape}, row-major.</summary>");
                code.Line($"public {ApiCalls.Floats} {Property(output.Name!)} {{ get; }}");
                code.Line();
            }

            code.Line("/// <summary>The outputs, in the order in which the model returns them.</summary>");
            using (code.Open(Deconstruct(names)))
            {
                foreach (string name in names)
                {
                    code.Line($"{Argument(name)} = this.{Property(name)};");
                }
            }
        }

        code.Line();
    }

    private static string Argument(string output) => "@" + Identifiers.Camel(Property(output));
}
