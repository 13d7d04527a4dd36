using System.Text.Json.Nodes;
using GraphGen.Tests.Runtime;
using Xunit;

namespace GraphGen.Tests.State;

/// <summary>What holds of checkpoints with every optimizer and every scheduler.</summary>
public sealed class ResumeTests
{
    // What an optimizer may do without, as it has none before an option is switched on.
    private static readonly string[] Optional = ["momentum_buffer", "max_exp_avg_sq", "grad_avg"];

    public static TheoryData<string> Optimizers => [.. ResumedRun.Optimizers.Keys];

    /// <summary>Every optimizer, and every scheduler with momentum to cycle.</summary>
    public static TheoryData<string, string> Runs
    {
        get
        {
            TheoryData<string, string> runs = [];
            foreach (string optimizer in ResumedRun.Optimizers.Keys.Except([nameof(SGD), nameof(AdamW)]))
            {
                runs.Add(optimizer, nameof(ExponentialLR));
            }

            foreach (string scheduler in ResumedRun.Schedulers.Keys)
            {
                runs.Add(nameof(SGD), scheduler);
                runs.Add(nameof(AdamW), scheduler);
            }

            return runs;
        }
    }

    [Theory]
    [MemberData(nameof(Runs))]
    public void A_resumed_run_is_bit_for_bit_the_uninterrupted_one(string optimizer, string scheduler)
    {
        using TemporaryFolder folder = new();
        string path = folder.PathOf("checkpoint");
        ResumedRun whole = new(optimizer, scheduler);
        whole.Train();
        foreach (int steps in new[] { 1, 2, 7, 10, 13, 18 })
        {
            ResumedRun first = new(optimizer, scheduler);
            first.Train(steps);
            first.Save(path);

            // Made with other seeds, and used before.
            ResumedRun second = new(optimizer, scheduler, seed: 1, shuffleSeed: 2);
            second.Train(steps == 7 ? 9 : 1);
            second.Losses.Clear();
            second.Load(path);
            second.Train();
            Assert.Equal(whole.Losses, [.. first.Losses, .. second.Losses]);
            Assert.Equal(whole.Everything(), second.Everything());
        }
    }

    /// <summary>
    /// Each tensor taken away and in another shape, each text taken away, and each setting of another kind, in the middle of an epoch: nothing
    /// of the run is changed, the gradients included, nor where it goes from there.
    /// </summary>
    [Theory]
    [MemberData(nameof(Runs))]
    public void Whatever_does_not_fit_changes_nothing(string optimizer, string scheduler)
    {
        using TemporaryFolder folder = new();
        string path = folder.PathOf("checkpoint");
        ResumedRun saved = new(optimizer, scheduler, seed: 8, shuffleSeed: 4);
        saved.Train(12);
        saved.Save(path);
        StateDict dict = Safetensors.Load(path);

        ResumedRun whole = new(optimizer, scheduler);
        whole.Train();
        ResumedRun run = new(optimizer, scheduler);
        int step = 0;
        run.Train(afterStep: () =>
        {
            if (++step != 8)
            {
                return;
            }

            byte[] before = run.Everything();
            byte[] gradients = run.Gradients();
            foreach ((string damage, StateDict damaged) in Damages(dict))
            {
                Safetensors.Save(path, damaged);
                Exception? exception = Record.Exception(() => run.Load(path));
                StateDictException refused = exception as StateDictException ?? throw new Xunit.Sdk.XunitException($"{damage}: {exception?.ToString() ?? "loaded"}");
                Assert.True(refused.Message.Length < 1000 && refused.Message.Contains(path), refused.Message);
                Assert.True(before.AsSpan().SequenceEqual(run.Everything()), damage);
                Assert.True(gradients.AsSpan().SequenceEqual(run.Gradients()), damage);
            }
        });
        Assert.Equal(whole.Losses, run.Losses);
        Assert.Equal(whole.Everything(), run.Everything());
    }

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Steps_after_loading_allocate_nothing_but_in_the_first(string optimizer)
    {
        ParameterBlock saved = new(1, ParameterSpec.Uniform("fc1.weight", [5, 7], 1f), ParameterSpec.Uniform("fc2.weight", [3, 5], 1f));
        ParameterBlock block = new(2, ParameterSpec.Uniform("fc1.weight", [5, 7], 1f), ParameterSpec.Uniform("fc2.weight", [3, 5], 1f));
        Optimizer first = ResumedRun.Optimizers[optimizer](saved);
        for (int step = 0; step < 12; step++)
        {
            first.Step(Closure(saved));
        }

        Optimizer loaded = ResumedRun.Optimizers[optimizer](block);
        block.LoadStateDict(saved.StateDict());
        loaded.LoadStateDict(first.StateDict());
        Func<float> closure = Closure(block);
        loaded.Step(closure);
        Assert.Equal(0, Allocations.Of(() => loaded.Step(closure), repeats: 5));

        // A quartic, so that line searches have something left to do.
        static Func<float> Closure(ParameterBlock block) => () =>
        {
            double loss = 0;
            for (int p = 0; p < block.Count; p++)
            {
                Parameter parameter = block[p];
                block.MarkGradient(p);
                for (int i = 0; i < parameter.Length; i++)
                {
                    double value = parameter.Values[i] - (0.01 * i);
                    loss += value * value * value * value * (i + 1);
                    parameter.Gradients[i] = (float)(4 * value * value * value * (i + 1));
                }
            }

            return (float)loss;
        };
    }

