using static GraphGen.Dim;
using static GraphGen.Ops;

namespace GraphGen.Tests.Golden;

// Convolution and pooling. Most have two layers, so that the gradient of an input flows too.

[Model]
public sealed partial class ConvNet : ITestModel
{
    [Conv2d(3, 5, Kernel = 3)] private partial Tensor Conv1(Tensor x);
    [Conv2d(5, 4, Kernel = 3)] private partial Tensor Conv2(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, 3, 9, 11)] Tensor x) => Conv2(Relu(Conv1(x)));
}

[Model]
public sealed partial class ConvStrideNet : ITestModel
{
    [Conv2d(8, Kernel = 3, Stride = 2, Padding = 1)] private partial Tensor Conv1(Tensor x);
    [Conv2d(6, Kernel = 3, Stride = 2, Padding = 1)] private partial Tensor Conv2(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, 2, 13, 10)] Tensor x) => Conv2(Relu(Conv1(x)));
}

[Model]
public sealed partial class ConvKernel5Net : ITestModel
{
    [Conv2d(3, 7, Kernel = 5, Stride = 3, Padding = 2)] private partial Tensor Conv1(Tensor x);
    [Conv2d(7, 3, Kernel = 4, Padding = 1)] private partial Tensor Conv2(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, 3, 14, 11)] Tensor x) => Conv2(Tanh(Conv1(x)));
}

[Model]
public sealed partial class ConvDilationNet : ITestModel
{
    [Conv2d(3, 7, Kernel = 3, Dilation = 2, Padding = 2)] private partial Tensor Conv1(Tensor x);
    [Conv2d(7, 3, Kernel = 3, Dilation = 2)] private partial Tensor Conv2(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, 3, 11, 12)] Tensor x) => Conv2(Relu(Conv1(x)));
}

[Model]
public sealed partial class ConvGroupsNet : ITestModel
{
    [Conv2d(4, 8, Kernel = 3, Groups = 2, Padding = 1)] private partial Tensor Conv1(Tensor x);
    [Conv2d(8, 6, Kernel = 3, Groups = 2, Padding = 1)] private partial Tensor Conv2(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, 4, 8, 7)] Tensor x) => Conv2(Relu(Conv1(x)));
}

[Model]
public sealed partial class ConvDepthwiseNet : ITestModel
{
    [Conv2d(8, 8, Kernel = 3, Groups = 8, Padding = 1)] private partial Tensor Conv1(Tensor x);
    [Conv2d(8, 16, Kernel = 3, Groups = 8, Padding = 1)] private partial Tensor Conv2(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, 8, 7, 9)] Tensor x) => Conv2(Relu(Conv1(x)));
}

[Model]
public sealed partial class Conv1x1Net : ITestModel
{
    [Conv2d(17, 19, Kernel = 1)] private partial Tensor Conv1(Tensor x);
    [Conv2d(19, 5, Kernel = 1)] private partial Tensor Conv2(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, 17, 5, 6)] Tensor x) => Conv2(Relu(Conv1(x)));
}

[Model]
public sealed partial class ConvNoBiasNet : ITestModel
{
    [Conv2d(3, 6, Kernel = 3, Bias = false)] private partial Tensor Conv1(Tensor x);
    [Conv2d(6, 4, Kernel = 3, Bias = false)] private partial Tensor Conv2(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, 3, 8, 8)] Tensor x) => Conv2(Relu(Conv1(x)));
}

[Model]
public sealed partial class ConvWideNet : ITestModel
{
    [Conv2d(1, 33, Kernel = 3)] private partial Tensor Conv1(Tensor x);
    [Conv2d(33, 35, Kernel = 3)] private partial Tensor Conv2(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, 1, 10, 9)] Tensor x) => Conv2(Relu(Conv1(x)));
}

[Model]
public sealed partial class ConvFunctionalNet : ITestModel
{
    [Parameter(3, 1, 1)] private partial Tensor V { get; }
    [Parameter(5, 3, 3, 3)] private partial Tensor W { get; }
    [Parameter(5)] private partial Tensor B { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 3, 9, 8)] Tensor x) => Conv2d(x * V, W, B, stride: 2, padding: 1);
}

