using Xunit;
using static GraphGen.Dim;
using static GraphGen.Ops;

namespace GraphGen.Tests.Behaviour;

/// <summary>Labels that are a part of what the caller gives: the loss and its gradients are those of the part alone, to the bit.</summary>
public sealed class SlicedLabelTests
{
    private const int Samples = 3;
    private const int Positions = 5;

    [Fact]
    public void A_loss_of_shifted_tokens_is_that_of_the_shifted_labels()
    {
        ShiftedTokensNet ofTokens = new(Samples);
        ShiftedLabelsNet ofLabels = new(Samples);
        float[] input = [.. Enumerable.Range(0, Samples * 4 * Positions).Select(i => MathF.Sin(i * 1.7f))];
        ofTokens.Parameters.Values.Fill(0.75f);
        ofLabels.Parameters.Values.Fill(0.75f);
        int[] tokens = [3, 0, 1, 3, 2, 16777217, 0, 2, 2, 16777217, 0, 1, 1, 1, 2, 3, 0, 16777217];
        int[] labels = [.. tokens.Where((_, i) => i % (Positions + 1) > 0)];

        ofTokens.Forward(input);
        ofLabels.Forward(input);
        float loss = ofTokens.Loss(tokens);
        ofTokens.Backward();
        Assert.Equal(ofLabels.Loss(labels), loss);
        ofLabels.Backward();

        Assert.True(loss > 0);
        Assert.Equal(ofLabels.Parameters.Gradients.ToArray(), ofTokens.Parameters.Gradients.ToArray());
        Assert.NotEqual(loss, Loss(ofTokens, input, [.. tokens.Select(token => token == 16777217 ? 0 : token)]));
    }

    [Fact]
    public void What_is_no_label_may_be_any_number_and_a_label_may_not()
    {
        ShiftedTokensNet net = new(Samples);
        net.Forward(new float[Samples * 4 * Positions]);
        int[] tokens = new int[Samples * (Positions + 1)];
        tokens[Positions + 1] = 99;
        net.Loss(tokens);

        tokens[Positions + 2] = 4;
        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(() => net.Loss(tokens));
        Assert.Equal("tokens", error.ParamName);
        Assert.StartsWith("The label at position 7 must be in [0, 4) or the ignored index 16777217.", error.Message, StringComparison.Ordinal);
    }

    private static float Loss(ShiftedTokensNet model, float[] input, int[] tokens)
    {
        model.Forward(input);
        return model.Loss(tokens);
    }
}

[Model]
internal sealed partial class ShiftedTokensNet
{
    [Parameter(4, 1)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 4, 5)] Tensor x) => x * W;

    [Loss]
    private Tensor Loss(Tensor output, [Shape(Batch, 6)] IntTensor tokens) => CrossEntropy(output, tokens[.., 1..], ignoreIndex: 16777217);
}

[Model]
internal sealed partial class ShiftedLabelsNet
{
    [Parameter(4, 1)] private partial Tensor W { get; }

    [Forward]
    private Tensor Forward([Shape(Batch, 4, 5)] Tensor x) => x * W;

    [Loss]
    private Tensor Loss(Tensor output, [Shape(Batch, 5)] IntTensor labels) => CrossEntropy(output, labels, ignoreIndex: 16777217);
}
