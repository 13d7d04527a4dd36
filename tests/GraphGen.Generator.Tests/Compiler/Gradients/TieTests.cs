using GraphGen.Generator.Compile;
using GraphGen.Generator.Fuse;
using GraphGen.Generator.Tests.Compiler.Interpreter;

namespace GraphGen.Generator.Tests.Compiler.Gradients;

/// <summary>
/// Gradients where a function has no derivative, or its operand is no number: PyTorch's choices (2.6), as written and after the
/// compiler's rewriting.
/// </summary>
public sealed class TieTests
{
    [Fact]
    public void Relu_is_flat_at_zero() => Check("Relu(x * A)", [-1, 0, 2], gradient: [1, 1, 1], expected: [0, 0, 1]);

    [Fact]
    public void Abs_is_flat_at_zero() => Check("Abs(x * A)", [-1, 0, 2], gradient: [1, 1, 1], expected: [-1, 0, 1]);

    [Fact]
    public void Equal_operands_of_a_maximum_share_its_gradient() =>
        Check("Maximum(x * A, 1f)", [0, 1, 2], gradient: [4, 4, 4], expected: [0, 2, 4]);

    [Fact]
    public void Equal_operands_of_a_minimum_share_its_gradient() =>
        Check("Minimum(x * A, 1f)", [0, 1, 2], gradient: [4, 4, 4], expected: [4, 2, 0]);

    [Fact]
    public void An_operand_that_is_both_sides_of_a_maximum_gets_all_of_it() =>
        Check("Maximum(x * A, x * A)", [0, 1, 2], gradient: [4, 4, 4], expected: [4, 4, 4]);

    [Fact]
    public void Equal_elements_share_the_gradient_of_their_maximum() =>
        Check("Max(x * A, 1)", [3, 1, 3, 3, 2], gradient: [6], expected: [2, 0, 2, 2, 0]);

    [Fact]
    public void Equal_elements_share_the_gradient_of_a_maximum_over_axes_that_lie_apart() =>
        Check("Max(x * A, new[] { 1, 3 })", [5, 5, 1, 2, 5, 1, 2, 2], gradient: [6, 6], expected: [2, 2, 0, 2, 2, 0, 2, 2], shape: [2, 2, 2]);

    [Fact]
    public void The_first_of_equals_wins_a_pooling_window() =>
        Check(
            "MaxPool2d(x * A, 2, 1)",
            [
                1, 1, 0,
                1, 1, 2,
                2, 0, 2,
            ],
            gradient: [1, 10, 100, 1000],
            expected:
            [
                1, 0, 0,
                0, 0, 1010,
                100, 0, 0,
            ],
            shape: [1, 3, 3]);

    [Fact]
    public void Padding_never_wins_a_pooling_window() =>
        Check(
            "MaxPool2d(x * A, 2, 2, 1)",
            [
                -1, -2, -2,
                -3, -5, -4,
                -3, -4, -4,
            ],
            gradient: [1, 10, 100, 1000],
            expected:
            [
                1, 10, 0,
                100, 0, 1000,
                0, 0, 0,
            ],
            shape: [1, 3, 3]);

    [Fact]
    public void Relu_lets_the_gradient_at_a_NaN_through() =>
        Check("Relu(x * A)", [double.NaN, 1, -1, 0], gradient: [1, 1, 1, 1], expected: [1, 1, 0, 0]);

    [Fact]
    public void Abs_is_flat_at_a_NaN() => Check("Abs(x * A)", [double.NaN, 1, -2], gradient: [1, 1, 1], expected: [0, 1, -1]);

    [Theory]
    [InlineData("Maximum(x * A, 1f)", 0, 1)]
    [InlineData("Maximum(1f - 0f * x, x * A)", 0, 1)]
    [InlineData("Minimum(x * A, 1f)", 1, 0)]
    public void An_operand_that_is_NaN_gets_all_of_the_gradient(string result, double ofSmaller, double ofLarger) =>
        Check(result, [double.NaN, 0, 2], gradient: [4, 4, 4], expected: [4, 4 * ofSmaller, 4 * ofLarger]);

    [Theory]
    [InlineData("Maximum(A * x, x * B)")]
    [InlineData("Minimum(A * x, x * B)")]
    public void The_operand_beside_a_NaN_gets_all_of_the_gradient_too(string result) =>
        CheckBoth(result, Given([1, double.NaN], [4, 4]) with { Parameters = [[1, double.NaN], [double.NaN, double.NaN]] }, [4, 4], [2], "[Parameter(2)] private partial Tensor B { get; }");

    [Fact]
    public void No_element_equals_a_maximum_that_is_NaN() =>
        Check("Max(x * A, 2)", [double.NaN, 1, 2, 1, 3, 3], gradient: [6, 6], expected: [double.NaN, double.NaN, double.NaN, 0, 3, 3], shape: [2, 3]);

