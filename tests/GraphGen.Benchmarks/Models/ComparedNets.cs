using static GraphGen.Dim;
using static GraphGen.Ops;

namespace GraphGen.Benchmarks.Models;

/// <summary>784-128-64-10 with relu.</summary>
[Model]
public sealed partial class Mlp : IClassifier
{
    [Linear(784, 128)] private partial Tensor Fc1(Tensor x);
    [Linear(64)] private partial Tensor Fc2(Tensor x);
    [Linear(10)] private partial Tensor Fc3(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, 784)] Tensor x) => Fc3(Relu(Fc2(Relu(Fc1(x)))));

    [CrossEntropyLoss]
    private partial Tensor Loss(Tensor logits, [Shape(Batch)] IntTensor labels);
}

/// <summary>The sample's network for 28 x 28 images, without dropout and label smoothing.</summary>
[Model]
public sealed partial class Cnn : IClassifier
{
    [Conv2d(1, 32, Kernel = 3)] private partial Tensor Conv1(Tensor x);
    [Conv2d(32, 64, Kernel = 3)] private partial Tensor Conv2(Tensor x);
    [Linear(128)] private partial Tensor Fc1(Tensor x);
    [Linear(10)] private partial Tensor Fc2(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, 1, 28, 28)] Tensor x)
    {
        x = MaxPool2d(Relu(Conv1(x)), 2);
        x = MaxPool2d(Relu(Conv2(x)), 2);
        return Fc2(Relu(Fc1(Flatten(x))));
    }

    [CrossEntropyLoss]
    private partial Tensor Loss(Tensor logits, [Shape(Batch)] IntTensor labels);
}
