using static GraphGen.Dim;
using static GraphGen.Ops;

namespace GraphGen.Tests.Golden;

// Every loss, behind one linear layer.

[Model]
public sealed partial class CrossEntropyNet : ILabelModel
{
    [Linear(11, 7)] private partial Tensor Fc(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, 11)] Tensor x) => Fc(x);

    [CrossEntropyLoss]
    private partial Tensor Loss(Tensor logits, [Shape(Batch)] IntTensor labels);
}

[Model]
public sealed partial class CrossEntropySumNet : ILabelModel
{
    [Linear(11, 7)] private partial Tensor Fc(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, 11)] Tensor x) => Fc(x);

    [CrossEntropyLoss(Reduction = Reduction.Sum)]
    private partial Tensor Loss(Tensor logits, [Shape(Batch)] IntTensor labels);
}

[Model]
public sealed partial class CrossEntropySmoothNet : ILabelModel
{
    [Linear(11, 7)] private partial Tensor Fc(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, 11)] Tensor x) => Fc(x);

    [CrossEntropyLoss(LabelSmoothing = 0.1f)]
    private partial Tensor Loss(Tensor logits, [Shape(Batch)] IntTensor labels);
}

[Model]
public sealed partial class CrossEntropyIgnoreNet : ILabelModel
{
    [Linear(11, 7)] private partial Tensor Fc(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, 11)] Tensor x) => Fc(x);

    [CrossEntropyLoss(IgnoreIndex = 3)]
    private partial Tensor Loss(Tensor logits, [Shape(Batch)] IntTensor labels);
}

[Model]
public sealed partial class CrossEntropyWeightNet : ILabelModel
{
    [Linear(11, 7)] private partial Tensor Fc(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, 11)] Tensor x) => Fc(x);

    [CrossEntropyLoss(Weight = new[] { 0.5f, 1, 2, 0.25f, 1.5f, 1, 3 })]
    private partial Tensor Loss(Tensor logits, [Shape(Batch)] IntTensor labels);
}

[Model]
public sealed partial class CrossEntropyGivenWeightNet : ILabelModel
{
    private static readonly float[] Weight = [0.5f, 1, 2, 0.25f, 1.5f, 1, 3];

    [Linear(11, 7)] private partial Tensor Fc(Tensor x);

    float ILabelModel.Loss(ReadOnlySpan<int> labels) => Loss(labels, Weight);

    float ILabelModel.Evaluate(ReadOnlySpan<float> x, ReadOnlySpan<int> labels) => Evaluate(x, labels, Weight);

    [Forward]
    private Tensor Forward([Shape(Batch, 11)] Tensor x) => Fc(x);

    [CrossEntropyLoss]
    private partial Tensor Loss(Tensor logits, [Shape(Batch)] IntTensor labels, [Shape(7)] Tensor weight);
}

[Model]
public sealed partial class CrossEntropyAllNet : ILabelModel
{
    [Linear(11, 7)] private partial Tensor Fc(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, 11)] Tensor x) => Fc(x);

    [CrossEntropyLoss(Weight = new[] { 0.5f, 1, 2, 0.25f, 1.5f, 1, 3 }, LabelSmoothing = 0.2f, IgnoreIndex = -1)]
    private partial Tensor Loss(Tensor logits, [Shape(Batch)] IntTensor labels);
}

[Model]
public sealed partial class CrossEntropyAllSumNet : ILabelModel
{
    [Linear(11, 7)] private partial Tensor Fc(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, 11)] Tensor x) => Fc(x);

    [CrossEntropyLoss(Weight = new[] { 0.5f, 1, 2, 0.25f, 1.5f, 1, 3 }, LabelSmoothing = 0.2f, Reduction = Reduction.Sum)]
    private partial Tensor Loss(Tensor logits, [Shape(Batch)] IntTensor labels);
}

[Model]
public sealed partial class MseNet : ITargetModel
{
    [Linear(11, 7)] private partial Tensor Fc(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, 11)] Tensor x) => Fc(x);

    [MSELoss]
    private partial Tensor Loss(Tensor output, [Shape(Batch, 7)] Tensor target);
}

[Model]
public sealed partial class MseSumNet : ITargetModel
{
    [Linear(11, 7)] private partial Tensor Fc(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, 11)] Tensor x) => Fc(x);

    [MSELoss(Reduction = Reduction.Sum)]
    private partial Tensor Loss(Tensor output, [Shape(Batch, 7)] Tensor target);
}

[Model]
public sealed partial class L1Net : ITargetModel
{
    [Linear(11, 7)] private partial Tensor Fc(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, 11)] Tensor x) => Fc(x);

    [L1Loss]
    private partial Tensor Loss(Tensor output, [Shape(Batch, 7)] Tensor target);
}

[Model]
public sealed partial class L1SumNet : ITargetModel
{
    [Linear(11, 7)] private partial Tensor Fc(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, 11)] Tensor x) => Fc(x);

    [L1Loss(Reduction = Reduction.Sum)]
    private partial Tensor Loss(Tensor output, [Shape(Batch, 7)] Tensor target);
}

[Model]
public sealed partial class CrossEntropyFunctionNet : ILabelModel
{
    [Linear(11, 7)] private partial Tensor Fc(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, 11)] Tensor x) => Fc(x);

    [Loss]
    private Tensor Loss(Tensor logits, [Shape(Batch)] IntTensor labels) => CrossEntropy(logits / 2, labels, labelSmoothing: 0.1f);
}

[Model]
public sealed partial class PlainLossNet : IPlainLossModel
{
    [Linear(11, 7)] private partial Tensor Fc(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, 11)] Tensor x) => Fc(x);

    [Loss]
    private Tensor Loss(Tensor output) => Mean(Exp(output) - output);
}

[Model]
public sealed partial class RegularisedNet : ITargetModel
{
    [Parameter(11, 7)] private partial Tensor W { get; }
    [Parameter(7)] private partial Tensor B { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 11)] Tensor x) => MatMul(x, W) + B;

    [Loss]
    private Tensor Loss(Tensor output, [Shape(Batch, 7)] Tensor target)
    {
        Tensor difference = output - target;
        return Mean(difference * difference) + 0.01f * Sum(Abs(W)) + 0.1f * Mean(Max(output, 1));
    }
}
