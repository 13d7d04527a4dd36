using System.Globalization;
using System.Text.Json.Nodes;
using GraphGen.Tests.Golden;
using GraphGen.Tests.Runtime;
using Xunit;

namespace GraphGen.Tests.Optimization;

public sealed class LBFGSTests
{
    [Fact]
    public void Arguments_that_cannot_be_are_refused_by_name()
    {
        ParameterBlock block = new(0, ParameterSpec.Ones("w", [2]));
        Assert.Throws<ArgumentOutOfRangeException>("lr", () => new LBFGS(block, lr: -1));
        Assert.Throws<ArgumentOutOfRangeException>("maxIter", () => new LBFGS(block, maxIter: 0));
        Assert.Throws<ArgumentOutOfRangeException>("maxEval", () => new LBFGS(block, maxEval: 0));
        Assert.Throws<ArgumentOutOfRangeException>("toleranceGrad", () => new LBFGS(block, toleranceGrad: -1e-9));
        Assert.Throws<ArgumentOutOfRangeException>("toleranceChange", () => new LBFGS(block, toleranceChange: double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>("historySize", () => new LBFGS(block, historySize: 0));
        Assert.Throws<ArgumentOutOfRangeException>("lineSearchFn", () => new LBFGS(block, lineSearchFn: (LineSearch)2));
        Assert.Throws<ArgumentException>("parameters", () => new LBFGS(block.Take(0)));
        LBFGSGroup group = new LBFGS(block).Groups[0];
        Assert.Throws<ArgumentOutOfRangeException>("value", () => group.HistorySize = 0);
        Assert.Throws<ArgumentOutOfRangeException>("value", () => group.MaxIter = -1);
    }

    [Fact]
    public void Defaults_are_PyTorchs()
    {
        ParameterBlock block = new(0, ParameterSpec.Ones("w", [2]));
        LBFGSGroup group = new LBFGS(block).Groups[0];
        Assert.Equal((1, 20, 25, 1e-7, 1e-9, 100, LineSearch.None), (group.LearningRate, group.MaxIter, group.MaxEval, group.ToleranceGrad, group.ToleranceChange, group.HistorySize, group.LineSearchFn));
        Assert.Equal(8, new LBFGS(block, maxIter: 7).Groups[0].MaxEval);
    }

    [Fact]
    public void A_history_made_shorter_between_steps_is_saved_as_the_next_step_would_have_it()
    {
        ParameterBlock block = new(0, ParameterSpec.Uniform("w", [9], 1f));
        ParameterBlock other = new(1, ParameterSpec.Uniform("w", [9], 1f));
        LBFGS optimizer = new(block, lr: 0.3, maxIter: 6, toleranceChange: 0, historySize: 6);
        LBFGS loaded = new(other, lr: 0.3, maxIter: 6, toleranceChange: 0, historySize: 6);
        optimizer.Step(() => Quadratic(block));
        optimizer.Groups[0].HistorySize = 2;
        StateDict dict = optimizer.StateDict();
        Assert.Equal(2 + (2 * 2), dict.Count);

        // Refused, it changes nothing; nor does being saved.
        StateDict damaged = dict.Rename(name => name);
        damaged.Add("surplus", StateTensor.Scalar(1f));
        Assert.Contains("surplus", Assert.Throws<StateDictException>(() => optimizer.LoadStateDict(damaged)).Message, StringComparison.Ordinal);

        loaded.LoadStateDict(dict);
        other.LoadStateDict(block.StateDict());
        optimizer.Step(() => Quadratic(block));
        loaded.Step(() => Quadratic(other));
        Assert.Equal(block.Values, other.Values);

        static float Quadratic(ParameterBlock block)
        {
            double loss = 0;
            block.MarkGradient(0);
            for (int i = 0; i < block[0].Length; i++)
            {
                loss += (i + 1.0) * block[0].Values[i] * block[0].Values[i] / 2;
                block[0].Gradients[i] = (i + 1) * block[0].Values[i];
            }

            return (float)loss;
        }
    }

    /// <summary>PyTorch's names and, of vectors, its order: that in which parameters were given.</summary>
    [Fact]
    public void The_state_has_PyTorchs_names()
    {
        ParameterBlock block = new(0, ParameterSpec.Ones("a", [2]), ParameterSpec.Ones("b", [1]));
        LBFGS optimizer = new([block["b"], block["a"]], lr: 0.5, maxIter: 3, maxEval: 10);
        optimizer.Step(() =>
        {
            block.MarkGradient(0);
            block.MarkGradient(1);
            block["a"].Values.CopyTo(block["a"].Gradients);
            block["b"].Gradients[0] = 10 * block["b"].Values[0];
            return 1 + block["b"].Values[0];
        });
        StateDict dict = optimizer.StateDict();
        Assert.Equal(["d", "prev_flat_grad", "old_dirs.0", "old_stps.0", "old_dirs.1", "old_stps.1"], dict.Names);
        Assert.Equal([3], dict["old_stps.0"].Shape.ToArray());

        // The first movement is along −(10, 1, 1), by the sum of magnitudes, halved.
        Assert.Equal([-10 / 24f, -1 / 24f, -1 / 24f], dict["old_stps.0"].ToArray(), (x, y) => Math.Abs(x - y) < 1e-6);
        foreach (string name in new[] { "\"n_iter\":3", "\"func_evals\":3", "\"t\":0.5", "\"H_diag\":", "\"ro\":[" })
        {
            Assert.Contains(name, dict.Metadata["settings"], StringComparison.Ordinal);
        }

    }

    /// <summary>PyTorch 2.6's <c>json.dumps(optimizer.state_dict()["param_groups"])</c>, with our own L1 in the middle.</summary>
    [Theory]
    [InlineData(LineSearch.None, "null")]
    [InlineData(LineSearch.StrongWolfe, "\"strong_wolfe\"")]
    public void Options_are_pytorchs(LineSearch search, string name)
    {
        string theirs = $$"""[{"lr": 0.5, "max_iter": 3, "max_eval": 10, "tolerance_grad": 1e-07, "tolerance_change": 1e-09, "history_size": 7, "line_search_fn": {{name}}, "params": [0]}]""";
        LBFGS optimizer = new(new ParameterBlock(0, ParameterSpec.Ones("w", [1])), 0.5, 3, 10, historySize: 7, lineSearchFn: search);
        StateDict dict = optimizer.StateDict();
        JsonNode ours = JsonNode.Parse(dict.Metadata["param_groups"])!;
        ours[0]!.AsObject().Remove("l1");
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(theirs), ours), ours.ToJsonString());

        // One that is not in the file stays, as every option does; another than there are is refused.
        optimizer.Groups[0].LineSearchFn = LineSearch.StrongWolfe - (int)search;
        dict.Metadata["param_groups"] = """[{"lr": 0.5, "params": [0]}]""";
        optimizer.LoadStateDict(dict);
        Assert.NotEqual(search, optimizer.Groups[0].LineSearchFn);
        dict.Metadata["param_groups"] = """[{"lr": 0.25, "line_search_fn": "armijo", "params": [0]}]""";
        Assert.Contains("'armijo'", Assert.Throws<StateDictException>(() => optimizer.LoadStateDict(dict)).Message);
        Assert.Equal(0.5, optimizer.Groups[0].LearningRate);
        dict.Metadata["param_groups"] = theirs;
        optimizer.LoadStateDict(dict);
        Assert.Equal(search, optimizer.Groups[0].LineSearchFn);
    }

