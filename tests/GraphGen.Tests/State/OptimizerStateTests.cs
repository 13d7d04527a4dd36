using Xunit;

namespace GraphGen.Tests.State;

/// <summary>What an optimizer remembers, under PyTorch's names; checkpoints' tests have what is refused.</summary>
public sealed class OptimizerStateTests
{
    [Fact]
    public void A_state_dict_has_pytorchs_names()
    {
        (ParameterBlock block, SGD optimizer) = Make();
        Step(block, optimizer, 0, 1, 2);
        StateDict dict = optimizer.StateDict();

        // Numbered through the groups, in the order of each group's parameters.
        Assert.Equal(["state.0.momentum_buffer", "state.1.momentum_buffer", "state.2.momentum_buffer"], dict.Names);
        Assert.Equal([5, 4], dict["state.0.momentum_buffer"].Shape);
        Assert.Equal([3], dict["state.1.momentum_buffer"].Shape);
        Assert.Equal(
            """
            [{"lr":0.1,"l1":0,"momentum":0.9,"dampening":0,"weight_decay":0,"nesterov":true,"maximize":false,"params":[0]},{"lr":0.01,"l1":0,"momentum":0.9,"dampening":0,"weight_decay":0.3,"nesterov":true,"maximize":false,"params":[1,2]}]
            """,
            dict.Metadata["param_groups"]);
        Assert.Equal("1", dict.Metadata["step_count"]);
        Assert.Equal(2, dict.Metadata.Count);
    }

    [Fact]
    public void What_has_had_no_update_has_no_state()
    {
        (ParameterBlock block, SGD optimizer) = Make();
        Step(block, optimizer, 1);
        StateDict dict = optimizer.StateDict();
        Assert.Equal(["state.2.momentum_buffer"], dict.Names);

        // Loaded over a state of all, it takes the others' away: their next update is their first.
        (ParameterBlock other, SGD loaded) = Make();
        Step(other, loaded, 0, 1, 2);
        loaded.LoadStateDict(dict);
        other.LoadStateDict(block.StateDict());
        for (int i = 0; i < 3; i++)
        {
            Step(block, optimizer, 0, 1, 2);
            Step(other, loaded, 0, 1, 2);
        }

        Assert.Equal(block.Values, other.Values);
        Assert.Equal(StateFile.Write(optimizer.StateDict()), StateFile.Write(loaded.StateDict()));
    }

    [Fact]
    public void Options_that_are_missing_stay_and_others_are_passed_over()
    {
        (_, SGD optimizer) = Make();
        StateDict dict = optimizer.StateDict();
        dict.Metadata["param_groups"] = """[{"lr":0.5,"foreach":null,"initial_lr":2,"params":[0]},{"lr":0.25,"momentum":"Infinity","params":[1,2]}]""";
        dict.Metadata.Remove("step_count");
        optimizer.Groups[1].InitialLearningRate = 3;
        optimizer.LoadStateDict(dict);
        Assert.Equal((0.5, 0.9, true, 2.0), (optimizer.Groups[0].LearningRate, optimizer.Groups[0].Momentum, optimizer.Groups[0].Nesterov, optimizer.Groups[0].InitialLearningRate));
        Assert.Equal((0.25, double.PositiveInfinity, 0.3, 3.0), (optimizer.Groups[1].LearningRate, optimizer.Groups[1].Momentum, optimizer.Groups[1].WeightDecay, optimizer.Groups[1].InitialLearningRate));
        Assert.Equal(0, optimizer.StepCount);
    }

    [Fact]
    public void Options_refused_are_put_back_in_every_group()
    {
        (_, SGD optimizer) = Make();
        byte[] before = StateFile.Write(optimizer.StateDict());
        StateDict dict = optimizer.StateDict();
        dict.Metadata["param_groups"] = """[{"lr":0.5,"initial_lr":2,"params":[0]},{"lr":0.25,"momentum":-1,"params":[1,2]}]""";
        Assert.Contains("SGD refuses 'momentum' (or a setting before it) as it is in group 1.", Assert.Throws<StateDictException>(() => optimizer.LoadStateDict(dict)).Message);
        Assert.Equal(before, StateFile.Write(optimizer.StateDict()));
        Assert.Null(optimizer.Groups[0].InitialLearningRate);
    }

