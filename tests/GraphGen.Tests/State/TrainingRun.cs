namespace GraphGen.Tests.State;

/// <summary>A training run as users write one: shuffled batches, two groups, a schedule, a checkpoint wherever it is asked for.</summary>
internal sealed class TrainingRun
{
    public const int Epochs = 4;
    public const int BatchesOfAnEpoch = 8;
    private const int BatchSize = 10;

    /// <param name="seed">Of weights and masks; a run that is resumed gets the first one's from the checkpoint.</param>
    /// <param name="shuffleSeed">Of the samples' orders, likewise.</param>
    public TrainingRun(long seed = 5, long shuffleSeed = 9)
    {
        Net = new ResumedNet(BatchSize, seed);
        Optimizer = new SGD([Net.Parameters.Submodule("fc1"), Net.Parameters.Submodule("fc2")], lr: 0.2, momentum: 0.9);
        Optimizer.Groups[1].WeightDecay = 0.01;
        Scheduler = new StepLR(Optimizer, stepSize: 1, gamma: 0.7);
        Random random = new(3);
        int samples = (BatchesOfAnEpoch * BatchSize) - 3;
        float[] features = [.. Enumerable.Range(0, samples * 6).Select(_ => (random.NextSingle() * 2) - 1)];
        Data = new Dataset(features, [.. Enumerable.Range(0, samples).Select(i => features[i * 6] > 0 ? 0 : features[(i * 6) + 1] > 0 ? 1 : 2)], 6) { ShuffleSeed = shuffleSeed };
    }

    public ResumedNet Net { get; }

    public SGD Optimizer { get; }

    public StepLR Scheduler { get; }

    public Dataset Data { get; }

    /// <summary>The loss of every step, to the bit.</summary>
    public List<float> Losses { get; } = [];

    public void Save(string path) => Checkpoint.Save(path, Net, Optimizer, Scheduler, Data);

    public void Load(string path) => Checkpoint.Load(path, Net, Optimizer, Scheduler, Data);

    /// <summary>Trains to the end, or until so many steps have been taken.</summary>
    public void Train(int steps = int.MaxValue)
    {
        for (int epoch = Data.Position.Epoch; epoch < Epochs; epoch++)
        {
            foreach (var (features, labels) in Data.Batches(BatchSize, shuffle: true))
            {
                Optimizer.ZeroGrad();
                Net.Forward(features);
                Losses.Add(Net.Loss(labels));
                Net.Backward();
                Optimizer.Step();
                if (--steps == 0)
                {
                    return;
                }
            }

            Scheduler.Step();
        }
    }

    /// <summary>All there is of the run, to the bit: what a checkpoint of it would have.</summary>
    public byte[] Everything() =>
        StateFile.Write(Net.RandomState, Net.Parameters.StateDict(), Optimizer.StateDict(), Scheduler.StateDict(), Data.StateDict());
}
