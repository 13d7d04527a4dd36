using GraphGen.Generator.Tests.Harness;

namespace GraphGen.Generator.Tests.Diagnostics;

/// <summary>Shape errors: on the offending expression, with both shapes in the message, and no follow-on errors.</summary>
public sealed class CompilerDiagnosticTests
{
    [Theory]
    [InlineData("return {|GG1001:x + y|};", "[n, 784]", "[n, 10]")]
    [InlineData("return {|GG1001:Maximum(x, y)|};", "[n, 784]", "[n, 10]")]
    [InlineData("x /= 2; {|GG1001:x *= y|}; return x;", "[n, 784]", "[n, 10]")]
    [InlineData("return {|GG1002:MatMul(x, Square)|};", "[n, 784]", "[10, 10]")]
    [InlineData("return {|GG1003:Fc(y)|};", "784", "[n, 10]")]
    [InlineData("return {|GG1003:Conv(image)|};", "3", "[n, 1, 28, 28]")]
    [InlineData("return Infer(x) + {|GG1003:Infer(y)|};", "784", "10")]
    [InlineData("return {|GG1004:Conv(x)|};", "[n, 784]")]
    [InlineData("return {|GG1004:MaxPool2d(x, 2)|};", "[n, 784]")]
    [InlineData("return {|GG1005:Softmax(x, 2)|};", "axis 2", "[n, 784]")]
    [InlineData("return {|GG1005:Sum(image, new[] { 1, -5 })|};", "-5", "[n, 1, 28, 28]")]
    [InlineData("return {|GG1005:Mean(image, new[] { 1, -3 })|};", "[1, -3]", "twice", "[n, 1, 28, 28]")]
    [InlineData("return {|GG1006:Reshape(x, Batch, 28, 27)|};", "[n, 784]", "27")]
    [InlineData("return {|GG1006:Reshape(x, Batch, -1, -1)|};", "[Batch, -1, -1]")]
    [InlineData("return {|GG1006:Reshape(x, Batch, Batch)|};", "[Batch, Batch]")]
    [InlineData("return {|GG1006:Reshape(x, Batch, 28)|};", "[n, 784]", "[Batch, 28]")]
    [InlineData("return {|GG1006:Reshape(x, Batch, -1, 3)|};", "784n elements", "[Batch, -1, 3]")]
    [InlineData("return {|GG1006:Reshape(Square, Batch, -1)|};", "[10, 10] has no batch")]
    [InlineData("return {|GG1010:Reshape(x, 784, Batch)|};", "write Batch first in [784, Batch]")]
    [InlineData("return {|GG1010:Reshape(x, -1, Batch)|};", "write Batch first in [-1, Batch]")]
    [InlineData("return {|GG1007:Big(image)|};", "31", "[n, 1, 28, 28]")]
    [InlineData("return {|GG1007:MaxPool2d(image, 2, 2, 2)|};", "padding 2", "kernel 2")]
    [InlineData("return {|GG1007:AvgPool2d(image, 30)|};", "30", "[n, 1, 28, 28]")]
    [InlineData("return {|GG1008:Grouped(image)|};", "2 groups", "1 input")]
    [InlineData("return {|GG1010:Transpose(x, 0, 1)|};", "[784, n]")]
    [InlineData("return {|GG1010:Reshape(x, 784, -1)|};", "[n, 784]")]
    [InlineData("return {|GG1010:Sum(x, 1) - Sum(y, 1, true)|};", "[n]", "[n, 1]", "[n, n]")]
    [InlineData("return {|GG1010:Maximum(Sum(y, 1), Max(y, 1, true))|};", "[n]", "[n, 1]", "[n, n]")]
    [InlineData("return {|GG1010:MatMul(x, Reshape(x, Batch, 784, 1))|};", "[n, 784]", "[n, 784, 1]", "[n, n, 1]")]
    [InlineData("return {|GG1010:Conv2d(image, image)|};", "[n, 1, 28, 28]")]
    [InlineData("return MaxPool2d(image, {|GG1011:0|});", "kernel", "0")]
    [InlineData("return Dropout(x, {|GG1011:1.5f|});", "1.5")]
    [InlineData("return {|GG1013:Sum(x)|};", "[]")]
    [InlineData("for (int i = 0; i < 3; i++) { x = {|GG1003:Fc(Relu(x))|}; } return x;", "784", "[n, 10]")]
    [InlineData("return Head({|GG1001:x + y|}); Tensor Head(Tensor t) => Relu(t);", "[n, 784]", "[n, 10]")]
    public async Task Shape(string body, params string[] mentions)
    {
        string message = Assert.Single(await DiagnosticVerifier.Verify($$"""
            #pragma warning disable CS0162
            [Model]
            public partial class Net
            {
                [Parameter(10, 10)] private partial Tensor Square { get; }
                [Linear(784, 10)] private partial Tensor Fc(Tensor x);
                [Linear(10)] private partial Tensor Infer(Tensor x);
                [Conv2d(3, 8, Kernel = 3)] private partial Tensor Conv(Tensor x);
                [Conv2d(8, Kernel = 31)] private partial Tensor Big(Tensor x);
                [Conv2d(8, Kernel = 3, Groups = 2)] private partial Tensor Grouped(Tensor x);
                [Forward]
                private Tensor Forward([Shape(Batch, 784)] Tensor x, [Shape(Batch, 10)] Tensor y, [Shape(Batch, 1, 28, 28)] Tensor image)
                {
                    {{body}}
                }
            }
            public static class User
            {
                public static float Use(float[] x) => new Net(8, seed: 1).Forward(x, x, x)[0];
            }
            """));

        Assert.All(mentions, mention => Assert.Contains(mention, message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[CrossEntropyLoss] private partial Tensor Loss(Tensor y, [Shape(Batch, 10)] IntTensor {|GG1009:t|});", "[n, 10]", "[n]")]
    [InlineData("[MSELoss] private partial Tensor Loss(Tensor y, [Shape(Batch, 9)] Tensor {|GG1009:t|});", "[n, 10]", "[n, 9]")]
    [InlineData("[CrossEntropyLoss(Weight = {|GG1009:new[] { 1f, 2f }|})] private partial Tensor Loss(Tensor y, [Shape(Batch)] IntTensor t);", "2 classes", "[n, 10]")]
    [InlineData("[CrossEntropyLoss(LabelSmoothing = {|GG1011:2f|})] private partial Tensor Loss(Tensor y, [Shape(Batch)] IntTensor t);", "labelSmoothing", "2")]
    [InlineData("[Loss] private Tensor Loss(Tensor y, [Shape(Batch, 10)] Tensor t) => {|GG1012:y - t|};", "[n, 10]")]
    [InlineData("[Loss] private Tensor Loss(Tensor y, [Shape(Batch, 9)] Tensor {|GG1009:t|}) => MseLoss(y, t);", "[n, 10]", "[n, 9]")]
    [InlineData("[Loss] private Tensor Loss(Tensor y, [Shape(Batch, 9)] Tensor t) => {|GG1009:MseLoss(Relu(y), t)|};", "[n, 10]", "[n, 9]")]
    public async Task Loss(string loss, params string[] mentions)
    {
        string message = Assert.Single(await DiagnosticVerifier.Verify($$"""
            [Model]
            public partial class Net
            {
                [Linear(10)] private partial Tensor Fc(Tensor x);
                [Forward] private Tensor Forward([Shape(Batch, 784)] Tensor x) => Fc(x);
                {{loss}}
            }
            """));

        Assert.All(mentions, mention => Assert.Contains(mention, message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Conv(x)", "[n, 10, 5, 5]", "'Output(Flatten(x))' with '[Linear(classes)] private partial Tensor Output(Tensor x);'")]
    [InlineData("AvgPool2d(Conv(x), 5)", "[n, 10, 1, 1]", "'Flatten(x)', which gives [n, 10]")]
    [InlineData("Reshape(x, Batch, -1, 7)", "[n, 7, 7]", "'Output(Flatten(x))'")]
    [InlineData("Sum(Flatten(x), 1)", "[n]", "expects logits [n, classes]")]
    public async Task Cross_entropy_of_a_convolutions_output_names_what_is_missing(string output, params string[] mentions)
    {
        string message = Assert.Single(await DiagnosticVerifier.Verify($$"""
            [Model]
            public partial class Net
            {
                [Conv2d(10, Kernel = 3)] private partial Tensor Conv(Tensor x);
                [Forward] private Tensor Forward([Shape(Batch, 1, 7, 7)] Tensor x) => {{output}};
                [{|GG1004:CrossEntropyLoss|}] private partial Tensor Loss(Tensor logits, [Shape(Batch)] IntTensor labels);
            }
            """));

        Assert.All(mentions, mention => Assert.Contains(mention, message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[MSELoss] private partial Tensor Loss(Tensor y, [Shape(Batch)] Tensor {|GG1009:t|});")]
    [InlineData("[L1Loss(Reduction = Reduction.Sum)] private partial Tensor Loss(Tensor y, [Shape(Batch)] Tensor {|GG1009:t|});")]
    [InlineData("[Loss] private Tensor Loss(Tensor y, [Shape(Batch)] Tensor {|GG1009:t|}) => MseLoss(y, t);")]
    [InlineData("[Loss] private Tensor Loss(Tensor y, [Shape(Batch)] Tensor t) => 2 * {|GG1009:L1Loss(-y, t)|};")]
    public async Task A_target_that_would_meet_every_sample_is_refused_with_the_shape_to_declare(string loss)
    {
        string message = await OfColumn(loss);

        Assert.All(["[n, 1]", "[n]", "[n, n]", "[Shape(Batch, 1)]"], mention => Assert.Contains(mention, message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_target_of_one_dimension_too_many_is_refused_with_the_shape_to_declare()
    {
        string message = Assert.Single(await DiagnosticVerifier.Verify("""
            [Model]
            public partial class Net
            {
                [Forward] private Tensor Forward([Shape(Batch, 784)] Tensor x) => Sum(x, 1);
                [MSELoss] private partial Tensor Loss(Tensor y, [Shape(Batch, 1)] Tensor {|GG1009:t|});
            }
            """));

        Assert.All(["[n]", "[n, 1]", "[n, n]", "[Shape(Batch)]"], mention => Assert.Contains(mention, message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[Loss] private Tensor Loss(Tensor y, [Shape(Batch)] Tensor t) => Mean(Abs({|GG1010:y - t|}));")]
    [InlineData("[Loss] private Tensor Loss(Tensor y, [Shape(Batch)] Tensor t) { Tensor d = {|GG1010:t - y|}; return Mean(d * d); }")]
    public async Task A_difference_that_would_meet_every_sample_is_refused_in_a_hand_written_loss(string loss)
    {
        string message = await OfColumn(loss);

        Assert.All(["[n, 1]", "[n]", "[n, n]"], mention => Assert.Contains(mention, message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("return {|GG1011:Wide(x)|};", "Wide (Linear)", "wide.weight", "[50000, 50000]")]
    [InlineData("return Sum(Tall(Sum(x, 1, true)), 1, true) + Sum({|GG1011:Half(x)|}, 1, true);", "Half (Linear)", "half.weight", "parameters")]
    [InlineData("return x * Sum({|GG1011:W|});", "W (Parameter)", "[50000, 50000]")]
    [InlineData("return {|GG1011:Big(image)|};", "Big (Conv2d)", "big.weight", "[2000000, 3, 20, 20]")]
    [InlineData("return {|GG1011:Many(image)|};", "Many (Conv2d)", "from [n, 3, 100, 100]", "[n, 98, 98, 400000]")]
    [InlineData("return {|GG1011:Reshape(x, Batch, 1, 50000) + Reshape(x, Batch, 50000, 1)|};", "from [n, 1, 50000] and [n, 50000, 1]")]
    [InlineData("return x + Sum({|GG1011:Column + Row|}, 0);", "[50000, 1]", "[1, 50000]", "[50000, 50000]")]
    [InlineData("return {|GG1011:MatMul(Reshape(x, Batch, 50000, 1), Reshape(x, Batch, 1, 50000))|};", "[n, 50000, 1]", "[n, 1, 50000]", "[n, 50000, 50000]")]
    [InlineData("return {|GG1011:MatMul(Reshape(x, Batch, 50000, 1), Row)|};", "[n, 50000, 50000]")]
    public async Task More_elements_than_a_block_of_memory_holds_are_refused_with_the_bound(string body, params string[] mentions)
    {
        string message = Assert.Single(await DiagnosticVerifier.Verify($$"""
            [Model]
            public partial class Net
            {
                [Linear(50000)] private partial Tensor Wide(Tensor x);
                [Linear(42900)] private partial Tensor Half(Tensor x);
                [Linear(2000000)] private partial Tensor Tall(Tensor x);
                [Conv2d(2000000, Kernel = 20)] private partial Tensor Big(Tensor x);
                [Conv2d(400000, Kernel = 3)] private partial Tensor Many(Tensor x);
                [Parameter(50000, 50000)] private partial Tensor W { get; }
                [Parameter(50000, 1)] private partial Tensor Column { get; }
                [Parameter(1, 50000)] private partial Tensor Row { get; }
                [Forward] private Tensor Forward([Shape(Batch, 50000)] Tensor x, [Shape(Batch, 3, 100, 100)] Tensor image) { {{body}} }
            }
            """));

        Assert.All(mentions.Append("2147483511"), mention => Assert.Contains(mention, message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_input_of_more_elements_than_a_block_of_memory_holds_is_refused()
    {
        string message = Assert.Single(await DiagnosticVerifier.Verify("""
            [Model]
            public partial class Net
            {
                [Forward] private Tensor Forward([Shape(Batch, 65536, 65536)] Tensor {|GG1011:x|}) => Relu(x);
            }
            """));

        Assert.All(["[n, 65536, 65536]", "2147483511"], mention => Assert.Contains(mention, message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_reshape_whose_sizes_overflow_is_refused() => await DiagnosticVerifier.Verify("""
        [Model]
        public partial class Net
        {
            [Forward] private Tensor Forward([Shape(Batch, 784)] Tensor x) => {|GG1006:Reshape(x, Batch, 65536, 65536)|};
        }
        """);

    [Theory]
    [InlineData("Conv2d(8, Kernel = {|GG1011:0|})", "kernel must be at least 1 but is 0")]
    [InlineData("Conv2d({|GG1011:0|}, Kernel = 3)", "outChannels must be at least 1 but is 0")]
    [InlineData("Conv2d(8, Kernel = 3, Stride = {|GG1011:-1|})", "stride must be at least 1 but is -1")]
    [InlineData("Conv2d(8, Kernel = 3, Padding = {|GG1011:1100000000|})", "padding 1100000000")]
    [InlineData("Dropout({|GG1011:1.5f|})", "p must be a probability in [0, 1] but is 1.5")]
    public async Task An_option_of_an_invalid_value_is_reported_where_it_is_written(string attribute, string message)
    {
        IReadOnlyList<string> messages = await DiagnosticVerifier.Verify($$"""
            [Model]
            public partial class Net
            {
                [{{attribute}}] private partial Tensor L(Tensor x);
                [Forward] private Tensor Forward([Shape(Batch, 1, 28, 28)] Tensor x) => Relu(L(x));
            }
            """);

        Assert.Contains(message, Assert.Single(messages), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_layer_that_is_never_called_is_a_warning_at_the_layer()
    {
        IReadOnlyList<string> messages = await DiagnosticVerifier.Verify("""
            [Model]
            public partial class Net
            {
                private const bool IsDeep = false;
                [Linear(10)] private partial Tensor Fc(Tensor x);
                [Linear(10)] private partial Tensor {|GG1102:Forgotten|}(Tensor x);
                [Linear(10)] private partial Tensor {|GG1102:Deep|}(Tensor x);
                [Dropout] private partial Tensor {|GG1102:Drop|}(Tensor x);
                [Parameter(10)] private partial Tensor {|GG1102:Unread|} { get; }
                [Parameter(10)] private partial Tensor Read { get; }
                [Parameter(10)] private partial Tensor Penalized { get; }
                [Forward]
                private Tensor Forward([Shape(Batch, 784)] Tensor x)
                {
                    x = Fc(x) + Read;
                    if (IsDeep)
                    {
                        x = Deep(x);
                    }
                    return x;
                }
                [Loss] private Tensor Loss(Tensor y, [Shape(Batch, 10)] Tensor t) => MseLoss(y, t) + Sum(Abs(Penalized));
            }
            """.Replace("x = Deep(x);", "\n#pragma warning disable CS0162\nx = Deep(x);", StringComparison.Ordinal));

        Assert.StartsWith("'Forgotten' is declared but never called", messages[0], StringComparison.Ordinal);
        Assert.StartsWith("'Unread' is declared but never read", messages[3], StringComparison.Ordinal);
    }

    private static async Task<string> OfColumn(string loss) => Assert.Single(await DiagnosticVerifier.Verify($$"""
        [Model]
        public partial class Net
        {
            [Linear(1)] private partial Tensor Fc(Tensor x);
            [Forward] private Tensor Forward([Shape(Batch, 784)] Tensor x) => Fc(x);
            {{loss}}
        }
        """));

    [Fact]
    public async Task A_loss_that_broadcasts_is_a_warning_that_can_be_silenced()
    {
        const string Model = """
            [Model]
            public partial class Net
            {
                [Linear(1)] private partial Tensor Fc(Tensor x);
                [Forward] private Tensor Forward([Shape(Batch, 784)] Tensor x) => Fc(x);
                [Loss] private Tensor Loss(Tensor y, [Shape(Batch, 4)] Tensor t) => {|GG1101:MseLoss(y, t)|};
            }
            """;

        await DiagnosticVerifier.Verify(Model);
        var silenced = await DiagnosticVerifier.Diagnose("#pragma warning disable GG1101\n" + Markup.Parse(Model).Source);
        Assert.All(silenced, diagnostic => Assert.True(diagnostic.IsSuppressed));
    }
}
