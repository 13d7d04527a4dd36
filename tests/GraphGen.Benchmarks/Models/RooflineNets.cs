using static GraphGen.Dim;
using static GraphGen.Ops;

namespace GraphGen.Benchmarks.Models;

// Models whose cost is one kernel. A model without a loss is seeded with an output gradient.

/// <summary>Forward is a matrix product of 512 x 512 x 512 for a batch of 512, backward the gradient of W alone.</summary>
[Model]
public sealed partial class MatMul512
{
    internal const int Size = 512;

    [Parameter(Size, Size)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, Size)] Tensor x) => MatMul(x, W);
}

/// <summary>The same behind an addition whose gradient needs the product's input's: backward has that product more.</summary>
[Model]
public sealed partial class MatMul512WithInputGradient
{
    [Parameter(MatMul512.Size)] private partial Tensor P { get; }
    [Parameter(MatMul512.Size, MatMul512.Size)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, MatMul512.Size)] Tensor x) => MatMul(x + P, W);
}

/// <summary>The seed network's second convolution on an image given: backward is the gradient of its weights alone.</summary>
[Model]
public sealed partial class SecondConvolution
{
    [Conv2d(32, 64, Kernel = 3)] private partial Tensor Conv2(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, 32, 111, 111)] Tensor x) => MaxPool2d(Relu(Conv2(x)), 2);
}

/// <summary>
/// The same behind a 1 x 1 convolution of one channel, which costs less than a hundredth of it: its input is in the layout
/// that a layer before it chose, as in the seed network, and has a gradient.
/// </summary>
[Model]
public sealed partial class SecondConvolutionWithInputGradient
{
    [Conv2d(1, 32, Kernel = 1)] private partial Tensor Conv1(Tensor x);
    [Conv2d(32, 64, Kernel = 3)] private partial Tensor Conv2(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, 1, 111, 111)] Tensor x) => MaxPool2d(Relu(Conv2(Conv1(x))), 2);
}
