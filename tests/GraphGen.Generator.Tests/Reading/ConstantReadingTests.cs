using GraphGen.Generator.Definition;
using GraphGen.Generator.Tests.Harness;

namespace GraphGen.Generator.Tests.Reading;

/// <summary>What of C#'s constants is understood: numbers of all types, patterns, and arrays that are filled step by step.</summary>
public sealed class ConstantReadingTests
{
    [Fact]
    public void Numbers_of_any_type_stand_on_either_side_of_any_operator() => ReaderProbe.AssertBody(
        """
        x = 0.5 * x + 0.25;
        x = 1 - x / (1.0 / 4);
        x = (3L - x) * 2u - 0.5f;
        x *= Half;
        x -= (byte)7;
        return 8 / x;
        """,
        """
        %1 = Multiply(left: 0.5, right: %0)
        %2 = Add(left: %1, right: 0.25)
        %3 = Divide(left: %2, right: 0.25)
        %4 = Subtract(left: 1, right: %3)
        %5 = Subtract(left: 3, right: %4)
        %6 = Multiply(left: %5, right: 2)
        %7 = Subtract(left: %6, right: 0.5)
        %8 = Multiply(left: %7, right: 0.5)
        %9 = Subtract(left: %8, right: 7)
        %10 = Divide(left: 8, right: %9)
        return %10
        """,
        "private const double Half = 0.5;");

    [Fact]
    public void A_double_is_rounded_to_float_once()
    {
        // float(1/3) * 3 is not 1; and 1 + 2^-24 + 2^-40 is a double that only rounds up if nothing has rounded it before.
        ModelDefinition model = ReaderProbe.Read("""
            [Model]
            public partial class Net
            {
                [Forward] private Tensor Forward([Shape(Batch, 4)] Tensor x) =>
                    x * (1.0 / 3) * (1.0f / 3) * ((1.0 / 3) * 3) * (1 + 1 / 16777216.0 + 1 / 1099511627776.0) * double.NegativeInfinity;
            }
            """);

        Assert.Equal(
            [(float)(1.0 / 3), 1f / 3, 1f, 1.00000012f, float.NegativeInfinity],
            model.Forward.Calls.Select(call => (float)((Operand.Number)call.Operands[1].Operand).Constant));
    }

    [Fact]
    public void Doubles_go_where_floats_do() => ReaderProbe.AssertBody(
        """
        x = Maximum(x, 0.5);
        x = Minimum(x, 1);
        x = Drop(Dropout(x, 0.25));
        return Dropout(x);
        """,
        """
        %1 = Maximum(left: %0, right: 0.5)
        %2 = Minimum(left: %1, right: 1)
        %3 = Dropout(input: %2, p: 0.25)
        %4 = Dropout Drop(input: %3, p: 0.1)
        %5 = Dropout(input: %4, p: 0.5)
        return %5
        """,
        """
        [Dropout(0.1)] private partial Tensor Drop(Tensor x);
        [CrossEntropyLoss(LabelSmoothing = 0.1)] private partial Tensor Loss(Tensor y, [Shape(Batch)] IntTensor t);
        """);

    [Theory]
    [InlineData("Mode is 2 or 3")]
    [InlineData("Mode is not (1 or 4)")]
    [InlineData("Mode is > 1 and <= 3 and not 2")]
    [InlineData("k is 3")]
    [InlineData("k is >= 3 and < 4")]
    [InlineData("k is var j && j == 3")]
    [InlineData("k is int and not 4")]
    [InlineData("b is 3 or 9 && b is > 2")]
    [InlineData("c is >= 'a' and <= 'z'")]
    [InlineData("s is \"deep\" or \"wide\"")]
    [InlineData("s is not null")]
    [InlineData("flag is true")]
    [InlineData("h is > 0.25 and < 1")]
    [InlineData("kind is Reduction.Sum")]
    [InlineData("(k, s) is (> 2, \"deep\")")]
    [InlineData("pair is (var first, 2) && first is 1")]
    [InlineData("x is not null && x is { } y && y is Tensor")]
    [InlineData("maybe is null && maybe is not { }")]
    public void Patterns_over_constants_are_decided(string condition) => ReaderProbe.AssertBody(
        $$"""
        #pragma warning disable CS8794, CS8520
        int k = Mode;
        byte b = 3;
        char c = 'q';
        string s = "deep";
        bool flag = k > 2;
        double h = 0.5;
        Reduction kind = Reduction.Sum;
        var pair = (1, 2);
        Tensor? maybe = null;
        return {{condition}} ? Exp(x) : Log(x);
        """,
        """
        %1 = Exp(input: %0)
        return %1
        """,
        "private const int Mode = 3;");

