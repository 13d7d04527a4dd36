using GraphGen.Generator.Tests.Harness;

namespace GraphGen.Generator.Tests.Diagnostics;

/// <summary>Losses of options and shapes that cannot be: one error each, with the bound or both shapes.</summary>
public sealed class LossDiagnosticTests
{
    [Theory]
    [InlineData("SmoothL1Loss(Beta = {|GG1011:-1|})", "beta must be at least 0 but is -1")]
    [InlineData("HuberLoss(Delta = {|GG1011:0|})", "delta must be greater than 0 but is 0")]
    [InlineData("PoissonNLLLoss(Eps = {|GG1011:-0.5|})", "eps must be at least 0 but is -0.5")]
    [InlineData("KLDivLoss(Reduction = {|GG1011:(Reduction)7|})", "reduction must be Mean, Sum or None but is 7")]
    [InlineData("L1Loss(Reduction = {|GG1011:Reduction.BatchMean|})", "only the Kullback-Leibler divergence has")]
    [InlineData("BCEWithLogitsLoss(PosWeight = {|GG1009:new float[] { 1, 2 }|})", "posWeight has 2 values")]
    [InlineData("BCELoss(Weight = {|GG1009:new float[] { 1, 2, 3 }|})", "weight has 3 values")]
    [InlineData("MultiLabelSoftMarginLoss(Weight = {|GG1009:new float[] { 1, 2, 3 }|})", "weight has 3 values")]
    public Task An_option_of_a_loss_of_numbers(string attribute, string message) =>
        Refused($"[{attribute}] private partial Tensor Loss(Tensor output, [Shape(Batch, 4)] Tensor target);", message);

    [Theory]
    [InlineData("CrossEntropyLoss(LabelSmoothing = {|GG1011:1.5|})", "labelSmoothing must be in [0, 1] but is 1.5")]
    [InlineData("MultiMarginLoss(P = {|GG1011:3|})", "p must be 1 or 2 but is 3")]
    [InlineData("MultiMarginLoss(Weight = {|GG1009:new float[] { 1, 2, 3 }|})", "weight has 3 classes, logits [n, 4] have 4")]
    [InlineData("NLLLoss(Weight = {|GG1009:new float[] { 1, 2, 3 }|})", "weight has 3 classes, logits [n, 4] have 4")]
    public Task An_option_of_a_loss_of_classes(string attribute, string message) =>
        Refused($"[{attribute}] private partial Tensor Loss(Tensor output, [Shape(Batch)] IntTensor labels);", message);

    [Theory]
    [InlineData("TripletMarginLoss(output, a, b, margin: {|GG1011:0|})", "margin must be greater than 0 but is 0")]
    [InlineData("TripletMarginLoss(output, a, b, p: {|GG1011:0|})", "p must be greater than 0 but is 0")]
    [InlineData("TripletMarginWithDistanceLoss(output, a, b, margin: {|GG1011:-1|})", "margin must be greater than 0 but is -1")]
    [InlineData("CosineEmbeddingLoss(output, a, t, margin: {|GG1011:1.5|})", "margin must be in [-1, 1] but is 1.5")]
    [InlineData("GaussianNllLoss(output, a, b, eps: {|GG1011:0|})", "eps must be greater than 0 but is 0")]
    [InlineData("Mean(Norm(output, {|GG1011:-1|}, 1))", "p must be at least 0 but is -1")]
    [InlineData("Mean(Softplus(output, beta: {|GG1011:0|}))", "beta must be greater than 0 but is 0")]
    [InlineData("Mean(Hardtanh(output, {|GG1011:1|}, 1))", "minVal must be less than maxVal")]
    [InlineData("Mean({|GG1011:Clamp(output)|})", "needs min, max or both")]
    public Task An_option_of_a_function(string loss, string message) =>
        Refused($"[Loss] private Tensor Loss(Tensor output, [Shape(Batch, 4)] Tensor a, [Shape(Batch, 4)] Tensor b, [Shape(Batch)] Tensor t) => {loss};", message);

