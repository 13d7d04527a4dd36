using System.ComponentModel;

namespace GraphGen.Simd;

/// <summary>The part of a matrix product [rows, depth] · [depth, columns] that a task makes. Strides are in floats.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public unsafe struct ProductBlock
{
    /// <summary>The left side's first element, of row 0.</summary>
    public float* Left;

    /// <summary>From a row of the left side to the next.</summary>
    public nint LeftRow;

    /// <summary>From a column of the left side, one along the depth, to the next.</summary>
    public nint LeftColumn;

    /// <summary>The right side's first element, of column 0; or its panels (<see cref="OuterProducts.Pack"/>).</summary>
    public float* Right;

    /// <summary>From a row of the right side, one along the depth, to the next. Panels have their own.</summary>
    public nint RightRow;

    /// <summary>From a column of the right side to the next, where its columns are contiguous (<see cref="DotProducts"/>).</summary>
    public nint RightColumn;

    /// <summary>Whether the right side is in panels.</summary>
    public bool IsPacked;

    /// <summary>Whether rows of the right side are asked for ahead: those pages apart, which no hardware prefetcher follows.</summary>
    public bool IsFar;

    /// <summary>The inner size.</summary>
    public int Depth;

    /// <summary>All columns of the result.</summary>
    public int Columns;

    /// <summary>Which of several products this is.</summary>
    public int Batch;

    /// <summary>The first row to make.</summary>
    public int FirstRow;

    /// <summary>The row after the last to make.</summary>
    public int EndRow;

    /// <summary>The first column to make. Of outer products a multiple of two vectors.</summary>
    public int FirstColumn;

    /// <summary>The column after the last to make. Of outer products a multiple of two vectors, or all columns.</summary>
    public int EndColumn;
}
