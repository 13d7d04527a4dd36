using static GraphGen.Dim;
using static GraphGen.Ops;

namespace GraphGen.Benchmarks.Models;

/// <summary>A transformer block of four heads over 128 tokens of 128 features, and a classifier of the tokens' mean into 65 classes.</summary>
[Model]
public sealed partial class GptBlock : IClassifier
{
    internal const int Tokens = 128;
    internal const int Width = 128;
    internal const int Heads = 4;
    internal const int HeadWidth = Width / Heads;
    internal const int Hidden = 4 * Width;
    internal const int Classes = 65;

    /// <summary>1 / √<see cref="HeadWidth"/>.</summary>
    internal const float AttentionScale = 0.1767767f;

    [Parameter(Width, Init = Initializer.Ones)] private partial Tensor Gain1 { get; }
    [Parameter(Width, Init = Initializer.Zeros)] private partial Tensor Offset1 { get; }
    [Parameter(Width, Init = Initializer.Ones)] private partial Tensor Gain2 { get; }
    [Parameter(Width, Init = Initializer.Zeros)] private partial Tensor Offset2 { get; }
    [Linear(Width, Width)] private partial Tensor Query(Tensor x);
    [Linear(Width, Width)] private partial Tensor Key(Tensor x);
    [Linear(Width, Width)] private partial Tensor Value(Tensor x);
    [Linear(Width, Width)] private partial Tensor Output(Tensor x);
    [Linear(Width, Hidden)] private partial Tensor Up(Tensor x);
    [Linear(Hidden, Width)] private partial Tensor Down(Tensor x);
    [Linear(Width, Classes)] private partial Tensor Head(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, Tokens, Width)] Tensor x)
    {
        Tensor h = LayerNorm(x, Gain1, Offset1);
        Tensor q = Permute(Reshape(Query(h), -1, Tokens, Heads, HeadWidth), 0, 2, 1, 3);    // [n, heads, tokens, 32]
        Tensor k = Permute(Reshape(Key(h), -1, Tokens, Heads, HeadWidth), 0, 2, 3, 1);      // [n, heads, 32, tokens]
        Tensor v = Permute(Reshape(Value(h), -1, Tokens, Heads, HeadWidth), 0, 2, 1, 3);    // [n, heads, tokens, 32]
        Tensor attention = Softmax(MatMul(q, k) * AttentionScale);                          // [n, heads, tokens, tokens]
        Tensor y = Reshape(Permute(MatMul(attention, v), 0, 2, 1, 3), -1, Tokens, Width);
        x = x + Output(y);
        x = x + Down(Gelu(Up(LayerNorm(x, Gain2, Offset2))));
        return Head(Mean(x, 1));
    }

    [CrossEntropyLoss]
    private partial Tensor Loss(Tensor logits, [Shape(Batch)] IntTensor labels);

    private Tensor LayerNorm(Tensor x, Tensor gain, Tensor offset)
    {
        Tensor centred = x - Mean(x, -1, keepDim: true);
        Tensor variance = Mean(centred * centred, -1, keepDim: true);
        return centred / Sqrt(variance + 1e-5f) * gain + offset;
    }
}
