using GraphGen;
using static GraphGen.Dim;
using static GraphGen.Ops;

namespace Finetune;

/// <summary>Two convolutions, a linear layer, and a head with the logits of four kinds: 28 x 28 grey pixels in.</summary>
[Model]
public sealed partial class ClothesNet
{
    [Conv2d(1, 16, Kernel = 3)] private partial Tensor Conv1(Tensor x);
    [Conv2d(16, 32, Kernel = 3)] private partial Tensor Conv2(Tensor x);
    [Linear(64)] private partial Tensor Fc(Tensor x);
    [Dropout(0.25f)] private partial Tensor Drop(Tensor x);
    [Linear(4)] private partial Tensor Head(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, 1, 28, 28)] Tensor x)
    {
        x = MaxPool2d(Relu(Conv1(x)), 2);
        x = MaxPool2d(Relu(Conv2(x)), 2);
        return Head(Drop(Relu(Fc(Flatten(x)))));
    }

    [CrossEntropyLoss]
    private partial Tensor Loss(Tensor logits, [Shape(Batch)] IntTensor labels);
}
