using Xunit;

namespace GraphGen.Tests.Optimization;

/// <summary>L1 and L2 penalties as options of groups, here of <see cref="SGD"/>: what others start from is the same gradient.</summary>
public sealed class PenaltyTests
{
    /// <summary>g ← ±g + weightDecay·w + l1·sign(w).</summary>
    [Theory]
    [InlineData(0.3, 0, false)]
    [InlineData(0.3, 0.2, false)]
    [InlineData(0.3, 0.2, true)]
    [InlineData(0, 0.2, true)]
    public void A_step_adds_both_to_the_gradient(double l1, double weightDecay, bool maximize)
    {
        float[] values = [2, -3, 0.5f, -0f, 0];
        ParameterBlock block = new(0, ParameterSpec.Ones("a", [5]), ParameterSpec.Ones("b", [5]));
        SGD optimizer = new([block.Take(1), block.Skip(1)], lr: 0.1, weightDecay: weightDecay, maximize: maximize);
        optimizer.Groups[0].L1 = l1;
        foreach (Parameter parameter in block)
        {
            block.MarkGradient(parameter.Index);
            values.CopyTo(parameter.Values);
            parameter.Gradients.Fill(1.5f);
        }

        optimizer.Step();
        for (int i = 0; i < values.Length; i++)
        {
            double gradient = (maximize ? -1.5 : 1.5) + (weightDecay * values[i]);
            Assert.Equal(values[i] - (0.1 * (gradient + (l1 * Math.Sign(values[i])))), block["a"].Values[i], 1e-6);
            Assert.Equal(values[i] - (0.1 * gradient), block["b"].Values[i], 1e-6);
        }

        Assert.True(block.Values[5..16].IndexOfAnyExcept(0f) < 0);
    }

    [Fact]
    public void Momentum_remembers_the_penalties()
    {
        ParameterBlock block = new(0, ParameterSpec.Ones("w", [1]));
        SGD optimizer = new(block, lr: 0.1, momentum: 0.9);
        optimizer.Groups[0].L1 = 0.5;
        double w = 1, momentum = 0;
        for (int step = 0; step < 20; step++)
        {
            block.MarkGradient(0);
            block[0].Gradients[0] = 0.25f;
            optimizer.Step();
            momentum = (0.9 * momentum) + 0.25 + (0.5 * Math.Sign(w));
            w -= 0.1 * momentum;
        }

        Assert.Equal(w, block[0].Values[0], 1e-5);
    }

    [Fact]
    public void L1_is_saved_and_not_negative()
    {
        ParameterBlock block = new(0, ParameterSpec.Ones("w", [1]));
        SGD optimizer = new(block), other = new(block);
        Assert.Equal(0, optimizer.Groups[0].L1);
        optimizer.Groups[0].L1 = 0.125;
        other.LoadStateDict(optimizer.StateDict());
        Assert.Equal(0.125, other.Groups[0].L1);
        Assert.Throws<ArgumentOutOfRangeException>("value", () => other.Groups[0].L1 = -1);
        Assert.Throws<ArgumentOutOfRangeException>("value", () => other.Groups[0].L1 = double.NaN);
    }
}
