using Xunit;

namespace GraphGen.Tests.Runtime;

/// <summary>What a scheduler cannot be made with is refused by name, and the optimizer is as it was.</summary>
public sealed class SchedulerArgumentTests
{
    private static readonly Dictionary<string, (string Argument, Func<SGD, LearningRateScheduler> Make)[]> Refused = new()
    {
        ["LambdaLR"] =
        [
            ("lrLambdas", optimizer => new LambdaLR(optimizer, [_ => 1])),
            ("lrLambdas", optimizer => new LambdaLR(optimizer, [_ => 1, _ => 1, _ => 1])),
            ("lastEpoch", optimizer => new LambdaLR(optimizer, _ => 1, lastEpoch: -2)),
        ],
        ["MultiplicativeLR"] =
        [
            ("lrLambdas", optimizer => new MultiplicativeLR(optimizer, [_ => 1])),
            ("lastEpoch", optimizer => new MultiplicativeLR(optimizer, _ => 1, lastEpoch: -2)),
        ],
        ["StepLR"] =
        [
            ("stepSize", optimizer => new StepLR(optimizer, 0)),
            ("stepSize", optimizer => new StepLR(optimizer, -3)),
            ("gamma", optimizer => new StepLR(optimizer, 1, -0.1)),
            ("gamma", optimizer => new StepLR(optimizer, 1, double.NaN)),
            ("lastEpoch", optimizer => new StepLR(optimizer, 1, lastEpoch: -2)),
        ],
        ["MultiStepLR"] =
        [
            ("milestones", optimizer => new MultiStepLR(optimizer, [3, 2])),
            ("milestones", optimizer => new MultiStepLR(optimizer, [-1, 2])),
            ("gamma", optimizer => new MultiStepLR(optimizer, [1, 2], -1)),
            ("lastEpoch", optimizer => new MultiStepLR(optimizer, [1, 2], lastEpoch: -2)),
        ],
        ["ExponentialLR"] =
        [
            ("gamma", optimizer => new ExponentialLR(optimizer, -0.9)),
            ("lastEpoch", optimizer => new ExponentialLR(optimizer, 0.9, -2)),
        ],
        ["ConstantLR"] =
        [
            ("factor", optimizer => new ConstantLR(optimizer, 1.1)),
            ("factor", optimizer => new ConstantLR(optimizer, -0.1)),
            ("factor", optimizer => new ConstantLR(optimizer, double.NaN)),
            ("totalIters", optimizer => new ConstantLR(optimizer, totalIters: 0)),
            ("lastEpoch", optimizer => new ConstantLR(optimizer, lastEpoch: -2)),
        ],
        ["LinearLR"] =
        [
            ("startFactor", optimizer => new LinearLR(optimizer, 0)),
            ("startFactor", optimizer => new LinearLR(optimizer, 1.1)),
            ("endFactor", optimizer => new LinearLR(optimizer, endFactor: 1.1)),
            ("endFactor", optimizer => new LinearLR(optimizer, endFactor: -0.1)),
            ("totalIters", optimizer => new LinearLR(optimizer, totalIters: 0)),
            ("lastEpoch", optimizer => new LinearLR(optimizer, lastEpoch: -2)),
        ],
        ["PolynomialLR"] =
        [
            ("totalIters", optimizer => new PolynomialLR(optimizer, 0)),
            ("power", optimizer => new PolynomialLR(optimizer, power: -1)),
            ("lastEpoch", optimizer => new PolynomialLR(optimizer, lastEpoch: -2)),
        ],
        ["CosineAnnealingLR"] =
        [
            ("tMax", optimizer => new CosineAnnealingLR(optimizer, 0)),
            ("etaMin", optimizer => new CosineAnnealingLR(optimizer, 10, -1)),
            ("lastEpoch", optimizer => new CosineAnnealingLR(optimizer, 10, lastEpoch: -2)),
        ],
        ["CosineAnnealingWarmRestarts"] =
        [
            ("t0", optimizer => new CosineAnnealingWarmRestarts(optimizer, 0)),
            ("tMult", optimizer => new CosineAnnealingWarmRestarts(optimizer, 10, 0)),
            ("etaMin", optimizer => new CosineAnnealingWarmRestarts(optimizer, 10, etaMin: -1)),
            ("lastEpoch", optimizer => new CosineAnnealingWarmRestarts(optimizer, 10, lastEpoch: -2)),
        ],
        ["CyclicLR"] =
        [
            ("baseLr", optimizer => new CyclicLR(optimizer, -0.1, 0.1)),
            ("baseLr", optimizer => new CyclicLR(optimizer, [0.1], 0.1)),
            ("maxLr", optimizer => new CyclicLR(optimizer, 0.01, [0.1, double.NaN])),
            ("maxLr", optimizer => new CyclicLR(optimizer, 0.01, [0.1, 0.1, 0.1])),
            ("stepSizeUp", optimizer => new CyclicLR(optimizer, 0.01, 0.1, 0)),
            ("stepSizeDown", optimizer => new CyclicLR(optimizer, 0.01, 0.1, 5, -1)),
            ("mode", optimizer => new CyclicLR(optimizer, 0.01, 0.1, mode: (CyclicMode)7)),
            ("gamma", optimizer => new CyclicLR(optimizer, 0.01, 0.1, gamma: -1)),
            ("scaleMode", optimizer => new CyclicLR(optimizer, 0.01, 0.1, scaleMode: (CyclicScaleMode)(-1))),
            ("baseMomentum", optimizer => new CyclicLR(optimizer, 0.01, 0.1, baseMomentum: -0.1)),
            ("baseMomentum", optimizer => new CyclicLR(optimizer, 0.01, 0.1, baseMomentum: [0.1])),
            ("maxMomentum", optimizer => new CyclicLR(optimizer, 0.01, 0.1, maxMomentum: 1)),
            ("lastEpoch", optimizer => new CyclicLR(optimizer, 0.01, 0.1, lastEpoch: -2)),
        ],
        ["OneCycleLR"] =
        [
            ("maxLr", optimizer => new OneCycleLR(optimizer, -0.1, 10)),
            ("maxLr", optimizer => new OneCycleLR(optimizer, [0.1], 10)),
            ("totalSteps", optimizer => new OneCycleLR(optimizer, 0.1, 0)),
            ("epochs", optimizer => new OneCycleLR(optimizer, 0.1, epochs: 0, stepsPerEpoch: 3)),
            ("epochs", optimizer => new OneCycleLR(optimizer, 0.1, epochs: 1 << 20, stepsPerEpoch: 1 << 20)),
            ("stepsPerEpoch", optimizer => new OneCycleLR(optimizer, 0.1, epochs: 3, stepsPerEpoch: 0)),
            ("pctStart", optimizer => new OneCycleLR(optimizer, 0.1, 10, pctStart: 1.1)),
            ("annealStrategy", optimizer => new OneCycleLR(optimizer, 0.1, 10, annealStrategy: (AnnealStrategy)2)),
            ("baseMomentum", optimizer => new OneCycleLR(optimizer, 0.1, 10, baseMomentum: 1)),
            ("maxMomentum", optimizer => new OneCycleLR(optimizer, 0.1, 10, maxMomentum: [0.9, 0.9, 0.9])),
            ("divFactor", optimizer => new OneCycleLR(optimizer, 0.1, 10, divFactor: 0)),
            ("finalDivFactor", optimizer => new OneCycleLR(optimizer, 0.1, 10, finalDivFactor: -1)),
            ("lastEpoch", optimizer => new OneCycleLR(optimizer, 0.1, 10, lastEpoch: -2)),
        ],
        ["ReduceLROnPlateau"] =
        [
            ("mode", optimizer => new ReduceLROnPlateau(optimizer, (PlateauMode)2)),
            ("factor", optimizer => new ReduceLROnPlateau(optimizer, factor: 1)),
            ("factor", optimizer => new ReduceLROnPlateau(optimizer, factor: -0.1)),
            ("patience", optimizer => new ReduceLROnPlateau(optimizer, patience: -1)),
            ("threshold", optimizer => new ReduceLROnPlateau(optimizer, threshold: -1)),
            ("thresholdMode", optimizer => new ReduceLROnPlateau(optimizer, thresholdMode: (PlateauThresholdMode)2)),
            ("cooldown", optimizer => new ReduceLROnPlateau(optimizer, cooldown: -1)),
            ("minLr", optimizer => new ReduceLROnPlateau(optimizer, minLr: -1)),
            ("minLr", optimizer => new ReduceLROnPlateau(optimizer, minLr: [0])),
            ("eps", optimizer => new ReduceLROnPlateau(optimizer, eps: -1)),
        ],
    };

