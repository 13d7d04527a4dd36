using System.Collections.Immutable;
using GraphGen.Analyzers;
using GraphGen.Generator.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace GraphGen.Generator.Tests.Analyzers;

/// <summary>Complaints about symbolic members are silenced, complaints about others are not.</summary>
public sealed class SymbolicMemberSuppressorTests
{
    [Fact]
    public async Task Only_symbolic_members_of_models_are_spared()
    {
        Compilation compilation = TestCompilation.Create("""
            [Model]
            public partial class Net
            {
                [Forward] private Tensor Forward([Shape(Batch, 4)] Tensor x) => Both(x).Item1;
                private (Tensor, Tensor) Both(Tensor x) => (x, x);
                private int Unrelated() => 1;
            }
            public class Other { private Tensor Symbolic(Tensor x) => x; }
            """);
        ImmutableArray<DiagnosticAnalyzer> analyzers = [new EveryMethodCouldBeStatic(), new SymbolicMemberSuppressor()];
        CompilationWithAnalyzersOptions options = new(
            new AnalyzerOptions([]), onAnalyzerException: null, concurrentAnalysis: false, logAnalyzerExecutionTime: false, reportSuppressedDiagnostics: true);

        ImmutableArray<Diagnostic> diagnostics = await compilation.WithAnalyzers(analyzers, options).GetAnalyzerDiagnosticsAsync();

        Assert.Equal(
            ["Both True", "Forward True", "Symbolic False", "Unrelated False"],
            diagnostics.Select(diagnostic => $"{diagnostic.GetMessage()} {diagnostic.IsSuppressed}").Order(StringComparer.Ordinal));
    }

    /// <summary>Stands in for .NET's CA1822, which is not at hand here.</summary>
#pragma warning disable RS1029, RS1036, RS1038, RS1041, RS2008 // An analyzer for this test alone.
    [DiagnosticAnalyzer(LanguageNames.CSharp)]
    private sealed class EveryMethodCouldBeStatic : DiagnosticAnalyzer
    {
        private static readonly DiagnosticDescriptor Rule = new("CA1822", "Title", "{0}", "Test", DiagnosticSeverity.Warning, isEnabledByDefault: true);

        public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rule];

        public override void Initialize(AnalysisContext context)
        {
            context.EnableConcurrentExecution();
            context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
            context.RegisterSymbolAction(
                action =>
                {
                    if (action.Symbol is IMethodSymbol { MethodKind: MethodKind.Ordinary })
                    {
                        action.ReportDiagnostic(Diagnostic.Create(Rule, action.Symbol.Locations[0], action.Symbol.Name));
                    }
                },
                SymbolKind.Method);
        }
    }
#pragma warning restore RS1029, RS1036, RS1038, RS1041, RS2008
}
