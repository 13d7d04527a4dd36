using GraphGen.Generator.Compile;
using GraphGen.Generator.Tests.Compiler.RandomModels;
using GraphGen.Generator.Tests.Harness;

namespace GraphGen.Generator.Tests.Compiler.Losses;

/// <summary>
/// The examples that PyTorch's users know from its documentation, by loss: predictions of ones against [[0, 1], [2, 3]] with each of the
/// three reductions (which <c>size_average=False</c> and <c>reduce=False</c> were once called), and scores of four classes.
/// </summary>
public sealed class DocumentedExampleTests
{
    private static readonly float[] Ones = [1, 1, 1, 1];
    private static readonly float[] Target = [0, 1, 2, 3];

    [Theory]
    [InlineData("Mean", 1f)]
    [InlineData("Sum", 4f)]
    [InlineData("None", 1f, 0f, 1f, 2f)]
    public void L1Loss(string reduction, params float[] expected) => Verify("L1Loss", reduction, Ones, Target, expected);

    [Theory]
    [InlineData("Mean", 0.625f)]
    [InlineData("Sum", 2.5f)]
    [InlineData("None", 0.5f, 0f, 0.5f, 1.5f)]
    public void SmoothL1Loss(string reduction, params float[] expected) => Verify("SmoothL1Loss", reduction, Ones, Target, expected);

    [Theory]
    [InlineData("Mean", 1.5f)]
    [InlineData("Sum", 6f)]
    [InlineData("None", 1f, 0f, 1f, 4f)]
    public void MSELoss(string reduction, params float[] expected) => Verify("MSELoss", reduction, Ones, Target, expected);

    /// <summary>
    /// An old release printed -13.8155 of the same example: a quarter of (1 - 1 - 2) log(1e-12), since it took targets that are no probabilities
    /// and the logarithm of 0 for that of 1e-12. PyTorch 2.6 refuses those targets, and keeps logarithms at -100.
    /// </summary>
    [Fact]
    public void BCELoss_refuses_targets_that_are_no_probabilities()
    {
        ModelInstance model = Compile("BCELoss", "Mean", "[Shape(Batch, 2)] Tensor target");
        model.Forward([Ones]);
        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>("target", () => model.Loss([Target]));
        Assert.Contains("The target at position 2 must be in [0, 1].", error.Message, StringComparison.Ordinal);
        Assert.Equal(2f, error.ActualValue);
        Assert.Throws<ArgumentOutOfRangeException>("target", () => model.Evaluate([Ones, new float[] { 0, float.NaN, 1, 1 }]));
        Assert.Equal([50f], model.Loss([new float[] { 0, 1, 0, 1 }]));
    }

    [Theory]
    [InlineData("CrossEntropyLoss", 0.999056)]
    [InlineData("MultiMarginLoss", 0.325)]
    public void A_score_of_four_classes(string loss, double expected) =>
        Verify(loss, "Mean", [0.1f, 0.2f, 0.4f, 0.8f], new[] { 3 }, [(float)expected]);

    [Fact]
    public void MultiLabelMarginLoss() => Verify("MultiLabelMarginLoss", "Mean", [0.1f, 0.2f, 0.4f, 0.8f], new[] { 3, 0, -1, 1 }, [0.85f]);

    private static void Verify(string loss, string reduction, float[] output, Array target, float[] expected)
    {
        bool isOfClasses = target is int[];
        int width = isOfClasses ? 4 : 2;
        string argument = !isOfClasses ? $"[Shape(Batch, {width})] Tensor target"
            : target.Length == 1 ? "[Shape(Batch)] IntTensor target"
            : $"[Shape(Batch, {width})] IntTensor target";
        ModelInstance model = Compile(loss, reduction, argument, width);
        model.Forward([output]);
        Near.Assert("loss", [.. expected.Select(value => (double)value)], [.. model.Loss([target]).Select(value => (double)value)], 1e-6);
        Near.Assert("evaluation", [.. expected.Select(value => (double)value)], [.. model.Evaluate([output, target]).Select(value => (double)value)], 1e-6);
    }

    private static ModelInstance Compile(string loss, string reduction, string target, int width = 2)
    {
        string source = $$"""
            [Model]
            public sealed partial class Net
            {
                [Forward] private Tensor Forward([Shape(Batch, {{width}})] Tensor x) => x;
                [{{loss}}(Reduction = Reduction.{{reduction}})] private partial Tensor Loss(Tensor output, {{target}});
            }
            """;
        return RandomModels.CompiledModel.Compile(source, Typing.Apply(ReaderProbe.Read(source))).New(maxBatch: 2, seed: 0);
    }
}
