namespace GraphGen.Generator.Emit.Kernels;

/// <summary>The register micro-kernels that a gradient needs on all machines, each named and written once.</summary>
internal sealed class MicroKernelTable(string prefix)
{
    private readonly Dictionary<string, string> _names = [];
    private readonly HashSet<string> _taken = [];
    private readonly Queue<Action> _pending = new();

    /// <summary>The name of the micro-kernel for some output channels' chunks; if it is new, <see cref="EmitPending"/> will write it.</summary>
    public string Name(int outputs, WeightChunk chunk, string variant, Action<string> emit)
    {
        string key = $"{outputs}/{variant}/{chunk.Key}";
        if (!_names.TryGetValue(key, out string? name))
        {
            name = $"{prefix}{outputs}x{chunk.Vectors.Count}";
            for (int twin = 0; !_taken.Add(name); twin++)
            {
                name = $"{prefix}{outputs}x{chunk.Vectors.Count}{(char)('A' + (twin % 26))}{(twin >= 26 ? twin / 26 : "")}";
            }

            _names.Add(key, name);
            string written = name;
            _pending.Enqueue(() => emit(written));
        }

        return name;
    }

    public void EmitPending()
    {
        while (_pending.Count > 0)
        {
            _pending.Dequeue()();
        }
    }
}
