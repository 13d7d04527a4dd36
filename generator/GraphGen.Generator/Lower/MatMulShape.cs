using GraphGen.Generator.Fuse;
using GraphGen.Generator.Graph;
using GraphGen.Generator.Nests;

namespace GraphGen.Generator.Lower;

/// <summary>A matrix product as its kernels see it: sizes, and strides into the operands' memory with transpositions resolved.</summary>
/// <param name="Batch">How many products.</param>
/// <param name="M">Rows of the result.</param>
/// <param name="N">Columns of the result.</param>
/// <param name="K">The inner size.</param>
/// <param name="Left">Its (row, column) is (m, k).</param>
/// <param name="Right">Its (row, column) is (k, n).</param>
internal sealed record MatMulShape(Dim Batch, Dim M, int N, Dim K, MatMulOperand Left, MatMulOperand Right)
{
    /// <summary>Rows of the result that a task takes.</summary>
    public const int RowBlock = 64;

    /// <summary>Columns of the result that a task takes: a multiple of two vectors on every instruction set.</summary>
    public const int ColumnBlock = 64;

    /// <summary>From so many rows on, the right side is worth copying to contiguous panels.</summary>
    private const int RowsWorthPacking = 64;

    /// <summary>Of a shorter depth the panels would cost as much as they save. At this one dot products take three times as long as outer ones.</summary>
    private const int DepthWorthPacking = 32;

    /// <summary>A weight of up to so many floats may stay in the caches of the threads from step to step.</summary>
    private const int CachedFloats = 1 << 20;

    public bool IsBatched => !Batch.IsOne;

    /// <summary>
    /// How the product is computed: as dot products where both sides are contiguous along k and each element of the right
    /// side meets few rows; else as a sum of outer products, with the right side read as it lies or packed first.
    /// </summary>
    public ProductMethod Method =>
        IsWorthPacking ? ProductMethod.PackedOuterProducts
        : Left.Column == 1 && Right.Row == 1 && !K.PerSample ? ProductMethod.DotProducts
        : Right.Column == 1 || N == 1 ? ProductMethod.OuterProducts
        : ProductMethod.PackedOuterProducts;

    /// <summary>
    /// Whether tasks follow each other along the rows of the result rather than down its columns. A weight's gradient then lies
    /// with the thread that updates those rows of the weight and multiplies by them in the next step. Where the result is larger
    /// than a cache nothing stays there anyway, and the right side is what is worth keeping.
    /// </summary>
    public bool TasksFollowRows => !IsBatched && !M.PerSample && (long)M.Size * N <= CachedFloats;

    private bool IsWorthPacking => M.Size >= RowsWorthPacking && !K.PerSample && K.Size >= DepthWorthPacking && N >= 16;

    public static MatMulShape Of(KernelOperands operands)
    {
        Node node = operands.Kernel.Anchor!;
        Op.MatMul op = (Op.MatMul)node.Op;
        MatMulOperand left = Read(operands, node.Inputs[0]);
        MatMulOperand right = Read(operands, node.Inputs[1]);
        int rank = node.Shape.Rank;
        Shape leftShape = node.Inputs[0].Shape;
        return new MatMulShape(
            Shape.Product(node.Shape.Dims.Take(rank - 2)),
            node.Shape[rank - 2],
            node.Shape[rank - 1].Size,
            leftShape[op.TransposeLeft ? rank - 2 : rank - 1],
            op.TransposeLeft ? left.Transposed() : left,
            op.TransposeRight ? right.Transposed() : right);
    }

    private static MatMulOperand Read(KernelOperands operands, Node use) =>
        MatMulOperand.Read(operands.Base(use), operands.Kernel.Storage) ?? throw new InvalidOperationException($"A product cannot read {use}.");
}
