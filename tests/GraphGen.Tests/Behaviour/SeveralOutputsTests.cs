using GraphGen.Tests.Golden;
using GraphGen.Tests.Runtime;
using Xunit;

namespace GraphGen.Tests.Behaviour;

/// <summary>What users call of models with several outputs, and of losses that are not reduced.</summary>
public sealed class SeveralOutputsTests
{
    private const int Batch = 6;
    private const int Inputs = 11;
    private const int Outputs = 7;
    private const int Pixels = 12 * 10;

    private static readonly float[] X = Drawn(1, Batch * Inputs);
    private static readonly float[] Target = Drawn(2, Batch * Outputs);
    private static readonly int[] Labels = [3, 0, 6, 1, 1, 5];

    [Fact]
    public void Training_and_predicting_allocate_nothing()
    {
        HeadsNet net = new(Batch, seed: 1);
        HeadsNet.Predictor predictor = net.CreatePredictor(Batch);
        var optimizer = new Adam(net.Parameters);

        Assert.Equal(0, Allocations.Of(() =>
        {
            optimizer.ZeroGrad();
            (ReadOnlySpan<float> mean, ReadOnlySpan<float> variance) = net.Forward(X);
            net.Loss(Target);
            net.Backward();
            optimizer.Step();
            net.Forward(X);
            net.Backward(mean, variance);
            net.Predict(X);
            predictor.Evaluate(X, Target);
        }));
    }

    [Fact]
    public void An_unreduced_loss_allocates_nothing()
    {
        UnreducedNet net = new(Batch, seed: 1);
        float[] gradient = Drawn(3, Batch);

        Assert.Equal(0, Allocations.Of(() =>
        {
            net.Parameters.ZeroGrad();
            net.Forward(X);
            net.Loss(Labels);
            net.Backward(gradient);
            net.Evaluate(X, Labels);
        }));
    }

    /// <summary>A run that a checkpoint cuts in two is the run that was never cut.</summary>
    [Fact]
    public void A_checkpoint_goes_on_bit_for_bit()
    {
        using TemporaryFolder folder = new();
        string path = folder.PathOf("checkpoint");
        HeadsNet whole = new(Batch, seed: 1);
        var adam = new Adam(whole.Parameters);
        Train(whole, adam, 9);
        Checkpoint.Save(path, whole, adam);
        Train(whole, adam, 8);

        HeadsNet resumed = new(Batch, seed: 2);
        var other = new Adam(resumed.Parameters);
        Checkpoint.Load(path, resumed, other);
        Train(resumed, other, 8);

        Assert.All(whole.Parameters.Zip(resumed.Parameters), pair => Assert.Equal(pair.First.Values, pair.Second.Values));

        static void Train(HeadsNet net, Adam optimizer, int steps)
        {
            for (int step = 0; step < steps; step++)
            {
                optimizer.ZeroGrad();
                net.Forward(X);
                net.Loss(Target);
                net.Backward();
                optimizer.Step();
            }
        }
    }

    [Fact]
    public void An_output_without_a_gradient_has_zeros()
    {
        HeadsNet net = new(Batch, seed: 1);
        float[] gradient = Drawn(3, Batch * Outputs);
        float[][] expected = Gradients(new float[Batch * Outputs]);
        Assert.Equal(expected, Gradients([]));
        Assert.All(net.Parameters["spread.weight"].Gradients.ToArray(), value => Assert.Equal(0, value));

        float[][] Gradients(float[] second)
        {
            net.Parameters.ZeroGrad();
            net.Forward(X);
            net.Loss(Target);
            net.Backward(gradient, second);
            return [.. net.Parameters.Select(parameter => parameter.Gradients.ToArray())];
        }
    }

