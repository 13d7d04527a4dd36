namespace GraphGen.Generator.Graph;

/// <summary>The comparisons by which a value is chosen, a row each.</summary>
public sealed class Comparison
{
    private readonly string _ofFloats;
    private readonly string _ofIntegers;

    private Comparison(string name, string symbol, Func<double, double, bool> holds, string ofFloats, string ofIntegers)
    {
        Name = name;
        Symbol = symbol;
        Holds = holds;
        _ofFloats = ofFloats;
        _ofIntegers = ofIntegers;
    }

    public static Comparison Greater { get; } = new("Greater", ">", (a, b) => a > b, "GreaterThan", "GreaterThanBits");

    /// <summary>When a running maximum moves on, as PyTorch's pooling does: also to a NaN.</summary>
    public static Comparison GreaterOrNaN { get; } = new("GreaterOrNaN", ">", (a, b) => a > b || double.IsNaN(a), "GreaterThanOrNaN", "GreaterThanBits");

    public static Comparison Equal { get; } = new("Equal", "==", (a, b) => a == b, "Equals", "EqualsBits");

    public string Name { get; }

    /// <summary>C#'s operator for it.</summary>
    public string Symbol { get; }

    /// <summary>Whether it holds of two numbers.</summary>
    public Func<double, double, bool> Holds { get; }

    /// <summary>The vector expression of its mask, of operands of a type.</summary>
    public string Mask(DataType type, string a, string b) => $"TIsa.{(type == DataType.Int32 ? _ofIntegers : _ofFloats)}({a}, {b})";

    public override string ToString() => Name;
}
