using GraphGen.Tests.Golden;
using GraphGen.Tests.Runtime;
using Xunit;

namespace GraphGen.Tests.Optimization;

public sealed class AveragedModelTests
{
    private static readonly AveragingData Golden = GradientToolsData.Value.Averaging;

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, Golden.Cases.Length)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Averages_are_PyTorchs(int index)
    {
        AveragingCase golden = Golden.Cases[index];
        ParameterBlock block = new(0, [.. Golden.Shapes.Select((shape, i) => ParameterSpec.Ones($"p{i}", shape))]);
        AveragedModel average = golden.Decay is { } decay ? new ExponentialMovingAverage(block, decay) : new StochasticWeightAveraging(block);
        Assert.All(average[block[0]].ToArray(), value => Assert.Equal(1f, value));
        for (int update = 0; update < Golden.Updates; update++)
        {
            for (int i = 0; i < block.Count; i++)
            {
                GoldenStream.Fill(block[i].Values, (Golden.Seed * 256) + (uint)(GoldenStream.ParameterSlot + i), update * 64, Golden.Low, Golden.High);
            }

            average.Update();
        }

        Assert.Equal(golden.Count, average.AveragedCount);
        float[] actual = [.. block.SelectMany(parameter => average[parameter].ToArray())];
        for (int i = 0; i < actual.Length; i++)
        {
            Assert.Equal(golden.Values[i], actual[i], 1e-6);
        }
    }

    [Fact]
    public void Swapped_in_it_is_the_models_weights_for_a_while()
    {
        CrossEntropyNet net = new(4, seed: 1), averaged = new(4, seed: 9);
        float[] x = new float[44];
        GoldenStream.Fill(x, stream: 3, 0, -1, 1);
        StochasticWeightAveraging average = new(net.Parameters);
        average.Update();
        float[] first = net.Parameters.Values.ToArray();
        GoldenStream.Fill(net.Parameters[0].Values, stream: 4, 0, -1, 1);
        average.Update();
        float[] weights = net.Parameters.Values.ToArray();
        float[] ofWeights = net.Predict(x).ToArray();
        float[] ofAverage;
        using (average.Swap())
        {
            ofAverage = net.Predict(x).ToArray();
            Assert.Equal((first[0] + weights[0]) / 2, net.Parameters.Values[0], 1e-6f);
            Assert.Throws<InvalidOperationException>(() => average.Swap());
            Assert.Throws<InvalidOperationException>(average.Update);
            Assert.Throws<InvalidOperationException>(average.CopyTo);
            Assert.Throws<InvalidOperationException>(() => average.ModelStateDict());
        }

        Assert.Equal(weights, net.Parameters.Values.ToArray());
        Assert.Equal(ofWeights, net.Predict(x).ToArray());

        averaged.Parameters.LoadStateDict(average.ModelStateDict());
        Assert.Equal(ofAverage, averaged.Predict(x).ToArray());
        Assert.Equal("2", average.ModelStateDict().Metadata["n_averaged"]);
        average.CopyTo();
        Assert.Equal(ofAverage, net.Predict(x).ToArray());
    }

    [Fact]
    public void A_scope_disposed_of_twice_swaps_back_once()
    {
        ParameterBlock block = new(0, ParameterSpec.Ones("w", [3]));
        ExponentialMovingAverage average = new(block);
        block[0].Values.Fill(5);
        AveragedModel.Scope scope = average.Swap();
        Assert.Equal(1f, block[0].Values[0]);
        scope.Dispose();
        scope.Dispose();
        Assert.Equal(5f, block[0].Values[0]);
        default(AveragedModel.Scope).Dispose();
    }

    [Fact]
    public void A_checkpoint_keeps_it_bit_for_bit()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("run.safetensors", []);
        CrossEntropyNet whole = new(1, seed: 1), resumed = new(1, seed: 2);
        ExponentialMovingAverage average = new(whole.Parameters, 0.9), other = new(resumed.Parameters, 0.5);
        StochasticWeightAveraging mean = new(whole.Parameters), otherMean = new(resumed.Parameters);
        Go(whole, average, mean, 0, 3);
        Checkpoint.Save(path, whole, null, average, mean);
        Go(whole, average, mean, 3, 6);

        Checkpoint.Load(path, resumed, null, other, otherMean);
        Go(resumed, other, otherMean, 3, 6);
        Assert.Equal(0.9, other.Decay);
        Assert.Equal(6, otherMean.AveragedCount);
        Assert.All(resumed.Parameters, parameter => Assert.Equal(average[whole.Parameters[parameter.Index]].ToArray(), other[parameter].ToArray()));
        Assert.All(resumed.Parameters, parameter => Assert.Equal(mean[whole.Parameters[parameter.Index]].ToArray(), otherMean[parameter].ToArray()));

        // A part of the parameters is another average: refused, and nothing has changed.
        StochasticWeightAveraging some = new(resumed.Parameters.Take(1));
        ExponentialMovingAverage small = new(new ParameterBlock(0, ParameterSpec.Ones("fc.weight", [1])), 0.3);
        Assert.Throws<StateDictException>(() => Checkpoint.Load(path, resumed, null, small, some));
        Assert.Equal((0.3, 0L), (small.Decay, small.AveragedCount));

        static void Go(CrossEntropyNet net, AveragedModel average, AveragedModel mean, int start, int end)
        {
            for (int step = start; step < end; step++)
            {
                foreach (Parameter parameter in net.Parameters)
                {
                    GoldenStream.Fill(parameter.Values, (uint)parameter.Index, step * 1000, -1, 1);
                }

                average.Update();
                mean.Update();
            }
        }
    }

    [Fact]
    public void Updates_are_bit_equal_for_any_number_of_threads_and_allocate_nothing()
    {
        float[][] results = [.. new[] { 1, 2, 3 }.Select(threads =>
        {
            using ThreadCountScope scope = new(threads);
            ParameterBlock block = new(3, ParameterSpec.Uniform("a", [150_001], 1f), ParameterSpec.Uniform("b", [60_000], 1f));
            ExponentialMovingAverage average = new(block, 0.99);
            StochasticWeightAveraging mean = new(block.Skip(1));
            Assert.Equal(0, Allocations.Of(
                () =>
                {
                    average.Update();
                    mean.Update();
                    using (average.Swap())
                    {
                        block.Values[7] += 1;
                    }

                    block.Values[9] *= 0.5f;
                },
                repeats: 5));
            return average[block[0]].ToArray().Concat(mean[block[1]].ToArray()).ToArray();
        })];
        Assert.Equal(results[0], results[1]);
        Assert.Equal(results[0], results[2]);
    }

    [Fact]
    public void Arguments_that_cannot_be_are_refused_by_name()
    {
        ParameterBlock block = new(0, ParameterSpec.Ones("w", [3])), twin = new(0, ParameterSpec.Ones("w", [3]));
        Assert.Throws<ArgumentOutOfRangeException>("decay", () => new ExponentialMovingAverage(block, 1.1));
        Assert.Throws<ArgumentOutOfRangeException>("decay", () => new ExponentialMovingAverage(block, double.NaN));
        Assert.Throws<ArgumentOutOfRangeException>("value", () => new ExponentialMovingAverage(block).Decay = -0.1);
        Assert.Throws<ArgumentException>("parameters", () => new StochasticWeightAveraging(block.Take(0)));
        Assert.Throws<ArgumentException>("parameters", () => new StochasticWeightAveraging(block.Concat(block)));
        Assert.Throws<ArgumentException>("parameters", () => new StochasticWeightAveraging(block.Concat(twin)));
        Assert.Throws<ArgumentNullException>("parameters", () => new StochasticWeightAveraging(null!));
    }
}
