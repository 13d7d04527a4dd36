using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Fuse;

/// <summary>How a product of matrices finds an operand's elements in the memory of a stored value.</summary>
/// <param name="Buffer">The value in memory.</param>
/// <param name="Offset">Elements from the value's first to the operand's.</param>
/// <param name="Batch">The axes over which there are matrices.</param>
/// <param name="BatchStrides">Elements between one matrix and the next along each of them.</param>
/// <param name="Row">Elements between rows, as stored: before any transposition the product asks for.</param>
/// <param name="Column">Elements between columns.</param>
internal sealed record MatMulOperand(Node Buffer, int Offset, Shape Batch, EquatableArray<int> BatchStrides, int Row, int Column)
{
    /// <summary>The operand seen through views, or <see langword="null"/> where no strides reach its elements or neither side is contiguous.</summary>
    public static MatMulOperand? Read(Sight sight, Storage storage)
    {
        if (sight.ElementsIn(storage) is not { Strides: var strides, Offset: var offset })
        {
            return null;
        }

        Shape shape = sight.Shape;
        int rank = shape.Rank;
        int row = strides[rank - 2];
        int column = strides[rank - 1];
        return row == 1 || column == 1 || shape[rank - 2].IsOne || shape[rank - 1].IsOne
            ? new MatMulOperand(sight.Value, offset, new Shape([.. shape.Dims.Take(rank - 2)]), new EquatableArray<int>([.. strides.Take(rank - 2)]), row, column)
            : null;
    }

    public MatMulOperand Transposed() => this with { Row = Column, Column = Row };
}
