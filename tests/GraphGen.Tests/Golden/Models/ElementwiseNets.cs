using static GraphGen.Dim;
using static GraphGen.Ops;

namespace GraphGen.Tests.Golden;

// Elementwise operations and broadcasting; the networks are golden_cases.py's of the same names.

[Model]
public sealed partial class ExpNet : ITestModel
{
    [Parameter(37)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 37)] Tensor x) => Exp(x * W);
}

[Model]
public sealed partial class ErfNet : ITestModel
{
    [Parameter(37)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 37)] Tensor x) => Erf(x * W);
}

[Model]
public sealed partial class SinNet : ITestModel
{
    [Parameter(37)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 37)] Tensor x) => Sin(x * W);
}

[Model]
public sealed partial class CosNet : ITestModel
{
    [Parameter(37)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 37)] Tensor x) => Cos(x * W);
}

[Model]
public sealed partial class LogNet : ITestModel
{
    [Parameter(37)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 37)] Tensor x) => Log(x * W);
}

[Model]
public sealed partial class SqrtNet : ITestModel
{
    [Parameter(37)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 37)] Tensor x) => Sqrt(x * W);
}

[Model]
public sealed partial class TanhNet : ITestModel
{
    [Parameter(37)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 37)] Tensor x) => Tanh(x * W);
}

[Model]
public sealed partial class SigmoidNet : ITestModel
{
    [Parameter(37)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 37)] Tensor x) => Sigmoid(x * W);
}

[Model]
public sealed partial class GeluNet : ITestModel
{
    [Parameter(37)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 37)] Tensor x) => Gelu(x * W);
}

[Model]
public sealed partial class GeluTanhNet : ITestModel
{
    [Parameter(37)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 37)] Tensor x) => Gelu(x * W, tanh: true);
}

[Model]
public sealed partial class ReluNet : ITestModel
{
    [Parameter(37)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 37)] Tensor x) => Relu(x + W);
}

[Model]
public sealed partial class AbsNet : ITestModel
{
    [Parameter(37)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 37)] Tensor x) => Abs(x + W);
}

[Model]
public sealed partial class MaximumNet : ITestModel
{
    [Parameter(37)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 37)] Tensor x) => Maximum(x, W);
}

[Model]
public sealed partial class MinimumNet : ITestModel
{
    [Parameter(37)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 37)] Tensor x) => Minimum(W, x);
}

[Model]
public sealed partial class ClampNet : ITestModel
{
    [Parameter(37)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 37)] Tensor x) => Minimum(Maximum(x * W, -0.5f), 0.75f);
}

[Model]
public sealed partial class ArithmeticNet : ITestModel
{
    [Parameter(5)] private partial Tensor A { get; }
    [Parameter(4, 1)] private partial Tensor B { get; }
    [Parameter(4, 5)] private partial Tensor C { get; }
    [Parameter(1)] private partial Tensor D { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 4, 5)] Tensor x) => 1 - (x + A) * B / C - x / 4 + -D * 0.5f + 2 / C;
}

[Model]
public sealed partial class BroadcastOuterNet : ITestModel
{
    [Parameter(7)] private partial Tensor Row { get; }
    [Parameter(6, 1)] private partial Tensor Column { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 6, 1)] Tensor x) => x * Row + Column;
}

[Model]
public sealed partial class BroadcastImageNet : ITestModel
{
    [Parameter(3, 1, 1)] private partial Tensor Channel { get; }
    [Parameter(1, 5, 1)] private partial Tensor Line { get; }
    [Parameter(7)] private partial Tensor Pixel { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 3, 5, 7)] Tensor x) => x * Channel + Line * x * x - Pixel;
}

[Model]
public sealed partial class TwoInputsNet : ITestModel
{
    [Parameter(9)] private partial Tensor W { get; }

    // The tests give a model all of its inputs in one array, one after the other.
    ReadOnlySpan<float> ITestModel.Forward(ReadOnlySpan<float> x) => Forward(x[..(x.Length / 10 * 9)], x[(x.Length / 10 * 9)..]);

    ReadOnlySpan<float> ITestModel.Predict(ReadOnlySpan<float> x) => Predict(x[..(x.Length / 10 * 9)], x[(x.Length / 10 * 9)..]);

    [Forward]
    private Tensor Forward([Shape(Batch, 9)] Tensor x, [Shape(Batch, 1)] Tensor scale) => x * scale + W;
}
