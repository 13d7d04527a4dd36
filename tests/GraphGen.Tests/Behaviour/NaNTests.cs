using GraphGen.Tests.Golden;
using Xunit;
using static GraphGen.Dim;
using static GraphGen.Ops;

namespace GraphGen.Tests.Behaviour;

[Model]
public sealed partial class NaNElementwiseNet
{
    // Whole vectors and a rest on every instruction set.
    internal const int Width = 27;

    [Parameter(Width, Init = Initializer.Ones)] private partial Tensor A { get; }
    [Parameter(Width, Init = Initializer.Ones)] private partial Tensor B { get; }
    [Parameter(Width, Init = Initializer.Ones)] private partial Tensor C { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, Width)] Tensor x, [Shape(Batch, Width)] Tensor y) =>
        Relu(x + A) + Maximum(x + B, y) + 2f * Minimum(x + C, y);
}

[Model]
public sealed partial class NaNRowsNet
{
    [Forward]
    private Tensor Forward([Shape(Batch, NaNElementwiseNet.Width, 3)] Tensor x) => Max(x, 1) + Reshape(Max(x, new[] { 1, 2 }, true), Batch, 1);
}

[Model]
public sealed partial class NaNPoolNet
{
    internal const int Channels = 27;

    [Parameter(1, 4, 4, Init = Initializer.Ones)] private partial Tensor W { get; }
    [Parameter(Channels, 1, 1, Init = Initializer.Ones)] private partial Tensor Repeat { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 1, 4, 4)] Tensor x) => MaxPool2d(Relu((x + W) * Repeat), 2);
}

[Model]
public sealed partial class NaNPaddedPoolNet
{
    [Parameter(1, 4, 4, Init = Initializer.Ones)] private partial Tensor W { get; }
    [Parameter(NaNPoolNet.Channels, 1, 1, Init = Initializer.Ones)] private partial Tensor Repeat { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 1, 4, 4)] Tensor x) => MaxPool2d(Relu((x + W) * Repeat), 3, 3, 1);
}

[Model]
public sealed partial class NaNConvolutionNet
{
    [Parameter(1, 4, 4, Init = Initializer.Ones)] private partial Tensor W { get; }
    [Conv2d(1, NaNPoolNet.Channels, Kernel = 1, Bias = false)] private partial Tensor Conv(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, 1, 4, 4)] Tensor x) => MaxPool2d(Relu(Conv(x + W)), 2);
}

/// <summary>A convolution by Winograd's transforms: one window, of a plane that has a row and a column more.</summary>
[Model]
public sealed partial class NaNWinogradNet
{
    [Conv2d(16, 32, Kernel = 3)] private partial Tensor Conv(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, 16, 5, 5)] Tensor x) => MaxPool2d(Conv(x), 2);
}

/// <summary>What is no number goes through a model, and its gradient with it, as in PyTorch 2.6.</summary>
public sealed class NaNTests
{
    private const float N = float.NaN;

    [Fact]
    public void Elementwise_functions_pass_NaN_on_and_gradients_go_where_PyTorch_sends_them()
    {
        const int Width = NaNElementwiseNet.Width;
        var net = new NaNElementwiseNet(maxBatch: 1, seed: 1);

        // x + 1 is NaN, 1, -1, 0, 2 beside 1, NaN, 1, 0, 0.
        float[] output = net.Forward(Repeated([N, 0, -2, -1, 1], Width), Repeated([1, N, 1, 0, 0], Width)).ToArray();
        net.Backward(Repeated([1], Width));

        Assert.Equal(Repeated([N, N, -1, 0, 4], Width), output);
        Assert.Equal(Repeated([N, N, -1, 0, 4], Width), net.Predict(Repeated([N, 0, -2, -1, 1], Width), Repeated([1, N, 1, 0, 0], Width)).ToArray());
        Assert.Equal(Repeated([1, 1, 0, 0, 1], Width), net.Parameters["A"].Gradients.ToArray());
        Assert.Equal(Repeated([1, 1, 0, 0.5f, 1], Width), net.Parameters["B"].Gradients.ToArray());
        Assert.Equal(Repeated([2, 2, 2, 1, 0], Width), net.Parameters["C"].Gradients.ToArray());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(17)]
    [InlineData(26)]
    public void A_maximum_is_NaN_where_any_element_is(int place)
    {
        var net = new NaNRowsNet(maxBatch: 2);
        float[] x = Repeated([1, 2, 3], 2 * NaNElementwiseNet.Width * 3);
        x[(place * 3) + 1] = N;

        Assert.Equal([N, N, N, 4, 5, 6], net.Predict(x).ToArray());
    }

