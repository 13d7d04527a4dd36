using static GraphGen.Dim;
using static GraphGen.Ops;

namespace GraphGen.Tests.Golden;

// Several outputs, and a loss of many values. The tests take what a model returns as one array, one output after the other.

/// <summary>Makes one array of outputs, and parts of one array.</summary>
internal static class Joined
{
    public static float[] Of(ReadOnlySpan<float> first, ReadOnlySpan<float> second) => [.. first, .. second];

    public static float[] Of(ReadOnlySpan<float> first, ReadOnlySpan<float> second, ReadOnlySpan<float> third) => [.. first, .. second, .. third];

    public static ReadOnlySpan<float> Part(ReadOnlySpan<float> joined, int part, int parts) => joined.Slice(joined.Length / parts * part, joined.Length / parts);
}

[Model]
public sealed partial class HeadsNet : ITargetModel
{
    [Linear(11, 9)] private partial Tensor Body(Tensor x);
    [Linear(9, 7)] private partial Tensor Center(Tensor x);
    [Linear(9, 7)] private partial Tensor Spread(Tensor x);

    ReadOnlySpan<float> ITestModel.Forward(ReadOnlySpan<float> x)
    {
        (ReadOnlySpan<float> mean, ReadOnlySpan<float> variance) = Forward(x);
        return Joined.Of(mean, variance);
    }

    ReadOnlySpan<float> ITestModel.Predict(ReadOnlySpan<float> x)
    {
        Outputs outputs = Predict(x);
        return Joined.Of(outputs.Mean, outputs.Variance);
    }

    void ITestModel.Backward(ReadOnlySpan<float> outputGradient) => Backward(Joined.Part(outputGradient, 0, 2), Joined.Part(outputGradient, 1, 2));

    [Forward]
    private (Tensor Mean, Tensor Variance) Forward([Shape(Batch, 11)] Tensor x)
    {
        Tensor h = Tanh(Body(x));
        return (Center(h), Softplus(Spread(h)));
    }

    [GaussianNLLLoss(Full = true)]
    private partial Tensor Loss(Tensor mean, [Shape(Batch, 7)] Tensor target, Tensor variance);
}

[Model]
public sealed partial class TripletNet : IPlainLossModel
{
    [Conv2d(1, 6, Kernel = 3)] private partial Tensor Conv(Tensor x);
    [Linear(120, 8, Bias = false)] private partial Tensor Fc(Tensor x);

    float IPlainLossModel.Evaluate(ReadOnlySpan<float> x) => Evaluate(Joined.Part(x, 0, 3), Joined.Part(x, 1, 3), Joined.Part(x, 2, 3));

    ReadOnlySpan<float> ITestModel.Forward(ReadOnlySpan<float> x)
    {
        (ReadOnlySpan<float> anchor, ReadOnlySpan<float> positive, ReadOnlySpan<float> negative) =
            Forward(Joined.Part(x, 0, 3), Joined.Part(x, 1, 3), Joined.Part(x, 2, 3));
        return Joined.Of(anchor, positive, negative);
    }

    ReadOnlySpan<float> ITestModel.Predict(ReadOnlySpan<float> x)
    {
        Outputs outputs = Predict(Joined.Part(x, 0, 3), Joined.Part(x, 1, 3), Joined.Part(x, 2, 3));
        return Joined.Of(outputs.Anchor, outputs.Positive, outputs.Negative);
    }

    void ITestModel.Backward(ReadOnlySpan<float> outputGradient) =>
        Backward(Joined.Part(outputGradient, 0, 3), Joined.Part(outputGradient, 1, 3), Joined.Part(outputGradient, 2, 3));

    [Forward]
    private (Tensor Anchor, Tensor Positive, Tensor Negative) Forward(
        [Shape(Batch, 1, 12, 10)] Tensor first, [Shape(Batch, 1, 12, 10)] Tensor second, [Shape(Batch, 1, 12, 10)] Tensor third) =>
        (Embedding(first), Embedding(second), Embedding(third));

    [TripletMarginLoss(Swap = true)]
    private partial Tensor Loss(Tensor anchor, Tensor positive, Tensor negative);

    private Tensor Embedding(Tensor x) => Fc(Flatten(MaxPool2d(Relu(Conv(x)), 2)));
}

[Model]
public sealed partial class UnreducedNet : ILabelModel
{
    private float[] _losses = [];

    public ReadOnlySpan<float> LossValues => _losses;

    [Linear(11, 7)] private partial Tensor Fc(Tensor x);

    float ILabelModel.Loss(ReadOnlySpan<int> labels)
    {
        _losses = Loss(labels).ToArray();
        return _losses.Average();
    }

    float ILabelModel.Evaluate(ReadOnlySpan<float> x, ReadOnlySpan<int> labels) => Evaluate(x, labels).ToArray().Average();

    void ILossModel.Backward()
    {
        var gradient = new float[_losses.Length];
        Array.Fill(gradient, 1f / _losses.Length);
        Backward(gradient);
    }

    [Forward]
    private Tensor Forward([Shape(Batch, 11)] Tensor x) => Fc(x);

    [CrossEntropyLoss(LabelSmoothing = 0.1f, Reduction = Reduction.None)]
    private partial Tensor Loss(Tensor logits, [Shape(Batch)] IntTensor labels);
}
