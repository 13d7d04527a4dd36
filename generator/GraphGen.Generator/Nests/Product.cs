namespace GraphGen.Generator.Nests;

/// <summary>The ways to make a matrix product.</summary>
internal enum ProductMethod
{
    /// <summary>A dot product for each element of the result, of rows of both sides that are contiguous along the depth.</summary>
    DotProducts,

    /// <summary>A sum of outer products, the right side read as it lies.</summary>
    OuterProducts,

    /// <summary>The same, the right side read from panels.</summary>
    PackedOuterProducts,
}

/// <summary>A side of a matrix product in memory.</summary>
/// <param name="First">Its first element.</param>
/// <param name="Row">Elements from a row to the next.</param>
/// <param name="Column">Elements from a column to the next.</param>
internal sealed record ProductSide(Address First, int Row, int Column);

/// <summary>Integers from one to before another, of which there are at most so many.</summary>
internal sealed record IntegerRange(Integer From, Integer To, int Most);

/// <summary>What becomes of each vector of the results of a product or a convolution.</summary>
/// <param name="Body">Statements on the vector, whose lanes are neighbours along the columns or channels.</param>
/// <param name="IsLong">Whether it is better done in a loop, from memory, than written out for each vector of a tile.</param>
/// <param name="IsCalled">Whether it is so long that even a loop calls it.</param>
internal sealed record Epilogue(EquatableArray<Statement> Body, bool IsLong, bool IsCalled)
{
    /// <summary>The register that has the results.</summary>
    public const string Product = "product";

    /// <summary>Which of several products they are of.</summary>
    public static Integer Batch { get; } = new Integer.Variable("batch");

    /// <summary>Their row.</summary>
    public static Integer Row { get; } = new Integer.Variable("row");

    /// <summary>The column of the first lane.</summary>
    public static Integer Column { get; } = new Integer.Variable("column");
}
