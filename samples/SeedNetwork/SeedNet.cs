using GraphGen;
using static GraphGen.Dim;
using static GraphGen.Ops;

namespace SeedNetwork;

/// <summary>Two convolutions and three linear layers: 224 x 224 coloured pixels to the logits of 101 classes.</summary>
[Model]
public sealed partial class SeedNet
{
    [Conv2d(3, 32, Kernel = 3)] private partial Tensor Conv1(Tensor x);
    [Conv2d(32, 64, Kernel = 3)] private partial Tensor Conv2(Tensor x);
    [Linear(256)] private partial Tensor Fc1(Tensor x);
    [Linear(128)] private partial Tensor Fc2(Tensor x);
    [Linear(101)] private partial Tensor Fc3(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, 3, 224, 224)] Tensor x)
    {
        x = MaxPool2d(Relu(Conv1(x)), 2);
        x = MaxPool2d(Relu(Conv2(x)), 2);
        return Fc3(Relu(Fc2(Relu(Fc1(Flatten(x))))));
    }

    [CrossEntropyLoss]
    private partial Tensor Loss(Tensor logits, [Shape(Batch)] IntTensor labels);
}
