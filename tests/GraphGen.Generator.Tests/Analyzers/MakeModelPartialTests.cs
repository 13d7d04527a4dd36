using System.Collections.Immutable;
using GraphGen.Analyzers;
using GraphGen.CodeFixes;
using GraphGen.Generator.Tests.Harness;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace GraphGen.Generator.Tests.Analyzers;

/// <summary>The fix of GG0001.</summary>
public sealed class MakeModelPartialTests
{
    [Theory]
    [InlineData("[Model]\npublic sealed class Net\n{\n}\n", "[Model]\npublic sealed partial class Net\n{\n}\n")]
    [InlineData("// A network.\n[Model]\nclass Net;\n", "// A network.\n[Model]\npartial class Net;\n")]
    [InlineData("public partial class Net;\n[Model] internal class Net { }\n", "public partial class Net;\n[Model] internal partial class Net { }\n")]
    public async Task Adds_the_modifier(string source, string expected)
    {
        using AdhocWorkspace workspace = new();
        CSharpCompilation compilation = TestCompilation.Create(source);
        Project project = workspace.AddProject("Test", LanguageNames.CSharp)
            .WithMetadataReferences(compilation.References)
            .WithParseOptions(TestCompilation.ParseOptions)
            .WithCompilationOptions(compilation.Options);
        project = project.AddDocument("Usings.cs", compilation.SyntaxTrees[1].ToString()).Project;
        Document document = project.AddDocument("Net.cs", source);

        Compilation compiled = (await document.Project.GetCompilationAsync())!;
        ImmutableArray<DiagnosticAnalyzer> analyzers = [new PartialModelAnalyzer()];
        ImmutableArray<Diagnostic> diagnostics = await compiled.WithAnalyzers(analyzers).GetAnalyzerDiagnosticsAsync();
        List<CodeAction> actions = [];
        CodeFixContext context = new(document, Assert.Single(diagnostics), (action, _) => actions.Add(action), CancellationToken.None);
        await new MakeModelPartial().RegisterCodeFixesAsync(context);

        ImmutableArray<CodeActionOperation> operations = await Assert.Single(actions).GetOperationsAsync(CancellationToken.None);
        Solution changed = Assert.IsType<ApplyChangesOperation>(Assert.Single(operations)).ChangedSolution;
        Assert.Equal(expected, (await changed.GetDocument(document.Id)!.GetTextAsync()).ToString());
    }
}
