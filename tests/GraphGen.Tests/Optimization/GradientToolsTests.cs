using GraphGen.Tests.Golden;
using GraphGen.Tests.Runtime;
using Xunit;

namespace GraphGen.Tests.Optimization;

public sealed class GradientToolsTests
{
    private static readonly ClippingData Golden = GradientToolsData.Value.Clipping;

    public static TheoryData<int> Norms => [.. Enumerable.Range(0, Golden.Norms.Length)];

    public static TheoryData<int> Values => [.. Enumerable.Range(0, Golden.Values.Length)];

    [Theory]
    [MemberData(nameof(Norms))]
    public void Clipping_by_norm_is_PyTorchs(int index)
    {
        ClippedNorm golden = Golden.Norms[index];
        ParameterBlock block = Draw();
        Near(golden.Norm, block.GlobalNorm(golden.NormType));
        Near(golden.Norm, block.ClipGradNorm(golden.MaxNorm, golden.NormType));
        for (int i = 0; i < golden.First.Length; i++)
        {
            Near(golden.First[i], block["p0"].Gradients[i]);
        }

        Near(golden.Last, block["p2"].Gradients[^1]);
        Assert.False(block["none"].HasGradient);
        Assert.Equal([9f, 9f, 9f, 9f], block.Gradients.Slice(block["none"].Offset, 4).ToArray());
    }

    [Theory]
    [MemberData(nameof(Values))]
    public void Clipping_by_value_is_PyTorchs(int index)
    {
        ParameterBlock block = Draw();
        block.ClipGradValue(Golden.Values[index].ClipValue);
        Assert.Equal(Golden.Values[index].Gradients.Select(value => (float)value), block.SelectMany(parameter => parameter.Gradients.ToArray()));
    }

    [Fact]
    public void Defaults_are_the_Euclidean_norm_and_no_error()
    {
        ParameterBlock block = new(0, ParameterSpec.Ones("w", [2]));
        Assert.Equal(0, block.GlobalNorm());
        Assert.Equal(0, block.ClipGradNorm(1, errorIfNonfinite: true));
        Mark(block, [3, 4]);
        Assert.Equal(5, block.GlobalNorm());
        Assert.Equal(5, block.ClipGradNorm(1));
        Assert.Equal(1, block.GlobalNorm(), 1e-6);
        Assert.Equal(1, block.Where(parameter => parameter.Length == 2).ClipGradNorm(10), 1e-6);
    }

