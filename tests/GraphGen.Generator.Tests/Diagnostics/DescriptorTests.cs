using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using GraphGen.Analyzers;
using GraphGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;

namespace GraphGen.Generator.Tests.Diagnostics;

/// <summary>Every diagnostic is documented, tracked and tested.</summary>
public sealed class DescriptorTests
{
    private static readonly IReadOnlyList<DiagnosticDescriptor> All =
        [.. Descriptors.All, Rules.ModelMustBePartial, Rules.SymbolicCallOutsideModel];

    [Fact]
    public void Ids_are_unique_and_belong_to_their_category()
    {
        Assert.Equal(All.Count, All.Select(descriptor => descriptor.Id).Distinct().Count());
        Assert.All(All, descriptor => Assert.Equal(CategoryOf(descriptor.Id), descriptor.Category));
    }

    [Fact]
    public void Every_diagnostic_has_a_page_with_wrong_fixed_and_why()
    {
        string folder = Path.Combine(Repository(), "generator", "docs");
        foreach (DiagnosticDescriptor descriptor in All)
        {
            string page = Path.Combine(folder, $"{descriptor.Id}.md");
            Assert.True(File.Exists(page), $"{descriptor.Id} has no page in generator/docs");
            string text = File.ReadAllText(page);
            Assert.StartsWith($"# {descriptor.Id}: {descriptor.Title}\n", text, StringComparison.Ordinal);
            Assert.All(["## Wrong\n", "## Fixed\n", "## Why\n"], heading => Assert.Contains(heading, text, StringComparison.Ordinal));
        }

        Assert.Equal(All.Count, Directory.GetFiles(folder, "GG*.md").Length);
    }

    [Fact]
    public void Every_diagnostic_is_expected_by_a_test()
    {
        string folder = Path.Combine(Repository(), "tests", "GraphGen.Generator.Tests");
        string tests = string.Concat(Directory.GetFiles(folder, "*Tests.cs", SearchOption.AllDirectories).Select(File.ReadAllText));
        HashSet<string> expected = [.. Regex.Matches(tests, @"\{\|(GG\d{4}):").Select(match => match.Groups[1].Value)];

        // One is of the project and has no place in a source; the other says that GraphGen itself has failed, which no model can ask for.
        Assert.Equal(["GG0014", "GG1999"], All.Select(descriptor => descriptor.Id).Where(id => !expected.Contains(id)));
    }

    private static string CategoryOf(string id) => int.Parse(id[2..], provider: null) switch
    {
        < 20 => "GraphGen.Declaration",
        < 1000 => "GraphGen.Body",
        < 2000 => "GraphGen.Compiler",
        _ => "GraphGen.Usage",
    };

    private static string Repository([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", ".."));
}
