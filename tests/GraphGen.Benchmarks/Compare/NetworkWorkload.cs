namespace GraphGen.Benchmarks.Compare;

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
    internal static new readonly NetworkWorkload[] All =
    [
        .. Of("mlp", WorkloadKind.Training, 32, 1, 64, 256),
        .. Of("cnn", WorkloadKind.Training, 64),
        .. Of("seed", WorkloadKind.Training, 32),
        .. Of("mlp", WorkloadKind.Inference, 1, 64),
        .. Of("cnn", WorkloadKind.Inference, 1, 64),
        .. Of("seed", WorkloadKind.Inference, 32),
    ];

    internal override Action Prepare(string folder) => new NetworkSide(this).Prepare(folder);

    /// <summary>PyTorch does all, ONNX Runtime infers.</summary>
    internal override IEnumerable<Peer> PeersOf(Peers peers, int threads, string folder)
    {
        if (Kind == WorkloadKind.Inference
            && peers.OnnxRuntime([$"{Batch}", $"{Network.Classes}", $"{threads}", folder, .. Network.InputShape.Select(size => $"{size}")]) is { } onnxRuntime)
        {
            yield return onnxRuntime;
        }

        if (peers.PyTorch("torch_network_peer.py", threads, Name, KindName, $"{Batch}", $"{threads}", folder) is { } pyTorch)
        {
            yield return pyTorch;
        }
    }

    private static IEnumerable<NetworkWorkload> Of(string network, WorkloadKind kind, params int[] batches) =>
        batches.Select(batch => new NetworkWorkload(Network.All.Single(candidate => candidate.Name == network), kind, batch));
}
