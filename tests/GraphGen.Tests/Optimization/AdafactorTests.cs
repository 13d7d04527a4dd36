using Xunit;

namespace GraphGen.Tests.Optimization;

public sealed class AdafactorTests
{
    [Fact]
    public void States_have_the_names_and_shapes_of_PyTorch()
    {
        (ParameterBlock _, Adafactor optimizer) = AfterOneStep();
        StateDict state = optimizer.StateDict();
        Assert.Equal(
            [
                "state.0.col_var [1, 4]", "state.0.row_var [3, 1]", "state.0.step []",
                "state.1.col_var [2, 5, 1, 7]", "state.1.row_var [2, 5, 6, 1]", "state.1.step []",
                "state.2.step []", "state.2.variance [9]",
                "state.3.step []", "state.3.variance []",
            ],
            state.Select(tensor => $"{tensor.Key} [{string.Join(", ", tensor.Value.Shape.ToArray())}]").Order(StringComparer.Ordinal));
    }

    /// <summary>Matrices have no room for second moments of each value, nor vectors for those of rows: they are refused as unexpected.</summary>
    [Theory]
    [InlineData("state.0.variance", new[] { 3, 4 })]
    [InlineData("state.2.row_var", new[] { 9 })]
    [InlineData("state.3.col_var", new int[0])]
    public void States_of_another_shape_of_parameter_are_refused(string name, int[] shape)
    {
        (ParameterBlock _, Adafactor optimizer) = AfterOneStep();
        StateDict state = optimizer.StateDict();
        state.Add(name, new StateTensor(shape, new float[shape.Aggregate(1, (length, size) => length * size)]));
        StateDictException exception = Assert.Throws<StateDictException>(() => optimizer.LoadStateDict(state));
        Assert.Contains(name, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_second_eps_must_be_a_number()
    {
        (ParameterBlock _, Adafactor optimizer) = AfterOneStep();
        StateDict state = optimizer.StateDict();
        string groups = state.Metadata["param_groups"];
        Assert.Contains("\"eps\":[null,0.001]", groups, StringComparison.Ordinal);
        state.Metadata["param_groups"] = groups.Replace("\"eps\":[null,0.001]", "\"eps\":[0.5,null]", StringComparison.Ordinal);
        Assert.Throws<StateDictException>(() => optimizer.LoadStateDict(state));
        Assert.Equal((null, 1e-3), optimizer.Groups[0].Eps);

        state.Metadata["param_groups"] = groups.Replace("\"eps\":[null,0.001]", "\"eps\":[0.5,0.25]", StringComparison.Ordinal);
        optimizer.LoadStateDict(state);
        Assert.Equal((0.5, 0.25), optimizer.Groups[0].Eps);
    }

    /// <summary>A step is relative to the parameter: its root mean square is lr times that of the values, no more.</summary>
    [Theory]
    [InlineData(70_000, 3)]
    [InlineData(3, 70_000)]
    [InlineData(300, 400)]
    public void The_first_step_is_as_large_as_the_learning_rate_says(int rows, int columns)
    {
        ParameterBlock block = new(1, ParameterSpec.Uniform("w", [rows, columns], 2f));
        float[] before = block.Values.ToArray();
        Give(block);
        new Adafactor(block, lr: 0.25).Step();
        double size = Size(before), step = Size([.. before.Zip(block.Values.ToArray(), (old, now) => now - old)]);
        Assert.Equal(0.25 * size, step, 1e-5 * size);
    }

    [Fact]
    public void Arguments_that_cannot_be_are_refused_by_name()
    {
        ParameterBlock block = new(0, ParameterSpec.Ones("w", [2, 2]));
        Assert.Throws<ArgumentOutOfRangeException>("lr", () => new Adafactor(block, lr: -0.1));
        Assert.Throws<ArgumentOutOfRangeException>("beta2Decay", () => new Adafactor(block, beta2Decay: 0.1));
        Assert.Throws<ArgumentOutOfRangeException>("beta2Decay", () => new Adafactor(block, beta2Decay: double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>("eps", () => new Adafactor(block, eps: (-1e-9, 1)));
        Assert.Throws<ArgumentOutOfRangeException>("eps", () => new Adafactor(block, eps: (null, -1)));
        Assert.Throws<ArgumentOutOfRangeException>("eps", () => new Adafactor(block, eps: (null, double.NaN)));
        Assert.Throws<ArgumentOutOfRangeException>("d", () => new Adafactor(block, d: 0.99));
        Assert.Throws<ArgumentOutOfRangeException>("weightDecay", () => new Adafactor(block, weightDecay: -1));
        Assert.Throws<ArgumentException>("parameters", () => new Adafactor(block.Take(0)));
        AdafactorGroup group = new Adafactor(block).Groups[0];
        Assert.Throws<ArgumentOutOfRangeException>("value", () => group.Eps = (double.NaN, 1));
        Assert.Throws<ArgumentOutOfRangeException>("value", () => group.D = 0);
        Assert.Equal(1, group.D);
    }

    private static (ParameterBlock Block, Adafactor Optimizer) AfterOneStep()
    {
        ParameterBlock block = new(
            1,
            ParameterSpec.Uniform("matrix", [3, 4], 1f),
            ParameterSpec.Uniform("kernel", [2, 5, 6, 7], 1f),
            ParameterSpec.Uniform("vector", [9], 1f),
            ParameterSpec.Uniform("scalar", [], 1f));
        Adafactor optimizer = new(block);
        Give(block);
        optimizer.Step();
        return (block, optimizer);
    }

    private static void Give(ParameterBlock block)
    {
        Random random = new(1);
        foreach (Parameter parameter in block)
        {
            block.MarkGradient(parameter.Index);
            foreach (ref float gradient in parameter.Gradients)
            {
                gradient = (random.NextSingle() * 2) - 1;
            }
        }
    }

    private static double Size(float[] values) => Math.Sqrt(values.Average(value => (double)value * value));
}
