using System.Collections.Immutable;
using System.Text;
using GraphGen.Generator.Definition;
using GraphGen.Generator.Diagnostics;
using GraphGen.Generator.Emit;
using GraphGen.Generator.Read;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace GraphGen.Generator;

/// <summary>
/// The source generator: reads every class marked [Model], compiles it, and adds the part that makes it run. Reading happens
/// again whenever the user types, because C# can mean something else after any edit; all that follows happens only when what
/// was read is different.
/// </summary>
[Generator(LanguageNames.CSharp)]
public sealed class GraphGenGenerator : IIncrementalGenerator
{
    /// <summary>The step that reads classes, whose results hold the positions too and change whenever a line moves.</summary>
    public const string ReadStep = "Read";

    /// <summary>The step that lets go of all but the value-equal models.</summary>
    public const string ModelStep = "Model";

    /// <summary>The step that runs every stage after the reader.</summary>
    public const string CompileStep = "Compile";

    /// <summary>The step that holds the generated files.</summary>
    public const string SourceStep = "Source";

    /// <summary>The oldest C# that has all that models and generated code are written in: partial properties and <c>params</c> spans.</summary>
    private const LanguageVersion OldestLanguage = LanguageVersion.CSharp13;

    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        IncrementalValueProvider<LanguageVersion> language = context.ParseOptionsProvider.Select(static (options, _) => ((CSharpParseOptions)options).LanguageVersion);
        IncrementalValuesProvider<ModelReading> read = context.SyntaxProvider
            .ForAttributeWithMetadataName(ModelReader.ModelAttribute, static (node, _) => node is TypeDeclarationSyntax, ModelReader.Read)
            .WithTrackingName(ReadStep)
            .SelectMany(static (reading, _) => OneOrNone(reading));
        IncrementalValuesProvider<ModelReading> readings = read
            .Combine(language)
            .Select(static (pair, _) => pair.Right >= OldestLanguage ? pair.Left : pair.Left.Unsupported());
        IncrementalValuesProvider<ModelReading> unmarked = context.SyntaxProvider
            .CreateSyntaxProvider(UnmarkedClassReader.IsCandidate, UnmarkedClassReader.Read)
            .SelectMany(static (reading, _) => OneOrNone(reading));

        IncrementalValuesProvider<KeyedModel> models = readings
            .SelectMany(static (reading, _) => OneOrNone(reading.Model is null ? null : new KeyedModel(reading.HintName, reading.Model)))
            .WithTrackingName(ModelStep);

        IncrementalValuesProvider<KeyedCompilation> compiled = models.Select(Compile).WithTrackingName(CompileStep);

        IncrementalValuesProvider<GeneratedFile> sources = compiled
            .Select(static (model, _) => new GeneratedFile(model.Key, model.Result.Source))
            .WithTrackingName(SourceStep);

        context.RegisterSourceOutput(sources, static (output, file) => file.AddTo(output));
        foreach (IncrementalValuesProvider<ModelReading> reader in new[] { readings, unmarked })
        {
            context.RegisterSourceOutput(reader.SelectMany(static (reading, _) => OneOrNone(Stubs(reading))), static (output, file) => file.AddTo(output));
            context.RegisterSourceOutput(
                reader.SelectMany(static (reading, _) => reading.Diagnostics.Items).Combine(context.CompilationProvider),
                static (output, pair) => Report(output, pair.Left, pair.Right));
        }

        ReportCompiler(context, readings, compiled);
        IncrementalValueProvider<bool> hasModels = read.Select(static (reading, _) => reading.HintName).Collect().Select(static (names, _) => !names.IsEmpty);
        context.RegisterSourceOutput(hasModels.Combine(language), static (output, pair) => ReportLanguage(output, pair.Left, pair.Right));
    }

    /// <summary>
    /// Reports what the compiler found. A model without diagnostics sends nothing down this branch. For the others the current 
    /// compilation is looked at in the last step, because only a location in its own syntax tree lets <c>#pragma warning</c> and
    /// .editorconfig have their say.
    /// </summary>
    private static void ReportCompiler(
        IncrementalGeneratorInitializationContext context,
        IncrementalValuesProvider<ModelReading> readings,
        IncrementalValuesProvider<KeyedCompilation> compiled)
    {
        IncrementalValuesProvider<LocatedDiagnostic> ofCompiler = compiled
            .Where(static model => model.Result.Errors.Count > 0)
            .Combine(readings.Select(static (reading, _) => new KeyedPositions(reading.HintName, reading.Positions)).Collect())
            .SelectMany(static (pair, _) => Locate(pair.Left, pair.Right));

        context.RegisterSourceOutput(ofCompiler.Combine(context.CompilationProvider), static (output, pair) => Report(output, pair.Left, pair.Right));
    }

    /// <summary>One error for the project, however many models it has.</summary>
    private static void ReportLanguage(SourceProductionContext output, bool hasModels, LanguageVersion language)
    {
        if (language < OldestLanguage && hasModels)
        {
            output.ReportDiagnostic(Diagnostic.Create(
                DeclarationDiagnostics.LanguageVersion, Location.None, OldestLanguage.ToDisplayString(), language.ToDisplayString()));
        }
    }

    /// <summary>The file of a class that cannot be compiled as a model.</summary>
    private static GeneratedFile? Stubs(ModelReading reading) =>
        reading.Outline is null ? null : new GeneratedFile(reading.HintName, FailedModelEmitter.Emit(reading.Outline));

    private static KeyedCompilation Compile(KeyedModel model, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        try
        {
            return new KeyedCompilation(model.Key, ModelCompiler.Compile(model.Model));
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // A bug in a stage must not take the user's other models down with it.
            CompileError error = new(
                CompilerDiagnostics.Internal.Id,
                Position: 0,
                new[] { model.Model.Name, $"{failure.GetType().Name}: {failure.Message.Replace('\n', ' ')}" }.ToEquatableArray());
            return new KeyedCompilation(
                model.Key,
                new CompiledModel(model.Key, FailedModelEmitter.Emit(ModelOutline.Of(model.Model)), new[] { error }.ToEquatableArray()));
        }
    }

    /// <summary>What the compiler says of the model as a whole, at no position, stands at the class's name.</summary>
    private static ImmutableArray<LocatedDiagnostic> Locate(KeyedCompilation model, ImmutableArray<KeyedPositions> tables)
    {
        EquatableArray<SourcePosition> positions = tables.First(table => table.Key == model.Key).Positions;
        return model.Result.Errors
            .Select(error => new LocatedDiagnostic(error.Id, positions[Math.Max(error.Position, 0)], error.Arguments))
            .ToImmutableArray();
    }

    private static void Report(SourceProductionContext output, LocatedDiagnostic diagnostic, Compilation compilation) =>
        output.ReportDiagnostic(Diagnostic.Create(
            Descriptors.Get(diagnostic.Id),
            diagnostic.Position.ToLocation(compilation, output.CancellationToken),
            [.. diagnostic.Arguments]));

    private static ImmutableArray<T> OneOrNone<T>(T? item)
        where T : class => item is null ? [] : [item];

    /// <summary>A model, with the key that leads back to its positions.</summary>
    private sealed record KeyedModel(string Key, ModelDefinition Model);

    private sealed record KeyedCompilation(string Key, CompiledModel Result);

    private sealed record KeyedPositions(string Key, EquatableArray<SourcePosition> Positions);

    private sealed record GeneratedFile(string HintName, string Source)
    {
        public void AddTo(SourceProductionContext output) => output.AddSource(HintName, SourceText.From(Source, Encoding.UTF8));
    }
}