    [Theory]
    [InlineData("[BCELoss] private partial Tensor Loss(Tensor output, [Shape(Batch, 5)] Tensor {|GG1009:target|});", "the target [n, 5] must have the shape of the input, [Shape(Batch, 4)]")]
    [InlineData("[SoftMarginLoss] private partial Tensor Loss(Tensor output, [Shape(Batch, 1)] Tensor {|GG1009:target|});", "the target [n, 1] must have the shape of the input, [Shape(Batch, 4)]")]
    [InlineData("[SmoothL1Loss] private partial Tensor Loss(Tensor output, [Shape(Batch)] Tensor {|GG1009:target|});", "[n, 4] and the target [n]")]
    [InlineData("[NLLLoss] private partial Tensor Loss(Tensor output, [Shape(Batch, 4)] IntTensor {|GG1009:labels|});", "logits [n, 4] go with labels [n] but were given [n, 4]")]
    [InlineData("[MultiLabelMarginLoss] private partial Tensor Loss(Tensor output, [Shape(Batch)] IntTensor {|GG1009:labels|});", "logits [n, 4] go with labels [n, 4] but were given [n]")]
    [InlineData("[CrossEntropyLoss] private partial Tensor Loss(Tensor output, [Shape(Batch, 5)] Tensor {|GG1009:target|});", "[n, 4] go with probabilities [n, 4] or with labels (IntTensor) [n] but were given [n, 5]")]
    [InlineData("[GaussianNLLLoss] private partial Tensor Loss(Tensor output, [Shape(Batch, 4)] Tensor target, [Shape(Batch, 3)] Tensor {|GG1009:var|});", "the variance [n, 3] does not broadcast to the input [n, 4]")]
    [InlineData("[TripletMarginLoss] private partial Tensor Loss(Tensor anchor, [Shape(Batch, 4)] Tensor positive, [Shape(Batch, 3)] Tensor {|GG1001:negative|});", "anchor [n, 4] and negative [n, 3]")]
    [InlineData("[MarginRankingLoss] private partial Tensor Loss(Tensor output, [Shape(Batch, 3)] Tensor {|GG1009:input2|}, [Shape(Batch, 4)] Tensor target);", "the input2 [n, 3] must have the shape of the input, [Shape(Batch, 4)]")]
    [InlineData("[CosineEmbeddingLoss] private partial Tensor Loss(Tensor output, [Shape(Batch, 4)] Tensor input2, [Shape(Batch, 4)] Tensor {|GG1009:target|});", "vectors [n, 4] go with a target [n] of 1 and -1 but were given [n, 4]")]
    [InlineData("[CrossEntropyLoss] private partial Tensor Loss(Tensor output, [Shape(Batch)] IntTensor labels, [Shape(3)] Tensor {|GG1009:weight|});", "weight has 3 classes, logits [n, 4] have 4 classes")]
    [InlineData("[NLLLoss] private partial Tensor Loss(Tensor output, [Shape(Batch)] IntTensor labels, [Shape(Batch, 4)] Tensor {|GG1009:weight|});", "weight has the shape [n, 4], logits [n, 4] have 4 classes")]
    [InlineData("[BCELoss] private partial Tensor Loss(Tensor output, [Shape(Batch, 4)] Tensor target, [Shape(Batch, 3)] Tensor {|GG1009:weight|});", "weight [n, 3] does not broadcast to [n, 4]")]
    [InlineData("[Loss] private Tensor Loss(Tensor output) => {|GG1012:Exp(output)|};", "returns [n, 4]; a loss is one number, so reduce it with Sum or Mean, or mark it as [Loss(Unreduced = true)]")]
    [InlineData("[L1Loss] private partial Tensor Loss([Shape(Batch, 5)] Tensor {|GG1009:output|}, [Shape(Batch, 4)] Tensor target);", "the output is [n, 4] but its [Shape] says [n, 5]")]
    [InlineData("[BCELoss] private partial Tensor {|GG0010:Loss|}(Tensor weight, [Shape(Batch, 4)] Tensor target);", "takes 'weight' in the place of 'input'")]
    [InlineData("[CrossEntropyLoss] private partial Tensor {|GG0010:Loss|}(Tensor output, [Shape(Batch)] IntTensor labels, [Shape(4)] Tensor classes);", "does not take an output and a target, and optionally 'weight'")]
    [InlineData("[TripletMarginWithDistanceLoss] private partial Tensor Loss(Tensor anchor, [Shape(Batch, 4)] Tensor positive, [Shape(Batch, 3)] Tensor {|GG1001:negative|});", "[n, 4]")]
    [InlineData("[TripletMarginWithDistanceLoss(Distance = nameof(Far))] private partial Tensor {|GG0010:Loss|}(Tensor a, [Shape(Batch, 4)] Tensor p, [Shape(Batch, 4)] Tensor n); private static extern Tensor {|CS0626:Far|}(Tensor a, Tensor b);", "which is no method of the model, with a body")]
    [InlineData("[Loss] private Tensor Loss(Tensor output) => {|GG1012:Sum(output, 0)|};", "returns [4]; a loss is one number, so reduce it with Sum or Mean")]
    [InlineData("[Loss(Unreduced = true)] private Tensor Loss(Tensor output) => {|GG1012:Sum(output, 0)|};", "returns [4]; a loss that is not reduced has a value for each sample, [n] or [n, ...]")]
    public Task Shapes_that_do_not_go_together(string loss, string message) => Refused(loss, message);

