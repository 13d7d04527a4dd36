using System.Text.Json;

namespace GraphGen.Benchmarks;

internal static class JsonReport
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true };

    /// <summary>Writes rows as a JSON array, where a file was asked for.</summary>
    internal static void Write<TRow>(FileInfo? file, IReadOnlyCollection<TRow> rows)
    {
        if (file is not null)
        {
            File.WriteAllText(file.FullName, JsonSerializer.Serialize(rows, Options) + "\n");
        }
    }
}
