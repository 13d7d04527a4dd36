using Xunit;
using static GraphGen.Dim;
using static GraphGen.Ops;

namespace GraphGen.Tests.Behaviour;

[Model]
public sealed partial class DropoutNet
{
    internal const int Width = 1003;
    internal const float P = 0.25f;

    [Parameter(Width, Init = Initializer.Ones)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, Width)] Tensor x) => Dropout(x * W, P);
}

[Model]
public sealed partial class DropoutLayerNet
{
    [Parameter(DropoutNet.Width, Init = Initializer.Ones)] private partial Tensor W { get; }
    [Dropout(0.4f)] private partial Tensor Drop(Tensor x);
    [Linear(3)] private partial Tensor Fc(Tensor x);

    [Forward]
    private Tensor Forward([Shape(Batch, DropoutNet.Width)] Tensor x) => Fc(Drop(Relu(x * W)));
}

/// <summary>One number a sample is dropped, and then used along a row.</summary>
[Model]
public sealed partial class DropoutColumnNet
{
    internal const int Width = 21;

    [Parameter(Width, Init = Initializer.Ones)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 1)] Tensor x) => Dropout(x, DropoutNet.P) * W;
}

[Model]
public sealed partial class DropoutUsesNet
{
    [Parameter(DropoutNet.Width, Init = Initializer.Ones)] private partial Tensor W { get; }
    [Dropout(0.5f)] private partial Tensor Drop(Tensor x);

    // Each of 0 and 2, so that the digits of the sum tell what every use dropped.
    [Forward]
    private Tensor Forward([Shape(Batch, DropoutNet.Width)] Tensor x)
    {
        x = x * W;
        Tensor sum = Helper(x) + 10f * Helper(x);
        for (int i = 0; i < 2; i++)
        {
            sum = sum + (i == 0 ? 100f : 1000f) * Dropout(x, 0.5f);
        }

        return sum + 10_000f * Drop(x) + 100_000f * Drop(x);
    }

    private Tensor Helper(Tensor x) => Dropout(x);
}

[Model]
public sealed partial class DropoutLossNet
{
    [Parameter(DropoutNet.Width, Init = Initializer.Ones)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, DropoutNet.Width)] Tensor x) => Dropout(x * W, 0.5f);

    [Loss]
    private Tensor Loss(Tensor output) => Mean(Dropout(output, 0.5f));
}

/// <summary>Dropout: how often, how scaled, and that backward drops what forward dropped.</summary>
public sealed class DropoutTests
{
    private const int Width = DropoutNet.Width;
    private const int Samples = 64;

    [Fact]
    public void Elements_are_dropped_with_probability_p_and_the_rest_scaled()
    {
        float[] output = Masks(seed: 1);

        int kept = 0;
        foreach (float value in output)
        {
            Assert.True(value is 0 or (1 / (1 - DropoutNet.P)), $"{value:g9}");
            kept += value != 0 ? 1 : 0;
        }

        AssertFrequency(kept, output.Length, 1 - DropoutNet.P);
    }

    [Fact]
    public void One_number_a_sample_is_dropped_as_a_whole_and_backward_drops_the_same()
    {
        const int Rows = 4000;
        const int RowLength = DropoutColumnNet.Width;
        var net = new DropoutColumnNet(Rows, seed: 3);
        float[] inputs = new float[Rows];
        Array.Fill(inputs, 1f);
        float[] output = net.Forward(inputs).ToArray();
        float[] ones = new float[output.Length];
        Array.Fill(ones, 1f);
        net.Backward(ones);

        int kept = 0;
        for (int row = 0; row < Rows; row++)
        {
            float first = output[row * RowLength];
            Assert.True(first is 0 or (1 / (1 - DropoutNet.P)), $"{first:g9}");
            Assert.Equal(-1, output.AsSpan(row * RowLength, RowLength).IndexOfAnyExcept(first));
            kept += first != 0 ? 1 : 0;
        }

        AssertFrequency(kept, Rows, 1 - DropoutNet.P);
        foreach (float gradient in net.Parameters["W"].Gradients)
        {
            // Sums round, but by less than one sample.
            Assert.Equal(kept / (1 - DropoutNet.P), gradient, tolerance: 0.5f);
        }
    }

    [Fact]
    public void Every_position_of_a_sample_is_dropped_as_often_and_independently_of_its_neighbours()
    {
        float[] output = Masks(seed: 2);

        for (int residue = 0; residue < 16; residue++)
        {
            // Lanes of a vector, samples, and pairs of neighbours along both: none is special.
            AssertFrequency(Count(i => i % 16 == residue, i => output[i] != 0, out int lanes), lanes, 1 - DropoutNet.P);
            AssertFrequency(Count(i => i / Width % 16 == residue, i => output[i] != 0, out int samples), samples, 1 - DropoutNet.P);
        }

        double both = (1 - DropoutNet.P) * (1 - DropoutNet.P);
        foreach (int distance in (ReadOnlySpan<int>)[1, 2, 4, 8, 16, Width])
        {
            AssertFrequency(Count(i => i + distance < output.Length, i => output[i] != 0 && output[i + distance] != 0, out int pairs), pairs, both);
        }

        int Count(Func<int, bool> among, Func<int, bool> which, out int total)
        {
            int count = 0;
            total = 0;
            for (int i = 0; i < output.Length; i++)
            {
                if (among(i))
                {
                    total++;
                    count += which(i) ? 1 : 0;
                }
            }

            return count;
        }
    }

