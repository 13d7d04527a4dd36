using static GraphGen.Dim;
using static GraphGen.Ops;

namespace GraphGen.Benchmarks.Models;

// Models for single kernels: rows, elements, and products by what their epilogues do.

/// <summary>A chain of elementwise operations: one pass over memory.</summary>
[Model]
public sealed partial class ElementwiseChain
{
    internal const int Width = 4096;

    [Parameter(Width)] private partial Tensor Scale { get; }
    [Parameter(Width)] private partial Tensor Offset { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, Width)] Tensor x) => Sigmoid(Tanh(x * Scale) + Offset) * x;
}

/// <summary>Cross-entropy of 1,000 classes and its gradient: one row kernel.</summary>
[Model]
public sealed partial class SoftmaxRows
{
    internal const int Classes = 1000;

    [Parameter(Classes)] private partial Tensor Scale { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, Classes)] Tensor x) => x * Scale;

    [CrossEntropyLoss]
    private partial Tensor Loss(Tensor logits, [Shape(Batch)] IntTensor labels);
}

/// <summary>Layer normalisation, composed of means and a root: one row kernel.</summary>
[Model]
public sealed partial class LayerNormRows
{
    internal const int Width = 768;

    [Parameter(Width, Init = Initializer.Ones)] private partial Tensor Gain { get; }
    [Parameter(Width, Init = Initializer.Zeros)] private partial Tensor Offset { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, Width)] Tensor x)
    {
        Tensor centred = x - Mean(x, -1, keepDim: true);
        return centred / Sqrt(Mean(centred * centred, -1, keepDim: true) + 1e-5f) * Gain + Offset;
    }
}

/// <summary>The product of a transformer's feed-forward network, without its activation.</summary>
[Model]
public sealed partial class PlainProduct
{
    internal const int Tokens = 128;
    internal const int Width = 128;

    [Linear(4 * Width)] private partial Tensor Fc(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, Tokens, Width)] Tensor x) => Fc(x);
}

/// <summary>The same with GELU in its epilogue.</summary>
[Model]
public sealed partial class GeluProduct
{
    [Linear(4 * PlainProduct.Width)] private partial Tensor Fc(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, PlainProduct.Tokens, PlainProduct.Width)] Tensor x) => Gelu(Fc(x));
}
