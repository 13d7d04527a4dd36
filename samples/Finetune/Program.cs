using System.Diagnostics;
using Finetune;
using GraphGen;
using Samples;

const int BatchSize = 20;
const int BatchesBetweenCheckpoints = 8;

try
{
    Train(FinetuneOptions.Parse(args));
    return 0;
}
catch (Exception exception) when (exception is ArgumentException or IOException or UnauthorizedAccessException or InvalidDataException or StateDictException)
{
    Console.Error.WriteLine(exception.Message);
    return 1;
}

static void Train(FinetuneOptions options)
{
    (Dataset train, Dataset test) = ShoesAndBags.Load();
    var net = new ClothesNet(maxBatch: BatchSize, seed: 1);

    // What PyTorch learned of clothes, without its head: that tells six kinds apart, ours has four others to learn.
    StateDict pretrained = Safetensors.Load(Path.Combine(AppContext.BaseDirectory, "data", "pretrained.safetensors"));
    net.Parameters.LoadStateDict(pretrained.Rename(name => name.StartsWith("head.", StringComparison.Ordinal) ? null : name), strict: false);

    // The convolutions are in no group, so they stay as they are; the new head learns ten times as fast as the layer before it.
    var optimizer = new AdamW([net.Parameters.Submodule("fc"), net.Parameters.Submodule("head")], lr: 1e-3);
    optimizer.Groups[1].LearningRate = 1e-2;
    var scheduler = new CosineAnnealingLR(optimizer, tMax: options.Epochs);

    // A run that was killed goes on where its last checkpoint was taken, and ends with the weights it would have had.
    if (File.Exists(options.Checkpoint))
    {
        Checkpoint.Load(options.Checkpoint, net, optimizer, scheduler, train);
        Console.WriteLine($"resumed in epoch {train.Position.Epoch + 1} after batch {train.Position.Batch}");
    }

    for (int epoch = train.Position.Epoch; epoch < options.Epochs; epoch++)
    {
        using var bar = new EpochBar(epoch + 1, train.Count);
        foreach (var (images, labels) in train.Batches(BatchSize, shuffle: true))
        {
            optimizer.ZeroGrad();
            ReadOnlySpan<float> logits = net.Forward(images);
            float loss = net.Loss(labels);
            net.Backward();
            optimizer.Step();

            bar.Add(loss, logits, labels);
            if (optimizer.StepCount == options.KillAfter)
            {
                Process.GetCurrentProcess().Kill();
            }

            if (optimizer.StepCount % BatchesBetweenCheckpoints == 0)
            {
                Checkpoint.Save(options.Checkpoint, net, optimizer, scheduler, train);
            }
        }

        scheduler.Step();
    }

    Safetensors.Save(options.Output, net.Parameters.StateDict());
    File.Delete(options.Checkpoint);
    Console.WriteLine($"test accuracy: {Accuracy(net, test):f4}");
}

static double Accuracy(ClothesNet net, Dataset data)
{
    int correct = 0;
    foreach (var (images, labels) in data.Batches(BatchSize))
    {
        correct += Metrics.CorrectCount(net.Predict(images), labels);
    }

    return (double)correct / data.Count;
}
