using Xunit;

namespace GraphGen.Tests.Optimization;

/// <summary>Where re-implementations go wrong, in numbers small enough to check by hand.</summary>
public sealed class OptimizerTrapTests
{
    private readonly ParameterBlock _block = new(0, ParameterSpec.Ones("w", []));

    [Fact]
    public void RMSprop_corrects_no_bias()
    {
        Step(new RMSprop(_block, lr: 0.01), 0.5f);
        Assert.Equal(0.9f, _block[0].Values[0], 1e-6f);
    }

    [Fact]
    public void RAdam_is_plain_for_five_steps()
    {
        RAdam optimizer = new(_block, lr: 0.01);
        float expected = 1;
        for (int step = 0; step < 5; step++)
        {
            // The average of equal gradients, corrected, is that gradient.
            Step(optimizer, 0.5f);
            Assert.Equal(expected -= 0.005f, _block[0].Values[0], 1e-6f);
        }

        Step(optimizer, 0.5f);
        Assert.NotEqual(expected - 0.005f, _block[0].Values[0], 1e-4f);
    }

    [Fact]
    public void Rprop_stays_where_the_sign_turns_and_forgets_it()
    {
        Rprop optimizer = new(_block, lr: 0.1);
        (float Gradient, float Move)[] steps =
        [
            (1f, -0.1f), (2f, -0.12f), (-1f, 0f), (-1f, 0.06f), (-3f, 0.072f), (0f, 0f), (5f, -0.072f),
        ];
        foreach ((float gradient, float move) in steps)
        {
            float before = _block[0].Values[0];
            Step(optimizer, gradient);
            Assert.Equal(move, _block[0].Values[0] - before, 1e-6f);
        }
    }

    /// <summary>Their product is below the smallest float.</summary>
    [Fact]
    public void Rprop_sees_the_signs_of_tiny_gradients()
    {
        Rprop optimizer = new(_block, lr: 0.1);
        Step(optimizer, 1e-30f);
        Step(optimizer, 1e-30f);
        Assert.Equal(1 - 0.1f - 0.12f, _block[0].Values[0], 1e-6f);
    }

    /// <summary>The square of the gradient is above the largest float, its part of the average is not.</summary>
    [Fact]
    public void Huge_gradients_move_as_far_as_others()
    {
        Optimizer[] optimizers =
        [
            new Adam(_block, lr: 0.01), new AdamW(_block, lr: 0.01, weightDecay: 0), new Adam(_block, lr: 0.01, amsgrad: true), new RMSprop(_block, lr: 0.001),
        ];
        foreach (Optimizer optimizer in optimizers)
        {
            float before = _block[0].Values[0];
            Step(optimizer, 1e20f);
            Assert.Equal(-0.01f, _block[0].Values[0] - before, 1e-6f);
        }
    }

    [Fact]
    public void ASGD_uses_a_new_rate_one_step_later()
    {
        ASGD optimizer = new(_block, lr: 0.1, lambd: 0);
        Step(optimizer, 1f);
        optimizer.Groups[0].LearningRate = 0.01;
        Step(optimizer, 1f);
        Assert.Equal(0.8f, _block[0].Values[0], 1e-6f);
        Step(optimizer, 1f);
        Assert.Equal(0.79f, _block[0].Values[0], 1e-6f);
    }

    [Fact]
    public void Adagrad_decays_its_rate_from_the_second_step_on()
    {
        Adagrad optimizer = new(_block, lr: 0.1, lrDecay: 1);
        Step(optimizer, 2f);
        Assert.Equal(0.9f, _block[0].Values[0], 1e-6f);
        Step(optimizer, 2f);
        Assert.Equal(0.9f - (0.05f / MathF.Sqrt(2)), _block[0].Values[0], 1e-6f);
    }

    [Fact]
    public void Without_decay_an_infinite_weight_stays_infinite()
    {
        Func<Optimizer>[] optimizers =
        [
            () => new Adam(_block), () => new AdamW(_block, weightDecay: 0), () => new Adamax(_block), () => new NAdam(_block), () => new RAdam(_block),
            () => new Adagrad(_block), () => new Adadelta(_block), () => new RMSprop(_block), () => new ASGD(_block, lambd: 0), () => new Rprop(_block),
        ];
        foreach (Func<Optimizer> create in optimizers)
        {
            _block[0].Values[0] = float.PositiveInfinity;
            Step(create(), 1f);
            Assert.Equal(float.PositiveInfinity, _block[0].Values[0]);
        }
    }

    private void Step(Optimizer optimizer, float gradient)
    {
        _block.MarkGradient(0);
        _block[0].Gradients[0] = gradient;
        optimizer.Step();
    }
}
