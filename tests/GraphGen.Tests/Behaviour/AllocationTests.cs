using FashionMnist;
using GraphGen.Tests.Golden;
using GraphGen.Tests.Runtime;
using Xunit;

namespace GraphGen.Tests.Behaviour;

/// <summary>After construction, training and predicting allocate nothing, on any thread.</summary>
public sealed class AllocationTests
{
    private const int Batch = 8;

    [Fact]
    public void A_hundred_training_steps_allocate_nothing()
    {
        var net = new FashionNet(Batch, seed: 1);
        var optimizer = new SGD(net.Parameters, lr: 0.01, momentum: 0.9, dampening: 0.1);
        var images = new float[Batch * 28 * 28];
        var labels = new int[Batch];
        GoldenStream.Fill(images, stream: 1, 0, 0, 1);

        Assert.Equal(0, Allocations.Of(() =>
        {
            optimizer.ZeroGrad();
            net.Forward(images);
            net.Loss(labels);
            net.Backward();
            optimizer.Step();
        }));
    }

    [Fact]
    public void A_hundred_predictions_allocate_nothing()
    {
        var net = new FashionNet(Batch, seed: 1);
        var images = new float[Batch * 28 * 28];
        var labels = new int[Batch];

        Assert.Equal(0, Allocations.Of(() =>
        {
            net.Predict(images);
            net.Evaluate(images, labels);
        }));
    }

    [Theory]
    [InlineData(nameof(AttentionNet))]
    [InlineData(nameof(ConvGroupsNet))]
    [InlineData(nameof(LayerNormNet))]
    [InlineData(nameof(RegularisedNet))]
    public void Any_model_allocates_nothing(string name)
    {
        GoldenModel golden = GoldenModel.Create(name);
        GoldenRun run = golden.File.Runs[^1];
        float[] inputs = golden.File.DrawInputs(run.Batch);
        float[] gradient = golden.File.DrawOutputGradient(golden.Forward(run.Batch).Length);

        Assert.Equal(0, Allocations.Of(() =>
        {
            golden.Parameters.ZeroGrad();
            golden.Model.Forward(inputs);
            golden.Model.Backward(gradient);
            golden.Model.Predict(inputs);
        }));
    }
}