[Model]
public sealed partial class ConvPoolNet : ITestModel
{
    [Conv2d(2, 9, Kernel = 3)] private partial Tensor Conv1(Tensor x);
    [Conv2d(9, 18, Kernel = 3)] private partial Tensor Conv2(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, 2, 15, 13)] Tensor x)
    {
        x = MaxPool2d(Relu(Conv1(x)), 2);
        return MaxPool2d(Relu(Conv2(x)), 2);
    }
}

/// <summary>The second and third convolution are made by Winograd's transforms; windows of odd planes leave a row or a column over.</summary>
[Model]
public sealed partial class ConvWinogradNet : ITestModel
{
    [Conv2d(3, 16, Kernel = 3, Padding = 1)] private partial Tensor Conv1(Tensor x);
    [Conv2d(16, 32, Kernel = 3, Padding = 1)] private partial Tensor Conv2(Tensor x);
    [Conv2d(32, 64, Kernel = 3, Padding = 1, Bias = false)] private partial Tensor Conv3(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, 3, 19, 14)] Tensor x)
    {
        x = MaxPool2d(Relu(Conv1(x)), 2);
        x = MaxPool2d(Relu(Conv2(x)), 2);
        return Tanh(MaxPool2d(Conv3(x), 2));
    }
}

[Model]
public sealed partial class ConvPoolOverlapNet : ITestModel
{
    [Conv2d(2, 6, Kernel = 3, Padding = 1)] private partial Tensor Conv1(Tensor x);
    [Conv2d(6, 4, Kernel = 3)] private partial Tensor Conv2(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, 2, 12, 11)] Tensor x) => Conv2(MaxPool2d(Relu(Conv1(x)), 3, 2, 1));
}

[Model]
public sealed partial class ConvPoolPlainNet : ITestModel
{
    [Conv2d(2, 6, Kernel = 3)] private partial Tensor Conv1(Tensor x);
    [Conv2d(6, 4, Kernel = 3, Padding = 1)] private partial Tensor Conv2(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, 2, 10, 10)] Tensor x) => Relu(MaxPool2d(Conv2(Tanh(MaxPool2d(Conv1(x), 2))), 2));
}

[Model]
public sealed partial class ConvAvgPoolNet : ITestModel
{
    [Conv2d(2, 6, Kernel = 3)] private partial Tensor Conv1(Tensor x);
    [Conv2d(6, 4, Kernel = 3, Padding = 1)] private partial Tensor Conv2(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, 2, 12, 10)] Tensor x) => AvgPool2d(Conv2(AvgPool2d(Relu(Conv1(x)), 2)), 2);
}

[Model]
public sealed partial class MaxPoolTiesNet : ITestModel
{
    [Parameter(3, 8, 9)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 3, 8, 9)] Tensor x) => MaxPool2d(x + W, 2);
}

[Model]
public sealed partial class MaxPoolPaddedNet : ITestModel
{
    [Parameter(3, 8, 9)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 3, 8, 9)] Tensor x) => MaxPool2d(x * W, 3, stride: 1, padding: 1);
}

[Model]
public sealed partial class AvgPoolPaddedNet : ITestModel
{
    [Parameter(3, 9, 8)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 3, 9, 8)] Tensor x) => AvgPool2d(x * W, 3, 2, 1);
}

[Model]
public sealed partial class AvgPoolUncountedNet : ITestModel
{
    [Parameter(3, 9, 8)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 3, 9, 8)] Tensor x) => AvgPool2d(x * W, 3, 2, 1, countIncludePad: false);
}

[Model]
public sealed partial class ResidualNet : ITestModel
{
    [Conv2d(4, 4, Kernel = 3, Padding = 1)] private partial Tensor Conv1(Tensor x);
    [Conv2d(4, 4, Kernel = 3, Padding = 1)] private partial Tensor Conv2(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, 4, 7, 6)] Tensor x) => Relu(x + Conv2(Relu(Conv1(x))));
}