    [Theory]
    [InlineData("MaxPool2d(x * A, 2)")]
    [InlineData("MaxPool2d(Relu(x * A), 2)")]
    [InlineData("Relu(MaxPool2d(x * A, 2))")]
    public void The_last_NaN_wins_a_pooling_window(string result) =>
        Check(
            result,
            [
                double.NaN, 1, 2, 3,
                double.NaN, 5, 6, double.NaN,
                1, 2, 1, 1,
                double.NaN, 0, -1, -1,
            ],
            gradient: [1, 10, 100, 1000],
            expected:
            [
                0, 0, 0, 0,
                1, 0, 0, 10,
                0, 0, 1000, 0,
                100, 0, 0, 0,
            ],
            shape: [1, 4, 4]);

    [Theory]
    [InlineData("")]
    [InlineData("LabelSmoothing = 0.2f")]
    [InlineData("Weight = new[] { 0.5f, 1f, 2f }")]
    [InlineData("Weight = new[] { 0.5f, 1f, 2f }, LabelSmoothing = 0.2f")]
    public void A_mean_over_ignored_rows_alone_is_NaN_and_has_no_gradient(string options) =>
        CheckCrossEntropy(options, [-100, -100], double.NaN, [0, 0, 0, 0, 0, 0]);

    [Theory]
    [InlineData("", 1.407606, 0.0900306, -0.755271, 0.665241)]
    [InlineData("LabelSmoothing = 0.2f", 1.407606, 0.0233640, -0.621938, 0.598574)]
    [InlineData("Weight = new[] { 0f, 1f, 1f }", 1.407606, 0.0900306, -0.755271, 0.665241)]
    [InlineData("Weight = new[] { 0f, 1f, 1f }, LabelSmoothing = 0.2f", 1.247099, 0.0840285, -0.638253, 0.554225)]
    public void An_ignored_row_has_no_gradient_beside_one_that_counts(string options, double loss, double first, double second, double third) =>
        CheckCrossEntropy(options, [1, -100], loss, [first, second, third, 0, 0, 0]);

    [Theory]
    [InlineData("")]
    [InlineData(", LabelSmoothing = 0.2f")]
    public void Of_weights_that_sum_to_zero_the_rows_that_count_have_no_gradient_that_is_a_number(string options) =>
        CheckCrossEntropy("Weight = new[] { 0f, 1f, 1f }" + options, [0, -100], double.NaN, [double.NaN, double.NaN, double.NaN, 0, 0, 0]);

    [Fact]
    public void An_absolute_error_is_flat_where_output_and_target_are_equal()
    {
        Bindings bindings = Given([1, 2, 3], []);
        bindings.Inputs["target"] = [2, 2, 2];
        CheckBoth("x * A", bindings, [-1, 0, 1], [3], "[L1Loss(Reduction = Reduction.Sum)] private partial Tensor Loss(Tensor output, [Shape(Batch, 3)] Tensor target);");
    }

    /// <summary>The gradient by the parameter A, whose values are given, of a model whose only input is 1.</summary>
    private static void Check(string result, double[] values, double[] gradient, double[] expected, int[]? shape = null) =>
        CheckBoth(result, Given(values, gradient), expected, shape ?? [values.Length]);

    private static void CheckBoth(string result, Bindings bindings, double[] expected, int[] shape, string loss = "")
    {
        TypedModel model = ModelEvaluation.Type($$"""
            [Model]
            public partial class Net
            {
                [Parameter({{string.Join(", ", shape)}})] private partial Tensor A { get; }
                {{loss}}
                [Forward]
                private Tensor Forward([Shape(Batch, {{string.Join(", ", shape.Select(_ => 1))}})] Tensor x) => {{result}};
            }
            """);
        Near.Assert("as written", expected, ModelEvaluation.AsWritten(model, bindings).Gradients[0]!, 1e-12);
        Near.Assert("as rewritten", expected, ModelEvaluation.AsRewritten(model, PassBuilder.Build(model), bindings).Gradients[0]!, 1e-12);
    }

    /// <summary>The loss, and its gradient by logits of [1, 2, 3] and [0, 1, -1].</summary>
    private static void CheckCrossEntropy(string options, double[] labels, double loss, double[] expected)
    {
        TypedModel model = ModelEvaluation.Type($$"""
            [Model]
            public partial class Net
            {
                [Forward] private Tensor Forward([Shape(Batch, 3)] Tensor x) => x;
                [CrossEntropyLoss({{options}})] private partial Tensor Loss(Tensor logits, [Shape(Batch)] IntTensor labels);
            }
            """);
        PassSet passes = PassBuilder.Build(model);
        Bindings bindings = new() { Samples = 2, Inputs = { ["x"] = [1, 2, 3, 0, 1, -1], ["labels"] = labels } };
        foreach (ModelValues values in new[] { ModelEvaluation.AsWritten(model, bindings), ModelEvaluation.AsRewritten(model, passes, bindings) })
        {
            Near.Assert("the loss", [loss], values.Loss, 1e-5);
            Near.Assert("its gradient", expected, values.OutputGradients[0], 1e-5);
        }
    }

    private static Bindings Given(double[] values, double[] gradient) => new()
    {
        Samples = 1,
        Inputs = { ["x"] = [1] },
        Parameters = [values],
        OutputGradients = [gradient],
    };
}
