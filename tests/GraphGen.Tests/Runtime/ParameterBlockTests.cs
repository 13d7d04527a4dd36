using GraphGen.Runtime;
using Xunit;

namespace GraphGen.Tests.Runtime;

public sealed unsafe class ParameterBlockTests
{
    [Fact]
    public void Parameters_lie_in_order_on_multiples_of_sixteen()
    {
        ParameterBlock block = new(1, ParameterSpec.Uniform("a", [3, 5], 1f), ParameterSpec.Zeros("b", []), ParameterSpec.Ones("c", [16]), ParameterSpec.Normal("d", [17]));

        Assert.Equal([0, 16, 32, 48], block.Select(parameter => parameter.Offset));
        Assert.Equal([15, 1, 16, 17], block.Select(parameter => parameter.Length));
        Assert.Equal(49, block.TotalLength);
        Assert.Equal(80, block.Values.Length);
        Assert.Equal(80, block.Gradients.Length);
        Assert.Equal([3, 5], block["a"].Shape.ToArray());
        Assert.Equal("a [3, 5]", block[0].ToString());
        Assert.Equal(0, (nint)block.ValuePointer % 64);
        Assert.Equal(0, (nint)block.GradientPointer % 64);
        Assert.True(block["c"].Values.IndexOfAnyExcept(1f) < 0);
        Assert.True(block.Values[15] == 0 && block.Values.Slice(17, 15).IndexOfAnyExcept(0f) < 0);
        block["b"].Values[0] = 7f;
        Assert.Equal(7f, block.Values[16]);
        Assert.Equal(7f, block.ValuePointer[16]);
    }

    [Fact]
    public void A_parameter_starts_the_same_whatever_the_others_are()
    {
        ParameterBlock alone = new(5, ParameterSpec.Uniform("fc.weight", [40], 0.5f));
        ParameterBlock second = new(5, ParameterSpec.Normal("conv.weight", [1000]), ParameterSpec.Uniform("fc.weight", [40], 0.5f));
        ParameterBlock longer = new(5, ParameterSpec.Uniform("fc.weight", [50], 0.5f));
        ParameterBlock seeded = new(6, ParameterSpec.Uniform("fc.weight", [40], 0.5f));
        ParameterBlock named = new(5, ParameterSpec.Uniform("fd.weight", [40], 0.5f));

        float[] values = alone[0].Values.ToArray();
        Assert.Equal(values, second[1].Values.ToArray());
        Assert.Equal(values, longer[0].Values[..40].ToArray());
        Assert.NotEqual(values, seeded[0].Values.ToArray());
        Assert.NotEqual(values, named[0].Values.ToArray());
    }

    [Fact]
    public void Uniform_values_fill_their_interval()
    {
        ParameterBlock block = new(2, ParameterSpec.Uniform("w", [100, 1000], 0.25f));
        float[] values = block[0].Values.ToArray();
        Assert.All(values, value => Assert.InRange(value, -0.25f, 0.25f));
        Assert.InRange(values.Average(), -0.002f, 0.002f);
        Assert.Equal(0.25 / Math.Sqrt(3), Math.Sqrt(values.Average(value => (double)value * value)), 0.001);
        Assert.InRange(values.Max(), 0.2499f, 0.25f);
        Assert.InRange(values.Min(), -0.25f, -0.2499f);
    }

    [Fact]
    public void Normal_values_have_their_moments()
    {
        ParameterBlock block = new(2, ParameterSpec.Normal("w", [99_999], 2f));
        double[] values = block[0].Values.ToArray().Select(value => value / 2.0).ToArray();
        Assert.InRange(values.Average(), -0.02, 0.02);
        Assert.Equal(1, values.Average(value => value * value), 0.02);
        Assert.Equal(3, values.Average(value => value * value * value * value), 0.1);
        Assert.InRange(values.Max(), 3.5, 6);
    }

    [Fact]
    public void A_gradient_is_missing_until_it_is_written()
    {
        ParameterBlock block = new(1, ParameterSpec.Zeros("a", [4]), ParameterSpec.Zeros("b", [4]));
        Assert.False(block[0].HasGradient);
        Assert.True(block[0].Gradients.IsEmpty);

        block.MarkGradient(1);
        Assert.False(block.HasGradient(0));
        Assert.True(block[1].HasGradient);
        Assert.Equal(4, block[1].Gradients.Length);
        block[1].Gradients[3] = 2f;
        Assert.Equal(2f, block.GradientPointer[16 + 3]);

        block.ZeroGrad();
        Assert.True(block[1].Gradients.IsEmpty);
    }

    [Fact]
    public void Mistakes_in_specifications_are_named()
    {
        Assert.Contains("'a'", Assert.Throws<ArgumentException>(() => new ParameterBlock(0, ParameterSpec.Zeros("a", [1]), ParameterSpec.Ones("a", [2]))).Message);
        Assert.Contains("[2, 0]", Assert.Throws<ArgumentException>(() => new ParameterBlock(0, ParameterSpec.Zeros("a", [2, 0]))).Message);
        Assert.Contains("2147483511", Assert.Throws<ArgumentException>(() => new ParameterBlock(0, ParameterSpec.Zeros("a", [1 << 20, 1 << 20, 1 << 20]))).Message);
        Assert.Contains("a, b", Assert.Throws<KeyNotFoundException>(() => new ParameterBlock(0, ParameterSpec.Zeros("a", [1]), ParameterSpec.Zeros("b", [1]))["c"]).Message);
    }

    [Fact]
    public void Buffers_are_aligned_zeroed_and_readable_past_the_end()
    {
        foreach (long length in new long[] { 0, 1, 16, 1000, 3_000_000 })
        {
            AlignedBuffer buffer = new(length);
            Assert.Equal(length, buffer.Length);
            Assert.Equal(0, (nint)buffer.Pointer % 64);
            Assert.True(new Span<float>(buffer.Pointer, (int)length + 64).IndexOfAnyExcept(0f) < 0);
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => new AlignedBuffer(-1));
    }
}
