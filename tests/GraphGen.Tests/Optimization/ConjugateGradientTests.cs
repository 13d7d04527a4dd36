using GraphGen.Tests.Golden;
using Xunit;

namespace GraphGen.Tests.Optimization;

public sealed class ConjugateGradientTests
{
    [Fact]
    public void Arguments_that_cannot_be_are_refused_by_name()
    {
        ParameterBlock block = new(0, ParameterSpec.Ones("w", [2]));
        Assert.Throws<ArgumentOutOfRangeException>("lr", () => new ConjugateGradient(block, lr: double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>("beta", () => new ConjugateGradient(block, beta: (ConjugateGradientBeta)4));
        Assert.Throws<ArgumentOutOfRangeException>("maxIter", () => new ConjugateGradient(block, maxIter: 0));
        Assert.Throws<ArgumentOutOfRangeException>("maxEval", () => new ConjugateGradient(block, maxEval: 0));
        Assert.Throws<ArgumentOutOfRangeException>("toleranceGrad", () => new ConjugateGradient(block, toleranceGrad: -1e-9));
        Assert.Throws<ArgumentOutOfRangeException>("toleranceChange", () => new ConjugateGradient(block, toleranceChange: -1));
        Assert.Throws<ArgumentOutOfRangeException>("c2", () => new ConjugateGradient(block, c2: 1));
        Assert.Throws<ArgumentOutOfRangeException>("c2", () => new ConjugateGradient(block, c2: 1e-4));
        Assert.Throws<ArgumentOutOfRangeException>("restartEvery", () => new ConjugateGradient(block, restartEvery: 0));
        Assert.Throws<ArgumentOutOfRangeException>("restartThreshold", () => new ConjugateGradient(block, restartThreshold: -0.1));
        Assert.Throws<ArgumentException>("parameters", () => new ConjugateGradient(block.Concat(block)));
        ConjugateGradientGroup group = new ConjugateGradient(block).Groups[0];
        Assert.Equal((20, 50, ConjugateGradientBeta.PolakRibierePlus), (group.MaxIter, group.MaxEval, group.Beta));
    }

    /// <summary>Of a quadratic with few curvatures that differ it needs about as many iterations (an exact search: no more).</summary>
    [Theory]
    [InlineData(ConjugateGradientBeta.PolakRibierePlus)]
    [InlineData(ConjugateGradientBeta.FletcherReeves)]
    [InlineData(ConjugateGradientBeta.HestenesStiefel)]
    [InlineData(ConjugateGradientBeta.DaiYuan)]
    public void Three_curvatures_take_three_iterations(ConjugateGradientBeta beta)
    {
        ParameterBlock block = new(1, ParameterSpec.Uniform("w", [300], 1f));
        ConjugateGradient optimizer = new(block, beta: beta, maxIter: 3, maxEval: 100, c2: 0.001);
        float before = optimizer.Step(Loss);
        Assert.True(Loss() < 1e-5 * before, $"{Loss()}, before {before}");

        float Loss()
        {
            block.MarkGradient(0);
            double loss = 0;
            for (int i = 0; i < 300; i++)
            {
                float curvature = (i % 3) switch { 0 => 1, 1 => 5, _ => 30 };
                block[0].Gradients[i] = curvature * block[0].Values[i];
                loss += 0.5 * curvature * block[0].Values[i] * block[0].Values[i];
            }

            return (float)loss;
        }
    }

    [Fact]
    public void Options_are_saved_with_the_state()
    {
        LineSearchProblem problem = new("quadratic", 9, [[40]], -1, 1);
        ConjugateGradient optimizer = new(problem.Block, beta: ConjugateGradientBeta.DaiYuan, c2: 0.3, restartEvery: 7, restartThreshold: double.PositiveInfinity);
        optimizer.Step(problem.Closure);
        ConjugateGradient other = new(problem.Block);
        other.LoadStateDict(optimizer.StateDict());
        ConjugateGradientGroup group = other.Groups[0];
        Assert.Equal((ConjugateGradientBeta.DaiYuan, 0.3, 7L, double.PositiveInfinity), (group.Beta, group.C2, group.RestartEvery, group.RestartThreshold));
        Assert.Equal(optimizer.EvaluationCount, other.EvaluationCount);

        StateDict unknown = optimizer.StateDict();
        unknown.Metadata["param_groups"] = unknown.Metadata["param_groups"].Replace("\"beta\":3", "\"beta\":4", StringComparison.Ordinal);
        Assert.Throws<StateDictException>(() => other.LoadStateDict(unknown));
    }
}
