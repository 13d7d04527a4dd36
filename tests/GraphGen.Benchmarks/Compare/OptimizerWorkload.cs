namespace GraphGen.Benchmarks.Compare;

/// <summary>One step of an optimizer over a single parameter whose gradient stays the same.</summary>
/// <param name="Optimizer">The optimizer's class in PyTorch, and here.</param>
/// <param name="Options">What the title says of its options.</param>
/// <param name="Length">How many values the parameter has.</param>
/// <param name="Streams">Buffers that a step reads, and buffers that it writes, together.</param>
/// <param name="Create">Constructs GraphGen's optimizer with a learning rate.</param>
internal sealed record OptimizerWorkload(string Optimizer, string Options, int Length, int Streams, Func<ParameterBlock, double, Optimizer> Create)
    : Workload(Optimizer, $"{Optimizer}{Options}, {Length / 1_000_000} million", "optimizer")
{
    // Values, gradients and states are read; values and states are written.
    internal static new readonly OptimizerWorkload[] All =
    [
        .. Of("SGD", " with momentum", 5, (parameters, lr) => new SGD(parameters, lr, momentum: 0.9)),
        .. Of("Adam", string.Empty, 7, (parameters, lr) => new Adam(parameters, lr)),
        .. Of("AdamW", string.Empty, 7, (parameters, lr) => new AdamW(parameters, lr)),
        .. Of("RMSprop", string.Empty, 5, (parameters, lr) => new RMSprop(parameters, lr)),
        .. Of("Adagrad", string.Empty, 5, (parameters, lr) => new Adagrad(parameters, lr)),
    ];

    internal override Action Prepare(string folder) => new OptimizerSide(this).Prepare(folder);

    /// <summary>PyTorch; and a triad loop that moves as many bytes as the step does, so that the ratio is that of bytes a second.</summary>
    internal override IEnumerable<Peer> PeersOf(Peers peers, int threads, string folder)
    {
        yield return Peers.Triad(threads, length: (int)((long)Length * Streams / TriadSide.Streams));
        if (peers.PyTorch("torch_optimizer_peer.py", threads, Optimizer, $"{Length}", $"{threads}", folder) is { } pyTorch)
        {
            yield return pyTorch;
        }
    }

    private static IEnumerable<OptimizerWorkload> Of(string optimizer, string options, int streams, Func<ParameterBlock, double, Optimizer> create) =>
        new[] { 1_000_000, 48_000_000 }.Select(length =>
            new OptimizerWorkload(optimizer, options, length, streams, create));
}
