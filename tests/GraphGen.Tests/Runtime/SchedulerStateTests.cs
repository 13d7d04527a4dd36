using System.Text.Json.Nodes;
using GraphGen.Tests.Golden;
using Xunit;

namespace GraphGen.Tests.Runtime;

/// <summary>Schedulers in state dicts and checkpoints; that a loaded one goes on alike is shown against PyTorch's numbers.</summary>
public sealed class SchedulerStateTests
{
    private const string Key = "settings";

    public static TheoryData<string> Names => [.. SchedulerCase.Names];

    [Fact]
    public void The_names_are_PyTorchs()
    {
        SGD optimizer = Optimizer();
        Check(["last_epoch", "_last_lr", "base_lrs", "step_size", "gamma"], new StepLR(optimizer, 3));
        Check(["last_epoch", "_last_lr", "base_lrs", "T_0", "T_mult", "eta_min", "T_cur", "T_i"], new CosineAnnealingWarmRestarts(optimizer, 3));
        Check(
            [
                "last_epoch", "_last_lr", "mode", "factor", "patience", "threshold", "threshold_mode", "cooldown", "min_lrs", "eps", "best",
                "num_bad_epochs", "cooldown_counter",
            ],
            new ReduceLROnPlateau(optimizer));

        static void Check(string[] names, LearningRateScheduler scheduler) =>
            Assert.Equal(names, Settings(scheduler).Select(setting => setting.Key));
    }

    [Fact]
    public void Choices_have_PyTorchs_names()
    {
        SGD optimizer = Optimizer();
        JsonObject plateau = Settings(new ReduceLROnPlateau(optimizer, PlateauMode.Max, thresholdMode: PlateauThresholdMode.Abs));
        Assert.Equal(("max", "abs", "-Infinity"), ((string?)plateau["mode"], (string?)plateau["threshold_mode"], (string?)plateau["best"]));
        JsonObject cyclic = Settings(new CyclicLR(optimizer, 0.1, 0.2, mode: CyclicMode.ExpRange));
        Assert.Equal("exp_range", (string?)cyclic["mode"]);
    }

    [Fact]
    public void What_it_was_constructed_with_is_loaded_too()
    {
        SGD optimizer = Optimizer(), other = Optimizer();
        StepLR scheduler = new(optimizer, 3, 0.5), loaded = new(other, 50, 0.1);
        scheduler.Step();
        loaded.LoadStateDict(scheduler.StateDict());
        for (int epoch = 1; epoch < 10; epoch++)
        {
            scheduler.Step();
            loaded.Step();
            Assert.Equal(optimizer.Groups[0].LearningRate, other.Groups[0].LearningRate);
        }
    }

    /// <summary>Each setting in turn is gone or made something else: it loads, or it is refused and all is as it was.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void A_state_that_does_not_fit_changes_nothing(string name)
    {
        SchedulerCase golden = SchedulerCase.Get(name);
        LearningRateScheduler source = golden.MakeScheduler(golden.MakeOptimizer());
        for (int epoch = 0; epoch < 50; epoch++)
        {
            golden.Step(source, epoch);
        }

        Optimizer optimizer = golden.MakeOptimizer();
        LearningRateScheduler scheduler = golden.MakeScheduler(optimizer);
        golden.Step(scheduler, 0);
        double[] rates = [.. optimizer.Groups.Select(group => group.LearningRate)];
        string before = scheduler.StateDict().Metadata[Key];
        int refused = 0;
        foreach (string setting in Settings(source).Select(setting => setting.Key))
        {
            foreach (string? replacement in (string?[])[null, "-7", "1.5", "\"NaN\"", "\"x\"", "null", "[]", "[-1]", "[2.5, 1, 1]", "{}", "1e300"])
            {
                JsonObject settings = Settings(source);
                settings.Remove(setting);
                if (replacement is not null)
                {
                    settings[setting] = JsonNode.Parse(replacement);
                }

                StateDict dict = new();
                dict.Metadata.Add(Key, settings.ToJsonString());
                try
                {
                    scheduler.LoadStateDict(dict);
                    StateDict old = new();
                    old.Metadata.Add(Key, before);
                    scheduler.LoadStateDict(old);
                }
                catch (StateDictException exception)
                {
                    refused++;
                    Assert.Contains(setting, exception.Message, StringComparison.Ordinal);
                }

                Assert.Equal(before, scheduler.StateDict().Metadata[Key]);
                Assert.Equal(rates, optimizer.Groups.Select(group => group.LearningRate));
            }
        }

        Assert.True(refused > 20, $"Only {refused} were refused.");
    }

