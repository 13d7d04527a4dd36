using GraphGen.Tests.Runtime;
using Xunit;
using static GraphGen.Dim;
using static GraphGen.Ops;

namespace GraphGen.Tests.Behaviour;

/// <summary>Sums stay exact however long they are: rounding must not grow with the number of terms.</summary>
public sealed class LongSumTests
{
    private const int Samples = 1_000_000;
    private const double Tolerance = 1e-6;

    [Fact]
    public void The_mean_of_a_long_row_is_exact()
    {
        float[] row = new float[LongRowNet.Length];
        Array.Fill(row, 0.1f);
        var net = new LongRowNet(maxBatch: 1);

        AssertNear(0.1f, net.Predict(row)[0]);
        AssertNear(0.1f, net.Forward(row)[0]);
        net.Backward([1]);
        AssertNear(0.1f, net.Parameters["Scale"].Gradients[0]);
    }

    [Fact]
    public void A_long_row_has_the_same_sum_for_any_number_of_threads()
    {
        float[] row = new float[LongRowNet.Length];
        Fill(row, -1, 1);
        var net = new LongRowNet(maxBatch: 1);
        float one = Predict(threads: 1);

        Assert.Equal(one, Predict(threads: 2));
        Assert.Equal(one, Predict(threads: 3));

        float Predict(int threads)
        {
            using var scope = new ThreadCountScope(threads);
            return net.Predict(row)[0];
        }
    }

    [Fact]
    public void The_statistics_of_long_rows_are_those_of_each()
    {
        float[] rows = new float[3 * StandardizedNet.Length];
        Fill(rows, -1, 3);
        ReadOnlySpan<float> actual = new StandardizedNet(maxBatch: 3).Predict(rows);

        for (int i = 0; i < 3; i++)
        {
            double[] row = [.. rows.Skip(i * StandardizedNet.Length).Take(StandardizedNet.Length)];
            double mean = row.Average(), largest = row.Max();
            double deviation = Math.Sqrt(row.Average(value => (value - mean) * (value - mean)));
            for (int j = 0; j < row.Length; j += 997)
            {
                Assert.Equal((row[j] - mean) / deviation / largest, actual[(i * StandardizedNet.Length) + j], 1e-6);
            }
        }
    }

    [Fact]
    public void The_loss_of_a_million_equal_samples_is_that_of_one()
    {
        float[] zeros = new float[Samples], targets = new float[Samples];
        Array.Fill(targets, 0.1f);
        var net = new BiasNet(maxBatch: Samples);
        net.Parameters.Values.Clear();

        net.Forward(zeros);
        AssertNear(0.1f * 0.1f, net.Loss(targets));
        net.Backward();
        AssertNear(-2 * 0.1f, net.Parameters["fc.bias"].Gradients[0]);
        AssertNear(0.1f * 0.1f, net.Evaluate(zeros, targets));
    }

    [Theory]
    [InlineData(513)]
    [InlineData(5000)]
    [InlineData(300_000)]
    public void The_gradient_of_a_weight_is_exact_over_any_number_of_samples(int samples)
    {
        float[] inputs = new float[samples * WeightNet.In], gradient = new float[samples * WeightNet.Out];
        Fill(inputs, 0, 1);
        Fill(gradient, 0, 1);
        var net = new WeightNet(maxBatch: samples);

        net.Forward(inputs);
        net.Backward(gradient);

        ReadOnlySpan<float> weight = net.Parameters["fc.weight"].Gradients, bias = net.Parameters["fc.bias"].Gradients;
        for (int o = 0; o < WeightNet.Out; o += 7)
        {
            AssertNear(Sum(samples, n => gradient[(n * WeightNet.Out) + o]), bias[o]);
            for (int i = 0; i < WeightNet.In; i += 5)
            {
                AssertNear(Sum(samples, n => (double)gradient[(n * WeightNet.Out) + o] * inputs[(n * WeightNet.In) + i]), weight[(o * WeightNet.In) + i]);
            }
        }
    }

    [Fact]
    public void A_long_sum_with_an_infinity_is_infinite()
    {
        float[] row = new float[LongRowNet.Length];
        row[LongRowNet.Length / 3] = float.PositiveInfinity;
        var net = new LongRowNet(maxBatch: 1);

        Assert.Equal(float.PositiveInfinity, net.Predict(row)[0]);
        row[0] = float.NegativeInfinity;
        Assert.Equal(float.NaN, net.Predict(row)[0]);
    }

    private static double Sum(int samples, Func<int, double> term)
    {
        double sum = 0;
        for (int n = 0; n < samples; n++)
        {
            sum += term(n);
        }

        return sum;
    }

    private static void Fill(float[] values, float low, float high)
    {
        var random = new Random(1);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = low + ((high - low) * random.NextSingle());
        }
    }

    private static void AssertNear(double expected, float actual) =>
        Assert.True(Math.Abs(actual - expected) <= Tolerance * Math.Abs(expected), $"{actual} is {Math.Abs(actual - expected) / Math.Abs(expected):g3} off {expected}");
}

[Model]
public sealed partial class LongRowNet
{
    public const int Length = 1 << 25;

    [Parameter(1, Init = Initializer.Ones)] private partial Tensor Scale { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, Length)] Tensor x) => Mean(x * Scale, -1);
}

/// <summary>Three sweeps over rows that are cut in slices: two reductions, one that needs them, and the elements.</summary>
[Model]
public sealed partial class StandardizedNet
{
    public const int Length = 300_007;

    [Forward]
    private Tensor Forward([Shape(Batch, Length)] Tensor x)
    {
        var centered = x - Mean(x, -1, keepDim: true);
        return centered / Sqrt(Mean(centered * centered, -1, keepDim: true)) / Max(x, -1, keepDim: true);
    }
}

[Model]
public sealed partial class BiasNet
{
    [Linear(1)] private partial Tensor Fc(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, 1)] Tensor x) => Fc(x);

    [MSELoss]
    private partial Tensor Loss(Tensor output, [Shape(Batch, 1)] Tensor target);
}

[Model]
public sealed partial class WeightNet
{
    public const int In = 41;
    public const int Out = 35;

    [Linear(Out)] private partial Tensor Fc(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, In)] Tensor x) => Fc(x);
}