    [Fact]
    public void Switch_expressions_and_statements_choose_by_constants() => ReaderProbe.AssertBody(
        """
        for (int i = 0; i < 6; i++)
        {
            x = i switch { 0 => Exp(x), 1 or 2 when i == 2 => Log(x), > 4 => Abs(x), var j => x * j };
            switch (i)
            {
                default:
                    x = Relu(x);
                    break;
                case 1 when x is null:
                case 2:
                    continue;
                case > 3 and < 5:
                    x = Tanh(x);
                    break;
                case 5:
                    return (Mode, i) switch { (3, 5) => Sigmoid(x), _ => x };
            }
            x = x + i;
        }
        return x;
        """,
        """
        %1 = Exp(input: %0)
        %2 = Relu(input: %1)
        %3 = Add(left: %2, right: 0)
        %4 = Multiply(left: %3, right: 1)
        %5 = Relu(input: %4)
        %6 = Add(left: %5, right: 1)
        %7 = Log(input: %6)
        %8 = Multiply(left: %7, right: 3)
        %9 = Relu(input: %8)
        %10 = Add(left: %9, right: 3)
        %11 = Multiply(left: %10, right: 4)
        %12 = Tanh(input: %11)
        %13 = Add(left: %12, right: 4)
        %14 = Abs(input: %13)
        %15 = Sigmoid(input: %14)
        return %15
        """,
        "private const int Mode = 3;");

    [Fact]
    public void Arrays_are_made_filled_and_walked() => ReaderProbe.AssertBody(
        """
        Tensor[] l = new Tensor[3];
        for (int i = 0; i < l.Length; i++)
        {
            l[i] = x * i;
        }
        Tensor[] same = l;
        same[^1] += l[0];
        (l[0], l[1]) = (l[1], l[0]);
        foreach (Tensor part in l)
        {
            x = x + part;
        }
        return x;
        """,
        """
        %1 = Multiply(left: %0, right: 0)
        %2 = Multiply(left: %0, right: 1)
        %3 = Multiply(left: %0, right: 2)
        %4 = Add(left: %3, right: %1)
        %5 = Add(left: %0, right: %2)
        %6 = Add(left: %5, right: %1)
        %7 = Add(left: %6, right: %4)
        return %7
        """);

    [Fact]
    public void Arrays_of_constants_start_at_zero_and_are_computed_with() => ReaderProbe.AssertBody(
        """
        int[] widths = new int[Count];
        int at = 0;
        widths[at++] += 5;
        widths[at]--;
        widths[2] = widths[0] * 2;
        float[] scales = new float[2];
        bool[] flags = new bool[1];
        Reduction[] kinds = new Reduction[1];
        (int, Tensor?)[] pairs = new (int, Tensor?)[1];
        Tensor?[] biases = new Tensor?[2];
        biases[0] = x;
        Fill(scales);
        int[][] axes = new int[1][];
        axes[0] = [0, 1];
        x = x * widths[0] * widths[1] * widths[2] * widths[3] * at * scales[1] * (flags[0] ? 7 : 8) * (kinds[0] == 0 ? 9 : 10);
        return Sum(Conv2d(x, x, biases[1]) + (biases[1] ?? x) + (pairs[0].Item2 is null ? x : pairs[0].Item2!) * pairs[0].Item1, axes[0]);
        """,
        """
        %1 = Multiply(left: %0, right: 5)
        %2 = Multiply(left: %1, right: -1)
        %3 = Multiply(left: %2, right: 10)
        %4 = Multiply(left: %3, right: 0)
        %5 = Multiply(left: %4, right: 1)
        %6 = Multiply(left: %5, right: 0.5)
        %7 = Multiply(left: %6, right: 8)
        %8 = Multiply(left: %7, right: 9)
        %9 = Conv2d(input: %8, weight: %8, bias: none, stride: 1, padding: 0, dilation: 1, groups: 1)
        %10 = Add(left: %9, right: %8)
        %11 = Multiply(left: %8, right: 0)
        %12 = Add(left: %10, right: %11)
        %13 = Sum(input: %12, dims: [0, 1], keepDim: 0)
        return %13
        """,
        "private const int Count = 4; private static void Fill(float[] values) { for (int i = 0; i < values.Length; i++) { values[i] = i * 0.5f; } }");

    [Fact]
    public void Batch_is_told_from_minus_one() => ReaderProbe.AssertBody(
        """
        int n = Batch;
        x = Reshape(x, n, -1);
        x = Reshape(x, [Dim.Batch, 2, 2]);
        x = nameof(Batch) == "Batch" ? Reshape(x, -1, 4) : x;
        return Reshape(x, new[] { Batch, -1 });
        """,
        """
        %1 = Reshape(input: %0, shape: [Batch, -1])
        %2 = Reshape(input: %1, shape: [Batch, 2, 2])
        %3 = Reshape(input: %2, shape: [-1, 4])
        %4 = Reshape(input: %3, shape: [Batch, -1])
        return %4
        """);
}
