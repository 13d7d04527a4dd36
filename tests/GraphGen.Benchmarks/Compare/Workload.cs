namespace GraphGen.Benchmarks.Compare;

internal enum WorkloadKind
{
    /// <summary>One step: zero the gradients, forward, loss, backward, SGD with momentum.</summary>
    Training,

    /// <summary>One prediction of the whole batch.</summary>
    Inference,
}

/// <summary>A network, a batch size and what is done with it.</summary>
internal sealed record Workload(Network Network, WorkloadKind Kind, int Batch)
{
    internal static readonly Workload[] All =
    [
        .. Of("mlp", WorkloadKind.Training, 32, 1, 64, 256),
        .. Of("cnn", WorkloadKind.Training, 64),
        .. Of("seed", WorkloadKind.Training, 32),
        .. Of("mlp", WorkloadKind.Inference, 1, 64),
        .. Of("cnn", WorkloadKind.Inference, 1, 64),
        .. Of("seed", WorkloadKind.Inference, 32),
    ];

    internal string Title => $"{Network.Title}, B={Batch}";

    internal string KindName => Kind == WorkloadKind.Training ? "training" : "inference";

    private static IEnumerable<Workload> Of(string network, WorkloadKind kind, params int[] batches) =>
        batches.Select(batch => new Workload(Network.All.Single(candidate => candidate.Name == network), kind, batch));
}
