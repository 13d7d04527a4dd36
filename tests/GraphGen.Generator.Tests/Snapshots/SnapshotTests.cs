using GraphGen.Generator.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace GraphGen.Generator.Tests.Snapshots;

/// <summary>The generated code of three models, word for word, and that it compiles without a warning.</summary>
public sealed class SnapshotTests
{
    public static TheoryData<string> Names => [.. SampleModels.All.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Generated_code_is_as_reviewed(string name)
    {
        (GeneratorDriverRunResult result, Compilation compilation) = TestCompilation.RunGenerator(TestCompilation.Create(SampleModels.All[name]));

        Assert.Empty(result.Diagnostics);
        Assert.Empty(compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity >= DiagnosticSeverity.Warning));
        Snapshot.Verify(name, Assert.Single(result.GeneratedTrees).ToString());
    }
}
