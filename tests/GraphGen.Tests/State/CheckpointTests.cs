using GraphGen.Tests.Runtime;
using Xunit;

namespace GraphGen.Tests.State;

/// <summary>A resumed run is the run that was never stopped, and what cannot be loaded changes nothing.</summary>
public sealed class CheckpointTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(16)]
    [InlineData(23)]
    [InlineData(31)]
    [InlineData(32)]
    public void A_resumed_run_is_bit_for_bit_the_uninterrupted_one(int steps)
    {
        using TemporaryFolder folder = new();
        string path = folder.PathOf("checkpoint");
        TrainingRun whole = new();
        whole.Train();
        Assert.Equal(TrainingRun.Epochs * TrainingRun.BatchesOfAnEpoch, whole.Losses.Count);

        TrainingRun first = new();
        first.Train(steps);
        first.Save(path);

        // Made with other seeds: those of the checkpoint count.
        TrainingRun second = new(seed: 1, shuffleSeed: 2);
        second.Load(path);
        second.Train();
        Assert.Equal(whole.Losses, [.. first.Losses, .. second.Losses]);
        Assert.Equal(whole.Everything(), second.Everything());
    }

    [Fact]
    public void A_run_may_be_resumed_at_every_step()
    {
        using TemporaryFolder folder = new();
        string path = folder.PathOf("checkpoint");
        TrainingRun whole = new();
        whole.Train();
        new TrainingRun().Save(path);
        for (int step = 0; step < TrainingRun.Epochs * TrainingRun.BatchesOfAnEpoch; step++)
        {
            TrainingRun next = new(seed: step);
            next.Load(path);
            next.Train(1);
            next.Save(path);
            Assert.Equal(whole.Losses[step], next.Losses[0]);
        }

        TrainingRun last = new(seed: -1);
        last.Load(path);
        last.Train();
        Assert.Empty(last.Losses);
        Assert.Equal(whole.Everything(), last.Everything());
    }

    [Fact]
    public void Loading_into_a_run_under_way_makes_it_the_saved_one()
    {
        using TemporaryFolder folder = new();
        string path = folder.PathOf("checkpoint");
        TrainingRun run = new();
        run.Train(11);
        run.Save(path);
        byte[] saved = run.Everything();

        run.Train(9);
        float[] losses = [.. run.Losses[^9..]];
        run.Load(path);
        Assert.Equal(saved, run.Everything());
        Assert.All(run.Net.Parameters, parameter => Assert.False(parameter.HasGradient));
        run.Train(9);
        Assert.Equal(losses, run.Losses[^9..]);
    }

    [Fact]
    public void Random_state_gives_the_masks_again_and_gives_up_a_step_under_way()
    {
        ResumedNet net = new(4, seed: 7);
        float[] x = [.. Enumerable.Range(0, 24).Select(i => i / 24f)];
        net.Forward(x);
        RandomState state = net.RandomState;
        Assert.Equal(new RandomState(7, 1), state);
        float[] masked = net.Forward(x).ToArray();
        net.Loss([0, 1, 2, 0]);
        Assert.NotEqual(masked, net.Forward(x).ToArray());
        net.RandomState = state;
        Assert.Throws<InvalidOperationException>(() => net.Loss([0, 1, 2, 0]));
        Assert.Throws<InvalidOperationException>(() => net.Backward());
        Assert.Equal(masked, net.Forward(x).ToArray());
        net.RandomState = new RandomState(8, 1);
        Assert.NotEqual(masked, net.Forward(x).ToArray());
    }

    [Fact]
    public void The_models_part_is_a_state_dict()
    {
        using TemporaryFolder folder = new();
        string path = folder.PathOf("checkpoint");
        TrainingRun run = new();
        run.Train(3);
        run.Save(path);
        ResumedNet net = new(1);
        net.Parameters.LoadStateDict(Safetensors.Load(path).Submodule("model"));
        Assert.Equal(run.Net.Parameters.Values, net.Parameters.Values);
    }

    [Fact]
    public void A_model_can_be_saved_alone_and_loaded_from_a_checkpoint_with_more()
    {
        using TemporaryFolder folder = new();
        string path = folder.PathOf("checkpoint");
        TrainingRun run = new();
        run.Train(3);
        Checkpoint.Save(path, run.Net);
        ResumedNet net = new(1);
        Checkpoint.Load(path, net);
        Assert.Equal(run.Net.Parameters.Values, net.Parameters.Values);
        Assert.Equal(run.Net.RandomState, net.RandomState);
        run.Save(path);
        ResumedNet other = new(1);
        Checkpoint.Load(path, other);
        Assert.Equal(run.Net.Parameters.Values, other.Parameters.Values);
    }

    [Fact]
    public void Parts_of_one_type_are_told_apart_by_their_order()
    {
        using TemporaryFolder folder = new();
        string path = folder.PathOf("checkpoint");
        ResumedNet net = new(1);
        Counter one = new() { Count = 1, Trace = [1, 2, 3] };
        Counter two = new() { Count = 2, Trace = [] };
        Checkpoint.Save(path, net, null, one, two);
        Counter three = new();
        Counter four = new();
        Checkpoint.Load(path, net, null, three, four);
        Assert.Equal((1, 2), (three.Count, four.Count));
        Assert.Equal([1, 2, 3], three.Trace);
        Assert.Empty(four.Trace);
        Counter five = new() { Count = 5 };
        Assert.Contains("Counter", Assert.Throws<StateDictException>(() => Checkpoint.Load(path, net, null, three, four, five)).Message);
        Assert.Equal((1, 2, 5), (three.Count, four.Count, five.Count));
    }

    /// <summary>What is changed in a checkpoint, and what the message says.</summary>
    public static TheoryData<string, string> Damages => new()
    {
        { "checkpoint", "'checkpoint' to be 1, got none" },
        { "checkpoint=2", "to be 1, got '2'" },
        { "random_state.seed", "'random_state.seed'" },
        { "random_state.step=1.5", "'random_state.step' to be a whole number, got '1.5'" },
        { "random_state.step=99999999999999999999", "whole number" },
        { "model.fc1.weight", "missing: fc1.weight" },
        { "optimizer.param_groups", "'param_groups'" },
        { "optimizer.param_groups=[]", "2 groups of parameters, got 0" },
        { "optimizer.param_groups={", "in JSON" },
        { "optimizer.param_groups=[{\"\\ud800\":1},{}]", "in JSON" },
        { "optimizer.step_count=-1", "'step_count'" },
        { "optimizer.state.0.momentum_buffer=[1]", "'state.0.momentum_buffer': expected the shape [33, 6] for 'fc1.weight', got [1]" },
        { "optimizer.state.9.momentum_buffer=[1]", "state.9.momentum_buffer" },
        { "optimizer.state.0.exp_avg=[33, 6]", "state.0.exp_avg" },
        { "state.StepLR.settings", "StepLR" },
        { "state.StepLR.settings={}", "'last_epoch'" },
        { "state.StepLR.settings={\"last_epoch\":-2,\"_last_lr\":[1,1],\"base_lrs\":[1,1]}", "'last_epoch'" },
        { "state.StepLR.settings={\"last_epoch\":2,\"_last_lr\":[1],\"base_lrs\":[1,1]}", "2 numbers" },
        { "state.StepLR.settings={\"last_epoch\":3000000000,\"_last_lr\":[1,1],\"base_lrs\":[1,1]}", "32-bit" },
        { "state.Dataset.settings={\"count\":3,\"shuffle_seed\":1,\"epoch\":0,\"batch\":0}", "77 samples" },
        { "state.Dataset.settings={\"count\":77,\"shuffle_seed\":1,\"epoch\":-1,\"batch\":0}", "refuses" },
        { "state.Dataset.settings={\"count\":77,\"shuffle_seed\":1,\"epoch\":1,\"batch\":-1}", "Dataset refuses 'batch'" },
        { "state.Dataset.settings={\"count\":77,\"shuffle_seed\":1,\"epoch\":1,\"batch\":1e400}", "whole number" },
        { "state.Dataset.more=[1]", "more" },
        { "lr=-1", "SGD refuses 'lr'" },
        { "lr=\"NaN\"", "refuses" },
        { "lr=null", "a number for 'lr'" },
        { "momentum=\"x\"", "a number for 'momentum'" },
        { "nesterov=1", "true or false for 'nesterov'" },
        { "params=[7]", "2 parameters in group" },
        { "params=[0,2]", "parameter 1 next" },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public void What_does_not_fit_changes_nothing(string damage, string message)
    {
        using TemporaryFolder folder = new();
        string path = folder.PathOf("checkpoint");
        TrainingRun saved = new();
        saved.Train(13);
        saved.Save(path);
        StateDict dict = Safetensors.Load(path);
        Safetensors.Save(path, Damage(dict, damage));

        TrainingRun run = new(seed: 2);
        run.Train(5);
        byte[] before = run.Everything();
        StateDictException exception = Assert.Throws<StateDictException>(() => run.Load(path));
        Assert.Contains(message, exception.Message);
        Assert.Contains(path, exception.Message);
        Assert.Equal(before, run.Everything());
        Assert.All(run.Net.Parameters, parameter => Assert.True(parameter.HasGradient));
    }

    [Fact]
    public void A_missing_file_changes_nothing()
    {
        TrainingRun run = new();
        byte[] before = run.Everything();
        Assert.Throws<FileNotFoundException>(() => run.Load(Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid()}")));
        Assert.Equal(before, run.Everything());
    }

    [Fact]
    public void A_position_from_batches_of_another_size_is_refused_when_it_is_used()
    {
        Dataset data = new(new float[10], new int[10], 1) { Position = new DataPosition(1, 4) };
        Assert.Throws<InvalidOperationException>(() =>
        {
            foreach (var (_, _) in data.Batches(5, shuffle: true))
            {
            }
        });
    }

    [Fact]
    public void A_scheduler_that_has_not_started_is_resumed_at_its_start()
    {
        LateLR late = new(Optimizer());
        LateLR other = new(Optimizer());
        other.Step();
        other.LoadStateDict(late.StateDict());
        late.Step();
        other.Step();
        Assert.Equal(late.LastEpoch, other.LastEpoch);

        static SGD Optimizer() => new(new ParameterBlock(0, ParameterSpec.Ones("w", [1])), lr: 1);
    }

    /// <summary>The dict without a name, or with another text or shape under it.</summary>
    private static StateDict Damage(StateDict dict, string damage)
    {
        string[] parts = damage.Split('=', 2);
        string name = parts[0];
        if (!name.Contains('.') && name != "checkpoint")
        {
            // An option of the last group.
            string groups = dict.Metadata["optimizer.param_groups"];
            int start = groups.LastIndexOf($"\"{name}\":", StringComparison.Ordinal) + name.Length + 3;
            int end = name == "params" ? groups.IndexOf(']', start) + 1 : groups.IndexOfAny([',', '}'], start);
            if (damage == "params=[0,2]")
            {
                groups = groups.Replace("[0,1]", "[0,2]");
            }
            else
            {
                groups = groups[..start] + parts[1] + groups[end..];
            }

            dict.Metadata["optimizer.param_groups"] = groups;
            return dict;
        }

        StateDict damaged = dict.Rename(given => given == name ? null : given);
        damaged.Metadata.Remove(name);
        if (parts.Length == 2 && parts[1].StartsWith('[') && !name.EndsWith("groups"))
        {
            int[] shape = [.. parts[1].Trim('[', ']').Split(',').Select(int.Parse)];
            damaged.Add(name, new StateTensor(shape, new float[shape.Aggregate((x, y) => x * y)]));
        }
        else if (parts.Length == 2)
        {
            damaged.Metadata.Add(name, parts[1]);
        }

        return damaged;
    }

    private sealed class Counter : IStateful
    {
        public int Count { get; set; }

        public float[] Trace { get; set; } = [];

        public void Exchange(StateExchange state)
        {
            Count = state.Exchange("count", Count);
            Trace = state.ExchangeTensor("trace", Trace);
        }
    }

    private sealed class LateLR(Optimizer optimizer) : EpochScheduler(optimizer)
    {
        protected override double NextLearningRate(int group, double rate) => 1.0 / (LastEpoch + 1);
    }
}
