using System.Text.Json;
using GraphGen.Tests.Optimization;
using Xunit;

namespace GraphGen.Tests.Golden;

/// <summary>
/// 50 steps of SparseAdam and Adafactor with every option against PyTorch's, of Muon against a reference in double precision: two groups
/// with options of their own, a parameter without gradient in some steps, a learning rate changed by hand.
/// </summary>
public sealed class SpecialOptimizerGoldenTests
{
    private const double Tolerance = 1e-5;

    public static TheoryData<string, string> Cases
    {
        get
        {
            TheoryData<string, string> cases = [];
            foreach (string optimizer in SpecialOptimizerFactory.Names)
            {
                foreach (SpecialOptimizerCase golden in SpecialOptimizerGolden.Read(optimizer).Cases)
                {
                    cases.Add(optimizer, golden.Name);
                }
            }

            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Fifty_steps_are_those_of_PyTorch(string name, string @case)
    {
        (SpecialOptimizerProblem problem, SpecialOptimizerCase golden) = Read(name, @case);
        Optimizer optimizer = SpecialOptimizerFactory.Create(name, problem.Groups);
        LoadOptions(optimizer, golden);
        for (int step = 0; step < SpecialOptimizerProblem.Steps; step++)
        {
            if (step == SpecialOptimizerProblem.RateChange)
            {
                optimizer.Groups[0].LearningRate *= 0.3;
            }

            problem.Backward(step);
            optimizer.Step();
        }

        StateDict state = optimizer.StateDict();
        Parameter[] numbered = [.. problem.Groups.SelectMany(group => group)];
        for (int number = 0; number < numbered.Length; number++)
        {
            Parameter parameter = numbered[number];
            Check(golden.Parameters[parameter.Index], parameter.Values, parameter.Name);
            foreach ((string tensor, double[] expected) in golden.States[parameter.Index])
            {
                Check(expected, state[$"state.{number}.{tensor}"].ToArray(), $"{tensor} of {parameter.Name}");
            }
        }

        Assert.Equal(golden.States.Sum(states => states.Count), state.Count);
        AssertNothingBetween(problem.Block);
    }

    /// <summary>Constructors take PyTorch's options, and a state dict has them under PyTorch's names.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Options_have_the_names_of_PyTorch(string name, string @case)
    {
        (SpecialOptimizerProblem problem, SpecialOptimizerCase golden) = Read(name, @case);
        Optimizer optimizer = SpecialOptimizerFactory.Create(name, problem.Groups, golden.Groups[0]);
        using JsonDocument groups = JsonDocument.Parse(optimizer.StateDict().Metadata["param_groups"]);
        Dictionary<string, JsonElement> saved = groups.RootElement[1].Deserialize(GoldenJson.Default.DictionaryStringJsonElement)!;
        foreach ((string option, JsonElement expected) in golden.Groups[0].Where(option => option.Key != "l1"))
        {
            Assert.True(AreEqual(expected, saved[option]), $"{option}: expected {expected}, got {saved[option]}");
        }

        Assert.Equal(golden.Groups[0].Keys.Concat(["l1", "params"]).Distinct().Order(), saved.Keys.Order());
    }

    [Theory]
    [InlineData("original", MuonRateAdjustment.Original)]
    [InlineData("match_rms_adamw", MuonRateAdjustment.MatchRmsAdamW)]
    [InlineData(null, MuonRateAdjustment.Original)]
    public void Muons_adjustment_may_be_missing(string? value, MuonRateAdjustment expected)
    {
        Muon optimizer = new(new ParameterBlock(0, ParameterSpec.Ones("w", [2, 3])), adjustLrFn: MuonRateAdjustment.MatchRmsAdamW);
        StateDict state = new();
        state.Metadata.Add("param_groups", $$"""[{"lr": 0.5, "adjust_lr_fn": {{JsonSerializer.Serialize(value, GoldenJson.Default.String)}}, "params": [0]}]""");
        optimizer.LoadStateDict(state);
        Assert.Equal(expected, optimizer.Groups[0].AdjustLrFn);
        Assert.Equal(0.5, optimizer.Groups[0].LearningRate);
    }

    [Fact]
    public void An_adjustment_that_there_is_not_is_refused_and_changes_nothing()
    {
        Muon optimizer = new(new ParameterBlock(0, ParameterSpec.Ones("w", [2, 3])));
        StateDict state = new();
        state.Metadata.Add("param_groups", """[{"lr": 0.5, "adjust_lr_fn": "none", "params": [0]}]""");
        Assert.Throws<StateDictException>(() => optimizer.LoadStateDict(state));
        Assert.Equal(1e-3, optimizer.Groups[0].LearningRate);
    }

    private static (SpecialOptimizerProblem Problem, SpecialOptimizerCase Golden) Read(string name, string @case)
    {
        SpecialOptimizerGolden file = SpecialOptimizerGolden.Read(name);
        return (new SpecialOptimizerProblem(file), file.Cases.Single(golden => golden.Name == @case));
    }

    /// <summary>As from PyTorch: the options of both groups through a state dict that has nothing else.</summary>
    private static void LoadOptions(Optimizer optimizer, SpecialOptimizerCase golden)
    {
        int first = 0;
        List<Dictionary<string, JsonElement>> groups = [];
        foreach ((ParameterGroup group, Dictionary<string, JsonElement> options) in optimizer.Groups.Zip(golden.Groups))
        {
            int[] numbers = [.. Enumerable.Range(first, group.Parameters.Count)];
            groups.Add(new(options) { ["params"] = JsonSerializer.SerializeToElement(numbers, GoldenJson.Default.Int32Array) });
            first += group.Parameters.Count;
        }

        StateDict state = new();
        state.Metadata.Add("param_groups", JsonSerializer.Serialize(groups, GoldenJson.Default.ListDictionaryStringJsonElement));
        optimizer.LoadStateDict(state);
    }

    private static bool AreEqual(JsonElement expected, JsonElement actual) => expected.ValueKind switch
    {
        JsonValueKind.Array => expected.EnumerateArray().SequenceEqual(actual.EnumerateArray(), EqualityComparer<JsonElement>.Create(AreEqual)),
        JsonValueKind.Number => expected.GetDouble() == actual.GetDouble(),
        JsonValueKind.String => expected.GetString() == actual.GetString(),
        _ => expected.ValueKind == actual.ValueKind,
    };

    private static void AssertNothingBetween(ParameterBlock block)
    {
        HashSet<int> own = [.. block.SelectMany(parameter => Enumerable.Range(parameter.Offset, parameter.Length))];
        for (int i = 0; i < block.Values.Length; i++)
        {
            Assert.True(own.Contains(i) || block.Values[i] == 0f, $"Expected 0 between parameters, got {block.Values[i]} at {i}.");
        }
    }

    private static void Check(double[] expected, ReadOnlySpan<float> actual, string what) =>
        new GoldenTensor([expected.Length], expected, 0, 0, 0).Check(actual, Tolerance, what);
}
