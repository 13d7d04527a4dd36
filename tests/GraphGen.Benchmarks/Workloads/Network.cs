using GraphGen.Benchmarks.Models;
using GraphGen.Benchmarks.Onnx;
using SeedNetwork;

namespace GraphGen.Benchmarks.Workloads;

/// <summary>A network that all sides of the comparison know.</summary>
/// <param name="Name">Its name in the peers' programs.</param>
/// <param name="Title">Its name in the table.</param>
/// <param name="InputShape">The shape of a sample.</param>
/// <param name="Classes">The number of logits.</param>
/// <param name="Create">Constructs GraphGen's model for a capacity.</param>
/// <param name="Products">Its products and convolutions.</param>
/// <param name="Describe">Adds its layers to an ONNX graph behind an input, for a batch size; returns the name of the logits.</param>
internal sealed record Network(
    string Name,
    string Title,
    int[] InputShape,
    int Classes,
    Func<int, IClassifier> Create,
    Product[] Products,
    Func<OnnxGraph, string, int, string> Describe)
{
    internal static readonly Network[] All =
    [
        new("mlp", "MLP 784-128-64-10", [784], 10, maxBatch => new Mlp(maxBatch, seed: 1),
            [Product.Linear(784, 128).First(), Product.Linear(128, 64), Product.Linear(64, 10)],
            (graph, x, _) =>
            {
                x = graph.Relu(graph.Linear(x, "fc1"));
                x = graph.Relu(graph.Linear(x, "fc2"));
                return graph.Linear(x, "fc3");
            }),
        new("cnn", "CNN 28x28", [1, 28, 28], 10, maxBatch => new Cnn(maxBatch, seed: 1),
            [Product.PooledConvolution(1, 32, 3, 13).First(), Product.PooledConvolution(32, 64, 3, 5), Product.Linear(1600, 128), Product.Linear(128, 10)],
            (graph, x, _) =>
            {
                x = graph.Relu(graph.Linear(graph.Flatten(Convolutions(graph, x)), "fc1"));
                return graph.Linear(x, "fc2");
            }),
        new("seed", "seed network 224x224", [3, 224, 224], 101, maxBatch => new SeedNet(maxBatch, seed: 1),
            [
                Product.PooledConvolution(3, 32, 3, 111).First(), Product.PooledConvolution(32, 64, 3, 54),
                Product.Linear(186_624, 256), Product.Linear(256, 128), Product.Linear(128, 101),
            ],
            (graph, x, _) =>
            {
                x = graph.Relu(graph.Linear(graph.Flatten(Convolutions(graph, x)), "fc1"));
                x = graph.Relu(graph.Linear(x, "fc2"));
                return graph.Linear(x, "fc3");
            }),
        new("gpt", "transformer block", [GptBlock.Tokens, GptBlock.Width], GptBlock.Classes, maxBatch => new GptBlock(maxBatch, seed: 1),
            TransformerBlock.Products, TransformerBlock.Describe),
    ];

    /// <summary>Whether a sample is channels of rows of columns.</summary>
    internal bool HasImages => InputShape.Length == 3;

    internal int InputLength => InputShape.Aggregate(1, (length, size) => length * size);

    private static string Convolutions(OnnxGraph graph, string x)
    {
        x = graph.MaxPool(graph.Relu(graph.Conv(x, "conv1")), 2);
        return graph.MaxPool(graph.Relu(graph.Conv(x, "conv2")), 2);
    }
}