    public static TheoryData<string> Names => [.. Refused.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_number_out_of_range(string name)
    {
        SGD optimizer = Optimizer();
        foreach ((string argument, Func<SGD, LearningRateScheduler> make) in Refused[name])
        {
            Assert.Throws<ArgumentOutOfRangeException>(argument, () => make(optimizer));
            CheckUntouched(optimizer);
        }
    }

    [Fact]
    public void A_sequence_that_cannot_be()
    {
        SGD optimizer = Optimizer();
        StepLR first = new(optimizer, 3), second = new(optimizer, 4), third = new(optimizer, 5), others = new(Optimizer(), 3);
        optimizer.Groups[0].LearningRate = 0.3;
        Assert.Throws<ArgumentOutOfRangeException>("milestones", () => new SequentialLR(optimizer, [first, second, third], [3, 2]));
        Assert.Throws<ArgumentOutOfRangeException>("milestones", () => new SequentialLR(optimizer, [first, second], [0]));
        Assert.Throws<ArgumentOutOfRangeException>("milestones", () => new SequentialLR(optimizer, [first, second], []));
        Assert.Throws<ArgumentOutOfRangeException>("milestones", () => new SequentialLR(optimizer, [first], [3]));
        Assert.Throws<ArgumentOutOfRangeException>("lastEpoch", () => new SequentialLR(optimizer, [first], [], -2));
        Assert.Throws<ArgumentException>("schedulers", () => new SequentialLR(optimizer, [], []));
        Assert.Throws<ArgumentException>("schedulers", () => new SequentialLR(optimizer, [first, first], [3]));
        Assert.Throws<ArgumentException>("schedulers", () => new SequentialLR(optimizer, [first, others], [3]));
        Assert.Throws<ArgumentException>("schedulers", () => new SequentialLR(Optimizer(), [first], []));
        Assert.Throws<ArgumentNullException>("schedulers", () => new SequentialLR(optimizer, [first, null!], [3]));
        Assert.Throws<ArgumentNullException>("schedulers", () => new SequentialLR(optimizer, null!, [3]));
        Assert.Throws<ArgumentNullException>("milestones", () => new SequentialLR(optimizer, [first], null!));
        Assert.Throws<ArgumentException>("schedulers", () => new ChainedScheduler([]));
        Assert.Throws<ArgumentException>("schedulers", () => new ChainedScheduler([first, first]));
        Assert.Throws<ArgumentException>("schedulers", () => new ChainedScheduler([first, others]));
        Assert.Throws<ArgumentException>("schedulers", () => new ChainedScheduler([first], Optimizer()));
        Assert.Throws<ArgumentNullException>("schedulers", () => new ChainedScheduler(null!));
        Assert.Equal(0.3, optimizer.Groups[0].LearningRate);
        Assert.Equal((0, 0, 0), (first.LastEpoch, second.LastEpoch, third.LastEpoch));
    }

    [Fact]
    public void What_is_missing()
    {
        SGD optimizer = Optimizer();
        Assert.Throws<ArgumentNullException>("optimizer", () => new ReduceLROnPlateau(null!));
        Assert.Throws<ArgumentNullException>("optimizer", () => new CyclicLR(null!, 0.1, 0.1));
        Assert.Throws<ArgumentNullException>("lrLambda", () => new LambdaLR(optimizer, (Func<int, double>)null!));
        Assert.Throws<ArgumentNullException>("lrLambdas", () => new MultiplicativeLR(optimizer, [_ => 1, null!]));
        Assert.Throws<ArgumentNullException>("milestones", () => new MultiStepLR(optimizer, null!));
        Assert.Throws<ArgumentException>("totalSteps", () => new OneCycleLR(optimizer, 0.1));
        Assert.Throws<ArgumentException>("totalSteps", () => new OneCycleLR(optimizer, 0.1, epochs: 3));
        Assert.Throws<ArgumentException>("lastEpoch", () => new ExponentialLR(optimizer, 0.9, lastEpoch: 5));
        CheckUntouched(optimizer);
    }

    [Fact]
    public void Momentum_to_cycle_is_asked_for()
    {
        ParameterBlock block = new(0, ParameterSpec.Ones("w", [2]));
        PlainOptimizer optimizer = new(block);
        Assert.Throws<ArgumentException>("cycleMomentum", () => new CyclicLR(optimizer, 0.1, 0.2));
        Assert.Throws<ArgumentException>("cycleMomentum", () => new OneCycleLR(optimizer, 0.1, 100));
        Assert.Equal((0.5, null), (optimizer.Groups[0].LearningRate, optimizer.Groups[0].InitialLearningRate));
        CyclicLR scheduler = new(optimizer, 0.1, 0.2, 10, cycleMomentum: false);
        scheduler.Step();
        Assert.Equal(0.11, optimizer.Groups[0].LearningRate, 1e-12);
    }

    [Fact]
    public void A_schedule_that_begins_with_a_rate_that_cannot_be()
    {
        SGD optimizer = Optimizer();
        Assert.Throws<InvalidOperationException>(() => new LambdaLR(optimizer, [_ => 1, _ => -1]));
        CheckUntouched(optimizer);
        Assert.Throws<InvalidOperationException>(() => new CyclicLR(optimizer, 0.1, 0.2, scaleFn: _ => double.NaN));
        CheckUntouched(optimizer);
        Assert.Throws<DivideByZeroException>(() => new LambdaLR(optimizer, epoch => 1 / epoch));
        CheckUntouched(optimizer);
    }

    private static SGD Optimizer()
    {
        ParameterBlock block = new(0, ParameterSpec.Ones("a", [2]), ParameterSpec.Ones("b", [2]));
        return new SGD([block.Take(1), block.Skip(1)], lr: 0.5, momentum: 0.25);
    }

    private static void CheckUntouched(SGD optimizer)
    {
        foreach (SGDGroup group in optimizer.Groups)
        {
            Assert.Equal((0.5, 0.25, null), (group.LearningRate, group.Momentum, group.InitialLearningRate));
        }
    }

    private sealed class PlainGroup(IEnumerable<Parameter> parameters) : ParameterGroup(parameters, 0.5);

    private sealed class PlainOptimizer : Optimizer<PlainGroup>
    {
        public PlainOptimizer(IEnumerable<Parameter> parameters) => AddParamGroup(parameters);

        protected override PlainGroup CreateGroup(IEnumerable<Parameter> parameters) => new(parameters);

        protected override void Update(PlainGroup group, in ParameterRange range)
        {
        }
    }
}
