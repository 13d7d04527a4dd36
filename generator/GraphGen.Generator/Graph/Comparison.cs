namespace GraphGen.Generator.Graph;

/// <summary>The comparisons by which a value is chosen, a row each.</summary>
public sealed class Comparison
{
    private Comparison(string name, Func<double, double, bool> holds, Func<string, string, string> mask)
    {
        Name = name;
        Holds = holds;
        Mask = mask;
    }

    public static Comparison Greater { get; } = new("Greater", (a, b) => a > b, (a, b) => $"TIsa.GreaterThan({a}, {b})");

    public static Comparison Equal { get; } = new("Equal", (a, b) => a == b, (a, b) => $"TIsa.Equals({a}, {b})");

    public string Name { get; }

    /// <summary>Whether it holds of two numbers.</summary>
    public Func<double, double, bool> Holds { get; }

    /// <summary>The vector expression of its mask.</summary>
    public Func<string, string, string> Mask { get; }

    public override string ToString() => Name;
}
