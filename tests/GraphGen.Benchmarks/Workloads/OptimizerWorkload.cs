using GraphGen.Benchmarks.Sides;

namespace GraphGen.Benchmarks.Workloads;

/// <summary>One step of an optimizer over a single parameter whose gradient stays the same.</summary>
/// <param name="Optimizer">The optimizer's class in PyTorch, and here.</param>
/// <param name="Options">What the title says of its options.</param>
/// <param name="Length">How many values the parameter has.</param>
/// <param name="Buffers">The gradients, the values and the states.</param>
/// <param name="HasFused">Whether PyTorch has it with <c>fused=True</c> on processors.</param>
/// <param name="Create">Constructs GraphGen's optimizer with a learning rate.</param>
internal sealed record OptimizerWorkload(
    string Optimizer, string Options, int Length, int Buffers, bool HasFused, Func<ParameterBlock, double, Optimizer> Create)
    : Workload(Optimizer, $"{Optimizer}{Options}, {Length / 1_000_000} million", "optimizer")
{
    internal static new readonly OptimizerWorkload[] All =
    [
        .. Of("SGD", " with momentum", 3, true, (parameters, lr) => new SGD(parameters, lr, momentum: 0.9)),
        .. Of("Adam", string.Empty, 4, true, (parameters, lr) => new Adam(parameters, lr)),
        .. Of("AdamW", string.Empty, 4, true, (parameters, lr) => new AdamW(parameters, lr)),
        .. Of("RMSprop", string.Empty, 3, false, (parameters, lr) => new RMSprop(parameters, lr)),
        .. Of("Adagrad", string.Empty, 3, true, (parameters, lr) => new Adagrad(parameters, lr)),
    ];

    internal override string[] Arguments => ["optimizer", Optimizer, $"{Length}"];

    internal override Action Prepare(string folder, string check) => new OptimizerSide(this).Prepare(check);

    internal override Need Need() => new(0, Buffers, Length);

    private static IEnumerable<OptimizerWorkload> Of(
        string optimizer, string options, int buffers, bool hasFused, Func<ParameterBlock, double, Optimizer> create) =>
        new[] { 1_000_000, 48_000_000 }.Select(length => new OptimizerWorkload(optimizer, options, length, buffers, hasFused, create));
}
