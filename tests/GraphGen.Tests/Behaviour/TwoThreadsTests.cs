using System.Diagnostics;
using FashionMnist;
using GraphGen.Runtime;
using GraphGen.Tests.Golden;
using GraphGen.Tests.Runtime;
using Xunit;

namespace GraphGen.Tests.Behaviour;

/// <summary>Two threads in the same memory of one model are an exception, not wrong results; and the model is as good as before.</summary>
public sealed class TwoThreadsTests
{
    private const int Batch = 8;

    private static readonly float[] Images = MakeImages();
    private static readonly int[] Labels = [0, 1, 2, 3, 4, 5, 6, 7];
    private static readonly float[] OutputGradient = new float[Batch * 10];

    private static readonly Dictionary<string, Action<FashionNet>> Calls = new()
    {
        ["Forward"] = net => net.Forward(Images),
        ["Loss"] = net => net.Loss(Labels),
        ["LossValues"] = net => _ = net.LossValues,
        ["Backward"] = net => net.Backward(),
        ["Backward of a gradient"] = net => net.Backward(OutputGradient),
        ["Predict"] = net => net.Predict(Images),
        ["Evaluate"] = net => net.Evaluate(Images, Labels),
    };

    [Theory]
    [InlineData("Predict", "Predict", "Predict or Evaluate")]
    [InlineData("Predict", "Evaluate", "Predict or Evaluate")]
    [InlineData("Evaluate", "Evaluate", "Predict or Evaluate")]
    [InlineData("Forward", "Forward", "the training step")]
    [InlineData("Forward", "Loss", "the training step")]
    [InlineData("Forward", "LossValues", "the training step")]
    [InlineData("Forward", "Backward", "the training step")]
    [InlineData("Forward", "Backward of a gradient", "the training step")]
    public void Two_threads_in_one_model_are_refused_at_once(string first, string second, string place)
    {
        FashionNet net = new(Batch, seed: 1);
        float[] expected = net.Predict(Images).ToArray();
        string? refusal = null;
        OwnThreads.Run(() => Until(ref refusal, () => Calls[first](net)), () => Until(ref refusal, () => Calls[second](net)));

        Assert.NotNull(refusal);
        Assert.Contains($"Two threads are in {place}", refusal, StringComparison.Ordinal);
        Assert.Contains($"of one {nameof(FashionNet)}", refusal, StringComparison.Ordinal);
        Assert.Contains("CreatePredictor(maxBatch)", refusal, StringComparison.Ordinal);

        // Nothing is left taken.
        Assert.Equal(expected, net.Predict(Images).ToArray());
        net.Forward(Images);
        net.Loss(Labels);
        net.Backward();
    }

    [Fact]
    public void Two_threads_on_one_predictor_are_refused_at_once()
    {
        FashionNet.Predictor predictor = new FashionNet(1, seed: 1).CreatePredictor(Batch);
        string? refusal = null;
        OwnThreads.Run(Predict, Predict);
        Assert.Contains("of one FashionNet (or of one of its predictors)", refusal, StringComparison.Ordinal);

        void Predict() => Until(ref refusal, () => predictor.Predict(Images));
    }

    [Fact]
    public void Inference_and_a_training_step_of_one_model_may_run_at_the_same_time()
    {
        FashionNet net = new(Batch, seed: 1);
        float[] expected = net.Predict(Images).ToArray();
        bool isPredicted = false;
        OwnThreads.Run(Train, Predict);

        void Train()
        {
            while (!Volatile.Read(ref isPredicted))
            {
                net.Forward(Images);
                net.Loss(Labels);
                net.Backward();
            }
        }

        void Predict()
        {
            try
            {
                for (int i = 0; i < 100; i++)
                {
                    Assert.Equal(expected, net.Predict(Images).ToArray());
                }
            }
            finally
            {
                Volatile.Write(ref isPredicted, true);
            }
        }
    }

    [Fact]
    public void A_thread_after_another_is_no_misuse()
    {
        FashionNet net = new(Batch, seed: 1);
        float[] expected = net.Predict(Images).ToArray();
        for (int i = 0; i < 10; i++)
        {
            OwnThreads.Run(() => Assert.Equal(expected, net.Predict(Images).ToArray()));
            OwnThreads.Run(() => net.Forward(Images));
            OwnThreads.Run(() => net.Loss(Labels));
            OwnThreads.Run(net.Backward);
        }
    }

    [Fact]
    public void A_call_that_is_refused_leaves_the_model_usable()
    {
        FashionNet net = new(Batch, seed: 1);
        for (int i = 0; i < 2; i++)
        {
            Assert.Throws<ArgumentException>("x", () => { net.Predict([1]); });
            Assert.Throws<ArgumentException>("labels", () => net.Evaluate(Images, [1]));
            Assert.Throws<ArgumentException>("x", () => { net.Forward([1]); });
            Assert.Contains("call Forward", Assert.Throws<InvalidOperationException>(() => net.Loss(Labels)).Message, StringComparison.Ordinal);
            Assert.Contains("Loss", Assert.Throws<InvalidOperationException>(net.Backward).Message, StringComparison.Ordinal);
            Assert.Contains("call Forward", Assert.Throws<InvalidOperationException>(() => net.Backward(OutputGradient)).Message, StringComparison.Ordinal);
        }

        net.Predict(Images);
        net.Forward(Images);
        Assert.Throws<ArgumentException>("labels", () => net.Loss([1]));
        net.Loss(Labels);
        Assert.Throws<ArgumentException>("outputGradient", () => net.Backward([1]));
        net.Backward();
    }

    [Fact]
    public void A_use_ends_where_its_turn_is_disposed()
    {
        ExclusiveUse use = default;
        using (use.Train("Net"))
        {
            Assert.True(IsTaken(ref use));
        }

        Assert.False(IsTaken(ref use));
        try
        {
            using ExclusiveUse.Turn turn = use.Predict("Net");
            throw new TimeoutException();
        }
        catch (TimeoutException)
        {
            Assert.False(IsTaken(ref use));
        }

        static bool IsTaken(ref ExclusiveUse use)
        {
            try
            {
                using ExclusiveUse.Turn turn = use.Train("Net");
                return false;
            }
            catch (InvalidOperationException)
            {
                return true;
            }
        }
    }

    /// <summary>Calls until this thread or the other has been told that there are two.</summary>
    private static void Until(ref string? refusal, Action call)
    {
        Stopwatch clock = Stopwatch.StartNew();
        while (Volatile.Read(ref refusal) is null && clock.Elapsed < TimeSpan.FromSeconds(60))
        {
            try
            {
                call();
            }
            catch (InvalidOperationException exception) when (exception.Message.Contains("at once", StringComparison.Ordinal))
            {
                Volatile.Write(ref refusal, exception.Message);
            }
            catch (InvalidOperationException)
            {
                // A call out of order, such as Loss before the other's first Forward.
            }
        }
    }

    private static float[] MakeImages()
    {
        float[] images = new float[Batch * 28 * 28];
        GoldenStream.Fill(images, stream: 1, 0, 0, 1);
        return images;
    }
}
