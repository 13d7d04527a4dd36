using GraphGen.Tests.Golden;
using Xunit;

namespace GraphGen.Tests.Behaviour;

/// <summary>Gradients seeded by hand, and when a parameter has one.</summary>
public sealed class BackwardTests
{
    [Fact]
    public void A_seeded_output_gradient_is_what_the_loss_would_have_sent()
    {
        const int Batch = 5, Classes = 7;
        var net = new CrossEntropyNet(Batch, seed: 1);
        var inputs = new float[Batch * 11];
        GoldenStream.Fill(inputs, stream: 1, 0, -1, 1);
        int[] labels = [0, 6, 3, 3, 1];

        float[] logits = net.Forward(inputs).ToArray();
        net.Loss(labels);
        net.Backward();
        float[] expected = net.Parameters["fc.weight"].Gradients.ToArray();

        // Of the mean cross-entropy: (softmax - one hot) / n.
        var seed = new float[logits.Length];
        for (int i = 0; i < Batch; i++)
        {
            double sum = 0;
            for (int c = 0; c < Classes; c++)
            {
                sum += Math.Exp(logits[(i * Classes) + c]);
            }

            for (int c = 0; c < Classes; c++)
            {
                seed[(i * Classes) + c] = (float)((Math.Exp(logits[(i * Classes) + c]) / sum - (c == labels[i] ? 1 : 0)) / Batch);
            }
        }

        net.Parameters.ZeroGrad();
        net.Forward(inputs);
        net.Backward(seed);

        ReadOnlySpan<float> actual = net.Parameters["fc.weight"].Gradients;
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.Equal(expected[i], actual[i], 1e-6f);
        }
    }

    [Fact]
    public void A_parameter_has_no_gradient_before_backward_and_after_zero_grad()
    {
        var net = new CrossEntropyNet(1, seed: 1);
        AssertNoGradients();

        net.Forward(new float[11]);
        net.Loss([1]);
        AssertNoGradients();
        net.Backward();
        Assert.All(net.Parameters, parameter => Assert.True(parameter.HasGradient && parameter.Gradients.Length == parameter.Length));

        net.Parameters.ZeroGrad();
        AssertNoGradients();

        void AssertNoGradients() => Assert.All(net.Parameters, parameter => Assert.True(!parameter.HasGradient && parameter.Gradients.IsEmpty));
    }

    [Fact]
    public void A_step_without_gradients_changes_nothing()
    {
        var net = new CrossEntropyNet(1, seed: 1);
        float[] before = net.Parameters.Values.ToArray();

        new SGD(net.Parameters, lr: 0.1, momentum: 0.9, weightDecay: 0.1).Step();

        Assert.Equal(before, net.Parameters.Values.ToArray());
    }
}
