using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace GraphGen.Resume;

/// <summary>Training with momentum, dropout, shuffled batches and a schedule, and a checkpoint every few steps.</summary>
internal static class TrainingRun
{
    private const int Samples = 1000;
    private const int Features = 20;
    private const int BatchSize = 32;
    private const int Epochs = 48;
    private const int StepsToACheckpoint = 3;

    /// <summary>Trains, or goes on training where a checkpoint is.</summary>
    /// <param name="checkpoint">The checkpoint's file; null: none is read or written.</param>
    /// <returns>The SHA-256 of the final parameters.</returns>
    public static string ToTheEnd(string? checkpoint)
    {
        Dataset data = MakeData();
        ResumedNet net = new(BatchSize, seed: 5);
        SGD optimizer = new(net.Parameters, lr: 0.1, momentum: 0.9, weightDecay: 1e-4);
        StepLR scheduler = new(optimizer, stepSize: 12, gamma: 0.5);
        if (checkpoint is not null && File.Exists(checkpoint))
        {
            Checkpoint.Load(checkpoint, net, optimizer, scheduler, data);
        }

        for (int epoch = data.Position.Epoch; epoch < Epochs; epoch++)
        {
            foreach (var (features, labels) in data.Batches(BatchSize, shuffle: true))
            {
                optimizer.ZeroGrad();
                net.Forward(features);
                net.Loss(labels);
                net.Backward();
                optimizer.Step();
                if (checkpoint is not null && optimizer.StepCount % StepsToACheckpoint == 0)
                {
                    Checkpoint.Save(checkpoint, net, optimizer, scheduler, data);
                }
            }

            scheduler.Step();
        }

        return Convert.ToHexString(SHA256.HashData(MemoryMarshal.AsBytes(net.Parameters.Values)));
    }

    private static Dataset MakeData()
    {
        Random random = new(11);
        float[] features = new float[Samples * Features];
        int[] labels = new int[Samples];
        for (int i = 0; i < Samples; i++)
        {
            Span<float> sample = features.AsSpan(i * Features, Features);
            foreach (ref float feature in sample)
            {
                feature = (random.NextSingle() * 2) - 1;
            }

            labels[i] = (sample[0] * sample[1] > 0 ? 1 : 0) + (sample[2] + sample[3] > 0 ? 2 : 0);
        }

        return new Dataset(features, labels, Features) { ShuffleSeed = 13 };
    }
}