    [Fact]
    public void Backward_drops_what_forward_dropped()
    {
        var net = new DropoutNet(maxBatch: 1, seed: 3);
        for (int pass = 0; pass < 3; pass++)
        {
            net.Parameters.ZeroGrad();
            float[] output = net.Forward(Ones(1)).ToArray();
            net.Backward(Ones(1));

            // With inputs, weights and output gradients of one, the weights' gradient is the mask, as the output is.
            Assert.Equal(output, net.Parameters[0].Gradients.ToArray());
        }
    }

    [Fact]
    public void Backward_drops_what_forward_dropped_where_dropout_is_fused_into_a_layer()
    {
        var net = new DropoutLayerNet(maxBatch: 1, seed: 3);
        net.Parameters["fc.weight"].Values.Fill(1);
        net.Parameters["fc.bias"].Values.Clear();

        float[] output = net.Forward(Ones(1)).ToArray();
        net.Backward([1, 0, 0]);

        // The gradient of the layer's weights is its input, that of W is the mask: the same, and the output is their sum.
        float[] mask = net.Parameters[0].Gradients.ToArray();
        Assert.Equal(mask, net.Parameters["fc.weight"].Gradients[..Width].ToArray());
        Assert.Equal(mask.Sum(), output[0], 1e-4f * Width);
        AssertFrequency(mask.Count(value => value != 0), Width, 0.6);
    }

    [Fact]
    public void Masks_follow_the_seed_and_differ_from_pass_to_pass()
    {
        var net = new DropoutNet(Samples, seed: 4);
        float[] first = net.Forward(Ones(Samples)).ToArray();
        float[] second = net.Forward(Ones(Samples)).ToArray();

        Assert.Equal(first, Masks(seed: 4));
        Assert.NotEqual(first, Masks(seed: 5));
        AssertFrequency(first.Zip(second).Count(pair => pair.First == pair.Second), first.Length, 0.75 * 0.75 + 0.25 * 0.25);
    }

    [Fact]
    public void Every_use_of_a_helper_of_a_loop_and_of_a_layer_drops_for_itself()
    {
        var net = new DropoutUsesNet(maxBatch: 1, seed: 6);
        float[] output = net.Forward(Ones(1)).ToArray();
        net.Backward(Ones(1));

        int[] digits = [.. output.Select(value => (int)value)];
        int[] scales = [1, 10, 100, 1000, 10_000, 100_000];
        for (int use = 0; use < scales.Length; use++)
        {
            Assert.All(digits, digit => Assert.True(digit / scales[use] % 10 is 0 or 2, $"{digit}"));
            AssertFrequency(digits.Count(digit => digit / scales[use] % 10 == 2), Width, 0.5);
            for (int other = 0; other < use; other++)
            {
                AssertFrequency(digits.Count(digit => digit / scales[use] % 10 == digit / scales[other] % 10), Width, 0.5);
            }
        }

        // With inputs, weights and output gradients of one, the weights' gradient is the sum of the masks, as the output is.
        Assert.Equal(output, net.Parameters[0].Gradients.ToArray());

        // What a run draws is a function of its seed and step.
        var again = new DropoutUsesNet(maxBatch: 1, seed: 6);
        Assert.Equal(output, again.Forward(Ones(1)).ToArray());
        Assert.NotEqual(output, again.Forward(Ones(1)).ToArray());
    }

    [Fact]
    public void A_loss_drops_for_itself_and_its_evaluation_drops_nothing()
    {
        var net = new DropoutLossNet(Samples, seed: 8);
        net.Forward(Ones(Samples));
        float loss = net.Loss();

        // A quarter is kept by both, four times as large: were the masks the same, the mean would be 2.
        AssertFrequency((int)Math.Round(loss / 4 * Samples * Width), Samples * Width, 0.25);
        Assert.Equal(1, net.Evaluate(Ones(Samples)), 1e-5f);
    }

    [Fact]
    public void Prediction_drops_nothing()
    {
        var net = new DropoutNet(Samples, seed: 1);

        Assert.Equal(Ones(Samples), net.Predict(Ones(Samples)).ToArray());
    }

    private static float[] Masks(long seed) => new DropoutNet(Samples, seed).Forward(Ones(Samples)).ToArray();

    private static float[] Ones(int samples)
    {
        var ones = new float[samples * Width];
        Array.Fill(ones, 1);
        return ones;
    }

    // Within five standard deviations: a test of a correct generator fails once in two million times, and it is seeded.
    private static void AssertFrequency(int count, int total, double probability)
    {
        double deviation = Math.Sqrt(total * probability * (1 - probability));
        Assert.True(Math.Abs(count - (total * probability)) <= 5 * deviation, $"{count} of {total}, expected {total * probability:f0} +- {deviation:f0}");
    }
}
