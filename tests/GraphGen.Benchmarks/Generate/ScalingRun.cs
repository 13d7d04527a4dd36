using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Runtime;
using System.Text.Json;
using System.Text.Json.Serialization;
using GraphGen.Generator;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace GraphGen.Benchmarks.Generate;

/// <summary>What one model costs before and in its first training step, in a process of its own.</summary>
/// <param name="Model">What it is made of.</param>
/// <param name="Count">How many layers it has.</param>
/// <param name="Lines">Lines of C# that are generated.</param>
/// <param name="ColdGeneration">Milliseconds of the first generation of the process: the JIT compiles the generator.</param>
/// <param name="WarmGeneration">Milliseconds of the fastest of those after it.</param>
/// <param name="ColdCompilation">Milliseconds of the C# compiler, the generator left out, the first time in the process.</param>
/// <param name="WarmCompilation">Milliseconds of the fastest time after it: what a build has whose compiler stays in memory.</param>
/// <param name="FirstStep">Milliseconds from loading the assembly to the end of the first training step.</param>
/// <param name="JitMethods">Methods that the JIT compiled in that time.</param>
/// <param name="JitBytes">Bytes of IL that it compiled.</param>
/// <param name="JitTime">Milliseconds that it took for it.</param>
internal sealed record ScalingRow(
    [property: JsonPropertyName("model")] string Model,
    [property: JsonPropertyName("count")] int Count,
    [property: JsonPropertyName("lines")] int Lines,
    [property: JsonPropertyName("generate_cold_ms")] double ColdGeneration,
    [property: JsonPropertyName("generate_warm_ms")] double WarmGeneration,
    [property: JsonPropertyName("csc_cold_ms")] double ColdCompilation,
    [property: JsonPropertyName("csc_warm_ms")] double WarmCompilation,
    [property: JsonPropertyName("first_step_ms")] double FirstStep,
    [property: JsonPropertyName("jit_methods")] long JitMethods,
    [property: JsonPropertyName("jit_il_bytes")] long JitBytes,
    [property: JsonPropertyName("jit_ms")] double JitTime);

/// <summary>Measures one model; the process ends with it.</summary>
internal static class ScalingRun
{
    /// <summary>So many that the JIT has compiled what the work is in well.</summary>
    private const int WarmRuns = 10;

    /// <summary>Writes the row as one line of JSON; and the generated file to a folder, if there is one.</summary>
    public static int Run(string name, string count, string? keep)
    {
        ScalingModel model = ScalingModel.All.Single(model => model.Name == name);
        Console.WriteLine(JsonSerializer.Serialize(Measure(model, int.Parse(count, CultureInfo.InvariantCulture), keep)));
        return 0;
    }

    private static ScalingRow Measure(ScalingModel model, int count, string? keep)
    {
        CSharpParseOptions options = new(LanguageVersion.Latest);
        IEnumerable<string> platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal) || Path.GetFileName(path) == "netstandard.dll");
        CSharpCompilation compilation = CSharpCompilation.Create(
            "Scaling",
            [CSharpSyntaxTree.ParseText(model.File(count), options)],
            platform.Append(typeof(Tensor).Assembly.Location).Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));

        (double cold, Compilation generated) = Generate(compilation, options);
        double warm = Enumerable.Range(0, WarmRuns).Min(_ => Generate(compilation, options).Milliseconds);
        SyntaxTree file = generated.SyntaxTrees.Last();
        if (keep is not null)
        {
            File.WriteAllText(Path.Combine(keep, $"{model.Name} {count}.cs"), file.ToString());
        }

        (double coldCompilation, byte[] image) = Compile(generated);
        double warmCompilation = Enumerable.Range(0, WarmRuns).Min(_ => Compile(generated.Clone()).Milliseconds);
        (long methods, long bytes, TimeSpan time) = (JitInfo.GetCompiledMethodCount(), JitInfo.GetCompiledILBytes(), JitInfo.GetCompilationTime());
        long start = Stopwatch.GetTimestamp();
        Assembly.Load(image).GetType("Runner")!.GetMethod("Step")!.Invoke(null, null);
        double step = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        return new ScalingRow(
            model.Name,
            count,
            file.GetText().Lines.Count,
            cold,
            warm,
            coldCompilation,
            warmCompilation,
            step,
            JitInfo.GetCompiledMethodCount() - methods,
            JitInfo.GetCompiledILBytes() - bytes,
            (JitInfo.GetCompilationTime() - time).TotalMilliseconds);
    }

    private static (double Milliseconds, byte[] Image) Compile(Compilation compilation)
    {
        using MemoryStream image = new();
        long start = Stopwatch.GetTimestamp();
        return compilation.Emit(image) is { Success: false } failed
            ? throw new InvalidOperationException(failed.Diagnostics.First(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).ToString())
            : (Stopwatch.GetElapsedTime(start).TotalMilliseconds, image.ToArray());
    }

    private static (double Milliseconds, Compilation Compilation) Generate(CSharpCompilation compilation, CSharpParseOptions options)
    {
        long start = Stopwatch.GetTimestamp();
        GeneratorDriver driver = CSharpGeneratorDriver
            .Create([new GraphGenGenerator().AsSourceGenerator()], parseOptions: options)
            .RunGeneratorsAndUpdateCompilation(compilation, out Compilation generated, out _);
        double elapsed = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        return driver.GetRunResult().Diagnostics.FirstOrDefault(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error) is { } error
            ? throw new InvalidOperationException(error.ToString())
            : (elapsed, generated);
    }
}
