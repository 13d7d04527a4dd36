using GraphGen.Generator.Compile;
using GraphGen.Generator.Tests.Compiler.Interpreter;

namespace GraphGen.Generator.Tests.Compiler.Gradients;

/// <summary>Gradients where a function has no derivative: PyTorch's choices, as written and after the compiler's rewriting.</summary>
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

    private static Bindings Given(double[] values, double[] gradient) => new()
    {
        Samples = 1,
        Inputs = { ["x"] = [1] },
        Parameters = [values],
        OutputGradient = gradient,
    };
}
