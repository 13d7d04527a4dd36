using static GraphGen.Dim;
using static GraphGen.Ops;

namespace GraphGen.Resume;

/// <summary>A small classifier with dropout: its training depends on where its random numbers are.</summary>
[Model]
public sealed partial class ResumedNet
{
    [Linear(20, 64)] private partial Tensor Fc1(Tensor x);
    [Dropout(0.2f)] private partial Tensor Drop1(Tensor x);
    [Linear(48)] private partial Tensor Fc2(Tensor x);
    [Dropout(0.2f)] private partial Tensor Drop2(Tensor x);
    [Linear(4)] private partial Tensor Fc3(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, 20)] Tensor x) => Fc3(Drop2(Relu(Fc2(Drop1(Relu(Fc1(x)))))));

    [CrossEntropyLoss]
    private partial Tensor Loss(Tensor logits, [Shape(Batch)] IntTensor labels);
}
