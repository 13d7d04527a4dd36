using GraphGen;
using static GraphGen.Dim;
using static GraphGen.Ops;

namespace FashionMnist;

/// <summary>Two convolutions and two linear layers: 28 x 28 grey pixels to the logits of ten kinds of clothing.</summary>
[Model]
public sealed partial class FashionNet
{
    [Conv2d(1, 32, Kernel = 3)] private partial Tensor Conv1(Tensor x);
    [Conv2d(32, 64, Kernel = 3)] private partial Tensor Conv2(Tensor x);
    [Linear(128)] private partial Tensor Fc1(Tensor x);
    [Dropout(0.25f)] private partial Tensor Drop(Tensor x);
    [Linear(10)] private partial Tensor Fc2(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, 1, 28, 28)] Tensor x)
    {
        x = MaxPool2d(Relu(Conv1(x)), 2);
        x = MaxPool2d(Relu(Conv2(x)), 2);
        return Fc2(Drop(Relu(Fc1(Flatten(x)))));
    }

    [CrossEntropyLoss(LabelSmoothing = 0.1f)]
    private partial Tensor Loss(Tensor logits, [Shape(Batch)] IntTensor labels);
}
