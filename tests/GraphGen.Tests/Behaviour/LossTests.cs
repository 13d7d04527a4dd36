using GraphGen.Tests.Golden;
using Xunit;

namespace GraphGen.Tests.Behaviour;

/// <summary>What a loss does with labels, where all of them are ignored or weigh nothing, and a whole training by one.</summary>
public sealed class LossTests
{
    [Fact]
    public void A_batch_of_ignored_labels_has_no_loss_and_no_gradient()
    {
        NllNet net = new(2);
        net.Forward([-1, -2, -3, -1, -2, -3]);
        Assert.Equal(float.NaN, net.Loss([2, 2]));
        net.Backward();
        Assert.Equal([0, 0, 0], net.Parameters["Shift"].Gradients.ToArray());
    }

    /// <summary>As in PyTorch 2.6: 0 / 0, in the loss and where the gradient is 0 times that.</summary>
    [Fact]
    public void Labels_that_weigh_nothing_have_no_mean()
    {
        NllNet net = new(2);
        net.Forward([-1, -2, -3, -1, -2, -3]);
        Assert.Equal(float.NaN, net.Loss([0, 0]));
    }

    [Fact]
    public void A_label_of_weight_0_does_not_count()
    {
        NllNet net = new(2);
        net.Forward([-1, -2, -3, -1, -4, -3]);
        Assert.Equal(4f, net.Loss([0, 1]));
        net.Backward();
        Assert.Equal([0, -1, 0], net.Parameters["Shift"].Gradients.ToArray());
    }

    [Fact]
    public void Weights_of_classes_are_as_many_as_the_classes()
    {
        CrossEntropyGivenWeightNet net = new(2);
        net.Forward(new float[22]);
        ArgumentException error = Assert.Throws<ArgumentException>("weight", () => net.Loss([1, 2], new float[14]));
        Assert.StartsWith("Expected 7 values but was given 14.", error.Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>("weight", () => net.Evaluate(new float[22], [1, 2], new float[6]));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-1)]
    public void A_label_out_of_range_is_named_before_anything_is_written(int label)
    {
        NllNet net = new(2);
        net.Forward([-1, -2, -3, -1, -4, -3]);
        Refused(() => net.Loss([1, label]), 1, "[0, 3) or the ignored index 2");
        Assert.Equal(4f, net.Loss([0, 1]));

        MultiMarginNet margin = new(2);
        margin.Forward([1, 2, 3, 1, 2, 3]);
        Refused(() => margin.Loss([0, label]), 1, "[0, 3).");
        Refused(() => margin.Evaluate([1, 2, 3, 1, 2, 3], [label, 0]), 0, "[0, 3).");

        PixelNet pixels = new(1);
        pixels.Forward(new float[20]);
        int[] labels = new int[20];
        labels[7] = label;
        Refused(() => pixels.Loss(labels), 7, "[0, 3) or the ignored index 255");

        void Refused(Action action, int place, string range)
        {
            ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>("labels", action);
            Assert.Contains($"position {place} must be in {range}", error.Message);
            Assert.Equal(label, error.ActualValue);
        }
    }

    [Fact]
    public void A_list_of_labels_ends_at_its_first_minus_one()
    {
        MultiLabelMarginNet net = new(1);
        float[] x = [0.5f, 1, 2];
        Assert.Equal(net.Evaluate(x, [1, -1, -1]), net.Evaluate(x, [1, -1, 2]));
        Assert.NotEqual(net.Evaluate(x, [1, -1, -1]), net.Evaluate(x, [1, 2, -1]));
        Assert.Equal(0f, net.Evaluate(x, [-1, 0, 1]));
        Assert.Throws<ArgumentOutOfRangeException>("labels", () => net.Evaluate(x, [1, -2, -1]));
        Assert.Throws<ArgumentOutOfRangeException>("labels", () => net.Evaluate(x, [3, -1, -1]));
    }

    /// <summary>The classes of a picture's pixels: a mean over those that count.</summary>
    [Fact]
    public void Pixels_that_are_ignored_do_not_count()
    {
        PixelNet net = new(1, seed: 5);
        float[] image = [.. Enumerable.Range(0, 20).Select(i => i / 10f)];
        int[] labels = [.. Enumerable.Range(0, 20).Select(i => i % 3)];
        float[] logits = net.Predict(image).ToArray();
        labels[4] = labels[11] = 255;
        double expected = Enumerable.Range(0, 20).Where(i => labels[i] != 255).Average(i =>
            Math.Log(Enumerable.Range(0, 3).Sum(c => Math.Exp(logits[(c * 20) + i]))) - logits[(labels[i] * 20) + i]);
        Assert.Equal(expected, net.Evaluate(image, labels), 5);
    }

    [Fact]
    public void Targets_of_floats_train_in_the_loop_of_classes()
    {
        var random = new Random(3);
        float[] features = [.. Enumerable.Range(0, 300 * 3).Select(_ => random.NextSingle())];
        float[] targets = [.. Enumerable.Range(0, 300).SelectMany(i => new[] { features[i * 3] - features[(i * 3) + 1], (2 * features[(i * 3) + 2]) + 1 })];
        Dataset<float> data = new(features, targets, sampleLength: 3, targetLength: 2);
        RegressionNet net = new(32);
        var optimizer = new Adam(net.Parameters, lr: 0.02);
        for (int epoch = 0; epoch < 60; epoch++)
        {
            foreach (var (x, y) in data.Batches(32, shuffle: true))
            {
                optimizer.ZeroGrad();
                net.Forward(x);
                net.Loss(y);
                net.Backward();
                optimizer.Step();
            }
        }

        Assert.InRange(net.Evaluate(features.AsSpan(0, 96), targets.AsSpan(0, 64)), 0, 1e-4f);
    }
}
