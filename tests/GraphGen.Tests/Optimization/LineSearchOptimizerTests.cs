using GraphGen.Tests.Golden;
using GraphGen.Tests.Runtime;
using Xunit;

namespace GraphGen.Tests.Optimization;

/// <summary>What L-BFGS and conjugate gradients have in common.</summary>
public sealed class LineSearchOptimizerTests
{
    public static TheoryData<string> Kinds => ["LBFGS", "LBFGS with search", "ConjugateGradient"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_step_needs_a_closure(string kind)
    {
        ParameterBlock block = new(0, ParameterSpec.Ones("w", [2]));
        Optimizer optimizer = Make(kind, block);
        Assert.Contains("Step(closure)", Assert.Throws<InvalidOperationException>(optimizer.Step).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentNullException>("closure", () => optimizer.Step(null!));
        Assert.Equal(0, optimizer.StepCount);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void There_is_one_group_only(string kind)
    {
        ParameterBlock block = new(0, ParameterSpec.Ones("a", [2]), ParameterSpec.Ones("b", [2]));
        Optimizer optimizer = Make(kind, block.Take(1));
        Assert.Throws<InvalidOperationException>(() => optimizer is LBFGS lbfgs
            ? (ParameterGroup)lbfgs.AddParamGroup(block.Skip(1))
            : ((ConjugateGradient)optimizer).AddParamGroup(block.Skip(1)));
        Assert.Single(optimizer.Groups);
    }

    /// <summary>The closure's loss would be without it.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void An_L1_penalty_of_the_group_is_refused(string kind)
    {
        LineSearchProblem problem = Quadratic();
        Optimizer optimizer = Make(kind, problem.Block);
        optimizer.Groups[0].L1 = 0.1;
        Assert.Throws<InvalidOperationException>(() => optimizer.Step(problem.Closure));
        Assert.Equal(0, problem.Evaluations);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void At_the_minimum_nothing_moves(string kind)
    {
        ParameterBlock block = new(0, ParameterSpec.Ones("w", [3]));
        Optimizer optimizer = Make(kind, block);
        Assert.Equal(7f, optimizer.Step(() =>
        {
            block.MarkGradient(0);
            block[0].Gradients.Clear();
            return 7f;
        }));
        Assert.Equal([1f, 1f, 1f], block[0].Values.ToArray());
    }

    /// <summary>As PyTorch has it: they are part of the vector.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Parameters_without_gradient_count_as_gradients_of_zeros(string kind)
    {
        ParameterBlock block = new(0, ParameterSpec.Ones("a", [3]), ParameterSpec.Ones("b", [5]), ParameterSpec.Ones("c", [2]));
        Optimizer optimizer = Make(kind, block);
        block["b"].Gradients.Fill(float.NaN);
        for (int step = 0; step < 15; step++)
        {
            optimizer.Step(() => Bowl(block["a"]) + Bowl(block["c"]));
        }

        Assert.Equal([1f, 1f, 1f, 1f, 1f], block["b"].Values.ToArray());
        Assert.All(block["a"].Values.ToArray().Concat(block["c"].Values.ToArray()), value => Assert.Equal(0.25f, value, 1e-3f));
    }

    /// <summary>The same values in one block, in two, and in another order: the vector is the same but for its order.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public void Parameters_may_be_of_several_models(string kind)
    {
        ParameterBlock first = new(0, ParameterSpec.Ones("a", [3]), ParameterSpec.Ones("b", [20]));
        ParameterBlock second = new(0, ParameterSpec.Ones("c", [7]));
        Optimizer optimizer = Make(kind, [second["c"], first["b"], first["a"]]);
        for (int step = 0; step < 15; step++)
        {
            optimizer.Step(() => Bowl(first["a"]) + Bowl(first["b"]) + Bowl(second["c"]));
        }

        Assert.All(first.Concat(second).SelectMany(parameter => parameter.Values.ToArray()), value => Assert.Equal(0.25f, value, 1e-3f));
        Assert.True(first.Values[3..16].IndexOfAnyExcept(0f) < 0);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_state_dict_goes_on_bit_for_bit(string kind)
    {
        foreach (int before in new[] { 0, 1, 4, 9 })
        {
            LineSearchProblem whole = Quadratic(), saved = Quadratic(), resumed = Quadratic();
            Optimizer wholeOptimizer = Make(kind, whole.Block), savedOptimizer = Make(kind, saved.Block), resumedOptimizer = Make(kind, resumed.Block);
            for (int step = 0; step < 15; step++)
            {
                wholeOptimizer.Step(whole.Closure);
            }

            for (int step = 0; step < before; step++)
            {
                savedOptimizer.Step(saved.Closure);
            }

            // What it has done before does not matter.
            resumedOptimizer.Step(resumed.Closure);
            resumedOptimizer.Step(resumed.Closure);
            resumedOptimizer.LoadStateDict(savedOptimizer.StateDict());
            saved.Block.Values.CopyTo(resumed.Block.Values);
            for (int step = before; step < 15; step++)
            {
                resumedOptimizer.Step(resumed.Closure);
            }

            Assert.Equal(whole.Values, resumed.Values);
            Assert.Equal(15, resumedOptimizer.StepCount);
            Assert.Equal(Names(wholeOptimizer.StateDict()), Names(resumedOptimizer.StateDict()));
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_state_dict_that_does_not_fit_changes_nothing(string kind)
    {
        LineSearchProblem problem = Quadratic(), twin = Quadratic();
        Optimizer optimizer = Make(kind, problem.Block), other = Make(kind, twin.Block);
        ParameterBlock small = new(0, ParameterSpec.Ones("a", [1]), ParameterSpec.Ones("b", [1]), ParameterSpec.Ones("c", [1]));
        Optimizer tooSmall = Make(kind, small);
        tooSmall.Step(() => Bowl(small["a"]) + Bowl(small["b"]) + Bowl(small["c"]));
        for (int step = 0; step < 3; step++)
        {
            optimizer.Step(problem.Closure);
            other.Step(twin.Closure);
        }

        Assert.Throws<StateDictException>(() => optimizer.LoadStateDict(tooSmall.StateDict()));
        StateDict negative = other.StateDict();
        negative.Metadata["settings"] = negative.Metadata["settings"].Replace("\"func_evals\":", "\"func_evals\":-", StringComparison.Ordinal);
        Assert.Throws<StateDictException>(() => optimizer.LoadStateDict(negative));
        for (int step = 0; step < 6; step++)
        {
            optimizer.Step(problem.Closure);
            other.Step(twin.Closure);
        }

        Assert.Equal(twin.Values, problem.Values);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Steps_are_bit_equal_for_any_number_of_threads(string kind)
    {
        float[][] results = [.. new[] { 1, 2, 3 }.Select(threads =>
        {
            using ThreadCountScope scope = new(threads);
            LineSearchProblem problem = new("quadratic", 3, [[70_001], [29], [40_000]], -1, 1);
            Optimizer optimizer = Make(kind, problem.Block);
            for (int step = 0; step < 4; step++)
            {
                optimizer.Step(problem.Closure);
            }

            return problem.Values;
        })];
        Assert.Equal(results[0], results[1]);
        Assert.Equal(results[0], results[2]);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Steps_allocate_nothing(string kind)
    {
        LineSearchProblem problem = new("quadratic", 3, [[50_001], [29]], -1, 1);
        Optimizer optimizer = Make(kind, problem.Block);
        float[] start = problem.Block.Values.ToArray();
        for (int step = 0; step < 8; step++)
        {
            optimizer.Step(problem.Closure);
        }

        Assert.Equal(0, Allocations.Of(
            () =>
            {
                start.CopyTo(problem.Block.Values);
                optimizer.Step(problem.Closure);
            },
            repeats: 10));
    }

    [Theory]
    [InlineData("LBFGS with search")]
    [InlineData("ConjugateGradient")]
    public void A_closure_that_throws_in_a_search_leaves_the_parameters_where_they_were(string kind)
    {
        LineSearchProblem problem = Quadratic();
        Optimizer optimizer = Make(kind, problem.Block);
        float[] before = problem.Values;
        Assert.Throws<TimeoutException>(() => optimizer.Step(() => problem.Evaluations == 1 ? throw new TimeoutException() : problem.Closure()));
        Assert.Equal(before, problem.Values);

        // It goes on as if nothing had been.
        LineSearchProblem twin = Quadratic();
        Optimizer other = Make(kind, twin.Block);
        for (int step = 0; step < 5; step++)
        {
            optimizer.Step(problem.Closure);
            other.Step(twin.Closure);
        }

        Assert.Equal(twin.Values, problem.Values);
    }

    /// <summary>w − log w, which is NaN below zero, where the first trial is.</summary>
    [Theory]
    [InlineData("LBFGS")]
    [InlineData("ConjugateGradient")]
    public void A_search_comes_back_from_where_the_loss_is_NaN(string kind)
    {
        ParameterBlock block = new(0, ParameterSpec.Ones("w", [1]));
        block[0].Values[0] = 20;
        Optimizer optimizer = kind == "LBFGS" ? new LBFGS(block, lr: 50, lineSearchFn: LineSearch.StrongWolfe) : new ConjugateGradient(block, lr: 50);
        bool wasNaN = false;
        for (int step = 0; step < 3; step++)
        {
            optimizer.Step(() =>
            {
                double w = block[0].Values[0], loss = w - Math.Log(w);
                wasNaN |= double.IsNaN(loss);
                block.MarkGradient(0);
                block[0].Gradients[0] = (float)(1 - (1 / w));
                return (float)loss;
            });
        }

        Assert.True(wasNaN);
        Assert.Equal(1f, block[0].Values[0], 1e-3f);
    }

    /// <summary>A straight line has no minimum: the step grows 25 times, and that is it.</summary>
    [Theory]
    [InlineData("LBFGS")]
    [InlineData("ConjugateGradient")]
    public void A_search_ends_after_25_trials(string kind)
    {
        ParameterBlock block = new(0, ParameterSpec.Ones("w", [2]));
        Optimizer optimizer = kind == "LBFGS"
            ? new LBFGS(block, maxIter: 1, lineSearchFn: LineSearch.StrongWolfe)
            : new ConjugateGradient(block, maxIter: 1);
        int calls = 0;
        optimizer.Step(() =>
        {
            calls++;
            block.MarkGradient(0);
            block[0].Gradients.Fill(-1);
            return -block[0].Values[0] - block[0].Values[1];
        });
        Assert.Equal(1 + 26, calls);
        Assert.True(block[0].Values[0] > 1e6f && float.IsFinite(block[0].Values[0]));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void What_becomes_NaN_stays_out_of_the_floats_between_parameters(string kind)
    {
        ParameterBlock block = new(0, ParameterSpec.Ones("a", [3]), ParameterSpec.Ones("b", [5]));
        Optimizer optimizer = Make(kind, block);
        for (int step = 0; step < 3; step++)
        {
            optimizer.Step(() =>
            {
                Bowl(block["b"]);
                Bowl(block["a"]);
                block["a"].Gradients[1] = float.NaN;
                return float.NaN;
            });
        }

        Assert.True(block.Values[3..16].IndexOfAnyExcept(0f) < 0);
        Assert.True(block.Values[21..32].IndexOfAnyExcept(0f) < 0);
    }

    internal static Optimizer Make(string kind, IEnumerable<Parameter> parameters) => kind switch
    {
        "LBFGS" => new LBFGS(parameters, lr: 0.5, maxIter: 2, historySize: 5),
        "LBFGS with search" => new LBFGS(parameters, maxIter: 2, historySize: 3, lineSearchFn: LineSearch.StrongWolfe),
        _ => new ConjugateGradient(parameters, maxIter: 2),
    };

    private static LineSearchProblem Quadratic() => new("quadratic", 9, [[3, 5], [7], [18]], -1, 1);

    private static IEnumerable<string> Names(StateDict dict) => dict.Select(pair => $"{pair.Key} {pair.Value}");

    /// <summary>Σ (w − ¼)².</summary>
    private static float Bowl(Parameter parameter)
    {
        parameter.Block.MarkGradient(parameter.Index);
        double loss = 0;
        for (int i = 0; i < parameter.Length; i++)
        {
            double distance = parameter.Values[i] - 0.25;
            parameter.Gradients[i] = (float)(2 * distance);
            loss += distance * distance;
        }

        return (float)loss;
    }
}
