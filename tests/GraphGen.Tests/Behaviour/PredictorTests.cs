using System.Runtime.InteropServices;
using FashionMnist;
using GraphGen.Tests.Golden;
using GraphGen.Tests.Runtime;
using Xunit;

namespace GraphGen.Tests.Behaviour;

/// <summary>Predictors share a model's parameters and nothing else: each thread has one, and gets what it would get alone.</summary>
public sealed class PredictorTests
{
    private const int Threads = 8;
    private const int Pixels = 28 * 28;

    [Theory]
    [InlineData(nameof(Mlp), 100)]
    [InlineData(nameof(FashionNetWithoutDropout), 40)]
    [InlineData(nameof(AttentionNet), 100)]
    [InlineData(nameof(ConvGroupsNet), 100)]
    [InlineData(nameof(LayerNormNet), 100)]
    public void Eight_predictors_on_eight_threads_give_what_one_thread_gives_while_another_model_trains(string name, int iterations)
    {
        using ThreadCountScope scope = new(3);
        GoldenModel golden = GoldenModel.Create(name);
        IModel model = (IModel)golden.Model;
        int batch = golden.File.Runs[^1].Batch;
        float[] input = golden.File.DrawInputs(batch);
        int sample = input.Length / batch;

        // Batches of every size, as predicted by the model before there was another thread.
        float[][] expected = [.. Enumerable.Range(1, batch).Select(n => golden.Model.Predict(input.AsSpan(0, n * sample)).ToArray())];
        float[] trained = TrainedParameters(iterations);

        float[] trainedMeanwhile = [];
        IEnumerable<Action> predictions = Enumerable.Range(0, Threads).Select<int, Action>(thread => () =>
        {
            var predictor = (IPredictor<float>)model.CreatePredictor(batch);
            for (int i = 0; i < iterations; i++)
            {
                int n = 1 + ((i + thread) % batch);
                AssertSameBits(expected[n - 1], predictor.Predict(input.AsSpan(0, n * sample)));
            }
        });
        OwnThreads.Run([.. predictions, () => trainedMeanwhile = TrainedParameters(iterations)]);

        AssertSameBits(trained, trainedMeanwhile);
    }

    [Fact]
    public void A_model_goes_forward_and_back_while_its_predictors_predict()
    {
        FashionNet net = new(4, seed: 3);
        float[] images = Images(4);
        float[] expected = net.Predict(images).ToArray();
        float[] gradients = Gradients(net, images);
        OwnThreads.Run(Predict, Predict, Train);

        void Predict()
        {
            FashionNet.Predictor predictor = net.CreatePredictor(4);
            for (int i = 0; i < 50; i++)
            {
                AssertSameBits(expected, predictor.Predict(images));
            }
        }

        void Train()
        {
            for (int i = 0; i < 50; i++)
            {
                AssertSameBits(gradients, Gradients(net, images));
                AssertSameBits(expected, net.Predict(images));
            }
        }
    }

    [Fact]
    public void A_predictor_has_the_parameters_of_its_model()
    {
        FashionNet net = new(2, seed: 1);
        FashionNet.Predictor predictor = net.CreatePredictor(2);
        float[] images = Images(2);
        float[] before = predictor.Predict(images).ToArray();
        net.Parameters["fc2.bias"].Values.Fill(7);

        Assert.Same(net.Parameters, predictor.Parameters);
        Assert.NotEqual(before, predictor.Predict(images).ToArray());
        AssertSameBits(net.Predict(images), predictor.Predict(images));
        Assert.Equal(net.Evaluate(images, [1, 2]), predictor.Evaluate(images, [1, 2]));
    }

    [Fact]
    public void What_a_predictor_returned_stays_while_the_model_and_other_predictors_predict()
    {
        FashionNet net = new(2, seed: 1);
        FashionNet.Predictor first = net.CreatePredictor(1), second = net.CreatePredictor(1);
        float[] images = Images(2);
        ReadOnlySpan<float> output = first.Predict(images.AsSpan(0, Pixels));
        float[] copy = output.ToArray();

        second.Predict(images.AsSpan(Pixels));
        net.Predict(images.AsSpan(Pixels));

        AssertSameBits(copy, output);
    }