    /// <summary>Squares of 1e25 are more than a float can be, those of 1e-30 less.</summary>
    [Theory]
    [InlineData(3e25f, 4e25f)]
    [InlineData(3e-30f, 4e-30f)]
    public void Norms_of_what_floats_cannot_square(float x, float y)
    {
        ParameterBlock block = new(0, ParameterSpec.Ones("w", [2]));
        Mark(block, [x, y]);
        Assert.Equal(1.25, block.GlobalNorm() / y, 1e-6);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Norms_that_are_not_finite(float bad)
    {
        ParameterBlock block = new(0, ParameterSpec.Ones("w", [2]));
        foreach (double p in new[] { 1, 2, 3, double.PositiveInfinity })
        {
            Mark(block, [3, bad]);
            Assert.Contains("order", Assert.Throws<InvalidOperationException>(() => block.ClipGradNorm(1, p, errorIfNonfinite: true)).Message, StringComparison.Ordinal);
            Assert.Equal([3, bad], block[0].Gradients.ToArray());
            Assert.Equal(bad, block.ClipGradNorm(1, p));

            // As in PyTorch: by NaN, or by zero, which makes NaN of infinity.
            Assert.Equal([float.IsNaN(bad) ? float.NaN : 0, float.NaN], block[0].Gradients.ToArray());
            Assert.True(block.Gradients[2..].IndexOfAnyExcept(0f) < 0);
        }
    }

    /// <summary>Also with parameters left out, in any order, and of two models.</summary>
    [Fact]
    public void Only_the_parameters_given_are_changed()
    {
        ParameterBlock first = Draw(), second = Draw();
        float[] before = first["p1"].Gradients.ToArray();
        Parameter[] some = [first["p2"], second["p0"], first["p0"], first["none"]];
        double norm = Math.Sqrt(some.SelectMany(parameter => parameter.Gradients.ToArray()).Sum(g => (double)g * g));
        Near(norm, some.ClipGradNorm(norm / 2));
        Near(norm / 2, some.GlobalNorm());
        Assert.Equal(before, first["p1"].Gradients.ToArray());
    }

    [Fact]
    public void Micro_batches_scaled_are_one_batch()
    {
        const int Batch = 12, Parts = 3;
        CrossEntropyNet net = new(Batch, seed: 1);
        float[] x = new float[11 * Batch];
        int[] labels = new int[Batch];
        GoldenStream.Fill(x, stream: 7, 0, -1, 1);
        GoldenStream.Fill(labels, stream: 8, 0, 7);
        net.Forward(x);
        net.Loss(labels);
        net.Backward();
        float[] expected = net.Parameters.Gradients.ToArray();

        net.Parameters.ZeroGrad();
        for (int part = 0; part < Parts; part++)
        {
            net.Forward(x.AsSpan(part * 11 * Batch / Parts, 11 * Batch / Parts));
            net.Loss(labels.AsSpan(part * Batch / Parts, Batch / Parts));
            net.Backward();
        }

        net.Parameters.ScaleGradients(1.0 / Parts);
        float largest = expected.Max(Math.Abs);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], net.Parameters.Gradients[i], 1e-6f * largest);
        }
    }

    [Fact]
    public void Results_are_bit_equal_for_any_number_of_threads()
    {
        (double[] Norms, float[] Gradients)[] results = [.. new[] { 1, 2, 3 }.Select(threads =>
        {
            using ThreadCountScope scope = new(threads);
            ParameterBlock block = Large();
            double[] norms = [block.ClipGradNorm(1, 1), block.ClipGradNorm(0.5), block.ClipGradNorm(0.2, 3), block.ClipGradNorm(0.001, double.PositiveInfinity)];
            block.ScaleGradients(0.7);
            block.ClipGradValue(0.0005);
            return (norms, block.Gradients.ToArray());
        })];
        Assert.All(results, result => Assert.Equal(results[0].Norms, result.Norms));
        Assert.All(results, result => Assert.Equal(results[0].Gradients, result.Gradients));
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        ParameterBlock block = Large();
        SGD optimizer = new(block.Take(1));
        Assert.Equal(0, Allocations.Of(
            () =>
            {
                block.ClipGradNorm(1e-3);
                block.ClipGradNorm(1e-3, 1);
                block.ClipGradNorm(1e-3, double.PositiveInfinity);
                block.ClipGradValue(1e-3);
                block.ScaleGradients(2);
                optimizer.Groups[0].Parameters.GlobalNorm(3);
            },
            repeats: 10));
    }

    [Fact]
    public void Arguments_that_cannot_be_are_refused_by_name()
    {
        ParameterBlock block = Draw();
        float[] before = block.Gradients.ToArray();
        Assert.Throws<ArgumentOutOfRangeException>("maxNorm", () => block.ClipGradNorm(-1));
        Assert.Throws<ArgumentOutOfRangeException>("maxNorm", () => block.ClipGradNorm(double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>("normType", () => block.ClipGradNorm(1, 0));
        Assert.Throws<ArgumentOutOfRangeException>("normType", () => block.GlobalNorm(-2));
        Assert.Throws<ArgumentOutOfRangeException>("clipValue", () => block.ClipGradValue(-0.1));
        Assert.Throws<ArgumentOutOfRangeException>("factor", () => block.ScaleGradients(double.NaN));
        Assert.Throws<ArgumentNullException>("parameters", () => GradientTools.ClipGradNorm(null!, 1));
        Assert.Equal(before, block.Gradients.ToArray());
    }

    private static ParameterBlock Draw()
    {
        ParameterBlock block = new(
            0,
            ParameterSpec.Ones("p0", Golden.Shapes[0]),
            ParameterSpec.Ones("none", [4]),
            ParameterSpec.Ones("p1", Golden.Shapes[1]),
            ParameterSpec.Ones("p2", Golden.Shapes[2]));
        block.Gradients.Slice(block["none"].Offset, 4).Fill(9);
        for (int i = 0; i < 3; i++)
        {
            Parameter parameter = block[$"p{i}"];
            block.MarkGradient(parameter.Index);
            GoldenStream.Fill(parameter.Gradients, (Golden.Seed * 256) + (uint)(GoldenStream.ParameterSlot + i), 0, Golden.Low, Golden.High);
        }

        return block;
    }

    private static ParameterBlock Large()
    {
        ParameterBlock block = new(0, ParameterSpec.Ones("a", [150_001]), ParameterSpec.Ones("b", [60_000]));
        for (int i = 0; i < 2; i++)
        {
            block.MarkGradient(i);
            GoldenStream.Fill(block[i].Gradients, (uint)i, 0, -1, 1);
        }

        return block;
    }

    private static void Mark(ParameterBlock block, float[] gradients)
    {
        block.MarkGradient(0);
        gradients.CopyTo(block[0].Gradients);
    }

    private static void Near(double expected, double actual) =>
        Assert.True(Math.Abs(expected - actual) <= 1e-6 * Math.Abs(expected), $"expected {expected}, got {actual}");
}
