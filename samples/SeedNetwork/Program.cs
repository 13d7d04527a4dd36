using GraphGen;
using Samples;
using SeedNetwork;

const int BatchSize = 32;

SampleOptions options;
try
{
    options = SampleOptions.Parse(args, epochs: 10);
}
catch (ArgumentException exception)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}

int imagesPerEpoch = BatchSize * (options.Quick ? 3 : 32);
var images = new float[BatchSize * 3 * SyntheticImages.Side * SyntheticImages.Side];
var labels = new int[BatchSize];

var net = new SeedNet(maxBatch: BatchSize, seed: 1);
var optimizer = new SGD(net.Parameters, lr: 0.001, momentum: 0.9, dampening: 0.1);
var scheduler = new StepLR(optimizer, stepSize: 50);
var chart = new LossChart();
Console.WriteLine(net);

for (int epoch = 1; epoch <= options.Epochs; epoch++)
{
    using var bar = new EpochBar(epoch, imagesPerEpoch);
    for (int first = 0; first < imagesPerEpoch; first += BatchSize)
    {
        SyntheticImages.Draw(first, images, labels);

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
return 0;
