using System.Collections.Immutable;
using GraphGen.Generator.Definition;
using GraphGen.Generator.Read;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace GraphGen.Generator.Tests.Harness;

/// <summary>A generator that only runs the first stage, and keeps what comes out of it.</summary>
internal sealed class ReaderProbe : IIncrementalGenerator
{
    private readonly List<ModelReading> _readings = [];

    private ReaderProbe()
    {
    }

    /// <summary>What the reader makes of the models in a source.</summary>
    public static IReadOnlyList<ModelReading> ReadAll(params string[] sources)
    {
        ReaderProbe probe = new();
        GeneratorDriverRunResult result = CSharpGeneratorDriver
            .Create([probe.AsSourceGenerator()], parseOptions: TestCompilation.ParseOptions)
            .RunGenerators(TestCompilation.Create(sources))
            .GetRunResult();
        Assert.Null(result.Results[0].Exception);
        return probe._readings;
    }

    /// <summary>The only model of a source, which must be free of errors.</summary>
    public static ModelDefinition Read(string source)
    {
        ModelReading reading = Assert.Single(ReadAll(source));
        Assert.Equal([], reading.Diagnostics.Select(diagnostic => $"{diagnostic.Id} {string.Join(" | ", diagnostic.Arguments)}"));
        return Assert.IsType<ModelDefinition>(reading.Model);
    }

    /// <summary>What is read of the body of a [Forward] method with the parameter <c>x</c>: a line a call.</summary>
    public static void AssertBody(string body, string expected, string members = "", string elsewhere = "")
    {
        ModelDefinition model = Read($$"""
            [Model]
            public partial class Net
            {
                {{members}}
                [Forward]
                private Tensor Forward([Shape(Batch, 4)] Tensor x)
                {
                    {{body}}
                }
            }
            {{elsewhere}}
            """);
        string printed = ModelPrinter.Print(model.Forward);
        string[] lines = [.. printed.Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(line => line.Trim())];
        Assert.Equal(expected.ReplaceLineEndings("\n").Split('\n'), lines);
    }

    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValueProvider<ImmutableArray<ModelReading?>> readings = context.SyntaxProvider
            .ForAttributeWithMetadataName(ModelReader.ModelAttribute, static (_, _) => true, ModelReader.Read)
            .Collect();
        context.RegisterSourceOutput(readings, (_, all) => _readings.AddRange(all.OfType<ModelReading>()));
    }
}