    private static IEnumerable<(string Damage, StateDict Dict)> Damages(StateDict dict)
    {
        foreach ((string name, StateTensor tensor) in dict)
        {
            if (!Optional.Contains(name[(name.LastIndexOf('.') + 1)..]))
            {
                yield return ($"without {name}", dict.Rename(other => other == name ? null : other));
            }

            StateDict other = dict.Rename(other => other == name ? null : other);
            other.Add(name, new StateTensor([1, tensor.Length + 1], new float[tensor.Length + 1]));
            yield return ($"{name} in another shape", other);
        }

        foreach (string part in dict.Names.Concat(dict.Metadata.Keys).Select(name => name[..(name.LastIndexOf('.') + 1)]).Distinct().Where(part => part.Length > 0))
        {
            StateDict other = dict.Rename(name => name);
            other.Add($"{part}surplus", StateTensor.Scalar(1f));
            if (!part.StartsWith("random_state", StringComparison.Ordinal))
            {
                yield return ($"{part}surplus", other);
            }
        }

        foreach ((string name, string text) in dict.Metadata)
        {
            if (!name.EndsWith("step_count", StringComparison.Ordinal))
            {
                StateDict without = dict.Rename(other => other);
                without.Metadata.Remove(name);
                yield return ($"without {name}", without);
            }

            StateDict other = dict.Rename(other => other);
            other.Metadata[name] = "x";
            yield return ($"{name}: x", other);
            foreach (string damaged in text.StartsWith('{') || text.StartsWith('[') ? OfAnotherKind(text) : [])
            {
                StateDict kind = dict.Rename(other => other);
                kind.Metadata[name] = damaged;
                yield return ($"{name}: {damaged}", kind);
            }
        }
    }

    /// <summary>The JSON with each of its values, one at a time, in a list of its own.</summary>
    private static IEnumerable<string> OfAnotherKind(string json)
    {
        int count = Values(JsonNode.Parse(json)!).Count();
        for (int i = 0; i < count; i++)
        {
            JsonNode root = JsonNode.Parse(json)!;
            JsonNode value = Values(root).ElementAt(i);
            value.ReplaceWith(new JsonArray(JsonValue.Create("odd")));
            yield return root.ToJsonString();
        }

        static IEnumerable<JsonNode> Values(JsonNode node) => node switch
        {
            JsonObject fields => fields.Select(field => field.Value).OfType<JsonNode>().SelectMany(Values),
            JsonArray elements => elements.OfType<JsonNode>().SelectMany(Values),
            _ => [node],
        };
    }
}
