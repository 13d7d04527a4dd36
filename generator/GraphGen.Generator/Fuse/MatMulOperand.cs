using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Fuse;

/// <summary>How a matrix product finds an operand's elements: three strides into the memory of a stored value.</summary>
/// <param name="Buffer">The value in memory.</param>
/// <param name="Offset">Elements from the value's first to the operand's.</param>
/// <param name="Batch">Elements between one matrix of a batch and the next.</param>
/// <param name="Row">Elements between rows, as stored: before any transposition the product asks for.</param>
/// <param name="Column">Elements between columns.</param>
internal sealed record MatMulOperand(Node Buffer, int Offset, int Batch, int Row, int Column)
{
    /// <summary>The operand seen through views, or <see langword="null"/> where three strides do not reach its elements or neither side is contiguous.</summary>
    public static MatMulOperand? Read(Sight sight)
    {
        if (sight.Elements is not { Strides: var strides, Offset: var offset })
        {
            return null;
        }

        Shape shape = sight.Shape;
        int rank = shape.Rank;
        int? batch = ViewStrides.Merge(shape, strides, 0, rank - 2);
        int row = strides[rank - 2];
        int column = strides[rank - 1];
        return batch is { } stride && (row == 1 || column == 1 || shape[rank - 2].IsOne || shape[rank - 1].IsOne)
            ? new MatMulOperand(sight.Value, offset, stride, row, column)
            : null;
    }

    public MatMulOperand Transposed() => this with { Row = Column, Column = Row };
}
