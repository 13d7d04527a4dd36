using System.Text;
using GraphGen.Generator.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace GraphGen.Generator.Tests.Diagnostics;

/// <summary>Whatever operations are combined: it compiles, or is refused where it is written. GG1999, a bug of GraphGen's at the class's name, is neither.</summary>
public sealed class InternalErrorTests
{
    private const string Inputs =
        "[Shape(Batch)] Tensor v, [Shape(Batch, 1)] Tensor c, [Shape(Batch, 6)] Tensor m, [Shape(Batch, 2, 6, 6)] Tensor image";

    // Values of every kind of shape: with the batch and without, one column, many, a single number, several batches in one dimension.
    private static readonly string[] Values =
        ["v", "c", "m", "image", "P", "Square", "One", "Filters", "Sum(m)", "Mean(m, 0)", "Max(m, 1, true)", "Flatten(m, 0)", "Reshape(m, Batch, 2)", "Flatten(image, 1, 2)"];

    private static readonly string[] Unary =
    [
        "-{0}", "Relu({0})", "Gelu({0})", "Dropout({0})", "Sum({0}, 0)", "Mean({0}, 0, true)", "Max({0}, -1)", "Mean({0})", "Sum({0}, new[] {{ 0, 1 }})",
        "Mean({0}, new[] {{ 1, -1 }})", "Softmax({0}, 0)", "LogSoftmax({0})", "Softmax({0}, 1)", "Reshape({0}, 6, -1)", "Reshape({0}, Batch)", "Reshape({0}, Batch, 1, 1)",
        "Reshape({0}, 1)", "Reshape({0})", "Reshape({0}, Batch, 65536, 65536)", "Flatten({0}, 0)", "Flatten({0}, 1)", "Flatten({0}, 0, 0)", "Transpose({0}, 0, 1)",
        "Transpose({0}, -1, -2)", "Permute({0}, 1, 0)", "Permute({0}, 0, 2, 3, 1)", "Permute({0}, 3, 2, 1, 0)", "Permute({0})", "MaxPool2d({0}, 2)", "MaxPool2d({0}, 3, 1, 1)",
        "AvgPool2d({0}, 2, padding: 1073741824)", "Fc({0})",
        "Slice({0}, 1, 1)", "Slice({0}, -1, 0, 1, 2147483647)", "Slice({0}, 0, -1)", "Flip({0}, 0)", "Flip({0}, -1, 1)", "{0}[.., 0]", "{0}[0]", "{0}[1..3]", "{0}[^1..]",
        "{0}[.., -1]", "{0}[.., 2147483647..]", "{0}[.., ^2147483647..^0]", "{0}[.., 1..^1, 0, ^1]", "{0}[..]", "Split({0}, 2)[0]", "Split({0}, 4, -1)[^1]", "Split({0}, 1, 0)[1]",
        "Split({0}, [2, 4])[1]", "Split({0}, [2147483647, 2147483647])[0]", "Split({0}, new int[0])[0]", "Split({0}, 0)[0]", "Split({0}, 2)[2147483647]", "Chunk({0}, 3)[2]", "Chunk({0}, 2, 0)[0]", "Chunk({0}, 4)[0]",
        "Chunk({0}, -1)[0]", "Pad({0}, [1, 2])", "Pad({0}, [-1, 2, 0, 3], 1.5)", "Pad({0}, [2147483647, 2147483647])", "Pad({0}, [-2147483648, -2147483648])", "Pad({0}, [1])", "Pad({0}, [0, 0, 1, 1])",
        "Stack([{0}])", "Stack([{0}, {0}], -1)", "Stack([{0}], 0)", "Concat([{0}, {0}])", "Concat([{0}], 0)", "Concat(new Tensor[0])", "Einsum(\"ab->a\", {0})", "Einsum(\"ab->ba\", {0})", "Einsum(\"a\", {0})",
        "Einsum(\"abcd->abd\", {0})", "Einsum(\"\", {0})", "Einsum(\"aa->a\", {0})", "Einsum(\"...a\", {0})", "Einsum(\"a->a->a\", {0})", "Einsum(\"ab,ab\", {0}, {0})", "Einsum(\"ab,cd->acbd\", {0}, {0})", "Conv({0})", "Drop({0})",
    ];

    private static readonly string[] Binary =
    [
        "Concat([{0}, {1}])", "Concat([{0}, {1}], 0)", "Concat([{0}, {1}], -1)", "Stack([{0}, {1}])", "Stack([{0}, {1}], -2)", "Einsum(\"ab,bc->ac\", {0}, {1})", "Einsum(\"ab,ab->a\", {0}, {1})", "Einsum(\"ab,cb\", {0}, {1})",
        "Einsum(\"a,b->ab\", {0}, {1})", "Einsum(\"ab,ac->bc\", {0}, {1})", "Einsum(\"ab,b->a\", {0}, {1})", "Einsum(\"a,ab\", {0}, {1})", "Einsum(\"ab,abcd->abcd\", {0}, {1})", "Einsum(\"abcd,efcd->abef\", {0}, {1})", "Einsum(\"ab,ab,ac->ac\", {0}, {1}, m)",
        "{0} + {1}", "{0} / {1}", "Maximum({0}, {1})", "MatMul({0}, {1})", "Conv2d({0}, {1}, padding: 1)", "MseLoss({0}, {1})", "L1Loss({0}, {1}, Reduction.Sum)",
    ];

