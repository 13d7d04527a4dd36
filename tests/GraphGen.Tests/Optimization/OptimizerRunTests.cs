using System.Runtime.InteropServices;
using System.Text.Json;
using GraphGen.Tests.Golden;
using GraphGen.Tests.Runtime;
using Xunit;

namespace GraphGen.Tests.Optimization;

/// <summary>What holds of every optimizer with every set of options in the golden files.</summary>
public sealed class OptimizerRunTests
{
    public static TheoryData<string, string> Cases => OptimizerGoldenTests.Cases;

    /// <summary>
    /// Saved before the last parameter's first update, or after some of all, and loaded into an optimizer made with other options and
    /// used before.
    /// </summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void A_loaded_state_goes_on_bit_for_bit(string name, string @case)
    {
        foreach (int saved in new[] { 0, 3, 20 })
        {
            OptimizerProblem whole = new();
            Optimizer optimizer = OptimizerFactory.Create(name, OptimizerGolden.Read(name, @case), whole.Groups);
            whole.Run(optimizer, 0, saved);
            StateDict state = optimizer.StateDict();

            OptimizerProblem resumed = new();
            Optimizer other = OptimizerFactory.Create(name, OptimizerGolden.Read(name, "defaults"), resumed.Groups);
            resumed.Run(other, 0, 7);
            whole.Block.Values.CopyTo(resumed.Block.Values);
            other.LoadStateDict(state);

            whole.Run(optimizer, saved, OptimizerProblem.Steps);
            resumed.Run(other, saved, OptimizerProblem.Steps);
            AssertBitEqual(whole.Block.Values, resumed.Block.Values);
            AssertBitEqual(optimizer.StateDict(), other.StateDict());
            Assert.Equal(optimizer.StepCount, other.StepCount);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Steps_are_bit_equal_for_any_number_of_threads(string name, string @case)
    {
        (float[] Values, StateDict State)[] results = [.. new[] { 1, 2, 3 }.Select(threads =>
        {
            using ThreadCountScope scope = new(threads);
            ParameterBlock block = new(
                3,
                ParameterSpec.Uniform("a", [100_001], 1f),
                ParameterSpec.Uniform("b", [70_007], 1f),
                ParameterSpec.Uniform("c", [19], 1f),
                ParameterSpec.Uniform("d", [1], 1f));
            Optimizer optimizer = OptimizerFactory.Create(name, OptimizerGolden.Read(name, @case), [[block[0], block[2]], [block[1], block[3]]]);
            for (int step = 0; step < 3; step++)
            {
                Draw(block, step);
                optimizer.Step();
            }

            return (block.Values.ToArray(), optimizer.StateDict());
        })];
        foreach ((float[] values, StateDict state) in results.Skip(1))
        {
            AssertBitEqual(results[0].Values, values);
            AssertBitEqual(results[0].State, state);
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Steps_after_the_first_allocate_nothing(string name, string @case)
    {
        ParameterBlock block = new(
            3,
            ParameterSpec.Uniform("a", [33_000], 1f),
            ParameterSpec.Uniform("b", [7], 1f),
            ParameterSpec.Uniform("c", [19], 1f),
            ParameterSpec.Uniform("d", [1], 1f));
        Optimizer optimizer = OptimizerFactory.Create(name, OptimizerGolden.Read(name, @case), [[block[0], block[2]], [block[1], block[3]]]);
        Draw(block, 1);

        // As many as RAdam takes to begin with its other loop.
        for (int step = 0; step < 8; step++)
        {
            optimizer.Step();
        }

        Assert.Equal(0, Allocations.Of(optimizer.Step, repeats: 10));
    }

    /// <summary>With an eps of 0 too, where 0 is divided by 0 but for care; and where a parameter's gradients are all zero.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void What_lies_between_parameters_stays_zero(string name, string @case)
    {
        foreach (bool withEps in new[] { true, false })
        {
            OptimizerGoldenCase golden = OptimizerGolden.Read(name, @case);
            foreach (Dictionary<string, JsonElement> group in golden.Groups.Where(group => !withEps && group.ContainsKey("eps")))
            {
                group["eps"] = JsonSerializer.SerializeToElement(0.0);
            }

            OptimizerProblem problem = new();
            Optimizer optimizer = OptimizerFactory.Create(name, golden, problem.Groups);
            for (int step = 0; step < OptimizerProblem.Steps; step++)
            {
                problem.Backward(step);
                problem.Block[1].Gradients.Clear();
                optimizer.Step();
            }

            foreach (Parameter parameter in problem.Block)
            {
                Assert.All(parameter.Values.ToArray(), value => Assert.True(float.IsFinite(value), $"{parameter.Name}: {value}"));
                int end = parameter.Index + 1 < problem.Block.Count ? problem.Block[parameter.Index + 1].Offset : problem.Block.Values.Length;
                Assert.All(problem.Block.Values[(parameter.Offset + parameter.Length)..end].ToArray(), value => Assert.Equal(0f, value));
                Assert.All(OptimizerStates.Padding(optimizer, parameter), value => Assert.Equal(0f, value));
            }
        }
    }

    private static void Draw(ParameterBlock block, int step)
    {
        Random random = new(step);
        foreach (Parameter parameter in block)
        {
            block.MarkGradient(parameter.Index);
            foreach (ref float gradient in parameter.Gradients)
            {
                gradient = (random.NextSingle() * 2) - 1;
            }
        }
    }

    private static void AssertBitEqual(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual) =>
        Assert.True(MemoryMarshal.AsBytes(expected).SequenceEqual(MemoryMarshal.AsBytes(actual)));

    private static void AssertBitEqual(StateDict expected, StateDict actual)
    {
        Assert.Equal(expected.Names.Order(), actual.Names.Order());
        foreach ((string name, StateTensor tensor) in expected)
        {
            Assert.True(tensor.Bytes.SequenceEqual(actual[name].Bytes), name);
        }

        Assert.Equal(expected.Metadata.OrderBy(entry => entry.Key), actual.Metadata.OrderBy(entry => entry.Key));
    }
}