    /// <summary>A state dict is no run's if a parameter that was updated has a part of its state only.</summary>
    [Fact]
    public void A_state_that_lacks_a_part_is_refused_by_the_parts_name()
    {
        foreach ((Func<Parameter[], Optimizer> make, string[] parts) in new (Func<Parameter[], Optimizer>, string[])[]
        {
            (parameters => new Adam(parameters), ["step", "exp_avg", "exp_avg_sq"]),
            (parameters => new AdamW(parameters), ["step", "exp_avg", "exp_avg_sq"]),
            (parameters => new NAdam(parameters), ["step", "exp_avg", "exp_avg_sq", "mu_product"]),
            (parameters => new RAdam(parameters), ["step", "exp_avg", "exp_avg_sq"]),
            (parameters => new SparseAdam(parameters), ["step", "exp_avg", "exp_avg_sq"]),
            (parameters => new Adamax(parameters), ["step", "exp_avg", "exp_inf"]),
            (parameters => new Adagrad(parameters), ["step", "sum"]),
            (parameters => new Adadelta(parameters), ["step", "square_avg", "acc_delta"]),
            (parameters => new RMSprop(parameters), ["step", "square_avg"]),
            (parameters => new Rprop(parameters), ["step", "prev", "step_size"]),
            (parameters => new ASGD(parameters), ["step", "ax", "eta", "mu"]),
            (parameters => new Adafactor(parameters), ["step", "row_var", "col_var"]),
            (parameters => new Muon(parameters), ["momentum_buffer"]),
        })
        {
            ParameterBlock block = new(1, ParameterSpec.Uniform("a", [2, 2], 1f), ParameterSpec.Uniform("b", [5, 4], 1f));
            Optimizer optimizer = make([block["a"], block["b"]]);
            Step(block, optimizer, 1);
            StateDict dict = optimizer.StateDict();
            Assert.Equal(parts.Order(), dict.Names.Select(name => name["state.1.".Length..]).Order());
            byte[] before = StateFile.Write(dict);
            foreach (string part in parts.Where(_ => parts.Length > 1))
            {
                StateDict damaged = dict.Rename(name => name == "state.1." + part ? null : name);
                Assert.Contains($"'state.1.{part}' with the rest of the state of 'b'", Assert.Throws<StateDictException>(() => optimizer.LoadStateDict(damaged)).Message);
                Assert.Equal(before, StateFile.Write(optimizer.StateDict()));
            }

            // Parameters that have never been updated lack nothing.
            Optimizer other = make([block["a"], block["b"]]);
            other.LoadStateDict(dict);
            Assert.Equal(before, StateFile.Write(other.StateDict()));
        }

        // Adafactor's state of a vector is another than that of a matrix.
        ParameterBlock vector = new(1, ParameterSpec.Uniform("a", [3], 1f));
        Adafactor adafactor = new([vector["a"]]);
        Step(vector, adafactor, 0);
        StateDict stepOnly = adafactor.StateDict().Rename(name => name == "state.0.variance" ? null : name);
        Assert.Contains("'state.0.variance'", Assert.Throws<StateDictException>(() => adafactor.LoadStateDict(stepOnly)).Message);
    }

    /// <summary>
    /// What is switched on after the last step has no state yet: it begins with the next, in a run that is resumed as in one that is not.
    /// PyTorch loads such a dict too; its Adam then fails for want of <c>max_exp_avg_sq</c>.
    /// </summary>
    [Fact]
    public void A_state_that_an_option_has_yet_to_begin_is_not_missed()
    {
        foreach ((Func<Parameter[], Optimizer> make, Action<Optimizer> switchOn) in new (Func<Parameter[], Optimizer>, Action<Optimizer>)[]
        {
            (parameters => new SGD(parameters), optimizer => ((SGD)optimizer).Groups[0].Momentum = 0.9),
            (parameters => new Adam(parameters), optimizer => ((Adam)optimizer).Groups[0].Amsgrad = true),
            (parameters => new RMSprop(parameters), optimizer => (((RMSprop)optimizer).Groups[0].Momentum, ((RMSprop)optimizer).Groups[0].Centered) = (0.9, true)),
        })
        {
            ParameterBlock block = new(1, ParameterSpec.Uniform("a", [3], 1f));
            Optimizer optimizer = make([block["a"]]);
            Step(block, optimizer, 0);
            switchOn(optimizer);
            ParameterBlock other = new(2, ParameterSpec.Uniform("a", [3], 1f));
            Optimizer loaded = make([other["a"]]);
            loaded.LoadStateDict(optimizer.StateDict());
            other.LoadStateDict(block.StateDict());
            Step(block, optimizer, 0);
            Step(other, loaded, 0);
            Assert.Equal(block.Values, other.Values);
            Assert.Equal(StateFile.Write(optimizer.StateDict()), StateFile.Write(loaded.StateDict()));
        }
    }

