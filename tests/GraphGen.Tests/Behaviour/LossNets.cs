using static GraphGen.Dim;
using static GraphGen.Ops;

namespace GraphGen.Tests.Behaviour;

/// <summary>Negative log-likelihood of what it is given, moved by a parameter: the gradient by it is the sum of the rows'.</summary>
[Model]
public sealed partial class NllNet
{
    [Parameter(3, Init = Initializer.Zeros)] private partial Tensor Shift { get; }

    [Forward] private Tensor Forward([Shape(Batch, 3)] Tensor x) => x + Shift;

    [NLLLoss(IgnoreIndex = 2, Weight = new[] { 0f, 2f, 1f })]
    private partial Tensor Loss(Tensor output, [Shape(Batch)] IntTensor labels);
}

/// <summary>The hinge loss of classes, which ignores none.</summary>
[Model]
public sealed partial class MultiMarginNet
{
    [Forward] private Tensor Forward([Shape(Batch, 3)] Tensor x) => Relu(x);

    [MultiMarginLoss]
    private partial Tensor Loss(Tensor output, [Shape(Batch)] IntTensor labels);
}

/// <summary>The hinge loss of many labels, whose lists end at -1.</summary>
[Model]
public sealed partial class MultiLabelMarginNet
{
    [Forward] private Tensor Forward([Shape(Batch, 3)] Tensor x) => Relu(x);

    [MultiLabelMarginLoss]
    private partial Tensor Loss(Tensor output, [Shape(Batch, 3)] IntTensor labels);
}

/// <summary>Classes a pixel.</summary>
[Model]
public sealed partial class PixelNet
{
    [Conv2d(3, Kernel = 3, Padding = 1)] private partial Tensor Conv(Tensor x);

    [Forward] private Tensor Forward([Shape(Batch, 1, 4, 5)] Tensor image) => Conv(image);

    [CrossEntropyLoss(IgnoreIndex = 255)]
    private partial Tensor Loss(Tensor logits, [Shape(Batch, 4, 5)] IntTensor labels);
}

/// <summary>Regression of two numbers.</summary>
[Model]
public sealed partial class RegressionNet
{
    [Linear(2)] private partial Tensor Fc(Tensor x);

    [Forward] private Tensor Forward([Shape(Batch, 3)] Tensor x) => Fc(x);

    [SmoothL1Loss]
    private partial Tensor Loss(Tensor output, [Shape(Batch, 2)] Tensor target);
}