    // What is added to x is 1: the windows hold the values of the PyTorch case less one.
    private static readonly float[] Image =
    [
        N, 0, 1, 2,
        N, 4, 5, N,
        0, 1, 0, 0,
        N, -1, -2, -2,
    ];

    [Fact]
    public void The_last_NaN_wins_a_pooling_window() => CheckPooling(new NaNPoolNet(maxBatch: 1, seed: 1), net => net.Forward(Image), net => net.Backward(Ones(4)), net => net.Predict(Image));

    [Fact]
    public void The_last_NaN_wins_a_window_that_a_convolution_pools()
    {
        var net = new NaNConvolutionNet(maxBatch: 1, seed: 1);
        net.Parameters["conv.weight"].Values.Fill(1);
        CheckPooling(net, net => net.Forward(Image), net => net.Backward(Ones(4)), net => net.Predict(Image));
    }

    [Fact]
    public void A_NaN_comes_to_the_window_that_it_has_a_part_in_through_transforms()
    {
        var net = new NaNWinogradNet(maxBatch: 1, seed: 1);
        for (int pixel = 0; pixel < 25; pixel++)
        {
            float[] image = Repeated([1], 16 * 25);
            image[(7 * 25) + pixel] = N;
            bool hasPart = pixel / 5 < 4 && pixel % 5 < 4;
            Assert.All(net.Forward(image).ToArray(), result => Assert.Equal(hasPart, float.IsNaN(result)));
            Assert.All(net.Predict(image).ToArray(), result => Assert.Equal(hasPart, float.IsNaN(result)));
        }
    }

    [Fact]
    public void The_last_NaN_wins_a_window_at_the_border()
    {
        var net = new NaNPaddedPoolNet(maxBatch: 1, seed: 1);
        float[] output = net.Forward(Image).ToArray();
        net.Backward(Ones(4));

        Assert.Equal(Planes(N, N, N, 1), output);
        Assert.Equal(
            [
                0, 0, 0, 0,
                Channels, 0, 0, Channels,
                0, 0, Channels, 0,
                Channels, 0, 0, 0,
            ],
            net.Parameters["W"].Gradients.ToArray());
    }

    [Theory]
    [InlineData(-100, -100, N, 0)]
    [InlineData(0, -100, 1.9459101f, 1)]
    public void A_batch_of_ignored_labels_has_no_gradient(int first, int second, float loss, float scale)
    {
        var net = new CrossEntropyNet(maxBatch: 2, seed: 1);
        net.Parameters["fc.weight"].Values.Clear();
        net.Parameters["fc.bias"].Values.Clear();
        net.Forward(new float[22]);

        Assert.Equal(loss, net.Loss([first, second]), 1e-5f);
        net.Backward();
        float[] expected = [-6 / 7f, 1 / 7f, 1 / 7f, 1 / 7f, 1 / 7f, 1 / 7f, 1 / 7f];
        Assert.All(expected.Zip(net.Parameters["fc.bias"].Gradients.ToArray()), pair => Assert.Equal(scale * pair.First, pair.Second, 1e-6f));
    }

    private const int Channels = NaNPoolNet.Channels;

    private delegate ReadOnlySpan<float> Pass<in TNet>(TNet net);

    private static void CheckPooling<TNet>(TNet net, Pass<TNet> forward, Action<TNet> backward, Pass<TNet> predict)
        where TNet : IModel
    {
        Assert.Equal(Planes(N, N, N, 1), predict(net).ToArray());
        Assert.Equal(Planes(N, N, N, 1), forward(net).ToArray());
        backward(net);

        // All channels send their gradient to the same places.
        Assert.Equal(
            [
                0, 0, 0, 0,
                Channels, 0, 0, Channels,
                0, 0, Channels, 0,
                Channels, 0, 0, 0,
            ],
            net.Parameters["W"].Gradients.ToArray());
    }

    private static float[] Planes(params float[] plane) => Repeated(plane, Channels * plane.Length);

    private static float[] Ones(int plane) => Repeated([1], Channels * plane);

    private static float[] Repeated(float[] values, int count) => [.. Enumerable.Range(0, count).Select(i => values[i % values.Length])];
}
