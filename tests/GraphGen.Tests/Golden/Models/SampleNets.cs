using static GraphGen.Dim;
using static GraphGen.Ops;

namespace GraphGen.Tests.Golden;

// Networks that train: the benchmark's MLP, the sample's without dropout, and two for the other settings of SGD.

[Model]
public sealed partial class Mlp : ILabelModel
{
    [Linear(784, 128)] private partial Tensor Fc1(Tensor x);
    [Linear(64)] private partial Tensor Fc2(Tensor x);
    [Linear(10)] private partial Tensor Fc3(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, 784)] Tensor x) => Fc3(Relu(Fc2(Relu(Fc1(x)))));

    [CrossEntropyLoss]
    private partial Tensor Loss(Tensor logits, [Shape(Batch)] IntTensor labels);
}

[Model]
public sealed partial class FashionNetWithoutDropout : ILabelModel
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

    [CrossEntropyLoss(LabelSmoothing = 0.1f)]
    private partial Tensor Loss(Tensor logits, [Shape(Batch)] IntTensor labels);
}

[Model]
public sealed partial class NesterovNet : ILabelModel
{
    [Conv2d(2, 6, Kernel = 3)] private partial Tensor Conv1(Tensor x);
    [Conv2d(6, 12, Kernel = 3)] private partial Tensor Conv2(Tensor x);
    [Linear(5)] private partial Tensor Fc(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, 2, 12, 11)] Tensor x)
    {
        x = MaxPool2d(Relu(Conv1(x)), 2);
        x = MaxPool2d(Relu(Conv2(x)), 2);
        return Fc(Flatten(x));
    }

    [CrossEntropyLoss]
    private partial Tensor Loss(Tensor logits, [Shape(Batch)] IntTensor labels);
}

[Model]
public sealed partial class RegressionNet : ITargetModel
{
    [Linear(9, 20)] private partial Tensor Fc1(Tensor x);
    [Parameter(20)] private partial Tensor Scale { get; }
    [Linear(3)] private partial Tensor Fc2(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, 9)] Tensor x) => Fc2(Tanh(Fc1(x)) * Scale);

    [MSELoss]
    private partial Tensor Loss(Tensor output, [Shape(Batch, 3)] Tensor target);
}