    [Fact]
    public void A_shorter_history_forgets_the_oldest()
    {
        LineSearchProblem problem = new("quadratic", 9, [[40]], -1, 1);
        LBFGS optimizer = new(problem.Block, lr: 0.5, maxIter: 1, historySize: 6);
        Run(10);
        StateDict before = optimizer.StateDict();
        optimizer.Groups[0].HistorySize = 2;
        Run(1);
        StateDict after = optimizer.StateDict();
        Assert.Equal(before["old_stps.5"].ToArray(), after["old_stps.0"].ToArray());
        Assert.DoesNotContain("old_stps.2", after.Names);
        optimizer.Groups[0].HistorySize = 4;
        Run(5);
        Assert.Contains("old_stps.3", optimizer.StateDict().Names);
        Assert.True(problem.Closure() < 1);

        void Run(int steps)
        {
            for (int step = 0; step < steps; step++)
            {
                optimizer.Step(problem.Closure);
            }
        }
    }

    /// <summary>Sixteen apart, so that they are added up in one lane of any vector.</summary>
    [Fact]
    public void Curvature_survives_cancellation()
    {
        // Along the first direction, (1e4, 1, −1e4)/20001, gradients change by (1e4, 1, 1e4): only the small part is left.
        ParameterBlock block = new(0, ParameterSpec.Ones("w", [33]));
        LBFGS optimizer = new(block, lr: 1, maxIter: 2, maxEval: 100, toleranceChange: 0);
        int call = 0;
        optimizer.Step(() =>
        {
            block.MarkGradient(0);
            block[0].Gradients.Clear();
            block[0].Gradients[0] = call == 0 ? -1e4f : 0;
            block[0].Gradients[16] = call == 0 ? -1 : 0;
            block[0].Gradients[32] = call == 0 ? 1e4f : 2e4f;
            return ++call;
        });

        string settings = optimizer.StateDict().Metadata["settings"];
        double ro = double.Parse(settings.Split("\"ro\":[")[1].Split(']')[0], CultureInfo.InvariantCulture);
        Assert.Equal(1, 1 / 20001.0 * ro, 1e-6);
    }

    [Fact]
    public void A_checkpoint_keeps_it()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("run.safetensors", []);
        float[] x = new float[11 * 8];
        GoldenStream.Fill(x, stream: 5, 0, -1, 1);
        int[] labels = [0, 1, 2, 3, 4, 5, 6, 0];
        CrossEntropyNet whole = new(8, seed: 1), resumed = new(8, seed: 2);
        LBFGS optimizer = new(whole.Parameters, maxIter: 3, lineSearchFn: LineSearch.StrongWolfe);
        LBFGS other = new(resumed.Parameters, maxIter: 1);
        float first = Steps(optimizer, whole, 2);
        Checkpoint.Save(path, whole, optimizer);
        float last = Steps(optimizer, whole, 3);
        Checkpoint.Load(path, resumed, other);
        Assert.Equal(last, Steps(other, resumed, 3));
        Assert.Equal(whole.Parameters.Values.ToArray(), resumed.Parameters.Values.ToArray());
        Assert.True(last < first);

        float Steps(LBFGS optimizer, CrossEntropyNet net, int count)
        {
            float loss = 0;
            for (int step = 0; step < count; step++)
            {
                loss = optimizer.Step(() =>
                {
                    optimizer.ZeroGrad();
                    net.Forward(x);
                    float loss = net.Loss(labels);
                    net.Backward();
                    return loss;
                });
            }

            return loss;
        }
    }
}
