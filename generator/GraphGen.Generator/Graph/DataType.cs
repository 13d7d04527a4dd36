namespace GraphGen.Generator.Graph;

/// <summary>The types that the elements of a value can have, a row each.</summary>
public sealed class DataType
{
    private DataType(string keyword, int bytes)
    {
        Keyword = keyword;
        Bytes = bytes;
    }

    /// <summary>Numbers. All arithmetic is on these.</summary>
    public static DataType Float { get; } = new("float", 4);

    /// <summary>Whole numbers, exact: labels and positions. They are compared, and choose.</summary>
    public static DataType Int32 { get; } = new("int", 4);

    /// <summary>Small whole numbers: which place of a pooling's window won.</summary>
    public static DataType Byte { get; } = new("byte", 1);

    /// <summary>What C# calls it.</summary>
    public string Keyword { get; }

    /// <summary>What an element takes in memory.</summary>
    public int Bytes { get; }

    public override string ToString() => Keyword;
}