    [Fact]
    public void A_gradient_of_another_length_is_refused_and_changes_nothing()
    {
        HeadsNet net = new(Batch, seed: 1);
        net.Forward(X);
        float[] gradient = new float[Batch * Outputs];
        Assert.Throws<ArgumentException>("varianceGradient", () => net.Backward(gradient, new float[Outputs]));
        Assert.Throws<ArgumentException>("meanGradient", () => net.Backward(new float[1], gradient));
        Assert.All(net.Parameters, parameter => Assert.False(parameter.HasGradient));
        net.Backward(gradient, gradient);
    }

    /// <summary>The gradient of the mean of the losses is that of the loss which is a mean.</summary>
    [Fact]
    public void Losses_go_back_by_their_gradient()
    {
        UnreducedNet net = new(Batch, seed: 1);
        CrossEntropySmoothNet mean = new(Batch, seed: 1);
        net.Forward(X);
        mean.Forward(X);
        float loss = mean.Loss(Labels);
        ReadOnlySpan<float> losses = net.Loss(Labels);
        Assert.Equal(Batch, losses.Length);
        Assert.Equal(loss, losses.ToArray().Average(), 1e-6f);
        AssertClose(mean.LossValues, losses);

        mean.Backward();
        net.Backward([.. Enumerable.Repeat(1f / Batch, Batch)]);
        Assert.All(net.Parameters.Zip(mean.Parameters), pair => AssertClose(pair.Second.Gradients, pair.First.Gradients));
        AssertClose(losses, net.Evaluate(X, Labels));
    }

    /// <summary>What the caller gave to Loss is its own again: Backward reads copies.</summary>
    [Fact]
    public void Labels_may_change_before_the_way_back()
    {
        UnreducedNet net = new(Batch, seed: 1);
        float[] gradient = Drawn(3, Batch);
        float[] expected = Gradient(_ => { });
        Assert.Equal(expected, Gradient(labels => labels.AsSpan().Fill(2)));

        float[] Gradient(Action<int[]> afterwards)
        {
            int[] labels = [.. Labels];
            net.Parameters.ZeroGrad();
            net.Forward(X);
            net.Loss(labels);
            afterwards(labels);
            net.Backward(gradient);
            return net.Parameters["fc.weight"].Gradients.ToArray();
        }
    }

    [Fact]
    public void Losses_are_checked_like_a_loss()
    {
        UnreducedNet net = new(Batch, seed: 1);
        float[] gradient = new float[Batch];
        Assert.Contains("call Forward", Assert.Throws<InvalidOperationException>(() => net.Loss(Labels)).Message, StringComparison.Ordinal);
        net.Forward(X);
        Assert.Contains("call Forward, then Loss", Assert.Throws<InvalidOperationException>(() => net.Backward(gradient)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>("labels", () => net.Loss([3, 0, 7, 1, 1, 5]));
        net.Loss(Labels);
        Assert.Throws<ArgumentException>("lossGradient", () => net.Backward(new float[Batch + 1]));
        Assert.All(net.Parameters, parameter => Assert.False(parameter.HasGradient));
        net.Backward(gradient);
        Assert.Contains("call Forward, then Loss", Assert.Throws<InvalidOperationException>(() => net.Backward(gradient)).Message, StringComparison.Ordinal);
    }

    /// <summary>Three batches in one call: what one network embeds, it embeds three times.</summary>
    [Fact]
    public void The_same_image_has_one_embedding()
    {
        TripletNet net = new(Batch, seed: 1);
        float[] images = Drawn(4, Batch * Pixels);
        TripletNet.Outputs outputs = net.Predict(images, images, images);
        Assert.Equal(outputs.Anchor, outputs.Positive);
        Assert.Equal(outputs.Anchor, outputs.Negative);
        Assert.Throws<ArgumentException>("second", () => net.Predict(images, images.AsSpan(Pixels), images));
    }

    private static float[] Drawn(uint stream, int length)
    {
        var values = new float[length];
        GoldenStream.Fill(values, stream, 0, -1, 1);
        return values;
    }

    private static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 1e-6f);
        }
    }
}
