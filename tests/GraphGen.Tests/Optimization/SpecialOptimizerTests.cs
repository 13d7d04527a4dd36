using GraphGen.Tests.Runtime;
using Xunit;

namespace GraphGen.Tests.Optimization;

/// <summary>What SparseAdam, Adafactor and Muon have in common.</summary>
public sealed class SpecialOptimizerTests
{
    public static TheoryData<string> Names => [.. SpecialOptimizerFactory.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void Steps_are_bit_equal_for_any_number_of_threads(string name)
    {
        float[][] results = [.. new[] { 1, 2, 3 }.Select(threads =>
        {
            using ThreadCountScope scope = new(threads);
            ParameterBlock block = Block();
            Optimizer optimizer = SpecialOptimizerFactory.Create(name, [block]);
            Train(block, optimizer, 0, 3);
            return block.Values.ToArray();
        })];
        Assert.Equal(results[0], results[1]);
        Assert.Equal(results[0], results[2]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_run_goes_on_bit_for_bit_from_a_saved_state(string name)
    {
        ParameterBlock whole = Block();
        Optimizer optimizer = SpecialOptimizerFactory.Create(name, [whole.Take(2), whole.Skip(2)]);
        optimizer.Groups[1].LearningRate = 0.02;
        optimizer.Groups[1].L1 = 0.1;
        Train(whole, optimizer, 0, 4);

        ParameterBlock resumed = Block();
        whole.Values.CopyTo(resumed.Values);
        Optimizer other = SpecialOptimizerFactory.Create(name, [resumed.Take(2), resumed.Skip(2)]);
        Train(resumed, other, 7, 1);
        whole.Values.CopyTo(resumed.Values);
        other.LoadStateDict(optimizer.StateDict());
        Assert.Equal(4, other.StepCount);

        Train(whole, optimizer, 4, 4);
        Train(resumed, other, 4, 4);
        Assert.Equal(whole.Values.ToArray(), resumed.Values.ToArray());
        StateDict expected = optimizer.StateDict(), actual = other.StateDict();
        Assert.Equal(expected.Names, actual.Names);
        Assert.All(expected.Names, tensor => Assert.Equal(expected[tensor].Bytes.ToArray(), actual[tensor].Bytes.ToArray()));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Steps_allocate_nothing(string name)
    {
        ParameterBlock block = Block();
        Optimizer optimizer = SpecialOptimizerFactory.Create(name, [block.Take(2), block.Skip(2)]);
        Draw(block, 1);
        Assert.Equal(0, Allocations.Of(optimizer.Step, repeats: 10));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_gradient_of_zeros_makes_no_NaN(string name)
    {
        ParameterBlock block = Block();
        float[] before = block.Values.ToArray();
        Optimizer optimizer = SpecialOptimizerFactory.Create(name, [block]);
        for (int step = 0; step < 2; step++)
        {
            Array.ForEach([.. block], parameter => block.MarkGradient(parameter.Index));
            block.Gradients.Clear();
            optimizer.Step();
        }

        // Muon decays by default.
        float kept = name == nameof(Muon) ? (1 - 1e-4f) * (1 - 1e-4f) : 1f;
        Assert.All(before.Zip(block.Values.ToArray()), pair => Assert.Equal(pair.First * kept, pair.Second, 1e-6f));
    }

    /// <summary>Both factors of a pool's range are matrices, as Muon needs them; one of them is several tasks.</summary>
    private static ParameterBlock Block() => new(
        5,
        ParameterSpec.Uniform("a", [130, 300], 1f),
        ParameterSpec.Uniform("b", [301, 65], 1f),
        ParameterSpec.Uniform("c", [3, 7], 1f));

    private static void Train(ParameterBlock block, Optimizer optimizer, int first, int steps)
    {
        for (int step = first; step < first + steps; step++)
        {
            optimizer.ZeroGrad();
            Draw(block, step);
            if (step == 2)
            {
                block[1].ZeroGrad();
            }

            optimizer.Step();
        }
    }

    private static void Draw(ParameterBlock block, int step)
    {
        Random random = new(step);
        foreach (Parameter parameter in block)
        {
            block.MarkGradient(parameter.Index);
            int rowLength = parameter.Length / parameter.Shape[0];
            for (int row = 0; row < parameter.Shape[0]; row++)
            {
                bool isPresent = random.Next(2) == 0;
                foreach (ref float gradient in parameter.Gradients.Slice(row * rowLength, rowLength))
                {
                    gradient = isPresent ? (random.NextSingle() * 2) - 1 : 0f;
                }
            }
        }
    }
}
