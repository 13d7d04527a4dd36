using System.Runtime.InteropServices;
using GraphGen.Tests.Golden;
using GraphGen.Tests.Runtime;
using Xunit;
using static GraphGen.Dim;
using static GraphGen.Ops;

namespace GraphGen.Tests.Behaviour;

/// <summary>Convolutions cut the images of a small batch finer than those of a large one, and keep their packed weights.</summary>
public sealed class FewImagesTests
{
    private const int Sample = 28 * 28;
    private const int Result = 40 * 5 * 5;
    private const int Largest = 20;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void An_image_is_convolved_the_same_in_a_batch_of_any_size(int threads)
    {
        using var scope = new ThreadCountScope(threads);
        var net = new FewImagesNet(Largest, seed: 1);
        float[] images = Images();
        float[] expected = net.Predict(images).ToArray();

        foreach (int batch in (ReadOnlySpan<int>)[1, 2, 3, 4, 5, 15, 16])
        {
            AssertSame(expected.AsSpan(0, batch * Result), net.Predict(images.AsSpan(0, batch * Sample)));
            AssertSame(expected.AsSpan(0, batch * Result), net.Forward(images.AsSpan(0, batch * Sample)));
        }
    }

    [Fact]
    public void A_prediction_is_of_the_parameters_as_they_are_now()
    {
        var net = new FewImagesNet(1, seed: 1);
        float[] image = Images()[..Sample];
        net.Predict(image);
        net.Predict(image);

        // All of one layer, then single weights, then what only its bits tell apart.
        var random = new Random(1);
        foreach (string name in (string[])["conv1.weight", "conv2.weight"])
        {
            Parameter parameter = net.Parameters[name];
            GoldenStream.Fill(parameter.Values, stream: 3, 0, -0.1f, 0.1f);
            AssertLikeNew(net, image);
            for (int i = 0; i < 20; i++)
            {
                parameter.Values[random.Next(parameter.Length)] += 0.1f;
                AssertLikeNew(net, image);
            }

            parameter.Values[0] = 0f;
            AssertLikeNew(net, image);
            parameter.Values[0] = -0f;
            AssertLikeNew(net, image);
        }
    }

    private static void AssertLikeNew(FewImagesNet net, float[] image)
    {
        var other = new FewImagesNet(1, seed: 2);
        net.Parameters.Values.CopyTo(other.Parameters.Values);
        AssertSame(other.Predict(image), net.Predict(image));
    }

    // To the last bit.
    private static void AssertSame(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual) =>
        Assert.Equal(MemoryMarshal.Cast<float, int>(expected), MemoryMarshal.Cast<float, int>(actual));

    private static float[] Images()
    {
        var images = new float[Largest * Sample];
        GoldenStream.Fill(images, stream: 2, 0, -1, 1);
        return images;
    }
}

/// <summary>Enough work in an image to be cut; the second convolution has a panel of weights that is not full.</summary>
[Model]
public sealed partial class FewImagesNet
{
    [Conv2d(1, 32, Kernel = 3)] private partial Tensor Conv1(Tensor x);
    [Conv2d(32, 40, Kernel = 3)] private partial Tensor Conv2(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, 1, 28, 28)] Tensor x) => Flatten(MaxPool2d(Relu(Conv2(MaxPool2d(Relu(Conv1(x)), 2))), 2));
}
