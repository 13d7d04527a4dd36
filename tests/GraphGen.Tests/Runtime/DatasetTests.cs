using Xunit;

namespace GraphGen.Tests.Runtime;

public sealed class DatasetTests
{
    [Theory]
    [InlineData(10, 4, false, new[] { 4, 4, 2 })]
    [InlineData(10, 4, true, new[] { 4, 4 })]
    [InlineData(8, 4, true, new[] { 4, 4 })]
    [InlineData(3, 100, false, new[] { 3 })]
    [InlineData(3, 100, true, new int[0])]
    [InlineData(0, 4, false, new int[0])]
    [InlineData(5, int.MaxValue, false, new[] { 5 })]
    public void Batches_have_their_sizes(int count, int batchSize, bool dropLast, int[] sizes)
    {
        Dataset data = Numbers(count);
        List<int> actual = [];
        foreach (var (features, labels) in data.Batches(batchSize, dropLast: dropLast))
        {
            Assert.Equal(labels.Length * data.SampleLength, features.Length);
            actual.Add(labels.Length);
        }

        Assert.Equal(sizes, actual);
        Assert.Equal(sizes.Length, data.Batches(batchSize, dropLast: dropLast).Count);
    }

    [Fact]
    public void Unshuffled_samples_come_in_order() => Assert.Equal(Enumerable.Range(0, 10), Epoch(Numbers(10), 4, shuffle: false));

    [Fact]
    public void Shuffled_samples_come_once_each_in_another_order_every_epoch()
    {
        Dataset data = Numbers(1000);
        int[] first = Epoch(data, 64, shuffle: true);
        int[] second = Epoch(data, 64, shuffle: true);
        Assert.Equal(2, data.ShuffleEpoch);
        Assert.Equal(Enumerable.Range(0, 1000), first.Order());
        Assert.Equal(Enumerable.Range(0, 1000), second.Order());
        Assert.NotEqual(first, second);
        Assert.InRange(first.Where((sample, place) => sample == place).Count(), 0, 8);
        Assert.InRange(first.Zip(second).Count(pair => pair.First == pair.Second), 0, 8);
    }

    [Fact]
    public void An_order_depends_on_seed_and_epoch_alone()
    {
        Dataset data = Numbers(100);
        int[] first = Epoch(data, 7, shuffle: true);
        int[] second = Epoch(data, 30, shuffle: true);

        Dataset again = Numbers(100);
        Epoch(again, 10, shuffle: false);
        again.ShuffleEpoch = 1;
        Assert.Equal(second, Epoch(again, 100, shuffle: true));
        again.ShuffleEpoch = 0;
        Assert.Equal(first, Epoch(again, 3, shuffle: true));

        Dataset other = Numbers(100);
        other.ShuffleSeed = 1;
        Assert.NotEqual(first, Epoch(other, 7, shuffle: true));
    }

    [Fact]
    public void Epochs_may_overlap()
    {
        Dataset data = Numbers(10);
        int outer = 0;
        foreach (var (_, labels) in data.Batches(5))
        {
            Assert.Equal(45, Epoch(data, 5, shuffle: true).Sum());
            Assert.Equal(outer++ * 5, labels[0]);
        }

        foreach (var (_, labels) in data.Batches(5))
        {
            Assert.Equal(5, labels.Length);
            break;
        }

        Assert.Equal(45, Epoch(data, 5, shuffle: true).Sum());
    }

    [Fact]
    public void A_slice_is_a_part()
    {
        Dataset data = Numbers(10).Slice(2, 6);
        Assert.Equal(6, data.Count);
        Assert.Equal([2, 3, 4, 5, 6, 7], data.Labels.ToArray());
        Assert.Equal([2, 3, 4, 5, 6, 7], Epoch(data, 4, shuffle: false));
        Assert.Equal([4, 5], Epoch(data.Slice(2, 2), 4, shuffle: true).Order());
        float[] sample = new float[3];
        data.CopySample(1, sample);
        Assert.Equal([3f, 3.5f, -3f], sample);
        Assert.Throws<ArgumentOutOfRangeException>("start", () => data.Slice(7, 0));
        Assert.Throws<ArgumentOutOfRangeException>("count", () => data.Slice(5, 2));
        Assert.Throws<ArgumentOutOfRangeException>("index", () => data.CopySample(6, sample));
        Assert.Throws<ArgumentException>("destination", () => data.CopySample(5, new float[2]));
    }

    [Fact]
    public void Epochs_allocate_nothing_once_there_has_been_one()
    {
        Dataset data = Numbers(1000);
        float sum = 0;
        Assert.Equal(0, Allocations.Of(() =>
        {
            foreach (var (features, labels) in data.Batches(64, shuffle: true))
            {
                sum += features[0] + labels[0];
            }
        }));
        Assert.NotEqual(0, sum);
    }

    [Theory]
    [InlineData(0f, 1f)]
    [InlineData(0.5f, 0.25f)]
    public void Images_are_scaled(float mean, float standardDeviation)
    {
        using TemporaryFolder folder = new();
        string images = folder.Write("images", IdxFileTests.Compress(IdxFileTests.Idx(0x0803, [3, 5, 7], 105)));
        string labels = folder.Write("labels", IdxFileTests.Idx(0x0801, [3], 3));
        Dataset data = Dataset.FromIdx(images, labels, mean, standardDeviation);
        Assert.Equal(3, data.Count);
        Assert.Equal(35, data.SampleLength);
        int next = 0;
        foreach (var (features, classes) in data.Batches(2))
        {
            foreach (float feature in features)
            {
                Assert.Equal(((next++ / 255.0) - mean) / standardDeviation, feature, 1e-6);
            }

            Assert.Equal(next == 70 ? [0, 1] : [2], classes.ToArray());
        }

        Assert.Equal(105, next);
    }

