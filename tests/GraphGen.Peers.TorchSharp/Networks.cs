using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GraphGen.Peers;

/// <summary>The compared networks. Their parameters are in the order of weights.bin.</summary>
internal static class Networks
{
    /// <summary>The network of a name, and the shape of a sample.</summary>
    internal static (Module<Tensor, Tensor> Net, long[] Shape) Create(string name) => name switch
    {
        "mlp" => (Sequential(Linear(784, 128), ReLU(), Linear(128, 64), ReLU(), Linear(64, 10)), [784]),
        "cnn" => (Sequential([.. Convolutions(1), Linear(1600, 128), ReLU(), Linear(128, 10)]), [1, 28, 28]),
        "seed" => (Sequential([.. Convolutions(3), Linear(186_624, 256), ReLU(), Linear(256, 128), ReLU(), Linear(128, 101)]), [3, 224, 224]),
        "gpt" => (new GptBlock(), [128, 128]),
        _ => throw new ArgumentException($"There is no network '{name}'.", nameof(name)),
    };

    private static Module<Tensor, Tensor>[] Convolutions(int channels) =>
    [
        Conv2d(channels, 32, 3), ReLU(), MaxPool2d(2), Conv2d(32, 64, 3), ReLU(), MaxPool2d(2), Flatten(),
    ];
}

/// <summary>A transformer block of 4 heads over 128 features, and a classifier of its mean: [n, 128, 128] to [n, 65].</summary>
internal sealed class GptBlock : Module<Tensor, Tensor>
{
    private readonly LayerNorm _norm1 = LayerNorm(128);
    private readonly LayerNorm _norm2 = LayerNorm(128);
    private readonly Linear _query = Linear(128, 128);
    private readonly Linear _key = Linear(128, 128);
    private readonly Linear _value = Linear(128, 128);
    private readonly Linear _output = Linear(128, 128);
    private readonly Linear _up = Linear(128, 512);
    private readonly Linear _down = Linear(512, 128);
    private readonly Linear _head = Linear(128, 65);

    internal GptBlock()
        : base(nameof(GptBlock)) => RegisterComponents();

    public override Tensor forward(Tensor x)
    {
        Tensor h = _norm1.call(x);
        Tensor attended = functional.scaled_dot_product_attention(Heads(_query.call(h)), Heads(_key.call(h)), Heads(_value.call(h)));
        x = x + _output.call(attended.transpose(1, 2).reshape(x.shape));
        x = x + _down.call(functional.gelu(_up.call(_norm2.call(x))));
        return _head.call(x.mean([1]));

        // [n, 128, 128] to [n, 4, 128, 32]
        static Tensor Heads(Tensor rows) => rows.view(rows.shape[0], rows.shape[1], 4, 32).transpose(1, 2);
    }
}
