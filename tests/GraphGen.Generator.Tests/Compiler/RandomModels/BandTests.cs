namespace GraphGen.Generator.Tests.Compiler.RandomModels;

/// <summary>
/// Gradients of images so large that the sums of a pooled convolution's input gradient are made in bands of rows, which share
/// rows with their neighbours, and take the place of the activation whose sign masks them.
/// </summary>
public sealed class BandTests
{
    [Theory]
    [InlineData("Kernel = 3, Padding = 1", 12, 2)]
    [InlineData("Kernel = 4", 12, 3)]
    [InlineData("Kernel = 2, Stride = 3", 12, 2)]
    [InlineData("Kernel = 3, Dilation = 3", 18, 2)]
    public void Bands_add_up(string convolution, int height, int pool) => EndToEnd.Verify(Net(64, height, 64, convolution, pool), seed: 3);

    [Fact]
    public void A_band_that_fits_on_no_stack_is_made_in_the_arena() => EndToEnd.Verify(Net(128, 8, 130, "Kernel = 5", 2), seed: 3);

    private static string Net(int channels, int height, int width, string convolution, int pool) => $$"""
        [Model]
        public sealed partial class Net
        {
            [Conv2d(1, {{channels}}, Kernel = 1)] private partial Tensor First(Tensor x);
            [Conv2d({{channels}}, 1, {{convolution}})] private partial Tensor Second(Tensor x);

            [Forward]
            private Tensor Forward([Shape(Batch, 1, {{height}}, {{width}})] Tensor x) => MaxPool2d(Second(Relu(First(x))), {{pool}});
        }
        """;
}
