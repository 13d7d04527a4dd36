using GraphGen.Generator.Tests.Harness;

namespace GraphGen.Generator.Tests.Reading;

/// <summary>What is read of the C# in a body: the graph it describes, with loops unrolled, methods inlined and constants folded.</summary>
public sealed class BodyReadingTests
{
    [Fact]
    public void Operators_take_tensors_and_constants() => Reads(
        "return -(x + 1) * (2 - x) / (x - x * 0.5f);",
        """
        %1 = Add(left: %0, right: 1)
        %2 = Negate(input: %1)
        %3 = Subtract(left: 2, right: %0)
        %4 = Multiply(left: %2, right: %3)
        %5 = Multiply(left: %0, right: 0.5)
        %6 = Subtract(left: %0, right: %5)
        %7 = Divide(left: %4, right: %6)
        return %7
        """);

    [Fact]
    public void Locals_are_names_for_values() => Reads(
        """
        Tensor y = Relu(x);
        Tensor z = y;
        y = Exp(y);
        y += z;
        return y;
        """,
        """
        %1 = Relu(input: %0)
        %2 = Exp(input: %1)
        %3 = Add(left: %2, right: %1)
        return %3
        """);

    [Fact]
    public void Tuples_are_built_and_taken_apart() => Reads(
        """
        (Tensor a, Tensor b) = Both(x);
        (a, b) = (b, a);
        (Tensor First, Tensor Second) pair = Both(a);
        (_, Tensor c) = pair;
        return pair.First + pair.Item2 + c;
        """,
        """
        %1 = Exp(input: %0)
        %2 = Log(input: %0)
        %3 = Exp(input: %2)
        %4 = Log(input: %2)
        %5 = Add(left: %3, right: %4)
        %6 = Add(left: %5, right: %4)
        return %6
        """,
        "private static (Tensor, Tensor) Both(Tensor t) => (Exp(t), Log(t));");

    [Fact]
    public void Loops_are_unrolled() => Reads(
        """
        for (int i = 0, step = 1; i < Depth * 2; i += step, step++)
        {
            if (i == 1) { continue; }
            if (i > 4) { break; }
            x = x * (i + 0.5f);
        }
        return x;
        """,
        """
        %1 = Multiply(left: %0, right: 0.5)
        %2 = Multiply(left: %1, right: 3.5)
        return %2
        """,
        "private const int Depth = 4;");

    [Fact]
    public void Nested_loops_count_down_and_up() => Reads(
        """
        for (int i = 2; i > 0; --i)
        {
            for (int j = 0; j < i; j++)
            {
                x = Sum(x, dim: i % 2 == 0 ? j : -1, keepDim: i * j == 0);
            }
        }
        return x;
        """,
        """
        %1 = Sum(input: %0, dim: 0, keepDim: 1)
        %2 = Sum(input: %1, dim: 1, keepDim: 0)
        %3 = Sum(input: %2, dim: -1, keepDim: 1)
        return %3
        """);

    [Fact]
    public void Arrays_of_constants_and_tensors_are_walked() => Reads(
        """
        int[] axes = [0, 1];
        Tensor[] parts = { Exp(x), Log(x) };
        Tensor y = parts[axes.Length - 1];
        foreach (Tensor part in parts)
        {
            y = y + part;
        }
        foreach (var (axis, scale) in new[] { (0, 1f), (1, 2f) })
        {
            y = Sum(y, axis) * scale;
        }
        return Sum(y, axes, true);
        """,
        """
        %1 = Exp(input: %0)
        %2 = Log(input: %0)
        %3 = Add(left: %2, right: %1)
        %4 = Add(left: %3, right: %2)
        %5 = Sum(input: %4, dim: 0, keepDim: 0)
        %6 = Multiply(left: %5, right: 1)
        %7 = Sum(input: %6, dim: 1, keepDim: 0)
        %8 = Multiply(left: %7, right: 2)
        %9 = Sum(input: %8, dims: [0, 1], keepDim: 1)
        return %9
        """);

    [Fact]
    public void Constant_conditions_choose() => Reads(
        """
        bool wide = Depth > 3 && nameof(x) == "x";
        if (!wide)
        {
            return Log(x);
        }
        else
        {
            x = Abs(x);
        }
        return wide ? Exp(x) : x;
        """,
        """
        %1 = Abs(input: %0)
        %2 = Exp(input: %1)
        return %2
        """,
        "private const int Depth = 4;");

