using System.Text.Json;
using GraphGen.Tests.Optimization;
using Xunit;

namespace GraphGen.Tests.Golden;

/// <summary>
/// 50 steps of every optimizer with every option against PyTorch's: two groups with options of their own, parameters without
/// gradient in some steps, a learning rate changed by hand. Group 0 has its options from the constructor, group 1 under PyTorch's names.
/// </summary>
public sealed class OptimizerGoldenTests
{
    private const double Tolerance = 1e-5;

    public static TheoryData<string, string> Cases
    {
        get
        {
            TheoryData<string, string> cases = [];
            foreach (string optimizer in OptimizerFactory.Names)
            {
                foreach (OptimizerGoldenCase golden in OptimizerGolden.Read(optimizer).Cases)
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
        OptimizerGoldenCase golden = OptimizerGolden.Read(name, @case);
        OptimizerProblem problem = new();
        Optimizer optimizer = OptimizerFactory.Create(name, golden, problem.Groups);
        problem.Run(optimizer, 0, OptimizerProblem.Steps);

        CheckNames(golden, optimizer);
        foreach (Parameter parameter in problem.Block)
        {
            Check(golden.Parameters[parameter.Index], parameter.Values, parameter.Name);
            foreach ((string state, JsonElement expected) in golden.States[parameter.Index])
            {
                string what = $"{state} of {parameter.Name}";
                if (expected.ValueKind == JsonValueKind.Number)
                {
                    Check([expected.GetDouble()], [(float)OptimizerStates.Number(optimizer, parameter, state)], what);
                }
                else if (state == "prev")
                {
                    // No average but the last gradient itself, a difference of values of the size of 1: it is as right as those are.
                    Golden(expected.Deserialize(GoldenJson.Default.DoubleArray)!).CheckLargest(OptimizerStates.State(optimizer, parameter, state), Tolerance, what);
                }
                else
                {
                    Check(expected.Deserialize(GoldenJson.Default.DoubleArray)!, OptimizerStates.State(optimizer, parameter, state), what);
                }
            }
        }
    }

    /// <summary>What a group notes for a state dict is what PyTorch calls it, and what it was given.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Options_have_the_names_of_PyTorch(string name, string @case)
    {
        OptimizerGoldenCase golden = OptimizerGolden.Read(name, @case);
        Optimizer optimizer = OptimizerFactory.Create(name, new OptimizerProblem().Groups, new OptimizerOptions(golden.Groups[0]));
        Dictionary<string, object> saved = OptimizerOptions.Save(optimizer.Groups[0]);
        foreach ((string option, JsonElement value) in golden.Groups[0].Where(option => option.Key != "l1"))
        {
            object expected = value.ValueKind switch
            {
                JsonValueKind.Array => value.Deserialize(GoldenJson.Default.DoubleArray)!,
                JsonValueKind.Number => value.GetDouble(),
                _ => value.GetBoolean(),
            };
            Assert.Equal(expected, saved[option]);
        }

        Assert.Equal(golden.Groups[0].Keys.Append("l1").Distinct().Order(), saved.Keys.Order());
    }

    // What a state dict has for a parameter is what PyTorch's has: the golden file's, which leaves out the number of updates.
    private static void CheckNames(OptimizerGoldenCase golden, Optimizer optimizer)
    {
        StateDict dict = optimizer.StateDict();
        int number = 0;
        foreach (Parameter parameter in optimizer.Groups.SelectMany(group => group.Parameters))
        {
            string prefix = $"state.{number++}.";
            IEnumerable<string> steps = optimizer is SGD ? [] : ["step"];
            Assert.Equal(
                golden.States[parameter.Index].Keys.Concat(steps).Order(),
                dict.Names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).Select(name => name[prefix.Length..]).Order());
        }
    }

    private static void Check(double[] expected, ReadOnlySpan<float> actual, string what) => Golden(expected).Check(actual, Tolerance, what);

    private static GoldenTensor Golden(double[] expected) => new([expected.Length], expected, 0, 0, 0);
}
