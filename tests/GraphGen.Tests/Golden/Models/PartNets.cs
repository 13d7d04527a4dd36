using static GraphGen.Dim;
using static GraphGen.Ops;

namespace GraphGen.Tests.Golden;

// Parts of tensors, tensors side by side, and products by named axes.

[Model]
public sealed partial class SliceNet : ITestModel
{
    [Parameter(7, 9)] private partial Tensor V { get; }
    [Parameter(3, 5)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 7, 9)] Tensor x) => Slice(Slice(x * V, 1, 1, 6, step: 2), -1, -5) * W;
}

[Model]
public sealed partial class RangesNet : ITestModel
{
    [Parameter(5, 7)] private partial Tensor V { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 3, 5, 7)] Tensor x)
    {
        Tensor y = x * V;
        return y[.., 1.., ..^1, 2] * y[.., ^1.., 1.., ^3] + Reshape(Sum(x[.., 0, 1, 1..3], -1), Batch, 1, 1);
    }
}

[Model]
public sealed partial class FlipNet : ITestModel
{
    [Parameter(5, 6)] private partial Tensor V { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 5, 6)] Tensor x) => Flip(x * V, -1, 1) * x;
}

[Model]
public sealed partial class PadNet : ITestModel
{
    [Parameter(6)] private partial Tensor V { get; }
    [Parameter(3, 8, 8)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 4, 5, 6)] Tensor x) => Pad(x * V, [1, 1, 0, 3, -2, 1], value: 0.5) * W;
}

[Model]
public sealed partial class ConcatNet : ITestModel
{
    [Parameter(5)] private partial Tensor V { get; }
    [Parameter(7, 5)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 3, 5)] Tensor x) => Concat([x * V, x[.., ..1], Tanh(x * V)]) * W;
}

[Model]
public sealed partial class ConcatLastNet : ITestModel
{
    [Parameter(5)] private partial Tensor V { get; }
    [Parameter(3, 2)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 3, 5)] Tensor x) => Concat([Concat([x * V, x], -1), x[.., .., ..2] * W], -1);
}

[Model]
public sealed partial class StackNet : ITestModel
{
    [Parameter(5)] private partial Tensor V { get; }
    [Parameter(2, 1, 5)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 3, 5)] Tensor x) => Stack([x * V, Exp(x)]) * W;
}

[Model]
public sealed partial class StackLastNet : ITestModel
{
    [Parameter(5)] private partial Tensor V { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 3, 5)] Tensor x) => Tanh(Stack([x * V, x, x * x], -1));
}

[Model]
public sealed partial class SplitNet : ITestModel
{
    [Parameter(7)] private partial Tensor V { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 3, 7)] Tensor x)
    {
        Tensor[] parts = Split(x * V, [2, 4, 1], -1);
        return Sum(parts[0], -1, keepDim: true) * Split(parts[1], 3, -1)[1] + parts[^1];
    }
}

[Model]
public sealed partial class ChunkNet : ITestModel
{
    [Parameter(7, 15)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 3, 7)] Tensor x)
    {
        Tensor[] gates = Chunk(MatMul(x, W), 3, -1);
        return Sigmoid(gates[0]) * Tanh(gates[2] + Sigmoid(gates[1]));
    }
}

[Model]
public sealed partial class ChunkUnevenNet : ITestModel
{
    [Parameter(11)] private partial Tensor V { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 11)] Tensor x)
    {
        Tensor[] chunks = Chunk(x * V, 4);
        Tensor[] reversed = new Tensor[chunks.Length];
        for (int i = 0; i < chunks.Length; i++)
        {
            reversed[i] = chunks[^(i + 1)];
        }

        return Concat(reversed);
    }
}

[Model]
public sealed partial class EinsumAttentionNet : ITestModel
{
    [Parameter(6, 3, 4)] private partial Tensor Q { get; }
    [Parameter(6, 3, 4)] private partial Tensor K { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 5, 6)] Tensor x)
    {
        Tensor q = Einsum("ntc,chd->nthd", x, Q);
        Tensor k = Einsum("ntc,chd->nthd", x, K);
        return Einsum("nhts,nshd->nthd", Softmax(Einsum("nthd,nshd->nhts", q, k) * 0.5), q);
    }
}

[Model]
public sealed partial class EinsumBilinearNet : ITestModel
{
    [Parameter(5)] private partial Tensor V { get; }
    [Parameter(4, 5, 5)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 5)] Tensor x) => Einsum("ni,oij,nj->no", x, W, x * V);
}

[Model]
public sealed partial class EinsumHeadsNet : ITestModel
{
    [Parameter(3, 7, 5)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 3, 7)] Tensor x) => Einsum("nhd,hde->neh", x, W);
}

[Model]
public sealed partial class EinsumImplicitNet : ITestModel
{
    [Parameter(7, 5)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 3, 7)] Tensor x) => Einsum("Nai,ib", x, W) + Reshape(Einsum("Nai->N", x), Batch, 1, 1);
}
