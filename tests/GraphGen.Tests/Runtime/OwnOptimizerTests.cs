using Xunit;

namespace GraphGen.Tests.Runtime;

/// <summary>What somebody else's optimizer looks like.</summary>
public sealed class OwnOptimizerTests
{
    [Fact]
    public void An_optimizer_of_ones_own_takes_twenty_lines()
    {
        ParameterBlock block = new(0, ParameterSpec.Ones("a", [3]), ParameterSpec.Ones("b", [20]));
        SignOptimizer optimizer = new(block, 0.25);
        for (int step = 0; step < 2; step++)
        {
            for (int i = 0; i < block.Count; i++)
            {
                block.MarkGradient(i);
                block[i].Gradients.Fill(-3f);
            }

            optimizer.Step();
        }

        Assert.True(block["b"].Values.IndexOfAnyExcept(1.5f) < 0);
        Assert.Equal(1, optimizer.Ranges);
        Assert.Equal(["a", "b"], optimizer.Names);
    }

    private sealed class SignGroup(IEnumerable<Parameter> parameters, double lr) : ParameterGroup(parameters, lr);

    private sealed class SignOptimizer : Optimizer<SignGroup>
    {
        private readonly double _lr;

        public SignOptimizer(IEnumerable<Parameter> parameters, double lr)
        {
            _lr = lr;
            AddParamGroup(parameters);
        }

        public int Ranges { get; private set; }

        public List<string> Names { get; } = [];

        protected override SignGroup CreateGroup(IEnumerable<Parameter> parameters) => new(parameters, _lr);

        protected override void Update(SignGroup group, in ParameterRange range)
        {
            Span<float> count = range.State(0, out bool isNew);
            Assert.Equal(range.Steps == 0, isNew);
            Ranges = isNew ? 1 : Ranges;
            for (int i = 0; isNew && i < range.Count; i++)
            {
                Names.Add(range[i].Name);
            }

            for (int i = 0; i < range.Length; i++)
            {
                Assert.Equal(range.Gradients[i] == 0 ? 0 : range.Steps, count[i]);
                count[i] += Math.Abs(Math.Sign(range.Gradients[i]));
                range.Values[i] -= (float)group.LearningRate * Math.Sign(range.Gradients[i]);
            }
        }
    }
}