    public static TheoryData<string> Operations => [.. Unary, .. Binary];

    [Theory]
    [MemberData(nameof(Operations))]
    public void No_combination_of_shapes_is_an_internal_error(string operation)
    {
        List<string> expressions = [];
        foreach (string first in Values)
        {
            if (operation.Contains("{1}", StringComparison.Ordinal))
            {
                expressions.AddRange(Values.Select(second => string.Format(provider: null, operation, first, second)));
            }
            else
            {
                expressions.Add(string.Format(provider: null, operation, first));
            }
        }

        Verify(expressions.SelectMany(expression => new[] { ForwardOf(expression), LossOf(expression) }));
    }

    /// <summary>Losses whose output is of each shape, against targets of each.</summary>
    [Fact]
    public void No_target_is_an_internal_error()
    {
        string[] targets =
        [
            "[Shape(Batch)] Tensor", "[Shape(Batch, 1)] Tensor", "[Shape(Batch, 6)] Tensor", "[Shape(Batch, 6, 6)] Tensor", "[Shape(Batch, 2, 6, 6)] Tensor", "[Shape(Batch, 1, 1)] Tensor",
            "[Shape(Batch)] IntTensor", "[Shape(Batch, 1)] IntTensor",
        ];
        string[] losses = ["MSELoss", "L1Loss(Reduction = Reduction.Sum)", "CrossEntropyLoss"];
        Verify(
            from output in new[] { "v", "c", "m", "image", "Flatten(m, 0)" }
            from target in targets
            from loss in losses
            where target.EndsWith("IntTensor", StringComparison.Ordinal) == loss.StartsWith("Cross", StringComparison.Ordinal)
            select $"[Forward] Tensor Forward({Inputs}) => {output}; [{loss}] private partial Tensor Loss(Tensor y, {target} t);");
    }

    /// <summary>What only goes wrong where samples are mixed: reductions over the batch, and what is done with them.</summary>
    [Fact]
    public void No_use_of_a_sum_over_the_batch_is_an_internal_error()
    {
        string[] reduced = ["Mean(m, 0)", "Mean(m, 0, true)", "Sum(v)", "Max(c, 0)", "Mean(image, new[] { 0, 2, 3 }, true)", "Softmax(m, 0)"];
        string[] uses =
        [
            "m - {0}", "v * {0}", "c / {0}", "image - {0}", "MatMul(m, Transpose({0}, 0, 1))", "{0} + P", "Flatten({0}, 0) + m", "Relu({0}) + Sum(m, 1, true)", "Fc(m - {0})",
        ];
        Verify(reduced.SelectMany(value => uses.Select(use => string.Format(provider: null, use, value))).SelectMany(expression => new[] { ForwardOf(expression), LossOf(expression) }));
    }

    /// <summary>The expression as the network.</summary>
    private static string ForwardOf(string expression) => $"[Forward] Tensor Forward({Inputs}) => {expression};";

    /// <summary>The expression as part of a loss, where what is lost of the batch is no error; of a network with the output [n, 6].</summary>
    private static string LossOf(string expression) =>
        $"[Forward] Tensor Forward([Shape(Batch, 6)] Tensor x) => Fc(x); [Loss] Tensor Loss(Tensor y, {Inputs}) => Mean(y) + Mean({expression.Replace("Fc(", "Relu(", StringComparison.Ordinal).Replace("Conv(", "Abs(", StringComparison.Ordinal).Replace("Drop(", "Exp(", StringComparison.Ordinal)});";

    private static void Verify(IEnumerable<string> bodies)
    {
        StringBuilder source = new();
        List<string> models = [.. bodies];
        for (int i = 0; i < models.Count; i++)
        {
            source.Append(provider: null, $$"""
                [Model] public partial class Net{{i}} {
                [Linear(6)] private partial Tensor Fc(Tensor x); [Conv2d(4, Kernel = 3)] private partial Tensor Conv(Tensor x); [Dropout] private partial Tensor Drop(Tensor x);
                [Parameter(6)] private partial Tensor P { get; } [Parameter(6, 6)] private partial Tensor Square { get; } [Parameter(1)] private partial Tensor One { get; }
                [Parameter(4, 2, 3, 3)] private partial Tensor Filters { get; }
                {{models[i]}}
                }

                """);
        }

        (GeneratorDriverRunResult result, Compilation compilation) = TestCompilation.RunGenerator(TestCompilation.Create(source.ToString()));
        // What the tests' own sources get wrong would hide what they are for.
        Assert.Equal([], compilation.SyntaxTrees.First().GetDiagnostics().Select(diagnostic => diagnostic.ToString()));
        Assert.Equal(models.Count, result.GeneratedTrees.Length);
        string[] internalErrors = [.. result.Diagnostics.Where(diagnostic => diagnostic.Id == "GG1999").Select(diagnostic => $"{models[ModelOf(diagnostic)]}: {diagnostic.GetMessage()}")];
        Assert.True(internalErrors.Length == 0, string.Join('\n', internalErrors));

        int ModelOf(Diagnostic diagnostic) => diagnostic.Location.GetLineSpan().StartLinePosition.Line / 6;
    }
}
