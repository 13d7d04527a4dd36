using System.Globalization;
using System.Reflection;
using GraphGen.Generator.Compile;
using GraphGen.Generator.Emit;
using GraphGen.Generator.Graph;
using GraphGen.Generator.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace GraphGen.Generator.Tests.Compiler.RandomModels;

/// <summary>
/// A model that has gone all the way: generated, compiled by Roslyn as a user's project would (nullable, optimized, warnings as
/// errors) and loaded. Its methods take spans, which reflection cannot pass: a class compiled beside the model takes arrays.
/// </summary>
internal sealed class CompiledModel
{
    private readonly Type _adapter;

    private CompiledModel(Type adapter, string generated)
    {
        _adapter = adapter;
        Generated = generated;
    }

    /// <summary>The generated file.</summary>
    public string Generated { get; }

    /// <summary>Compiles the model <c>Net</c> of a source; <paramref name="typed"/> says what its methods take.</summary>
    public static CompiledModel Compile(string source, TypedModel typed)
    {
        // Documentation comments are checked too, as in a project that writes a documentation file.
        CSharpParseOptions options = TestCompilation.ParseOptions.WithDocumentationMode(DocumentationMode.Diagnose);
        CSharpCompilation compilation = TestCompilation.Create(source, Adapter(typed));
        compilation = compilation
            .WithAssemblyName("Random" + Guid.NewGuid().ToString("n", CultureInfo.InvariantCulture))
            .WithOptions(compilation.Options
                .WithOptimizationLevel(OptimizationLevel.Release)
                .WithSpecificDiagnosticOptions([new("GG1102", ReportDiagnostic.Suppress)])); // parameters that are never read are a case like others
        GeneratorDriverRunResult result = CSharpGeneratorDriver
            .Create([new GraphGenGenerator().AsSourceGenerator()], parseOptions: options)
            .RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out _)
            .GetRunResult();

        Assert.Null(result.Results[0].Exception);
        AssertNone(result.Diagnostics);
        using MemoryStream image = new();
        AssertNone(output.Emit(image).Diagnostics);
        return new CompiledModel(Assembly.Load(image.ToArray()).GetType("Adapter")!, Assert.Single(result.GeneratedTrees).ToString());
    }

    /// <summary>A new instance of the model.</summary>
    public ModelInstance New(int maxBatch, long seed) => new((Dictionary<string, Delegate>)_adapter.GetMethod("New")!.Invoke(null, [maxBatch, seed])!);

    /// <summary>No warnings and no errors; else each with the line it is about.</summary>
    private static void AssertNone(IEnumerable<Diagnostic> diagnostics)
    {
        string[] found =
        [
            .. diagnostics
                .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning)
                .Select(diagnostic => $"{diagnostic.Id} {diagnostic.GetMessage(CultureInfo.InvariantCulture)}: {diagnostic.Location.SourceTree?.GetText().Lines[diagnostic.Location.GetLineSpan().StartLinePosition.Line]}"),
        ];
        if (found.Length > 0)
        {
            Assert.Fail(string.Join("\n", found.Take(5)));
        }
    }

    private static string Adapter(TypedModel typed)
    {
        string forward = Arguments(typed.Inputs);
        string gradients = string.Join(", ", typed.Outputs.Select((_, i) => $"gradients[{i}]"));
        string loss = typed.Loss is null ? "" : $$"""
            ["Loss"] = (Func<Array[], float[]>)(x => {{Values($"net.Loss({Arguments(typed.Loss.Inputs)})")}}),
            ["Backward"] = (Action<float[]>)(gradient => net.Backward({{(typed.Loss.IsReduced ? "" : "gradient")}})),
            ["Evaluate"] = (Func<Array[], float[]>)(x => {{Values($"net.Evaluate({Arguments([.. typed.Inputs, .. typed.Loss.Inputs])})")}}),
            """;
        string backwardFrom = typed.Loss is { IsReduced: false } ? "" : $"""["BackwardFrom"] = (Action<float[][]>)(gradients => net.Backward({gradients})),""";
        string outputs = typed.Outputs.Count == 1 ? "[y.ToArray()]" : $"[{string.Join(", ", typed.Outputs.Select(output => $"y.{OutputsEmitter.Property(output.Name!)}.ToArray()"))}]";
        string values = typed.Loss?.PerSample is null ? "" : """["LossValues"] = (Func<float[]>)(() => net.LossValues.ToArray()),""";
        return $$"""
            public static class Adapter
            {
                public static Dictionary<string, Delegate> New(int maxBatch, long seed)
                {
                    Net net = new(maxBatch, seed);
                    return new Dictionary<string, Delegate>
                    {
                        ["Parameters"] = (Func<ParameterBlock>)(() => net.Parameters),
                        ["Restart"] = (Action<RandomState>)(state => net.RandomState = state),
                        ["Summary"] = (Func<string>)(() => net.ToString()),
                        ["Forward"] = (Func<Array[], float[][]>)(x => { var y = net.Forward({{forward}}); return {{outputs}}; }),
                        ["Predict"] = (Func<Array[], float[][]>)(x => { var y = net.Predict({{forward}}); return {{outputs}}; }),
                        {{backwardFrom}}
                        {{loss}}
                        {{values}}
                    };
                }
            }
            """;

        string Values(string call) => typed.Loss!.IsReduced ? $"[{call}]" : $"{call}.ToArray()";
    }

    private static string Arguments(IReadOnlyList<Node> inputs) =>
        string.Join(", ", inputs.Select((input, i) => $"({input.Type}[])x[{i}]"));
}

/// <summary>An instance of a compiled model, whose methods take arrays.</summary>
internal sealed class ModelInstance(Dictionary<string, Delegate> methods)
{
    public ParameterBlock Parameters => ((Func<ParameterBlock>)methods["Parameters"])();

    /// <summary>Makes the next training pass draw as the one after a seed and step did.</summary>
    public void Restart(RandomState state) => ((Action<RandomState>)methods["Restart"])(state);

    public string Summary => ((Func<string>)methods["Summary"])();

    public float[] LossValues => methods.TryGetValue("LossValues", out Delegate? values) ? ((Func<float[]>)values)() : [];

    public float[][] Forward(Array[] inputs) => ((Func<Array[], float[][]>)methods["Forward"])(inputs);

    public float[][] Predict(Array[] inputs) => ((Func<Array[], float[][]>)methods["Predict"])(inputs);

    public float[] Loss(Array[] targets) => ((Func<Array[], float[]>)methods["Loss"])(targets);

    public float[] Evaluate(Array[] inputsAndTargets) => ((Func<Array[], float[]>)methods["Evaluate"])(inputsAndTargets);

    /// <summary>Goes back from the loss; the gradient is that of an unreduced one.</summary>
    public void Backward(float[] lossGradient) => ((Action<float[]>)methods["Backward"])(lossGradient);

    public void Backward(float[][] outputGradients) => ((Action<float[][]>)methods["BackwardFrom"])(outputGradients);
}
