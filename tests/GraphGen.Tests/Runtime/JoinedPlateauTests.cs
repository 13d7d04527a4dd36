using GraphGen.Tests.Golden;
using Xunit;

namespace GraphGen.Tests.Runtime;

/// <summary>
/// <see cref="ReduceLROnPlateau"/> in a sequence and in a chain. PyTorch takes it in neither; its numbers here are those of PyTorch 2.6 where
/// the user's own loop steps the two schedules: <c>warm_up.step() if epoch &lt; 5 else plateau.step(metric)</c>, and both in every epoch.
/// </summary>
public sealed class JoinedPlateauTests
{
    private static readonly double[] Metrics = [9, 1, 2, 3, 4, 5, 5, 6, 4, 4.5, 4.4, 4.3, 4.2, 3, 3.5, 3.4, 3.3, 3.2, 3.1];

    private static readonly double[] RatesInSequence =
        [0.025, 0.04, 0.055, 0.07, 0.085, 0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.025, 0.025, 0.025, 0.025, 0.025, 0.0125, 0.0125, 0.0125, 0.00625];

    private static readonly double[] RatesInChain =
    [
        0.1, 0.09000000000000001, 0.08100000000000002, 0.07290000000000002, 0.03280500000000001, 0.02952450000000001, 0.013286025000000005,
        0.011957422500000005, 0.005380840125000003, 0.0048427561125000025, 0.002179240250625001, 0.001961316225562501, 0.0008825923015031254,
        0.0007943330713528129, 0.00035744988210876583, 0.00032170489389788927, 0.00014476720225405017, 0.00013029048202864516,
        5.8630716912890326e-05, 5.27676452216013e-05,
    ];

    [Fact]
    public void Warm_up_then_plateau_has_the_rates_of_PyTorch_in_a_loop_by_hand()
    {
        SGD optimizer = Optimizer();
        SequentialLR scheduler = new(optimizer, [new LinearLR(optimizer, 0.25, totalIters: 5), Plateau(optimizer)], [5]);

        AssertRates(RatesInSequence, optimizer, scheduler.Step);
        Assert.Equal(Metrics.Length, scheduler.LastEpoch);
    }

    [Fact]
    public void The_metric_reaches_the_plateau_when_it_is_its_turn_and_not_before()
    {
        SGD optimizer = Optimizer();
        ReduceLROnPlateau plateau = Plateau(optimizer);
        SequentialLR scheduler = new(optimizer, [new LinearLR(optimizer), plateau], [5]);
        for (int epoch = 0; epoch < 5; epoch++)
        {
            scheduler.Step(0.001);
        }

        Assert.Equal((0, double.PositiveInfinity), (plateau.LastEpoch, plateau.Best));
        scheduler.Step(7);
        Assert.Equal((1, 7), (plateau.LastEpoch, plateau.Best));
    }

    [Fact]
    public void A_step_without_a_metric_serves_until_it_is_the_plateaus_turn()
    {
        SGD optimizer = Optimizer();
        ReduceLROnPlateau plateau = Plateau(optimizer);
        SequentialLR scheduler = new(optimizer, [new LinearLR(optimizer), plateau, new StepLR(optimizer, 2, 0.5)], [5, 7]);
        for (int epoch = 0; epoch < 5; epoch++)
        {
            scheduler.Step();
        }

        string message = Assert.Throws<InvalidOperationException>(scheduler.Step).Message;
        Assert.Equal("Expected a metric for the step to epoch 6 of SequentialLR, when it is the turn of a ReduceLROnPlateau: call Step(metric).", message);
        Assert.Equal((5, 0), (scheduler.LastEpoch, plateau.LastEpoch));

        scheduler.Step(1);
        scheduler.Step();
        scheduler.Step();
        scheduler.Step();
        Assert.Equal((9, 1, 0.05), (scheduler.LastEpoch, plateau.LastEpoch, optimizer.Groups[0].LearningRate));
    }

