using Xunit;

namespace GraphGen.Tests.Runtime;

public sealed class StepLRTests
{
    [Fact]
    public void The_rate_falls_every_step_size_epochs()
    {
        SGD optimizer = Optimizer(0.1);
        StepLR scheduler = new(optimizer, stepSize: 3, gamma: 0.5);
        Assert.Equal(0, scheduler.LastEpoch);
        for (int epoch = 0; epoch < 200; epoch++)
        {
            double expected = 0.1 * Math.Pow(0.5, epoch / 3);
            Assert.Equal(expected, optimizer.Groups[0].LearningRate, expected * 1e-12);
            Assert.Equal(optimizer.Groups[0].LearningRate, scheduler.LastLearningRates[0]);
            scheduler.Step();
        }
    }

    [Fact]
    public void A_change_by_hand_persists()
    {
        SGD optimizer = Optimizer(0.1);
        StepLR scheduler = new(optimizer, stepSize: 2);
        scheduler.Step();
        optimizer.Groups[0].LearningRate = 0.7;
        scheduler.Step();
        Assert.Equal(0.07, optimizer.Groups[0].LearningRate, 1e-12);
    }

    [Fact]
    public void Two_schedules_multiply()
    {
        SGD optimizer = Optimizer(1);
        StepLR first = new(optimizer, stepSize: 2, gamma: 0.5);
        StepLR second = new(optimizer, stepSize: 3, gamma: 0.1);
        for (int epoch = 0; epoch < 6; epoch++)
        {
            first.Step();
            second.Step();
        }

        Assert.Equal(1.0 / 8 / 100, optimizer.Groups[0].LearningRate, 1e-12);
    }

    [Fact]
    public void Every_group_keeps_its_own_rate()
    {
        ParameterBlock block = new(0, ParameterSpec.Ones("a", [2]), ParameterSpec.Ones("b", [2]));
        SGD optimizer = new([block.Take(1), block.Skip(1)], lr: 0.1);
        optimizer.Groups[1].LearningRate = 0.01;
        StepLR scheduler = new(optimizer, stepSize: 1);
        scheduler.Step();
        Assert.Equal(0.01, optimizer.Groups[0].LearningRate, 1e-12);
        Assert.Equal(0.001, optimizer.Groups[1].LearningRate, 1e-12);
        Assert.Equal(0.01, optimizer.Groups[1].InitialLearningRate);
    }

    [Fact]
    public void A_stopped_schedule_goes_on()
    {
        SGD optimizer = Optimizer(0.25);
        optimizer.Groups[0].InitialLearningRate = 1;
        StepLR scheduler = new(optimizer, stepSize: 3, gamma: 0.5, lastEpoch: 7);
        Assert.Equal(8, scheduler.LastEpoch);
        Assert.Equal(0.25, optimizer.Groups[0].LearningRate);
        scheduler.Step();
        Assert.Equal(0.125, optimizer.Groups[0].LearningRate);
        Assert.Throws<ArgumentException>("lastEpoch", () => new StepLR(Optimizer(1), 3, lastEpoch: 7));
    }

    [Fact]
    public void A_schedule_of_ones_own_takes_a_few_lines()
    {
        SGD optimizer = Optimizer(1);
        Halving scheduler = new(optimizer);
        Assert.Equal(1.0, optimizer.Groups[0].LearningRate);
        scheduler.Step();
        Assert.Equal(0.5, optimizer.Groups[0].LearningRate);
    }

    [Fact]
    public void Arguments_that_cannot_be_are_refused_by_name()
    {
        Assert.Throws<ArgumentOutOfRangeException>("stepSize", () => new StepLR(Optimizer(1), 0));
        Assert.Throws<ArgumentOutOfRangeException>("gamma", () => new StepLR(Optimizer(1), 1, gamma: -1));
        Assert.Throws<ArgumentOutOfRangeException>("lastEpoch", () => new StepLR(Optimizer(1), 1, lastEpoch: -2));
        Assert.Throws<ArgumentNullException>("optimizer", () => new StepLR(null!, 1));
    }

    private static SGD Optimizer(double lr) => new(new ParameterBlock(0, ParameterSpec.Ones("w", [2])), lr);

    private sealed class Halving : EpochScheduler
    {
        public Halving(Optimizer optimizer)
            : base(optimizer) => Start();

        protected override double NextLearningRate(int group, double rate) =>
            BaseLearningRates[group] * Math.Pow(0.5, LastEpoch);
    }
}