    [Theory]
    [InlineData(2, 5)]
    [InlineData(5, 2)]
    public void The_capacity_of_a_predictor_is_its_own(int ofModel, int ofPredictor)
    {
        FashionNet net = new(ofModel, seed: 1);
        FashionNet.Predictor predictor = net.CreatePredictor(ofPredictor);
        float[] images = Images(ofPredictor);

        Assert.Equal((ofModel, ofPredictor), (net.MaxBatch, predictor.MaxBatch));
        AssertSameBits(new FashionNet(ofPredictor, seed: 1).Predict(images), predictor.Predict(images));
        ArgumentException refused = Assert.Throws<ArgumentException>("x", () => { predictor.Predict(Images(ofPredictor + 1)); });
        Assert.Contains($"A batch of {ofPredictor + 1} samples exceeds the capacity of {ofPredictor}", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    public void A_capacity_below_one_is_refused(int maxBatch)
    {
        FashionNet net = new(1);
        Assert.Throws<ArgumentOutOfRangeException>("maxBatch", () => net.CreatePredictor(maxBatch));
        Assert.Throws<ArgumentOutOfRangeException>("maxBatch", () => ((IModel)net).CreatePredictor(maxBatch));
    }

    [Fact]
    public void A_hundred_predictions_of_a_predictor_allocate_nothing()
    {
        FashionNet.Predictor predictor = new FashionNet(1, seed: 1).CreatePredictor(4);
        float[] images = Images(4);
        int[] labels = [1, 2, 3, 4];

        Assert.Equal(0, Allocations.Of(() =>
        {
            predictor.Predict(images);
            predictor.Evaluate(images, labels);
        }));
    }

    [Fact]
    public void A_call_that_is_refused_leaves_the_predictor_usable()
    {
        FashionNet.Predictor predictor = new FashionNet(1, seed: 1).CreatePredictor(2);
        for (int i = 0; i < 2; i++)
        {
            Assert.Throws<ArgumentException>("x", () => { predictor.Predict([1, 2, 3]); });
            Assert.Throws<ArgumentException>("x", () => predictor.Evaluate([1, 2, 3], [1]));
            Assert.Throws<ArgumentOutOfRangeException>("labels", () => predictor.Evaluate(Images(1), [10]));
        }

        Assert.Equal(10, predictor.Predict(Images(1)).Length);
    }

    /// <summary>The parameters of a model of this test's own after some steps.</summary>
    private static float[] TrainedParameters(int steps)
    {
        NesterovNet net = new(8, seed: 5);
        SGD optimizer = new(net.Parameters, lr: 0.05, momentum: 0.9);
        float[] input = new float[8 * 2 * 12 * 11];
        GoldenStream.Fill(input, stream: 1, 0, 0, 1);
        for (int i = 0; i < steps; i++)
        {
            optimizer.ZeroGrad();
            net.Forward(input);
            net.Loss([0, 1, 2, 3, 4, 0, 1, 2]);
            net.Backward();
            optimizer.Step();
        }

        return net.Parameters.Values.ToArray();
    }

    private static float[] Gradients(FashionNet net, float[] images)
    {
        // The same masks each time.
        net.RandomState = new RandomState(1, 1);
        net.Parameters.ZeroGrad();
        net.Forward(images);
        net.Loss([0, 1, 2, 3]);
        net.Backward();
        return net.Parameters.Gradients.ToArray();
    }

    private static float[] Images(int count)
    {
        float[] images = new float[count * Pixels];
        GoldenStream.Fill(images, stream: 1, 0, 0, 1);
        return images;
    }

    private static void AssertSameBits(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual) =>
        Assert.True(MemoryMarshal.AsBytes(expected).SequenceEqual(MemoryMarshal.AsBytes(actual)), "The results differ.");
}
