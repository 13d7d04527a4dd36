using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace GraphGen.Generator.Tests.Architecture;

/// <summary>Data flows one way through the generator's folders: each may use those that it lists here, and all may use Common.</summary>
public sealed partial class DirectionTests
{
    /// <summary>
    /// The folders, in the order in which data flows through them. Two arrows point back: Read names what Emit will declare, and
    /// Plan asks Emit for the scratch memory of kernels.
    /// </summary>
    private static readonly Dictionary<string, string[]> Uses = new()
    {
        ["Common"] = [],
        ["Definition"] = [],
        ["Diagnostics"] = [],
        ["Read"] = ["Definition", "Diagnostics", "Emit"],
        ["Graph"] = [],
        ["Operations"] = ["Definition", "Graph"],
        ["Simplify"] = ["Graph"],
        ["Autodiff"] = ["Graph"],
        ["Fuse"] = ["Graph"],
        ["Compile"] = ["Definition", "Operations", "Graph", "Simplify", "Autodiff", "Fuse"],
        ["Nests"] = ["Graph"],
        ["Lower"] = ["Graph", "Fuse", "Nests"],
        ["Plan"] = ["Operations", "Graph", "Fuse", "Compile", "Nests", "Emit"],
        ["Emit"] = ["Definition", "Operations", "Graph", "Fuse", "Compile", "Nests", "Lower", "Plan"],
    };

    public static TheoryData<string> Folders => [.. Uses.Keys];

    [Fact]
    public void Every_folder_is_listed() =>
        Assert.Equal(Uses.Keys.Order(), Directory.GetDirectories(Generator()).Select(Path.GetFileName).Where(name => name is not ("bin" or "obj")).Order());

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_folder_uses_those_it_lists(string folder)
    {
        HashSet<string> used = [];
        foreach (string file in Directory.GetFiles(Path.Combine(Generator(), folder), "*.cs", SearchOption.AllDirectories))
        {
            used.UnionWith(Used().Matches(File.ReadAllText(file)).SelectMany(match => match.Groups.Values.Skip(1)).Select(group => group.Value).Where(name => name != folder && Uses.ContainsKey(name)));
        }

        Assert.Equal(Uses[folder].Order(), used.Order());
    }

    /// <summary>A using directive, or a name that begins with that of a namespace: <c>Plan.Buffer</c>.</summary>
    [GeneratedRegex(@"using GraphGen\.Generator\.(\w+)|(?<![\w.])(\w+)\.[A-Z]")]
    private static partial Regex Used();

    private static string Generator([CallerFilePath] string file = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "..", "..", "..", "generator", "GraphGen.Generator"));
}
