namespace GraphGen.Generator;

/// <summary>
/// A scope of generated code, and the names that mean something in it. The user's names come first; whatever the compiler
/// names itself gives way to them by a number at its end.
/// </summary>
internal sealed class Names(IEnumerable<string> taken)
{
    private readonly HashSet<string> _taken = [.. taken];

    /// <summary>The same scope, to name more in it without the other knowing.</summary>
    public Names Copy() => new(_taken);

    /// <summary>Whether something in the scope has a name that begins so and goes on.</summary>
    public bool Continues(string start) => _taken.Any(name => name.Length > start.Length && name.StartsWith(start, StringComparison.Ordinal));

    /// <summary>A name of one's own, which nothing else in the scope will have.</summary>
    public string Unique(string name) => Unique(name, "");

    /// <summary>A name that is one's own with each of these endings.</summary>
    public string Unique(string name, params string[] endings)
    {
        string unique = name;
        for (int number = 2; endings.Any(ending => _taken.Contains(unique + ending)); number++)
        {
            unique = name + number.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        _taken.UnionWith(endings.Select(ending => unique + ending));
        return unique;
    }
}
