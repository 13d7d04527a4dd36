using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace GraphGen.Generator.Tests.Harness;

/// <summary>Compiles source text against the runtime library, with the usings that model files have.</summary>
internal static class TestCompilation
{
    private const string GlobalUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.Linq;
        global using System.Threading.Tasks;
        global using GraphGen;
        global using static GraphGen.Dim;
        global using static GraphGen.Ops;
        """;

    private static readonly MetadataReference[] References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is var name && (name.StartsWith("System.", StringComparison.Ordinal) || name is "mscorlib.dll" or "netstandard.dll"))
            .Append(typeof(Tensor).Assembly.Location)
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    public static CSharpParseOptions ParseOptions { get; } = new(LanguageVersion.CSharp13, DocumentationMode.None);

    public static CSharpCompilation Create(params string[] sources) => Create(ParseOptions, sources);

    public static CSharpCompilation Create(CSharpParseOptions options, params string[] sources)
    {
        IEnumerable<SyntaxTree> trees = sources
            .Select((source, i) => CSharpSyntaxTree.ParseText(source, options, $"Model{i}.cs"))
            .Append(CSharpSyntaxTree.ParseText(GlobalUsings, options, "Usings.cs"));
        return CSharpCompilation.Create(
            "Test",
            trees,
            References,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Enable));
    }

    public static SyntaxTree Parse(string source, string path) => CSharpSyntaxTree.ParseText(source, ParseOptions, path);

    /// <summary>Runs the generator; the result, and the compilation with the generated files.</summary>
    public static (GeneratorDriverRunResult Result, Compilation Compilation) RunGenerator(Compilation compilation, CSharpParseOptions? options = null)
    {
        GeneratorDriver driver = CSharpGeneratorDriver
            .Create([new GraphGenGenerator().AsSourceGenerator()], parseOptions: options ?? ParseOptions)
            .RunGeneratorsAndUpdateCompilation(compilation, out Compilation output, out _);
        return (driver.GetRunResult(), output);
    }
}
