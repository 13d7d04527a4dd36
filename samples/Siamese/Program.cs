using System.Globalization;
using FashionMnist;
using GraphGen;
using Siamese;

const int Epochs = 20;
const int BatchSize = 100;
const int Pixels = 28 * 28;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
switch (args)
{
    case []:
        Train(record: null);
        return 0;
    case ["--record", string file]:
        Train(file);
        return 0;
    default:
        Console.Error.WriteLine("Expected nothing, or --record FILE: the weights at the start and the triplets, for twin.py.");
        return 1;
}

static void Train(string? record)
{
    (Dataset train, Dataset test) = FashionData.Load(directory: null);
    float[] images = Images(train), testImages = Images(test);
    int[] labels = train.Labels.ToArray(), testLabels = test.Labels.ToArray();
    double ofPixels = new Points(testImages, testLabels).AccuracyAmong(new Points(images, labels));

    var net = new SiameseNet(maxBatch: BatchSize, seed: 1);
    var optimizer = new Adam(net.Parameters, lr: 1e-3);
    var scheduler = new CosineAnnealingLR(optimizer, tMax: Epochs);
    var source = new TripletSource(labels, seed: 1);
    StateDict start = net.Parameters.StateDict();
    List<Triplet> drawn = [];

    float[] anchors = new float[BatchSize * Pixels], positives = new float[BatchSize * Pixels], negatives = new float[BatchSize * Pixels];
    for (int epoch = 1; epoch <= Epochs; epoch++)
    {
        double sum = 0;
        Triplet[] triplets = source.Draw(new Points(Embed(net, images), labels));
        drawn.AddRange(triplets);
        foreach (Triplet[] batch in triplets.Chunk(BatchSize))
        {
            for (int i = 0; i < batch.Length; i++)
            {
                train.CopySample(batch[i].Anchor, anchors.AsSpan(i * Pixels, Pixels));
                train.CopySample(batch[i].Positive, positives.AsSpan(i * Pixels, Pixels));
                train.CopySample(batch[i].Negative, negatives.AsSpan(i * Pixels, Pixels));
            }

            optimizer.ZeroGrad();
            net.Forward(anchors, positives, negatives);
            sum += net.Loss() * batch.Length;
            net.Backward();
            optimizer.Step();
        }

        scheduler.Step();
        Console.WriteLine($"epoch {epoch,2}  loss {sum / triplets.Length:f4}");
    }

    if (record is not null)
    {
        start.Add("triplets", new StateTensor([drawn.Count, 3], [.. drawn.SelectMany(triplet => new float[] { triplet.Anchor, triplet.Positive, triplet.Negative })]));
        Safetensors.Save(record, start);
    }

    double embedded = new Points(Embed(net, testImages), testLabels).AccuracyAmong(new Points(Embed(net, images), labels));
    Console.WriteLine($"nearest neighbors of {test.Count} held-out images are of their class: {ofPixels:f4} by their pixels, {embedded:f4} embedded");
}

// All images of a set, one after the other.
static float[] Images(Dataset data)
{
    float[] images = new float[data.Count * Pixels];
    for (int i = 0; i < data.Count; i++)
    {
        data.CopySample(i, images.AsSpan(i * Pixels, Pixels));
    }

    return images;
}

// What the network makes of images. It takes three batches in one call; where there are no three left, the last images come again.
static float[] Embed(SiameseNet net, float[] images)
{
    int count = images.Length / Pixels;
    float[] points = new float[count * SiameseNet.Size];
    for (int batch = 0; batch < count; batch += 3 * BatchSize)
    {
        int first = Start(batch), second = Start(batch + BatchSize), third = Start(batch + (2 * BatchSize));
        var (a, b, c) = net.Predict(Batch(first), Batch(second), Batch(third));
        a.CopyTo(points.AsSpan(first * SiameseNet.Size));
        b.CopyTo(points.AsSpan(second * SiameseNet.Size));
        c.CopyTo(points.AsSpan(third * SiameseNet.Size));
    }

    return points;

    int Start(int at) => Math.Min(at, count - BatchSize);

    ReadOnlySpan<float> Batch(int at) => images.AsSpan(at * Pixels, BatchSize * Pixels);
}