    [Fact]
    public void What_is_no_state_of_a_scheduler()
    {
        StepLR scheduler = new(Optimizer(), 3);
        StateDict dict = new();
        Assert.Throws<StateDictException>(() => scheduler.LoadStateDict(dict));
        foreach (string text in (string[])["", "{", "[]", "7", "\ud800"])
        {
            dict.Metadata[Key] = text;
            Assert.Throws<StateDictException>(() => scheduler.LoadStateDict(dict));
        }

        dict = scheduler.StateDict();
        dict.Add("weight", StateTensor.Scalar(1f));
        Assert.Contains("weight", Assert.Throws<StateDictException>(() => scheduler.LoadStateDict(dict)).Message, StringComparison.Ordinal);
        Assert.Throws<StateDictException>(() => scheduler.LoadStateDict(new ExponentialLR(Optimizer(), 0.5).StateDict()));
        Assert.Throws<ArgumentNullException>("dict", () => scheduler.LoadStateDict(null!));
    }

    [Fact]
    public void Another_number_of_groups_is_refused()
    {
        ParameterBlock block = new(0, ParameterSpec.Ones("a", [2]), ParameterSpec.Ones("b", [2]));
        StepLR two = new(new SGD([block.Take(1), block.Skip(1)]), 3);
        StepLR one = new(Optimizer(), 3);
        one.Step();
        Assert.Throws<StateDictException>(() => one.LoadStateDict(two.StateDict()));
        Assert.Equal(1, one.LastEpoch);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void A_group_added_later_is_in_the_state_before_and_after_a_step(bool savedSteps, bool loadedSteps)
    {
        StepLR saved = Make(savedSteps);
        StepLR loaded = Make(loadedSteps);
        loaded.LoadStateDict(saved.StateDict());
        Assert.Equal(saved.LastLearningRates, loaded.LastLearningRates);
        Assert.Equal([0.1, 0.5], saved.LastLearningRates);
        Assert.Equal(saved.LastEpoch, loaded.LastEpoch);

        static StepLR Make(bool steps)
        {
            ParameterBlock block = new(0, ParameterSpec.Ones("a", [2]), ParameterSpec.Ones("b", [2]));
            SGD optimizer = new([block.Take(1)], lr: 0.1);
            StepLR scheduler = new(optimizer, 3);
            optimizer.AddParamGroup(block.Skip(1)).LearningRate = 0.5;
            if (steps)
            {
                scheduler.Step();
            }

            return scheduler;
        }
    }

    [Fact]
    public void A_checkpoint_takes_schedulers_or_nothing()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("checkpoint.safetensors", []);
        NoBiasNet net = new(1);
        SGD optimizer = new(net.Parameters, 0.1);
        StepLR steps = new(optimizer, 2, 0.5);
        ReduceLROnPlateau plateau = new(optimizer, patience: 1);
        for (int epoch = 0; epoch < 5; epoch++)
        {
            steps.Step();
            plateau.Step(1);
        }

        Checkpoint.Save(path, net, optimizer, steps, plateau);
        SGD other = new(net.Parameters, 0.7);
        StepLR loadedSteps = new(other, 9);
        ReduceLROnPlateau loadedPlateau = new(other);
        Checkpoint.Load(path, net, other, loadedSteps, loadedPlateau);
        Assert.Equal(optimizer.Groups[0].LearningRate, other.Groups[0].LearningRate);
        Assert.Equal(steps.StateDict().Metadata, loadedSteps.StateDict().Metadata);
        Assert.Equal(plateau.StateDict().Metadata, loadedPlateau.StateDict().Metadata);

        // Four milestones do not go into three: the step schedule, which comes first, is put back.
        Checkpoint.Save(path, net, optimizer, steps, new MultiStepLR(optimizer, [1, 2, 3, 4]));
        loadedSteps = new(other, 9);
        Assert.Throws<StateDictException>(() => Checkpoint.Load(path, net, other, loadedSteps, new MultiStepLR(other, [1, 2, 3])));
        Assert.Equal(0, loadedSteps.LastEpoch);
        Assert.Equal(9, (int?)Settings(loadedSteps)["step_size"]);
    }

    private static SGD Optimizer() => new(new ParameterBlock(0, ParameterSpec.Ones("w", [2])), 0.1);

    private static JsonObject Settings(LearningRateScheduler scheduler) =>
        JsonNode.Parse(scheduler.StateDict().Metadata[Key])!.AsObject();
}
