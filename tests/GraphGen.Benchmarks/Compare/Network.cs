using GraphGen.Benchmarks.Models;
using GraphGen.Benchmarks.Onnx;
using SeedNetwork;

namespace GraphGen.Benchmarks.Compare;

/// <summary>A network that all sides of the comparison know.</summary>
/// <param name="Name">Its name in the peers' scripts.</param>
/// <param name="Title">Its name in the table.</param>
/// <param name="InputShape">The shape of a sample.</param>
/// <param name="Classes">The number of logits.</param>
/// <param name="Create">Constructs GraphGen's model for a capacity.</param>
/// <param name="Describe">Adds its layers to an ONNX graph.</param>
internal sealed record Network(
    string Name,
    string Title,
    int[] InputShape,
    int Classes,
    Func<int, IClassifier> Create,
    Action<OnnxGraph> Describe)
{
    internal static readonly Network[] All =
    [
        new("mlp", "MLP 784-128-64-10", [784], 10, maxBatch => new Mlp(maxBatch, seed: 1), graph =>
        {
            graph.Linear("fc1").Relu();
            graph.Linear("fc2").Relu();
            graph.Linear("fc3");
        }),
        new("cnn", "CNN 28x28", [1, 28, 28], 10, maxBatch => new Cnn(maxBatch, seed: 1), graph =>
        {
            graph.Conv("conv1").Relu().MaxPool(2);
            graph.Conv("conv2").Relu().MaxPool(2).Flatten();
            graph.Linear("fc1").Relu();
            graph.Linear("fc2");
        }),
        new("seed", "seed network 224x224", [3, 224, 224], 101, maxBatch => new SeedNet(maxBatch, seed: 1), graph =>
        {
            graph.Conv("conv1").Relu().MaxPool(2);
            graph.Conv("conv2").Relu().MaxPool(2).Flatten();
            graph.Linear("fc1").Relu();
            graph.Linear("fc2").Relu();
            graph.Linear("fc3");
        }),
    ];

    internal int InputLength => InputShape.Aggregate(1, (length, size) => length * size);
}
