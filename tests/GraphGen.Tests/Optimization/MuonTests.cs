using Xunit;

namespace GraphGen.Tests.Optimization;

public sealed class MuonTests
{
    /// <summary>Shapes around the edges of tiles, blocks and stretches of the product, wide, high and square.</summary>
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 600)]
    [InlineData(600, 1)]
    [InlineData(6, 32)]
    [InlineData(7, 33)]
    [InlineData(33, 7)]
    [InlineData(31, 31)]
    [InlineData(64, 64)]
    [InlineData(97, 129)]
    [InlineData(129, 97)]
    [InlineData(100, 513)]
    [InlineData(513, 100)]
    [InlineData(270, 300)]
    public void A_step_is_that_of_the_definition(int rows, int columns)
    {
        ParameterBlock block = new(1, ParameterSpec.Uniform("w", [rows, columns], 1f));
        double[] before = [.. block[0].Values.ToArray().Select(value => (double)value)];
        Draw(block[0], rows);
        double[] gradients = [.. block[0].Gradients.ToArray().Select(value => (double)value)];
        Muon optimizer = new(block, lr: 0.5, weightDecay: 0.2, nesterov: false, momentum: 0, nsCoefficients: (3, -3.2, 1.2), nsSteps: 2);
        optimizer.Step();

        double[] update = Orthogonalize(gradients, rows, columns, (3, -3.2, 1.2), steps: 2);
        double rate = 0.5 * Math.Sqrt(Math.Max(1, (double)rows / columns)), largest = update.Max(Math.Abs) * rate;
        for (int i = 0; i < before.Length; i++)
        {
            double expected = (before[i] * 0.9) - (rate * update[i]), actual = block[0].Values[i];
            Assert.True(Math.Abs(expected - actual) <= 2e-6 * (largest + Math.Abs(expected)), $"[{i}]: expected {expected}, got {actual}.");
        }
    }

    /// <summary>What it is for: singular values of a matrix that has some of all sizes come near 1, without the bound of bfloat16.</summary>
    [Fact]
    public void A_gradient_that_is_no_number_stays_in_its_parameter()
    {
        ParameterBlock block = new(0, ParameterSpec.Ones("a", [1, 3]), ParameterSpec.Ones("b", [2, 2]));
        block.MarkGradient(0);
        block["a"].Gradients.Fill(float.NaN);
        new Muon(block).Step();
        Assert.All(block["a"].Values.ToArray(), value => Assert.True(float.IsNaN(value)));
        Assert.All(block.Values[3..16].ToArray(), value => Assert.Equal(0f, value));
        Assert.All(block["b"].Values.ToArray(), value => Assert.Equal(1f, value));
    }

    [Fact]
    public void Updates_are_nearly_orthogonal()
    {
        const int Rows = 40, Columns = 90;
        ParameterBlock block = new(1, ParameterSpec.Zeros("w", [Rows, Columns]));
        Draw(block[0], 3);
        new Muon(block, lr: 1, weightDecay: 0, nsCoefficients: (1.875, -1.25, 0.375), nsSteps: 30).Step();
        for (int i = 0; i < Rows; i++)
        {
            for (int j = 0; j < Rows; j++)
            {
                double dot = 0;
                for (int k = 0; k < Columns; k++)
                {
                    dot += (double)block[0].Values[(i * Columns) + k] * block[0].Values[(j * Columns) + k];
                }

                Assert.Equal(i == j ? 1 : 0, dot, 1e-5);
            }
        }
    }

    [Theory]
    [InlineData(1e30f)]
    [InlineData(1e-30f)]
    public void The_size_of_a_gradient_does_not_matter(float size)
    {
        float[][] results = [.. new[] { 1f, size }.Select(scale =>
        {
            ParameterBlock block = new(1, ParameterSpec.Zeros("w", [9, 12]));
            Draw(block[0], 3, scale);
            new Muon(block, lr: 1, weightDecay: 0, eps: 0).Step();
            return block[0].Values.ToArray();
        })];
        Assert.All(results[0].Zip(results[1]), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    /// <summary>A larger matrix than those of the first step needs more memory.</summary>
    [Fact]
    public void Groups_may_be_added_later()
    {
        ParameterBlock block = new(1, ParameterSpec.Zeros("a", [3, 4]), ParameterSpec.Zeros("b", [70, 80]));
        ParameterBlock alone = new(1, ParameterSpec.Zeros("b", [70, 80]));
        Muon optimizer = new(block.Take(1));
        Draw(block[0], 1);
        optimizer.Step();
        optimizer.AddParamGroup(block.Skip(1));
        Draw(block[1], 2);
        optimizer.Step();
        Draw(alone[0], 2);
        new Muon(alone).Step();
        Assert.Equal(alone[0].Values.ToArray(), block[1].Values.ToArray());
    }

    [Theory]
    [InlineData(new int[0])]
    [InlineData(new[] { 5 })]
    [InlineData(new[] { 2, 3, 4 })]
    public void Parameters_that_are_no_matrices_are_refused_by_name(int[] shape)
    {
        ParameterBlock block = new(0, ParameterSpec.Ones("fc.weight", [2, 2]), ParameterSpec.Ones("odd.one", shape));
        ArgumentException exception = Assert.Throws<ArgumentException>("parameters", () => new Muon(block));
        Assert.Contains("odd.one", exception.Message, StringComparison.Ordinal);
        Muon optimizer = new(block.Take(1));
        Assert.Throws<ArgumentException>("parameters", () => optimizer.AddParamGroup(block.Skip(1)));
        Assert.Single(optimizer.Groups);
    }

    [Fact]
    public void Arguments_that_cannot_be_are_refused_by_name()
    {
        ParameterBlock block = new(0, ParameterSpec.Ones("w", [2, 2]));
        Assert.Throws<ArgumentOutOfRangeException>("lr", () => new Muon(block, lr: -0.1));
        Assert.Throws<ArgumentOutOfRangeException>("lr", () => new Muon(block, lr: double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>("weightDecay", () => new Muon(block, weightDecay: -1));
        Assert.Throws<ArgumentOutOfRangeException>("momentum", () => new Muon(block, momentum: -0.1));
        Assert.Throws<ArgumentOutOfRangeException>("nsCoefficients", () => new Muon(block, nsCoefficients: (1, double.NaN, 1)));
        Assert.Throws<ArgumentOutOfRangeException>("eps", () => new Muon(block, eps: -1e-9));
        Assert.Throws<ArgumentOutOfRangeException>("nsSteps", () => new Muon(block, nsSteps: 100));
        Assert.Throws<ArgumentOutOfRangeException>("nsSteps", () => new Muon(block, nsSteps: -1));
        Assert.Throws<ArgumentOutOfRangeException>("adjustLrFn", () => new Muon(block, adjustLrFn: (MuonRateAdjustment)2));
        MuonGroup group = new Muon(block).Groups[0];
        Assert.Throws<ArgumentOutOfRangeException>("value", () => group.NsSteps = 100);
        Assert.Throws<ArgumentOutOfRangeException>("value", () => group.Momentum = -1);
        Assert.Equal(5, group.NsSteps);
    }

    private static void Draw(Parameter parameter, int seed, float scale = 1f)
    {
        Random random = new(seed);
        parameter.Block.MarkGradient(parameter.Index);
        foreach (ref float gradient in parameter.Gradients)
        {
            gradient = ((random.NextSingle() * 2) - 1) * scale;
        }
    }

    /// <summary>x ← a·x + b·(x xᵀ) x + c·(x xᵀ)² x in double precision, always from the left.</summary>
    private static double[] Orthogonalize(double[] gradients, int rows, int columns, (double A, double B, double C) coefficients, int steps)
    {
        double norm = Math.Sqrt(gradients.Sum(gradient => gradient * gradient));
        double[] x = [.. gradients.Select(gradient => gradient / norm)];
        for (int step = 0; step < steps; step++)
        {
            double[] gram = new double[rows * rows];
            for (int i = 0; i < rows; i++)
            {
                for (int j = 0; j < rows; j++)
                {
                    for (int k = 0; k < columns; k++)
                    {
                        gram[(i * rows) + j] += x[(i * columns) + k] * x[(j * columns) + k];
                    }
                }
            }

            double[] once = Multiply(gram, x, rows, columns), twice = Multiply(gram, once, rows, columns);
            x = [.. x.Select((value, i) => (coefficients.A * value) + (coefficients.B * once[i]) + (coefficients.C * twice[i]))];
        }

        return x;
    }

    private static double[] Multiply(double[] square, double[] x, int rows, int columns)
    {
        double[] product = new double[rows * columns];
        for (int i = 0; i < rows; i++)
        {
            for (int k = 0; k < rows; k++)
            {
                for (int j = 0; j < columns; j++)
                {
                    product[(i * columns) + j] += square[(i * rows) + k] * x[(k * columns) + j];
                }
            }
        }

        return product;
    }
}
