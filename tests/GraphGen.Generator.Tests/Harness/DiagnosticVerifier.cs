using System.Collections.Immutable;
using GraphGen.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Text;

namespace GraphGen.Generator.Tests.Harness;

/// <summary>
/// Checks that a source gets exactly the diagnostics it is marked with, from the compiler, the generator and the analyzers
/// together: a model's error must bring no follow-on errors with it.
/// </summary>
internal static class DiagnosticVerifier
{
    /// <summary>Verifies the marked source, and returns the messages of GraphGen's diagnostics in order.</summary>
    public static async Task<IReadOnlyList<string>> Verify(string marked, params MetadataReference[] references)
    {
        Markup markup = Markup.Parse(marked);
        IReadOnlyList<Diagnostic> diagnostics = await Diagnose(TestCompilation.Create(markup.Source).AddReferences(references), TestCompilation.ParseOptions);
        var actual = diagnostics.Select(diagnostic => Describe(diagnostic.Id, diagnostic.Location.SourceSpan, markup.Source, diagnostic.GetMessage()));
        var expected = markup.Expected.OrderBy(place => place.Span.Start).ThenBy(place => place.Id, StringComparer.Ordinal)
            .Select(place => Describe(place.Id, place.Span, markup.Source, message: null));
        Assert.True(
            expected.SequenceEqual(actual.Select(text => text.Split(" // ")[0])),
            $"expected:\n  {string.Join("\n  ", expected)}\nactual:\n  {string.Join("\n  ", actual)}");
        return [.. diagnostics.Where(diagnostic => diagnostic.Id.StartsWith("GG", StringComparison.Ordinal)).Select(diagnostic => diagnostic.GetMessage())];
    }

    /// <summary>Every warning and error of the compiler, the generator and the analyzers, in source order.</summary>
    public static Task<IReadOnlyList<Diagnostic>> Diagnose(params string[] sources) => Diagnose(TestCompilation.Create(sources), TestCompilation.ParseOptions);

    /// <summary>The same in a project of another C#.</summary>
    public static Task<IReadOnlyList<Diagnostic>> Diagnose(LanguageVersion language, params string[] sources)
    {
        CSharpParseOptions options = TestCompilation.ParseOptions.WithLanguageVersion(language);
        return Diagnose(TestCompilation.Create(options, sources), options);
    }

    private static async Task<IReadOnlyList<Diagnostic>> Diagnose(Compilation source, CSharpParseOptions options)
    {
        (GeneratorDriverRunResult result, Compilation compilation) = TestCompilation.RunGenerator(source, options);
        ImmutableArray<DiagnosticAnalyzer> analyzers = [new PartialModelAnalyzer(), new SymbolicCallAnalyzer()];
        ImmutableArray<Diagnostic> ofAnalyzers = await compilation.WithAnalyzers(analyzers).GetAnalyzerDiagnosticsAsync();
        return
        [
            .. compilation.GetDiagnostics()
                .Concat(result.Diagnostics)
                .Concat(ofAnalyzers)
                .Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning)
                .OrderBy(diagnostic => diagnostic.Location.SourceSpan.Start)
                .ThenBy(diagnostic => diagnostic.Id, StringComparer.Ordinal),
        ];
    }

    private static string Describe(string id, TextSpan span, string source, string? message)
    {
        string text = span.End <= source.Length ? source.Substring(span.Start, span.Length) : "(elsewhere)";
        return message is null ? $"{id} at {span.Start}: {text}" : $"{id} at {span.Start}: {text} // {message}";
    }
}
