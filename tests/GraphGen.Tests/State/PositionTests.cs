using Xunit;

namespace GraphGen.Tests.State;

/// <summary>Where training is in its data, and that it goes on from there.</summary>
public sealed class PositionTests
{
    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public void An_epoch_goes_on_after_the_batch_it_was_left_at(bool shuffle, bool dropLast)
    {
        int[][] whole = Batches(Numbers(), epochs: 3, shuffle, dropLast);
        for (int given = 0; given <= whole.Length; given++)
        {
            Dataset first = Numbers();
            int[][] before = Batches(first, epochs: 3, shuffle, dropLast, most: given);
            Dataset second = Numbers();
            second.LoadStateDict(first.StateDict());
            Assert.Equal(first.Position, second.Position);
            Assert.Equal(whole, [.. before, .. Batches(second, epochs: 3, shuffle, dropLast)]);
        }
    }

    [Fact]
    public void The_position_follows_the_batches_that_are_trained_on()
    {
        Dataset data = Numbers();
        Assert.Equal(new DataPosition(0, 0), data.Position);
        int given = 0;
        foreach (var (_, _) in data.Batches(4, shuffle: true))
        {
            Assert.Equal(new DataPosition(0, ++given), data.Position);

            // Validation in between does not shuffle, and is not followed.
            foreach (var (_, _) in data.Batches(3))
            {
            }

            Assert.Equal(new DataPosition(0, given), data.Position);
        }

        Assert.Equal(new DataPosition(1, 0), data.Position);
        Assert.Equal(1, data.ShuffleEpoch);
        foreach (var (_, _) in data.Batches(4, shuffle: true, track: false))
        {
        }

        Assert.Equal(new DataPosition(1, 0), data.Position);
        data.Position = new DataPosition(7, 2);
        Assert.Equal(7, data.ShuffleEpoch);
        Assert.Throws<ArgumentOutOfRangeException>("value", () => data.Position = new DataPosition(-1, 0));
        Assert.Throws<ArgumentOutOfRangeException>("value", () => data.Position = new DataPosition(0, -1));
        Assert.Throws<ArgumentOutOfRangeException>("value", () => data.ShuffleEpoch = -1);
        Assert.Equal(new DataPosition(7, 2), data.Position);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_loop_that_is_left_goes_on_in_the_same_process_as_from_a_checkpoint(int batchesOfALoop)
    {
        // What is saved after a break, a loop later, is loaded by another process.
        int[][] whole = Batches(Numbers(), epochs: 4, shuffle: true, dropLast: false);
        Dataset data = Numbers();
        List<int[]> given = [];
        while (data.Position.Epoch < 4)
        {
            Dataset loaded = Numbers();
            loaded.LoadStateDict(data.StateDict());
            int[][] next = Loop(data, batchesOfALoop);
            Assert.Equal(next, Loop(loaded, batchesOfALoop));
            Assert.Equal(data.Position, loaded.Position);
            given.AddRange(next);
        }

        Assert.Equal(whole, given);
    }

    [Fact]
    public void What_is_left_of_an_epoch_may_be_left_out()
    {
        int[][] whole = Batches(Numbers(), epochs: 2, shuffle: true, dropLast: false);
        Dataset data = Numbers();
        Assert.Equal(whole[..2], Loop(data, 2));
        Assert.Equal((new DataPosition(0, 2), 0), (data.Position, data.ShuffleEpoch));
        data.ShuffleEpoch++;
        Assert.Equal(new DataPosition(1, 0), data.Position);
        Assert.Equal(whole[3..5], Loop(data, 2));
    }

    [Fact]
    public void A_position_that_is_refused_leaves_the_epochs_as_they_were()
    {
        Dataset data = Numbers();
        StateDict other = Numbers().StateDict();
        other.Add("surplus", StateTensor.Scalar(1f));
        foreach (var (_, _) in data.Batches(4, shuffle: true))
        {
            Assert.Throws<StateDictException>(() => data.LoadStateDict(other));
            Assert.Equal(new DataPosition(0, 1), data.Position);
            break;
        }

        // One that is to be gone on with still is.
        data.Position = new DataPosition(5, 2);
        Assert.Throws<StateDictException>(() => data.LoadStateDict(other));
        foreach (var (_, _) in data.Batches(4, shuffle: true))
        {
            Assert.Equal(new DataPosition(5, 3), data.Position);
            break;
        }
    }

    [Fact]
    public void A_position_in_other_data_is_refused()
    {
        Dataset data = Numbers();
        data.Position = new DataPosition(1, 1);
        Dataset other = new(new float[3], new int[3], 1);
        Assert.Contains("3 samples, got that in one of 10", Assert.Throws<StateDictException>(() => other.LoadStateDict(data.StateDict())).Message);
        Assert.Equal(new DataPosition(0, 0), other.Position);
    }

    private static Dataset Numbers() => new(new float[10], [.. Enumerable.Range(0, 10)], 1) { ShuffleSeed = 4 };

    /// <summary>What one loop is given that is left after so many batches: the labels of each.</summary>
    private static int[][] Loop(Dataset data, int most)
    {
        List<int[]> batches = [];
        foreach (var (_, labels) in data.Batches(4, shuffle: true))
        {
            batches.Add(labels.ToArray());
            if (batches.Count == most)
            {
                break;
            }
        }

        return [.. batches];
    }

    /// <summary>What a training loop is given: the labels of each batch.</summary>
    private static int[][] Batches(Dataset data, int epochs, bool shuffle, bool dropLast, int most = int.MaxValue)
    {
        List<int[]> batches = [];
        for (int epoch = data.Position.Epoch; epoch < epochs && batches.Count < most; epoch++)
        {
            foreach (var (_, labels) in data.Batches(4, shuffle, dropLast, track: true))
            {
                batches.Add(labels.ToArray());
                if (batches.Count == most)
                {
                    break;
                }
            }
        }

        return [.. batches];
    }
}
