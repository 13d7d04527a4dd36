using GraphGen.Generator.Tests.Harness;

namespace GraphGen.Generator.Tests.Diagnostics;

/// <summary>What can be wrong with several outputs of a model, each with one diagnostic and without follow-on errors.</summary>
public sealed class OutputDiagnosticTests
{
    private const string Heads = "[Forward] private (Tensor Mean, Tensor Variance) Run([Shape(Batch, 4)] Tensor x) => (x, Exp(x));";

    private const string User = """

        public static class User
        {
            public static float Use(float[] x)
            {
                var net = new Net(8, seed: 1);
                var (mean, variance) = net.Forward(x);
                Net.Outputs outputs = net.Predict(x);
                net.Backward(mean, default);
                IPredictor predictor = net.CreatePredictor(maxBatch: 2);
                return variance[0] + outputs.Mean[0] + outputs.Variance[0] + net.CreatePredictor(2).Predict(x).Mean[0] + predictor.MaxBatch;
            }
        }
        """;

    [Fact]
    public async Task A_struct_has_the_outputs_by_name() => await DiagnosticVerifier.Verify($$"""
        [Model]
        public partial class Net
        {
            {{Heads}}
        }
        {{User}}
        """);

    [Fact]
    public async Task The_API_of_a_failed_model_is_there() => await DiagnosticVerifier.Verify($$"""
        [Model]
        public partial class Net
        {
            [Forward] private (Tensor mean, Tensor Variance) Run([Shape(Batch, 4)] Tensor x) => (x, {|GG1005:Sum(x, 7)|});
        }
        {{User}}
        """);

    [Theory]
    [InlineData("private (Tensor, Tensor B) {|GG0006:Run|}([Shape(Batch, 4)] Tensor x) => (x, x);", "returns a tuple whose element 1 has no name; write it as 'private (Tensor Mean, Tensor Variance) Run(")]
    [InlineData("private (Tensor A, IntTensor B) {|GG0006:Run|}([Shape(Batch, 4)] Tensor x) => default;", "returns a tuple whose element 2 is no Tensor")]
    [InlineData("private (Tensor A, (Tensor B, Tensor C) D) {|GG0006:Run|}([Shape(Batch, 4)] Tensor x) => default;", "returns a tuple whose element 2 is no Tensor")]
    [InlineData("private (Tensor mean, Tensor Mean) {|GG0006:Run|}([Shape(Batch, 4)] Tensor x) => (x, x);", "returns two outputs called 'Mean'")]
    [InlineData("private (Tensor A, Tensor _) {|GG0006:Run|}([Shape(Batch, 4)] Tensor x) => (x, x);", "returns an output called '_', which makes no name of a property")]
    [InlineData("private (Tensor A, Tensor deconstruct) {|GG0006:Run|}([Shape(Batch, 4)] Tensor x) => (x, x);", "returns an output called 'deconstruct'")]
    [InlineData("private (Tensor outputs, Tensor B) {|GG0006:Run|}([Shape(Batch, 4)] Tensor x) => (x, x);", "returns an output called 'outputs'")]
    [InlineData("private (Tensor A, Tensor B) Run([Shape(Batch, 4)] Tensor x) => (x, {|GG1013:Sum(x)|});", "returns [] as 'B'; the first dimension of a model's output is Batch")]
    public async Task Outputs_that_cannot_be(string forward, string message) => await VerifyMembers($"[Forward] {forward}", message);

    [Fact]
    public async Task A_name_that_no_element_of_a_tuple_can_have_is_left_to_the_compiler() => await DiagnosticVerifier.Verify("""
        [Model]
        public partial class Net
        {
            [Forward] private (Tensor A, Tensor {|CS8126:Deconstruct|}) Run([Shape(Batch, 4)] Tensor x) => (x, x);
        }
        """);

    [Theory]
    [InlineData("[MSELoss] private partial Tensor {|GG0010:L|}([Shape(Batch, 4)] Tensor output, [Shape(Batch, 4)] Tensor t);", "takes no output of the model (Mean, Variance)")]
    [InlineData("[MSELoss] private partial Tensor {|GG0010:L|}(IntTensor mean, [Shape(Batch, 4)] Tensor t);", "takes the output 'mean' as something else than a Tensor")]
    [InlineData("[MSELoss] private partial Tensor L(Tensor mean, Tensor {|GG0007:target|});", "has no [Shape], and no output of the model has that name (Mean, Variance)")]
    [InlineData("[MSELoss] private partial Tensor {|GG0010:L|}(Tensor mean, [Shape(Batch, 4)] Tensor x);", "calls a target 'x' as the [Forward] method calls an input")]
    [InlineData("[MSELoss] private partial Tensor L(Tensor mean, [Shape(Batch, 5)] Tensor {|GG1009:t|});", "the input [n, 4] and the target [n, 5] differ")]
    [InlineData("[MSELoss] private partial Tensor L([Shape(Batch, 4)] Tensor {|GG0007:mean|}, [Shape(Batch, 4)] Tensor t);", "has a [Shape], as a target has, and the name of an output of the model")]
    [InlineData("[GaussianNLLLoss] private partial Tensor {|GG0010:L|}(Tensor mean, Tensor variance, [Shape(Batch, 4)] Tensor target);", "takes 'target' in the place of 'var'; write it as 'Tensor L(Tensor mean, [Shape(Batch, ...)] Tensor target, [Shape(Batch, ...)] Tensor var)'")]
    [InlineData("private ref struct {|GG0012:Outputs|};", "'Outputs'")]
    public async Task Members_that_do_not_go_with_the_outputs(string member, string message) => await VerifyMembers($"{Heads}\n{member}", message);

    [Theory]
    [InlineData("(Tensor, Tensor)")]
    [InlineData("(Tensor Mean, Tensor)")]
    public async Task Outputs_without_a_name_are_reported_once(string type) => await DiagnosticVerifier.Verify($$"""
        [Model]
        public partial class Net
        {
            [Forward] private {{type}} {|GG0006:Run|}([Shape(Batch, 4)] Tensor x) => (x, x);
            [GaussianNLLLoss] private partial Tensor Loss(Tensor mean, [Shape(Batch, 4)] Tensor target, Tensor variance);
        }
        """);

    [Fact]
    public async Task The_API_of_a_failed_model_with_an_unreduced_loss_is_there() => await DiagnosticVerifier.Verify("""
        [Model]
        public partial class Net
        {
            [Forward] private Tensor Run([Shape(Batch, 4)] Tensor x) => {|GG1005:Sum(x, 7)|};
            [L1Loss(Reduction = Reduction.None)] private partial Tensor Loss(Tensor output, [Shape(Batch, 4)] Tensor target);
        }

        public static class User
        {
            public static float Use(float[] x)
            {
                var net = new Net(8);
                net.Forward(x);
                ReadOnlySpan<float> losses = net.Loss(x);
                net.Backward(losses);
                return net.Evaluate(x, x)[0] + net.CreatePredictor(1).Evaluate(x, x)[0];
            }
        }
        """);

    private static async Task VerifyMembers(string members, string message)
    {
        IReadOnlyList<string> messages = await DiagnosticVerifier.Verify($$"""
            [Model]
            public partial class Net
            {
                {{members}}
            }
            """);

        Assert.Contains(message, Assert.Single(messages), StringComparison.Ordinal);
    }
}