    [Fact]
    public void Every_byte_becomes_a_number_from_zero_to_one()
    {
        using TemporaryFolder folder = new();
        byte[] contents = [0, 0, 8, 2, 0, 0, 0, 1, 0, 0, 1, 0, .. Enumerable.Range(0, 256).Select(i => (byte)i)];
        Dataset data = Dataset.FromIdx(folder.Write("images", contents), folder.Write("labels", IdxFileTests.Idx(0x0801, [1], 1)));
        float[] sample = new float[256];
        data.CopySample(0, sample);
        Assert.Equal(0f, sample[0]);
        Assert.Equal(1f, sample[255]);
        Assert.All(sample.Select((value, i) => (value, i)), pair => Assert.Equal(pair.i / 255.0, pair.value, 1e-7));
    }

    [Fact]
    public void Files_that_do_not_go_together_are_refused()
    {
        using TemporaryFolder folder = new();
        string images = folder.Write("images", IdxFileTests.Idx(0x0803, [3, 2, 2], 12));
        string labels = folder.Write("labels", IdxFileTests.Idx(0x0801, [2], 2));
        string none = folder.Write("none", IdxFileTests.Idx(0x0803, [0, 2, 2], 0));
        Assert.Contains("3 labels, got 2", Assert.Throws<InvalidDataException>(() => Dataset.FromIdx(images, labels)).Message);
        Assert.Contains("0x00000803", Assert.Throws<InvalidDataException>(() => Dataset.FromIdx(images, images)).Message);
        Assert.Contains("height", Assert.Throws<InvalidDataException>(() => Dataset.FromIdx(labels, labels)).Message);
        Assert.Contains("[0, 2, 2]", Assert.Throws<InvalidDataException>(() => Dataset.FromIdx(none, labels)).Message);
        Assert.Throws<FileNotFoundException>(() => Dataset.FromIdx(images, images + "x"));
        Assert.Throws<ArgumentOutOfRangeException>("standardDeviation", () => Dataset.FromIdx(images, labels, 0, 0));
    }

    [Fact]
    public void Arrays_that_do_not_go_together_are_refused()
    {
        Assert.Throws<ArgumentException>("features", () => new Dataset(new float[7], new int[2], 3));
        Assert.Throws<ArgumentOutOfRangeException>("sampleLength", () => new Dataset(new float[6], new int[2], 0));
        Assert.Throws<ArgumentNullException>("features", () => new Dataset(null!, new int[2], 3));
        Assert.Throws<ArgumentNullException>("labels", () => new Dataset(new float[6], null!, 3));
        Assert.Throws<ArgumentOutOfRangeException>("batchSize", () => Numbers(3).Batches(0));
    }

    [Fact]
    public void Float_targets_go_with_their_samples()
    {
        Dataset<float> data = new([.. Enumerable.Range(0, 20).Select(i => (float)i)], [.. Enumerable.Range(0, 30).Select(i => i / 2f)], sampleLength: 2, targetLength: 3);
        Assert.Equal((10, 2, 3), (data.Count, data.SampleLength, data.TargetLength));
        Dataset<float> part = data.Slice(2, 7);
        Assert.Equal(3f, part.Targets[0]);
        List<float> seen = [];
        foreach (Batch<float> batch in part.Batches(3, shuffle: true))
        {
            Assert.Equal(batch.Count * 2, batch.Features.Length);
            Assert.Equal(batch.Count * 3, batch.Targets.Length);
            for (int i = 0; i < batch.Count; i++)
            {
                float sample = batch.Features[i * 2] / 2;
                seen.Add(sample);
                Assert.Equal([sample * 1.5f, (sample * 1.5f) + 0.5f, (sample * 1.5f) + 1], batch.Targets.Slice(i * 3, 3).ToArray());
            }
        }

        Assert.Equal(Enumerable.Range(2, 7).Select(i => (float)i), seen.Order());
    }

    [Fact]
    public void Float_targets_that_do_not_go_with_the_samples_are_refused()
    {
        Assert.Throws<ArgumentException>("features", () => new Dataset<float>(new float[7], new float[4], 3, 2));
        Assert.Throws<ArgumentException>("targets", () => new Dataset<float>(new float[6], new float[5], 3, 2));
        Assert.Throws<ArgumentOutOfRangeException>("targetLength", () => new Dataset<float>(new float[6], new float[4], 3, 0));
        Assert.Throws<ArgumentOutOfRangeException>("sampleLength", () => new Dataset<float>(new float[6], new float[4], 0, 2));
        Assert.Throws<ArgumentNullException>("targets", () => new Dataset<float>(new float[6], null!, 3, 2));
    }

    /// <summary>Sample i is (i, i + ½, −i) with label i.</summary>
    private static Dataset Numbers(int count) => new(
        Enumerable.Range(0, count).SelectMany(i => new[] { i, i + 0.5f, -i }).ToArray(),
        Enumerable.Range(0, count).ToArray(),
        sampleLength: 3);

    private static int[] Epoch(Dataset data, int batchSize, bool shuffle)
    {
        List<int> order = [];
        foreach (var (features, labels) in data.Batches(batchSize, shuffle))
        {
            for (int i = 0; i < labels.Length; i++)
            {
                Assert.Equal(labels[i], features[3 * i]);
                Assert.Equal(-labels[i], features[(3 * i) + 2]);
            }

            order.AddRange(labels);
        }

        return [.. order];
    }
}
