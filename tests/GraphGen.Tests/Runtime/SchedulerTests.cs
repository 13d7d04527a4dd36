using Xunit;

namespace GraphGen.Tests.Runtime;

public sealed class SchedulerTests
{
    public static TheoryData<string> Names => [.. Schedulers.Keys];

    /// <summary>One of each kind, which goes on for long.</summary>
    private static Dictionary<string, Func<SGD, LearningRateScheduler>> Schedulers { get; } = new()
    {
        ["LambdaLR"] = optimizer => new LambdaLR(optimizer, epoch => 1.0 / (1 + epoch)),
        ["MultiplicativeLR"] = optimizer => new MultiplicativeLR(optimizer, epoch => 0.99),
        ["StepLR"] = optimizer => new StepLR(optimizer, 3),
        ["MultiStepLR"] = optimizer => new MultiStepLR(optimizer, [2, 5, 5, 300]),
        ["ExponentialLR"] = optimizer => new ExponentialLR(optimizer, 0.99),
        ["ConstantLR"] = optimizer => new ConstantLR(optimizer),
        ["LinearLR"] = optimizer => new LinearLR(optimizer),
        ["PolynomialLR"] = optimizer => new PolynomialLR(optimizer, 300, 2),
        ["CosineAnnealingLR"] = optimizer => new CosineAnnealingLR(optimizer, 20),
        ["CosineAnnealingWarmRestarts"] = optimizer => new CosineAnnealingWarmRestarts(optimizer, 20, 2),
        ["CyclicLR"] = optimizer => new CyclicLR(optimizer, 0.01, 0.1, 20),
        ["OneCycleLR"] = optimizer => new OneCycleLR(optimizer, 0.1, 1000),
        ["ReduceLROnPlateau"] = optimizer => new ReduceLROnPlateau(optimizer, patience: 1),
        ["ChainedScheduler"] = optimizer => new ChainedScheduler([new LinearLR(optimizer), new StepLR(optimizer, 20)]),
        ["SequentialLR"] = optimizer => new SequentialLR(optimizer, [new LinearLR(optimizer), new CosineAnnealingLR(optimizer, 50)], [5]),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void A_step_allocates_nothing(string name)
    {
        LearningRateScheduler scheduler = Schedulers[name](Optimizer(0.1, 0.01));
        Assert.Equal(0, Allocations.Of(() => Step(scheduler)));
    }

    /// <summary>Ten lines from here...</summary>
    private sealed class InverseSquareRoot : EpochScheduler
    {
        private readonly int _warmUp;

        public InverseSquareRoot(Optimizer optimizer, int warmUp)
            : base(optimizer)
        {
            _warmUp = warmUp;
            Start();
        }

        protected override double NextLearningRate(int group, double rate) =>
            BaseLearningRates[group] * Math.Min((LastEpoch + 1.0) / _warmUp, Math.Sqrt(_warmUp / (LastEpoch + 1.0)));
    }

    [Fact]
    public void A_scheduler_of_ones_own_takes_ten_lines()
    {
        SGD optimizer = Optimizer(0.1, 0.01);
        InverseSquareRoot own = new(optimizer, warmUp: 4);
        double[] factors = [0.25, 0.5, 0.75, 1, Math.Sqrt(0.8), Math.Sqrt(4 / 6.0)];
        for (int epoch = 0; epoch < factors.Length; epoch++)
        {
            Assert.Equal(0.1 * factors[epoch], optimizer.Groups[0].LearningRate, 1e-15);
            Assert.Equal(0.01 * factors[epoch], optimizer.Groups[1].LearningRate, 1e-15);
            own.Step();
        }

        // It goes together with others, and its state is saved, without another line.
        ChainedScheduler chained = new([own, new StepLR(optimizer, 2, 0.5)]);
        chained.Step();
        StateDict state = chained.StateDict();
        SGD second = Optimizer(0.1, 0.01);
        ChainedScheduler loaded = new([new InverseSquareRoot(second, 4), new StepLR(second, 2, 0.5)]);
        second.LoadStateDict(optimizer.StateDict());
        loaded.LoadStateDict(state);
        for (int epoch = 0; epoch < 5; epoch++)
        {
            chained.Step();
            loaded.Step();
            Assert.Equal(chained.LastLearningRates, loaded.LastLearningRates);
        }
    }

    [Fact]
    public void The_first_scheduler_notes_the_initial_rate()
    {
        SGD optimizer = Optimizer(0.1, 0.01);
        Assert.Null(optimizer.Groups[0].InitialLearningRate);
        LinearLR warmUp = new(optimizer, 0.5);
        Assert.Equal(0.05, optimizer.Groups[0].LearningRate);
        Assert.Equal(0.1, optimizer.Groups[0].InitialLearningRate);
        LambdaLR lambda = new(optimizer, epoch => 0.25);
        Assert.Equal([0.025, 0.0025], lambda.LastLearningRates);
        Assert.Equal(0.1, optimizer.Groups[0].InitialLearningRate);
        OneCycleLR cycle = new(optimizer, 1, 100);
        Assert.Equal(0.04, optimizer.Groups[0].InitialLearningRate);
        Assert.Equal((0, 0, 0), (warmUp.LastEpoch, lambda.LastEpoch, cycle.LastEpoch));
    }

    [Fact]
    public void A_group_that_comes_later_is_scheduled_from_then_on()
    {
        ParameterBlock block = new(0, ParameterSpec.Ones("a", [2]), ParameterSpec.Ones("b", [2]));
        SGD optimizer = new([block.Take(1)], lr: 0.1);
        LambdaLR lambda = new(optimizer, epoch => Math.Pow(0.5, epoch));
        ReduceLROnPlateau plateau = new(optimizer, patience: 0, minLr: [0.01]);
        plateau.Step(1);
        lambda.Step();
        optimizer.AddParamGroup(block.Skip(1)).LearningRate = 0.8;
        lambda.Step();
        Assert.Equal([0.025, 0.2], lambda.LastLearningRates);
        Assert.Equal(0.8, optimizer.Groups[1].InitialLearningRate);

        // There is no smallest rate for the new group.
        Assert.Throws<InvalidOperationException>(() => plateau.Step(2));
        Assert.Equal((1, 0), (plateau.LastEpoch, plateau.BadEpochs));
    }

    [Fact]
    public void Numbers_for_each_group_leave_a_group_that_comes_later_alone()
    {
        ParameterBlock block = new(0, ParameterSpec.Ones("a", [2]), ParameterSpec.Ones("b", [2]));
        SGD optimizer = new([block.Take(1)], lr: 0.1, momentum: 0.3);
        CyclicLR cyclic = new(optimizer, [0.01], [0.1], 10);
        optimizer.AddParamGroup(block.Skip(1)).LearningRate = 0.7;
        cyclic.Step();
        Assert.Equal(0.7, optimizer.Groups[1].LearningRate);
        Assert.Equal(0.3, optimizer.Groups[1].Momentum);
        Assert.Equal(0.019, optimizer.Groups[0].LearningRate, 1e-12);
        Assert.Equal(0.89, optimizer.Groups[0].Momentum, 1e-12);
    }

    [Fact]
    public void One_cycle_has_one_step_to_spare()
    {
        SGD optimizer = Optimizer(0.1, 0.1);
        OneCycleLR scheduler = new(optimizer, 0.1, totalSteps: 3, annealStrategy: AnnealStrategy.Linear);
        for (int step = 0; step < 3; step++)
        {
            scheduler.Step();
        }

        Assert.Equal((0, 0.95), (optimizer.Groups[0].LearningRate, optimizer.Groups[0].Momentum));
        Assert.Throws<InvalidOperationException>(scheduler.Step);
        Assert.Equal(3, scheduler.LastEpoch);
        Assert.Equal((0, 0.95), (optimizer.Groups[0].LearningRate, optimizer.Groups[0].Momentum));
    }

    [Fact]
    public void A_rate_that_cannot_be_changes_nothing()
    {
        SGD optimizer = Optimizer(0.1, 0.01);
        LambdaLR lambda = new(optimizer, [epoch => 1 - (0.75 * epoch), epoch => 1 - epoch]);
        lambda.Step();
        Assert.Throws<InvalidOperationException>(lambda.Step);
        Assert.Equal(1, lambda.LastEpoch);
        Assert.Equal([0.025, 0.0], optimizer.Groups.Select(group => group.LearningRate));

        CyclicLR cyclic = new(optimizer, 0.01, 0.1, 4, scaleFn: x => x < 3 ? 1 : double.NaN, scaleMode: CyclicScaleMode.Iterations);
        cyclic.Step();
        cyclic.Step();
        (double, double) before = (optimizer.Groups[0].LearningRate, optimizer.Groups[0].Momentum);
        Assert.Throws<InvalidOperationException>(cyclic.Step);
        Assert.Equal(before, (optimizer.Groups[0].LearningRate, optimizer.Groups[0].Momentum));
        Assert.Equal(2, cyclic.LastEpoch);
    }

    [Fact]
    public void A_sequence_goes_on_in_the_middle()
    {
        SGD whole = Optimizer(0.1, 0.01);
        SequentialLR uninterrupted = new(whole, [new LinearLR(whole, 0.1, totalIters: 20), new CosineAnnealingLR(whole, 180)], [20]);
        for (int epoch = 0; epoch < 60; epoch++)
        {
            uninterrupted.Step();
        }

        SGD optimizer = Optimizer(0.1, 0.01);
        for (int i = 0; i < 2; i++)
        {
            optimizer.Groups[i].InitialLearningRate = whole.Groups[i].InitialLearningRate;
            optimizer.Groups[i].LearningRate = whole.Groups[i].LearningRate;
        }

        EpochScheduler[] parts = [new LinearLR(optimizer, 0.1, totalIters: 20, lastEpoch: 19), new CosineAnnealingLR(optimizer, 180, lastEpoch: 39)];
        SequentialLR resumed = new(optimizer, parts, [20], lastEpoch: 59);
        for (int epoch = 60; epoch < 200; epoch++)
        {
            Assert.Equal(uninterrupted.LastEpoch, resumed.LastEpoch);
            Assert.Equal(whole.Groups.Select(group => group.LearningRate), optimizer.Groups.Select(group => group.LearningRate));
            uninterrupted.Step();
            resumed.Step();
        }
    }

    [Fact]
    public void The_best_metric_can_be_read()
    {
        ReduceLROnPlateau scheduler = new(Optimizer(0.1, 0.1), PlateauMode.Max);
        Assert.Equal(double.NegativeInfinity, scheduler.Best);
        scheduler.Step(0.5);
        scheduler.Step(double.NaN);
        scheduler.Step(0.4);
        Assert.Equal((0.5, 2, 3), (scheduler.Best, scheduler.BadEpochs, scheduler.LastEpoch));
    }

    private static SGD Optimizer(double first, double second)
    {
        ParameterBlock block = new(0, ParameterSpec.Ones("a", [2]), ParameterSpec.Ones("b", [2]));
        SGD optimizer = new([block.Take(1), block.Skip(1)], lr: first, momentum: 0.5);
        optimizer.Groups[1].LearningRate = second;
        return optimizer;
    }

    private static void Step(LearningRateScheduler scheduler)
    {
        if (scheduler is ReduceLROnPlateau plateau)
        {
            plateau.Step(1);
        }
        else
        {
            ((EpochScheduler)scheduler).Step();
        }
    }
}
