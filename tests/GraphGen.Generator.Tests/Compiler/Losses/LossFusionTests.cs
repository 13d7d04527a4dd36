using GraphGen.Generator.Tests.Harness;

namespace GraphGen.Generator.Tests.Compiler.Losses;

/// <summary>A loss of rows and its gradient are one kernel, which reads the rows once; beside it are the sums over the batch.</summary>
public sealed class LossFusionTests
{
    [Theory]
    [InlineData("[CrossEntropyLoss(LabelSmoothing = 0.1)]", "[Shape(Batch)] IntTensor labels")]
    [InlineData("[BCEWithLogitsLoss]", "[Shape(Batch, 1024)] Tensor target")]
    [InlineData("[SmoothL1Loss]", "[Shape(Batch, 1024)] Tensor target")]
    [InlineData("[KLDivLoss(Reduction = Reduction.BatchMean)]", "[Shape(Batch, 1024)] Tensor target")]
    [InlineData("[MSELoss]", "[Shape(Batch, 1024)] Tensor target")]
    public void Value_and_gradient_are_one_kernel_of_rows(string loss, string target)
    {
        string source = ModelCompiler.Compile(ReaderProbe.Read($$"""
            [Model]
            public sealed partial class Net
            {
                [Forward] private Tensor Forward([Shape(Batch, 1024)] Tensor x) => x;
                {{loss}} private partial Tensor Loss(Tensor output, {{target}});
            }
            """)).Source;

        // The table of kernels at the head of the file, from Loss to Backward.
        string[] table =
        [
            .. source.Split('\n').Select(line => line.Trim()).SkipWhile(line => line != "// Loss").Skip(1).TakeWhile(line => line != "// Backward"),
        ];
        string rows = Assert.Single(table, line => line.Contains("n rows of 1024", StringComparison.Ordinal));
        Assert.Contains("LossGradient [n, 1024]", rows, StringComparison.Ordinal);
        Assert.Matches(@"(Value|LossValues) \[n(, 1)?\]", rows);
        Assert.All(table.Where(line => line != rows), line => Assert.Contains("1 rows of n", line, StringComparison.Ordinal));
    }
}
