using GraphGen;
using static GraphGen.Dim;
using static GraphGen.Ops;

namespace Siamese;

/// <summary>One network, called for three images with the same weights: each becomes a point on the unit sphere.</summary>
[Model]
public sealed partial class SiameseNet
{
    /// <summary>The numbers that an image becomes.</summary>
    internal const int Size = 64;

    [Conv2d(1, 16, Kernel = 3)] private partial Tensor Conv1(Tensor x);
    [Conv2d(16, 32, Kernel = 3)] private partial Tensor Conv2(Tensor x);
    [Linear(Size)] private partial Tensor Fc(Tensor x);

    [Forward]
    private (Tensor Anchor, Tensor Positive, Tensor Negative) Forward(
        [Shape(Batch, 1, 28, 28)] Tensor first,
        [Shape(Batch, 1, 28, 28)] Tensor second,
        [Shape(Batch, 1, 28, 28)] Tensor third) => (Embed(first), Embed(second), Embed(third));

    /// <summary>A negative is to be farther from its anchor than the positive, by 0.5.</summary>
    [TripletMarginLoss(Margin = 0.5)]
    private partial Tensor Loss(Tensor anchor, Tensor positive, Tensor negative);

    private Tensor Embed(Tensor x)
    {
        x = MaxPool2d(Relu(Conv1(x)), 2); // [n, 16, 13, 13]
        x = MaxPool2d(Relu(Conv2(x)), 2); // [n, 32, 5, 5]
        x = Fc(Flatten(x));
        return x / Norm(x, p: 2, dim: 1, keepDim: true);
    }
}