    [Fact]
    public void Own_methods_and_local_functions_are_inlined() => Reads(
        """
        Tensor Twice(Tensor t) => Block(Block(t, 2), scale: 3);
        return Twice(Block(x));
        """,
        """
        %1 = Relu(input: %0)
        %2 = Multiply(left: %1, right: 1)
        %3 = Relu(input: %2)
        %4 = Multiply(left: %3, right: 2)
        %5 = Relu(input: %4)
        %6 = Multiply(left: %5, right: 3)
        return %6
        """,
        "private Tensor Block(Tensor t, float scale = 1) { Tensor y = Relu(t); return y * scale; }");

    [Fact]
    public void Arguments_come_in_parameter_order_with_defaults() => Reads(
        """
        x = Gelu(tanh: true, input: x);
        x = AvgPool2d(padding: 1, kernel: 3, input: x);
        x = Reshape(x, Batch, 4);
        x = Reshape(Permute(x, new[] { 1, 0 }), [2, 8]);
        return Conv2d(x, weight: x, groups: 2);
        """,
        """
        %1 = Gelu(input: %0, tanh: 1)
        %2 = AvgPool2d(input: %1, kernel: 3, stride: 0, padding: 1, countIncludePad: 1)
        %3 = Reshape(input: %2, shape: [Batch, 4])
        %4 = Permute(input: %3, dims: [1, 0])
        %5 = Reshape(input: %4, shape: [2, 8])
        %6 = Conv2d(input: %5, weight: %5, bias: none, stride: 1, padding: 0, dilation: 1, groups: 2)
        return %6
        """);

    [Fact]
    public void Constants_are_computed_as_csharp_does() => Reads(
        """
        int width = 7;
        width /= 2;
        width <<= 3;
        long big = width;
        float scale = 1 / MathF.Sqrt(big * 4 - 80);
        double half = 1.0 / 2;
        return x * scale * (float)half * (int)3.99 * Math.Max(width, 2) * unchecked((byte)(width + 240)) * ('b' - 'a' + 5u);
        """,
        """
        %1 = Multiply(left: %0, right: 0.25)
        %2 = Multiply(left: %1, right: 0.5)
        %3 = Multiply(left: %2, right: 3)
        %4 = Multiply(left: %3, right: 24)
        %5 = Multiply(left: %4, right: 8)
        %6 = Multiply(left: %5, right: 6)
        return %6
        """);

    [Fact]
    public void A_raw_parameter_is_one_value() => Reads(
        "return MatMul(x, W) + Sum(W) + this.W;",
        """
        %1 = Parameter W(shape: [4, 4], init: 2)
        %2 = MatMul(left: %0, right: %1)
        %3 = Sum(input: %1)
        %4 = Add(left: %2, right: %3)
        %5 = Add(left: %4, right: %1)
        return %5
        """,
        "[Parameter(4, 4, Init = Initializer.Ones)] private partial Tensor W { get; }");

    [Fact]
    public void Optional_tensors_may_be_absent() => Reads(
        """
        Tensor? bias = null;
        Tensor? other = Exp(x);
        if (bias is not null || other == null)
        {
            return bias!;
        }
        return Conv2d(other ?? x, x, bias) + (bias ?? x) + (bias == null ? other! : x);
        """,
        """
        %1 = Exp(input: %0)
        %2 = Conv2d(input: %1, weight: %0, bias: none, stride: 1, padding: 0, dilation: 1, groups: 1)
        %3 = Add(left: %2, right: %0)
        %4 = Add(left: %3, right: %1)
        return %4
        """);

    [Fact]
    public void Methods_of_another_part_of_the_class_are_inlined()
    {
        var readings = ReaderProbe.ReadAll(
            "[Model] public partial class Net { [Forward] private Tensor Forward([Shape(Batch, 4)] Tensor x) => Head(x); }",
            "public partial class Net { private static Tensor Head(Tensor x) => Softmax(x); }");

        Assert.Contains("Softmax(input: %0, dim: -1)", ModelPrinter.Print(Assert.Single(readings).Model!), StringComparison.Ordinal);
    }

    [Fact]
    public void The_text_of_a_call_is_one_line()
    {
        var model = ReaderProbe.Read("""
            [Model]
            public partial class Net
            {
                [Forward]
                private Tensor Forward([Shape(Batch, 4)] Tensor x) => Softmax(
                    Relu(x), // the activation
                    dim: 1
                );
            }
            """);

        Assert.Equal("Softmax(Relu(x), dim: 1)", model.Forward.Calls[1].Text);
    }

    private static void Reads(string body, string expected, string members = "") => ReaderProbe.AssertBody(body, expected, members);
}
