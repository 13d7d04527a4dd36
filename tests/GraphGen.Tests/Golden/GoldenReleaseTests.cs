using System.Text.Json;
using Xunit;

namespace GraphGen.Tests.Golden;

/// <summary>One release of PyTorch has made all golden files: what they say together is true of it.</summary>
public sealed class GoldenReleaseTests
{
    /// <summary>As in <c>files.py</c>, which refuses to write with another.</summary>
    private const string Release = "2.6.0";

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Golden");

    public static TheoryData<string> Files =>
        [.. Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Folder, path)).Order()];

    [Theory]
    [MemberData(nameof(Files))]
    public void A_file_is_from_the_release_that_made_all(string file)
    {
        string path = Path.Combine(Folder, file);
        Assert.Equal(Release, Path.GetExtension(file) switch
        {
            ".json" => ReleaseOf(File.ReadAllBytes(path)),
            ".safetensors" => Safetensors.Load(path).Metadata["pytorch"],
            _ => null,
        });
    }

    private static string? ReleaseOf(byte[] json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty("pytorch").GetString();
    }
}
