using Xunit;

namespace GraphGen.Tests.Golden;

/// <summary>L-BFGS against PyTorch's, conjugate gradients against a reference in double precision.</summary>
public sealed class LineSearchGoldenTests
{
    private const double Tolerance = 1e-4;

    public static TheoryData<int, string> Cases
    {
        get
        {
            TheoryData<int, string> cases = [];
            for (int i = 0; i < LineSearchCase.All.Length; i++)
            {
                cases.Add(i, LineSearchCase.All[i].ToString());
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Fifty_steps_are_the_references(int index, string name)
    {
        LineSearchCase golden = LineSearchCase.All[index];
        LineSearchProblem problem = golden.MakeProblem();
        Optimizer optimizer = golden.MakeOptimizer(problem.Block);
        double most = 0;
        for (int step = 1; step <= 50; step++)
        {
            float loss = optimizer.Step(problem.Closure);
            most = Math.Max(most, Math.Abs(loss));
            if (golden.Steps.FirstOrDefault(kept => kept.Step == step) is not { } expected)
            {
                continue;
            }

            float[] values = problem.Values;
            double largest = expected.Values.Max(Math.Abs);
            for (int i = 0; i < values.Length; i++)
            {
                double off = Math.Abs(values[i] - expected.Values[i]) / largest;
                Assert.True(off <= Tolerance, $"{name}, step {step}: value {i} is {values[i]:g9}, expected {expected.Values[i]:g9}, off by {off:e1} of the largest.");
            }

            // Of the first loss there was: what is left near the minimum is what rounding of the values makes of it.
            Assert.True(Math.Abs(loss - expected.Loss) <= Tolerance * most, $"{name}, step {step}: loss {loss:g9}, expected {expected.Loss:g9}.");
            if (expected.Iterations is { } iterations && expected.Evaluations is { } evaluations)
            {
                Assert.Equal((iterations, evaluations), Counts(optimizer));
            }
        }

        Assert.Equal(50, optimizer.StepCount);
        Assert.Equal(problem.Evaluations, Counts(optimizer).Evaluations);
    }

    private static (long Iterations, long Evaluations) Counts(Optimizer optimizer) => optimizer is LBFGS lbfgs
        ? (lbfgs.IterationCount, lbfgs.EvaluationCount)
        : (((ConjugateGradient)optimizer).IterationCount, ((ConjugateGradient)optimizer).EvaluationCount);
}
