using static GraphGen.Dim;
using static GraphGen.Ops;

namespace GraphGen.Tests.State;

/// <summary>The network of Golden/make_safetensors.py.</summary>
[Model]
public sealed partial class InteropNet
{
    [Conv2d(2, 4, Kernel = 3)] private partial Tensor Conv1(Tensor x);
    [Linear(5)] private partial Tensor Fc1(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, 2, 8, 8)] Tensor x) => Fc1(Flatten(MaxPool2d(Relu(Conv1(x)), 2)));

    [CrossEntropyLoss]
    private partial Tensor Loss(Tensor logits, [Shape(Batch)] IntTensor labels);
}

/// <summary>A network whose training depends on everything: dropout's masks, momentum, the order of the samples.</summary>
[Model]
public sealed partial class ResumedNet
{
    [Linear(6, 33)] private partial Tensor Fc1(Tensor x);
    [Dropout(0.3f)] private partial Tensor Drop(Tensor x);
    [Linear(3)] private partial Tensor Fc2(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, 6)] Tensor x) => Fc2(Drop(Relu(Fc1(x))));

    [CrossEntropyLoss]
    private partial Tensor Loss(Tensor logits, [Shape(Batch)] IntTensor labels);
}