    [Fact]
    public async Task A_distance_that_is_no_description_is_refused() => await DiagnosticVerifier.Verify("""
        [Model]
        public partial class Net
        {
            private static readonly Func<Tensor, Tensor, Tensor> Distance = (a, b) => a - b;
            [Forward] private Tensor Forward([Shape(Batch, 4)] Tensor x) => x;
            [Loss] private Tensor Loss(Tensor y, [Shape(Batch, 4)] Tensor p, [Shape(Batch, 4)] Tensor n) => TripletMarginWithDistanceLoss(y, p, n, {|GG0028:Distance|});
        }
        """);

    [Theory]
    [InlineData("WeightOf({|GG1011:nameof(Drop)|})", "'Drop' has no weight here")]
    [InlineData("BiasOf({|GG1011:nameof(Plain)|})", "'Plain' has no bias here")]
    [InlineData("WeightOf({|GG1011:nameof(Helper)|})", "'Helper' has no weight here")]
    [InlineData("WeightOf({|GG1011:\"fc\"|})", "'fc' has no weight here")]
    public async Task A_parameter_that_no_layer_has(string parameter, string message)
    {
        IReadOnlyList<string> messages = await DiagnosticVerifier.Verify($$"""
            [Model]
            public partial class Net
            {
                [Dropout] private partial Tensor Drop(Tensor x);
                [Linear(4, Bias = false)] private partial Tensor Plain(Tensor x);
                [Forward] private Tensor Forward([Shape(Batch, 4)] Tensor x) => Helper(Drop(Plain(x)));
                [Loss] private Tensor Loss(Tensor output, [Shape(Batch, 4)] Tensor target) => MseLoss(output, target) + Sum({{parameter}});
                private static Tensor Helper(Tensor x) => x;
            }
            """);
        Assert.Contains(message, Assert.Single(messages), StringComparison.Ordinal);
    }

    private static async Task Refused(string loss, string message)
    {
        IReadOnlyList<string> messages = await DiagnosticVerifier.Verify($$"""
            [Model]
            public partial class Net
            {
                {{loss}}
                [Forward] private Tensor Forward([Shape(Batch, 4)] Tensor x) => Relu(x);
            }
            """);
        Assert.Contains(message, Assert.Single(messages), StringComparison.Ordinal);
    }
}
