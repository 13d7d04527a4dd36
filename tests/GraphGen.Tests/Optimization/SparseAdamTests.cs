using Xunit;

namespace GraphGen.Tests.Optimization;

public sealed class SparseAdamTests
{
    /// <summary>What a row without gradient has stays to the last bit, whatever it is: values, and averages that do not decay.</summary>
    [Fact]
    public void Rows_without_gradient_are_left_alone()
    {
        ParameterBlock block = new(1, ParameterSpec.Uniform("w", [5, 19], 1f));
        SparseAdam optimizer = new(block, lr: 0.1);
        optimizer.Groups[0].L1 = 0.5;
        Give(block[0], (_, _) => 1f);
        optimizer.Step();
        block[0].Values[19] = float.NaN;
        float[] before = block[0].Values.ToArray();
        float[] averages = optimizer.StateDict()["state.0.exp_avg"].ToArray();

        Give(block[0], (row, column) => row is 1 or 4 ? 0f : row == 2 && column != 18 ? -0f : 2f);
        optimizer.Step();
        float[] averagesNow = optimizer.StateDict()["state.0.exp_avg"].ToArray();
        for (int row = 0; row < 5; row++)
        {
            Range own = (19 * row)..(19 * (row + 1));
            Assert.Equal(row is 1 or 4, before[own].SequenceEqual(block[0].Values[own].ToArray()));
            Assert.Equal(row is 1 or 4, averages[own].SequenceEqual(averagesNow[own]));
        }
    }

    [Fact]
    public void A_gradient_that_is_not_a_number_is_a_gradient()
    {
        ParameterBlock block = new(1, ParameterSpec.Ones("w", [3, 20]));
        Give(block[0], (row, column) => row == 1 && column == 17 ? float.NaN : 0f);
        new SparseAdam(block).Step();
        Assert.True(float.IsNaN(block[0].Values[37]));
        Assert.Equal(59, block[0].Values.Count(1f));
    }

    /// <summary>Each value of a vector is a row; the step is the parameter's. A scalar's first step is the learning rate.</summary>
    [Fact]
    public void Vectors_and_scalars_have_rows_of_one()
    {
        ParameterBlock block = new(1, ParameterSpec.Zeros("vector", [40]), ParameterSpec.Zeros("scalar", []));
        SparseAdam optimizer = new(block, lr: 0.5);
        Give(block[0], (row, _) => row % 3 == 0 ? 0f : 4f);
        Give(block[1], (_, _) => -2f);
        optimizer.Step();
        for (int i = 0; i < 40; i++)
        {
            Assert.Equal(i % 3 == 0 ? 0f : -0.5f, block[0].Values[i], 1e-6f);
        }

        Assert.Equal(0.5f, block[1].Values[0], 1e-6f);
    }

    [Fact]
    public void Arguments_that_cannot_be_are_refused_by_name()
    {
        ParameterBlock block = new(0, ParameterSpec.Ones("w", [2, 2]));
        Assert.Throws<ArgumentOutOfRangeException>("lr", () => new SparseAdam(block, lr: 0));
        Assert.Throws<ArgumentOutOfRangeException>("lr", () => new SparseAdam(block, lr: double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>("betas", () => new SparseAdam(block, betas: (1, 0.999)));
        Assert.Throws<ArgumentOutOfRangeException>("betas", () => new SparseAdam(block, betas: (0.9, -0.1)));
        Assert.Throws<ArgumentOutOfRangeException>("eps", () => new SparseAdam(block, eps: 0));
        Assert.Throws<ArgumentException>("parameters", () => new SparseAdam(block.Take(0)));
        Assert.Throws<ArgumentOutOfRangeException>("value", () => new SparseAdam(block).Groups[0].Betas = (0.9, 1));
        Assert.Throws<ArgumentOutOfRangeException>("value", () => new SparseAdam(block).Groups[0].Eps = 0);
    }

    private static void Give(Parameter parameter, Func<int, int, float> gradient)
    {
        parameter.Block.MarkGradient(parameter.Index);
        int rowLength = parameter.Shape.Length < 2 ? 1 : parameter.Shape[1];
        for (int i = 0; i < parameter.Length; i++)
        {
            parameter.Gradients[i] = gradient(i / rowLength, i % rowLength);
        }
    }
}
