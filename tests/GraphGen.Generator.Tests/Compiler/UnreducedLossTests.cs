using GraphGen.Generator.Tests.Compiler.RandomModels;

namespace GraphGen.Generator.Tests.Compiler;

/// <summary>Losses of one value a sample, or more, and the way back from their gradient, through the whole compiler.</summary>
public sealed class UnreducedLossTests
{
    private const string Classifier = "[Linear(7)] private partial Tensor Fc(Tensor x); [Forward] private Tensor Forward([Shape(Batch, 5)] Tensor x) => Fc(x);";

    [Theory]
    [InlineData("[CrossEntropyLoss(Reduction = Reduction.None, LabelSmoothing = 0.1f, IgnoreIndex = 2)] private partial Tensor Loss(Tensor output, [Shape(Batch)] IntTensor labels);")]
    [InlineData("[L1Loss(Reduction = Reduction.None)] private partial Tensor Loss(Tensor output, [Shape(Batch, 7)] Tensor target);")]
    [InlineData("[BCEWithLogitsLoss(Reduction = Reduction.None)] private partial Tensor Loss(Tensor output, [Shape(Batch, 7)] Tensor target, [Shape(Batch, 7)] Tensor weight);")]
    [InlineData("[Loss(Unreduced = true)] private Tensor Loss(Tensor output, [Shape(Batch, 7)] Tensor target) => Sum(Pow(Dropout(output, 0.5f) - target, 2), 1);")]
    [InlineData("[Loss(Unreduced = true)] private Tensor Loss(Tensor output) => output;")]
    [InlineData("[CrossEntropyLoss(Reduction = Reduction.None)] private partial Tensor Loss(Tensor output, [Shape(Batch)] IntTensor labels, [Shape(7)] Tensor weight);")]
    public void Losses_and_the_way_back(string loss) => Verify($"{Classifier} {loss}");

    [Theory]
    [InlineData("NLLLoss(Reduction = Reduction.None, IgnoreIndex = 1)", "[Shape(Batch)] IntTensor labels")]
    [InlineData("MultiMarginLoss(Reduction = Reduction.None)", "[Shape(Batch)] IntTensor labels")]
    [InlineData("MultiLabelMarginLoss(Reduction = Reduction.None)", "[Shape(Batch, 7)] IntTensor labels")]
    [InlineData("BCEWithLogitsLoss(Reduction = Reduction.None)", "[Shape(Batch, 7)] Tensor target, [Shape(Batch, 7)] Tensor weight, [Shape(7)] Tensor posWeight")]
    [InlineData("CosineEmbeddingLoss(Reduction = Reduction.None)", "[Shape(Batch, 7)] Tensor other, [Shape(Batch)] Tensor target")]
    public void Losses_of_labels_and_of_several_targets(string loss, string targets) => Verify($"{Classifier} [{loss}] private partial Tensor Loss(Tensor output, {targets});");

    [Theory]
    [InlineData("CrossEntropyLoss(Reduction = Reduction.None, IgnoreIndex = 2)", "[Shape(Batch, 5, 4)] IntTensor labels")]
    [InlineData("CrossEntropyLoss(Reduction = Reduction.None)", "[Shape(Batch, 3, 5, 4)] Tensor probabilities, [Shape(3)] Tensor weight")]
    public void Classes_of_pixels(string loss, string targets) => Verify($"""
        [Conv2d(3, Kernel = 3)] private partial Tensor Conv(Tensor x);
        [Forward] private Tensor Forward([Shape(Batch, 2, 7, 6)] Tensor x) => Conv(x);
        [{loss}] private partial Tensor Loss(Tensor output, {targets});
        """);

    [Fact]
    public void Penalties_in_each_value() => Verify($"""
        {Classifier}
        [Loss(Unreduced = true)] private Tensor Loss(Tensor output, [Shape(Batch, 7)] Tensor target) =>
            HuberLoss(output, target, reduction: Reduction.None) + 0.1 * L2Penalty() + 0.01 * Exp(BiasOf(nameof(Fc)));
        """);

    [Fact]
    public void Several_outputs() => Verify("""
        [Conv2d(3, Kernel = 3)] private partial Tensor Conv(Tensor x);
        [Linear(2)] private partial Tensor A(Tensor x);
        [Linear(2)] private partial Tensor B(Tensor x);

        [Forward]
        private (Tensor Mean, Tensor Variance, Tensor Hidden) Forward([Shape(Batch, 1, 6, 6)] Tensor x)
        {
            Tensor h = Flatten(MaxPool2d(Relu(Conv(x)), 2));
            return (A(h), Exp(B(h)), h);
        }

        [GaussianNLLLoss(Reduction = Reduction.None, Full = true)] private partial Tensor Loss(Tensor mean, [Shape(Batch, 2)] Tensor target, Tensor variance);
        """);

    private static void Verify(string members) => EndToEnd.Verify(
        $$"""
        [Model]
        public sealed partial class Net
        {
            {{members}}
        }
        """,
        seed: 2);
}
