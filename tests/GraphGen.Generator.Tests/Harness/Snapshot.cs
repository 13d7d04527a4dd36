using System.Runtime.CompilerServices;

namespace GraphGen.Generator.Tests.Harness;

/// <summary>
/// Compares text with <c>Name.verified.cs</c> beside the test. A difference is written to <c>Name.received.cs</c>, to be
/// looked at and, where right, to be renamed. The file convention is that of Verify.
/// </summary>
internal static class Snapshot
{
    public static void Verify(string name, string actual, [CallerFilePath] string testFile = "")
    {
        string folder = Path.GetDirectoryName(testFile)!;
        string verified = Path.Combine(folder, $"{name}.verified.cs");
        string received = Path.Combine(folder, $"{name}.received.cs");
        string? expected = File.Exists(verified) ? File.ReadAllText(verified).ReplaceLineEndings("\n") : null;
        actual = actual.ReplaceLineEndings("\n");
        if (actual == expected)
        {
            File.Delete(received);
            return;
        }

        File.WriteAllText(received, actual);
        Assert.Fail(expected is null
            ? $"{name} has no verified snapshot; look at {name}.received.cs and rename it to {name}.verified.cs"
            : $"{name} differs from its snapshot {Difference(expected, actual)}; compare {name}.received.cs with {name}.verified.cs");
    }

    private static string Difference(string expected, string actual)
    {
        string[] old = expected.Split('\n');
        string[] now = actual.Split('\n');
        int line = Enumerable.Range(0, Math.Max(old.Length, now.Length)).First(i => old.ElementAtOrDefault(i) != now.ElementAtOrDefault(i));
        return $"in line {line + 1}:\n  verified: {old.ElementAtOrDefault(line)}\n  received: {now.ElementAtOrDefault(line)}\n";
    }
}
