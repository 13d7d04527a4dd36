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
    [InlineData("return {|GG1011:MaxPool2d(image, 0)|};", "kernel", "0")]
    [InlineData("return {|GG1011:Dropout(x, 1.5f)|};", "1.5")]
    [InlineData("return {|GG1011:NoKernel(image)|};", "kernel", "0")]
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
                [Conv2d(8)] private partial Tensor NoKernel(Tensor x);
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
    [InlineData("[{|GG1009:CrossEntropyLoss|}] private partial Tensor Loss(Tensor y, [Shape(Batch, 10)] IntTensor t);", "[n, 10]", "[n]")]
    [InlineData("[{|GG1009:MSELoss|}] private partial Tensor Loss(Tensor y, [Shape(Batch, 9)] Tensor t);", "[n, 10]", "[n, 9]")]
    [InlineData("[{|GG1009:CrossEntropyLoss(Weight = new[] { 1f, 2f })|}] private partial Tensor Loss(Tensor y, [Shape(Batch)] IntTensor t);", "2 classes", "[n, 10]")]
    [InlineData("[{|GG1011:CrossEntropyLoss(LabelSmoothing = 2f)|}] private partial Tensor Loss(Tensor y, [Shape(Batch)] IntTensor t);", "labelSmoothing", "2")]
    [InlineData("[Loss] private Tensor Loss(Tensor y, [Shape(Batch, 10)] Tensor t) => {|GG1012:y - t|};", "[n, 10]")]
    [InlineData("[Loss] private Tensor Loss(Tensor y, [Shape(Batch, 9)] Tensor t) => {|GG1009:MseLoss(y, t)|};", "[n, 10]", "[n, 9]")]
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