    [Fact]
    public void The_plateau_may_come_first_and_stand_alone()
    {
        SGD optimizer = Optimizer(), alone = Optimizer();
        SequentialLR scheduler = new(optimizer, [Plateau(optimizer), new ExponentialLR(optimizer, 0.5)], [4]);
        ReduceLROnPlateau plateau = Plateau(alone);
        for (int epoch = 0; epoch < 3; epoch++)
        {
            scheduler.Step(1);
            plateau.Step(1);
            Assert.Equal(alone.Groups[0].LearningRate, optimizer.Groups[0].LearningRate);
        }

        Assert.Equal(0.05, optimizer.Groups[0].LearningRate);
        scheduler.Step(1);
        Assert.Equal(0.1, optimizer.Groups[0].LearningRate);
        scheduler.Step(1);
        Assert.Equal(0.05, optimizer.Groups[0].LearningRate);
    }

    [Fact]
    public void A_chain_multiplies_what_the_others_have_left()
    {
        SGD optimizer = Optimizer();
        ChainedScheduler scheduler = new([new ExponentialLR(optimizer, 0.9), new ReduceLROnPlateau(optimizer, factor: 0.5, patience: 1)]);

        AssertRates(RatesInChain, optimizer, scheduler.Step);
    }

    [Fact]
    public void A_chain_without_its_metric_changes_nothing()
    {
        SGD optimizer = Optimizer();
        ExponentialLR exponential = new(optimizer, 0.9);
        ChainedScheduler scheduler = new([exponential, Plateau(optimizer)]);

        Assert.Contains("of ChainedScheduler", Assert.Throws<InvalidOperationException>(scheduler.Step).Message, StringComparison.Ordinal);
        Assert.Equal((0, 0, 0.1), (scheduler.LastEpoch, exponential.LastEpoch, optimizer.Groups[0].LearningRate));
    }

    [Fact]
    public void A_chain_in_a_sequence_hands_the_metric_on()
    {
        SGD optimizer = Optimizer();
        ReduceLROnPlateau plateau = Plateau(optimizer);
        ChainedScheduler chained = new([new StepLR(optimizer, 100), plateau]);
        SequentialLR scheduler = new(optimizer, [new LinearLR(optimizer, 0.25, totalIters: 5), chained], [5]);

        AssertRates(RatesInSequence, optimizer, scheduler.Step);
        Assert.Throws<InvalidOperationException>(scheduler.Step);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(9)]
    public void A_sequence_goes_on_from_a_checkpoint(int saved)
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("checkpoint.safetensors", []);
        NoBiasNet net = new(1);
        SGD optimizer = new(net.Parameters, 0.1), resumedOptimizer = new(net.Parameters, 0.7);
        SequentialLR scheduler = Make(optimizer), resumed = Make(resumedOptimizer);
        for (int epoch = 0; epoch < saved; epoch++)
        {
            scheduler.Step(Metrics[epoch]);
        }

        Checkpoint.Save(path, net, optimizer, scheduler);
        Checkpoint.Load(path, net, resumedOptimizer, resumed);
        for (int epoch = saved; epoch < Metrics.Length; epoch++)
        {
            resumed.Step(Metrics[epoch]);
            Assert.Equal(RatesInSequence[epoch + 1], resumedOptimizer.Groups[0].LearningRate, 1e-15);
        }

        static SequentialLR Make(Optimizer optimizer) => new(optimizer, [new LinearLR(optimizer, 0.25, totalIters: 5), Plateau(optimizer)], [5]);
    }

    [Fact]
    public void A_step_allocates_nothing()
    {
        SGD optimizer = Optimizer();
        SequentialLR scheduler = new(optimizer, [new LinearLR(optimizer), Plateau(optimizer)], [5]);

        Assert.Equal(0, Allocations.Of(() => scheduler.Step(1)));
    }

    private static void AssertRates(double[] rates, SGD optimizer, Action<double> step)
    {
        Assert.Equal(rates[0], optimizer.Groups[0].LearningRate, 1e-15);
        for (int epoch = 0; epoch < Metrics.Length; epoch++)
        {
            step(Metrics[epoch]);
            Assert.Equal(rates[epoch + 1], optimizer.Groups[0].LearningRate, 1e-15);
        }
    }

    private static ReduceLROnPlateau Plateau(Optimizer optimizer) => new(optimizer, factor: 0.5, patience: 1, cooldown: 1);

    private static SGD Optimizer() => new(new ParameterBlock(0, ParameterSpec.Ones("w", [2])), 0.1);
}
