using static GraphGen.Dim;
using static GraphGen.Ops;

namespace GraphGen.Tests.Golden;

// Sums, means, maxima and what is composed of them.

[Model]
public sealed partial class SumLastNet : ITestModel
{
    [Parameter(19)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 3, 19)] Tensor x) => Sum(Exp(x * W), 2);
}

[Model]
public sealed partial class SumMiddleNet : ITestModel
{
    [Parameter(3, 19)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 3, 19)] Tensor x) => x * Sum(x * W, 1, keepDim: true);
}

[Model]
public sealed partial class SumDimsNet : ITestModel
{
    [Parameter(3, 5, 7)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 3, 5, 7)] Tensor x) => Sum(x * W, new[] { 1, 3 });
}

[Model]
public sealed partial class MeanLastNet : ITestModel
{
    [Parameter(19)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 3, 19)] Tensor x) => Mean(x * W, -1);
}

[Model]
public sealed partial class MeanImageNet : ITestModel
{
    [Parameter(6, 5, 7)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 6, 5, 7)] Tensor x) => Mean(Relu(x * W), [2, 3]);
}

[Model]
public sealed partial class MaxLastNet : ITestModel
{
    [Parameter(19)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 3, 19)] Tensor x) => Max(x * W, -1);
}

[Model]
public sealed partial class MaxTiesNet : ITestModel
{
    [Parameter(3, 19)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 3, 19)] Tensor x) => Max(x + W, 2);
}

[Model]
public sealed partial class MaxDimsNet : ITestModel
{
    [Parameter(5, 4, 3)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 5, 4, 3)] Tensor x) => Max(x * W, [2, 3], keepDim: true) * x;
}

[Model]
public sealed partial class LayerNormNet : ITestModel
{
    [Parameter(33)] private partial Tensor V { get; }
    [Parameter(33)] private partial Tensor Gain { get; }
    [Parameter(33)] private partial Tensor Offset { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 33)] Tensor x)
    {
        return Normalize(x * V) * Gain + Offset;
    }

    private static Tensor Normalize(Tensor x)
    {
        Tensor centred = x - Mean(x, -1, keepDim: true);
        Tensor variance = Mean(centred * centred, -1, keepDim: true);
        return centred / Sqrt(variance + 1e-5f);
    }
}

[Model]
public sealed partial class SoftmaxNet : ITestModel
{
    [Parameter(37)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 37)] Tensor x) => Softmax(x * W);
}

[Model]
public sealed partial class SoftmaxMiddleNet : ITestModel
{
    [Parameter(5, 7)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 5, 7)] Tensor x) => Softmax(x * W, 1);
}

[Model]
public sealed partial class LogSoftmaxNet : ITestModel
{
    [Parameter(37)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 37)] Tensor x) => LogSoftmax(x * W);
}

[Model]
public sealed partial class LogSoftmaxMiddleNet : ITestModel
{
    [Parameter(5, 7)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 5, 7)] Tensor x) => LogSoftmax(x * W, dim: 1);
}
