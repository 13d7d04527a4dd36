using GraphGen.Benchmarks.Sides;

namespace GraphGen.Benchmarks.Workloads;

internal enum WorkloadKind
{
    /// <summary>One step: zero the gradients, forward, loss, backward, SGD with momentum.</summary>
    Training,

    /// <summary>One prediction of the whole batch.</summary>
    Inference,
}

/// <summary>A network, a batch size and what is done with it.</summary>
internal sealed record NetworkWorkload(Network Network, WorkloadKind Kind, int Batch)
    : Workload(Network.Name, $"{Network.Title}, B={Batch}", Kind == WorkloadKind.Training ? "training" : "inference")
{
    // Gradients, values, momenta.
    private const int SgdBuffers = 3;

    internal static new readonly NetworkWorkload[] All =
    [
        .. Of("mlp", WorkloadKind.Training, 1, 32, 64, 256),
        .. Of("cnn", WorkloadKind.Training, 64),
        .. Of("seed", WorkloadKind.Training, 32),
        .. Of("gpt", WorkloadKind.Training, 16),
        .. Of("mlp", WorkloadKind.Inference, 1, 64),
        .. Of("cnn", WorkloadKind.Inference, 1, 64),
        .. Of("seed", WorkloadKind.Inference, 32),
        .. Of("gpt", WorkloadKind.Inference, 16),
    ];

    internal override string[] Arguments => ["network", Name, KindName, $"{Batch}"];

    internal override Action Prepare(string folder, string check) => new NetworkSide(this).Prepare(folder, check);

    internal override Need Need()
    {
        double operations = Batch * Network.Products.Sum(product =>
            product.ForwardOperations + (Kind == WorkloadKind.Training ? product.BackwardOperations : 0));
        return Kind == WorkloadKind.Training
            ? new Need(operations, SgdBuffers, Network.Create(1).Parameters.Sum(parameter => parameter.Length))
            : new Need(operations, 0, 0);
    }

    private static IEnumerable<NetworkWorkload> Of(string network, WorkloadKind kind, params int[] batches) =>
        batches.Select(batch => new NetworkWorkload(Network.All.Single(candidate => candidate.Name == network), kind, batch));
}
