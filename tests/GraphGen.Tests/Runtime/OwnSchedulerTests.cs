using Xunit;

namespace GraphGen.Tests.Runtime;

/// <summary>What somebody else's scheduler looks like.</summary>
public sealed class OwnSchedulerTests
{
    private readonly ParameterBlock _block = new(0, ParameterSpec.Ones("w", [2]));

    [Fact]
    public void It_sets_momenta_too()
    {
        var sgd = new SGD(_block, lr: 1, momentum: 0.5);
        var scheduler = new Halving(sgd, momentum: 0.75);
        Assert.Equal((1, 0.75), (sgd.Groups[0].LearningRate, sgd.Groups[0].Momentum));
        scheduler.Step();
        Assert.Equal((0.5, 0.375), (sgd.Groups[0].LearningRate, sgd.Groups[0].Momentum));
    }

    [Fact]
    public void Nothing_changes_where_there_is_no_momentum()
    {
        var rprop = new Rprop(_block, lr: 1);
        Assert.Throws<InvalidOperationException>(() => new Halving(rprop, momentum: 0.75));
        Assert.Null(rprop.Groups[0].InitialLearningRate);
        var scheduler = new Halving(rprop, momentum: null);
        scheduler.Step();
        Assert.Equal(0.5, rprop.Groups[0].LearningRate);
    }

    private sealed class Halving : EpochScheduler
    {
        private readonly double? _momentum;

        public Halving(Optimizer optimizer, double? momentum)
            : base(optimizer)
        {
            _momentum = momentum;
            Start();
        }

        protected override double NextLearningRate(int group, double rate) => IsInitial ? rate : rate / 2;

        protected override double? NextMomentum(int group) => _momentum / (1 << LastEpoch);
    }
}
