using FashionMnist;
using GraphGen;
using Samples;

try
{
    SampleOptions options = SampleOptions.Parse(args, epochs: 10);
    (Dataset train, Dataset test) = FashionData.Load(options.Data);
    Train(options, train, test);
    return 0;
}
catch (Exception exception) when (exception is ArgumentException or IOException or InvalidDataException)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}

static void Train(SampleOptions options, Dataset train, Dataset test)
{
    var net = new FashionNet(maxBatch: 64, seed: 1);
    var optimizer = new SGD(net.Parameters, lr: 0.05, momentum: 0.9);
    var scheduler = new StepLR(optimizer, stepSize: Math.Max(1, options.Epochs * 7 / 10), gamma: 0.1);
    var chart = new LossChart();
    Console.WriteLine(net);

    for (int epoch = 1; epoch <= options.Epochs; epoch++)
    {
        using var bar = new EpochBar(epoch, train.Count);
        foreach (var (images, labels) in train.Batches(64, shuffle: true))
        {
            optimizer.ZeroGrad();
            ReadOnlySpan<float> logits = net.Forward(images);
            float loss = net.Loss(labels);
            net.Backward();
            optimizer.Step();

            bar.Add(loss, logits, labels);
            chart.Add(loss);
        }

        scheduler.Step();
    }

    chart.Save("his.png");
    Console.WriteLine($"test accuracy: {Accuracy(net, test):f4}");
}

static double Accuracy(FashionNet net, Dataset data)
{
    int correct = 0;
    foreach (var (images, labels) in data.Batches(64))
    {
        correct += Metrics.CorrectCount(net.Predict(images), labels);
    }

    return (double)correct / data.Count;
}
