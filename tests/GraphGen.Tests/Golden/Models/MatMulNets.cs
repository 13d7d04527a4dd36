using static GraphGen.Dim;
using static GraphGen.Ops;

namespace GraphGen.Tests.Golden;

// Products and the movement of data around them.

[Model]
public sealed partial class MatMulNet : ITestModel
{
    [Parameter(19, 23)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 19)] Tensor x) => MatMul(x, W);
}

[Model]
public sealed partial class MatMulWideNet : ITestModel
{
    [Parameter(130, 67)] private partial Tensor W { get; }
    [Parameter(67, 5)] private partial Tensor V { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 130)] Tensor x) => MatMul(Relu(MatMul(x, W)), V);
}

[Model]
public sealed partial class MatMulSequenceNet : ITestModel
{
    [Parameter(19)] private partial Tensor V { get; }
    [Parameter(19, 7)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 5, 19)] Tensor x) => MatMul(x * V, W);
}

[Model]
public sealed partial class MatMulLeftNet : ITestModel
{
    [Parameter(6, 5)] private partial Tensor W { get; }
    [Parameter(9)] private partial Tensor V { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 5, 9)] Tensor x) => MatMul(W, x * V);
}

[Model]
public sealed partial class MatMulBatchedNet : ITestModel
{
    [Parameter(7)] private partial Tensor V { get; }
    [Parameter(3, 7, 4)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 3, 5, 7)] Tensor x) => MatMul(x * V, W);
}

[Model]
public sealed partial class MatMulTwoParametersNet : ITestModel
{
    [Parameter(17, 33)] private partial Tensor A { get; }
    [Parameter(33, 9)] private partial Tensor B { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 17, 9)] Tensor x) => x * MatMul(A, B);
}

[Model]
public sealed partial class AttentionNet : ITestModel
{
    [Parameter(12, 8)] private partial Tensor Query { get; }
    [Parameter(12, 8)] private partial Tensor Key { get; }
    [Parameter(12, 8)] private partial Tensor Value { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 5, 12)] Tensor x)
    {
        (Tensor q, Tensor k, Tensor v) = (MatMul(x, Query), MatMul(x, Key), MatMul(x, Value));
        return MatMul(Softmax(MatMul(q, Transpose(k, 1, 2)) * 0.35355338f), v);
    }
}

/// <summary>Attention of three heads, whose queries, keys and values are slices of what one product makes.</summary>
[Model]
public sealed partial class MultiHeadNet : ITestModel
{
    [Parameter(12, 63)] private partial Tensor Qkv { get; }
    [Parameter(21, 10)] private partial Tensor Output { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 5, 12)] Tensor x)
    {
        Tensor heads = Reshape(MatMul(x, Qkv), Batch, 5, 9, 7);
        Tensor q = Transpose(Slice(heads, 2, 0, 3), 1, 2);
        Tensor k = Transpose(Slice(heads, 2, 3, 6), 1, 2);
        Tensor v = Transpose(Slice(heads, 2, 6), 1, 2);
        Tensor weights = Softmax(MatMul(q, Transpose(k, -1, -2)) * 0.37796447f);
        return MatMul(Reshape(Transpose(MatMul(weights, v), 1, 2), Batch, 5, 21), Output);
    }
}

[Model]
public sealed partial class ReshapeNet : ITestModel
{
    [Parameter(24)] private partial Tensor V { get; }
    [Parameter(4)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 24)] Tensor x) => Reshape(x * V, -1, 6, 4) * W;
}

[Model]
public sealed partial class FlattenNet : ITestModel
{
    [Parameter(5, 7)] private partial Tensor V { get; }
    [Parameter(7, 2)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 3, 5, 7)] Tensor x) => MatMul(Flatten(x * V, 1, 2), W);
}

[Model]
public sealed partial class TransposeNet : ITestModel
{
    [Parameter(7)] private partial Tensor V { get; }
    [Parameter(5)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 5, 7)] Tensor x) => Transpose(x * V, 1, 2) * W;
}

[Model]
public sealed partial class PermuteNet : ITestModel
{
    [Parameter(7)] private partial Tensor V { get; }
    [Parameter(3)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 3, 5, 7)] Tensor x) => Permute(x * V, 0, 2, 3, 1) * W;
}

[Model]
public sealed partial class SharedLayerNet : ITestModel
{
    [Linear(13)] private partial Tensor Hidden(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, 13)] Tensor x)
    {
        for (int i = 0; i < 3; i++)
        {
            x = Tanh(Hidden(x));
        }

        return x;
    }
}

[Model]
public sealed partial class NoBiasNet : ITestModel
{
    [Linear(13, 21, Bias = false)] private partial Tensor Fc1(Tensor x);
    [Linear(6)] private partial Tensor Fc2(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, 13)] Tensor x) => Fc2(Relu(Fc1(x)));
}