    [Fact]
    public void An_optimizer_of_ones_own_is_saved_whole()
    {
        ParameterBlock block = new(1, ParameterSpec.Uniform("a", [3], 1f), ParameterSpec.Uniform("b", [20], 1f));
        ParameterBlock other = new(1, ParameterSpec.Uniform("a", [3], 1f), ParameterSpec.Uniform("b", [20], 1f));
        OwnOptimizer optimizer = new(block);
        Step(block, optimizer, 0, 1);
        Step(block, optimizer, 1);
        StateDict dict = StateFile.Read(StateFile.Write(optimizer.StateDict()));
        Assert.Equal(
            ["state.0.step", "state.0.mean", "state.0.state_1", "state.0.number_0", "state.1.step", "state.1.mean", "state.1.state_1", "state.1.number_0", "history"],
            dict.Names);
        Assert.Equal([1f], dict["state.0.step"].ToArray());
        Assert.Equal([2f], dict["state.1.step"].ToArray());
        Assert.Empty(dict["state.0.state_1"].Shape.ToArray());
        Assert.Equal("""{"calls":3,"inner":{"name":"ünï"}}""", dict.Metadata["settings"]);

        OwnOptimizer loaded = new(other);
        loaded.LoadStateDict(dict);
        other.LoadStateDict(block.StateDict());
        Step(block, optimizer, 0, 1);
        Step(other, loaded, 0, 1);
        Assert.Equal(block.Values, other.Values);
        Assert.Equal(2 + 1, loaded.StepCount);
        Assert.Equal(StateFile.Write(optimizer.StateDict()), StateFile.Write(loaded.StateDict()));

        foreach ((Func<string, string?> rename, string message) in new (Func<string, string?>, string)[]
        {
            (name => name == "history" ? null : name, "'history'"),
            (name => name == "state.0.step" ? null : name, "'state.0.step'"),
            (name => name == "state.0.mean" ? "state.0.step" : name == "state.0.step" ? "state.0.mean" : name, "'state.0.mean': expected the shape [3] for 'a', got []"),
            (name => name == "state.0.number_0" ? "state.0.number_1" : name == "history" ? "state.0.number_0" : name, "single number"),
        })
        {
            byte[] before = StateFile.Write(loaded.StateDict());
            Assert.Contains(message, Assert.Throws<StateDictException>(() => loaded.LoadStateDict(dict.Rename(rename))).Message);
            Assert.Equal(before, StateFile.Write(loaded.StateDict()));
        }
    }

    private static (ParameterBlock Block, SGD Optimizer) Make()
    {
        ParameterBlock block = new(1, ParameterSpec.Uniform("a", [3], 1f), ParameterSpec.Uniform("b", [2, 2], 1f), ParameterSpec.Uniform("c", [5, 4], 1f));
        SGD optimizer = new([[block["c"]], [block["a"], block["b"]]], lr: 0.1, momentum: 0.9, nesterov: true);
        optimizer.Groups[1].WeightDecay = 0.3;
        optimizer.Groups[1].LearningRate = 0.01;
        return (block, optimizer);
    }

    private static void Step(ParameterBlock block, Optimizer optimizer, params int[] parameters)
    {
        block.ZeroGrad();
        foreach (int parameter in parameters)
        {
            block.MarkGradient(parameter);
            for (int i = 0; i < block[parameter].Length; i++)
            {
                block[parameter].Gradients[i] = block[parameter].Values[i] + parameter + i + 1;
            }
        }

        optimizer.Step();
    }

    private sealed class OwnGroup(IEnumerable<Parameter> parameters) : ParameterGroup(parameters, 0.1);

    /// <summary>A mean of gradients, one float for all of a parameter, a number, and things of its own.</summary>
    private sealed class OwnOptimizer : Optimizer<OwnGroup>
    {
        private long _calls;
        private float[] _history = [];
        private string _name = "ünï";

        public OwnOptimizer(IEnumerable<Parameter> parameters) => AddParamGroup(parameters);

        protected override OwnGroup CreateGroup(IEnumerable<Parameter> parameters) => new(parameters);

        protected override string StateName(int index) => index == 0 ? "mean" : base.StateName(index);

        protected override ReadOnlySpan<int> StateShape(int index, Parameter parameter) => index == 0 ? base.StateShape(index, parameter) : [];

        protected override void Exchange(StateExchange state)
        {
            _calls = state.Exchange("calls", _calls);
            _history = state.ExchangeTensor("history", _history);
            StateExchange inner = state.Part("inner");
            _name = inner.Exchange("name", _name);
        }

        protected override void Update(OwnGroup group, in ParameterRange range)
        {
            for (int p = 0; p < range.Count; p++)
            {
                ParameterRange one = range.Only(p);
                Span<float> mean = one.State(0);
                one.State(1)[0] += p + 1;
                one.SetNumber(0, double.IsNaN(one.Number(0)) ? Math.PI : one.Number(0) * 0.99);
                for (int i = 0; i < one.Length; i++)
                {
                    mean[i] = (0.5f * mean[i]) + (0.5f * one.Gradients[i]);
                    one.Values[i] -= (float)(group.LearningRate * one.Number(0)) * mean[i] / one.State(1)[0];
                }

                _calls++;
                _history = [.. _history, one.Steps];
            }
        }
    }
}
