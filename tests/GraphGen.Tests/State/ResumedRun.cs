using System.Runtime.InteropServices;

namespace GraphGen.Tests.State;

/// <summary>A training run with any of the optimizers and any of the schedulers, and an average of the weights.</summary>
internal sealed class ResumedRun
{
    public const int Steps = 4 * BatchesOfAnEpoch;
    public const int BatchesOfAnEpoch = 5;
    private const int BatchSize = 10;

    public static readonly Dictionary<string, Func<ParameterBlock, Optimizer>> Optimizers = new()
    {
        [nameof(SGD)] = p => new SGD(Layers(p), lr: 0.1, momentum: 0.9, dampening: 0.1),
        [nameof(Adam)] = p => new Adam(Layers(p), lr: 0.01, amsgrad: true),
        [nameof(AdamW)] = p => new AdamW(Layers(p), lr: 0.01),
        [nameof(Adamax)] = p => new Adamax(Layers(p), lr: 0.01),
        [nameof(NAdam)] = p => new NAdam(Layers(p), lr: 0.01),
        [nameof(RAdam)] = p => new RAdam(Layers(p), lr: 0.01),
        [nameof(Adagrad)] = p => new Adagrad(Layers(p), lr: 0.05, lrDecay: 0.01, initialAccumulatorValue: 0.1),
        [nameof(Adadelta)] = p => new Adadelta(Layers(p)),
        [nameof(RMSprop)] = p => new RMSprop(Layers(p), lr: 0.01, momentum: 0.9, centered: true),
        [nameof(ASGD)] = p => new ASGD(Layers(p), lr: 0.1, t0: 4),
        [nameof(Rprop)] = p => new Rprop(Layers(p), lr: 0.01),
        [nameof(SparseAdam)] = p => new SparseAdam(Layers(p), lr: 0.01),
        [nameof(Adafactor)] = p => new Adafactor(Layers(p)),
        [nameof(Muon)] = p => new Muon([[p["fc1.weight"]], [p["fc2.weight"]]]),
        [nameof(LBFGS)] = p => new LBFGS(p, lr: 0.5, maxIter: 3, historySize: 4),
        ["LBFGS with a line search"] = p => new LBFGS(p, maxIter: 3, historySize: 4, lineSearchFn: LineSearch.StrongWolfe),
        [nameof(ConjugateGradient)] = p => new ConjugateGradient(p, maxIter: 3),
    };

    public static readonly Dictionary<string, Func<Optimizer, LearningRateScheduler>> Schedulers = new()
    {
        [nameof(StepLR)] = o => new StepLR(o, 3, 0.9),
        [nameof(MultiStepLR)] = o => new MultiStepLR(o, [2, 7, 11], 0.8),
        [nameof(ExponentialLR)] = o => new ExponentialLR(o, 0.97),
        [nameof(ConstantLR)] = o => new ConstantLR(o, 0.5, 9),
        [nameof(LinearLR)] = o => new LinearLR(o, 0.5, totalIters: 12),
        [nameof(PolynomialLR)] = o => new PolynomialLR(o, 18, 2),
        [nameof(CosineAnnealingLR)] = o => new CosineAnnealingLR(o, 7, 1e-3),
        [nameof(CosineAnnealingWarmRestarts)] = o => new CosineAnnealingWarmRestarts(o, 3, 2),
        [nameof(LambdaLR)] = o => new LambdaLR(o, epoch => 1 / (1.0 + epoch)),
        [nameof(MultiplicativeLR)] = o => new MultiplicativeLR(o, epoch => 1 - (1 / (2.0 + epoch))),
        [nameof(CyclicLR)] = o => new CyclicLR(o, 0.01, 0.2, 3, mode: CyclicMode.ExpRange, gamma: 0.99),
        [nameof(OneCycleLR)] = o => new OneCycleLR(o, 0.2, totalSteps: Steps + 1),
        [nameof(ReduceLROnPlateau)] = o => new ReduceLROnPlateau(o, factor: 0.7, patience: 1, cooldown: 1),
        [nameof(SequentialLR)] = o => new SequentialLR(o, [new ConstantLR(o, 0.3, 4), new CosineAnnealingLR(o, 5), new ExponentialLR(o, 0.9)], [4, 12]),
        [nameof(ChainedScheduler)] = o => new ChainedScheduler([new LinearLR(o, 0.2, totalIters: 6), new StepLR(o, 4, 0.8)]),
    };

    private readonly ResumedNet _net;
    private readonly Optimizer _optimizer;
    private readonly LearningRateScheduler _scheduler;
    private readonly ExponentialMovingAverage _average;
    private readonly Dataset _data;

    public ResumedRun(string optimizer, string scheduler, long seed = 5, long shuffleSeed = 9)
    {
        _net = new ResumedNet(BatchSize, seed);
        _optimizer = Optimizers[optimizer](_net.Parameters);
        _optimizer.Groups[^1].LearningRate *= 0.5;
        _scheduler = Schedulers[scheduler](_optimizer);
        _average = new ExponentialMovingAverage(_net.Parameters, 0.9);
        Random random = new(3);
        float[] features = [.. Enumerable.Range(0, ((BatchesOfAnEpoch * BatchSize) - 3) * 6).Select(_ => (random.NextSingle() * 2) - 1)];
        int[] labels = [.. features.Chunk(6).Select(sample => sample[0] > 0 ? 0 : sample[1] > 0 ? 1 : 2)];
        _data = new Dataset(features, labels, 6) { ShuffleSeed = shuffleSeed };
    }

    public List<float> Losses { get; } = [];

    public void Save(string path) => Checkpoint.Save(path, _net, _optimizer, _scheduler, _average, _data);

    public void Load(string path) => Checkpoint.Load(path, _net, _optimizer, _scheduler, _average, _data);

    /// <summary>Trains to the end, or until so many steps have been taken.</summary>
    /// <param name="steps">How many.</param>
    /// <param name="afterStep">Called after each step, in the middle of an epoch.</param>
    public void Train(int steps = int.MaxValue, Action? afterStep = null)
    {
        for (int epoch = _data.Position.Epoch; epoch < Steps / BatchesOfAnEpoch; epoch++)
        {
            foreach (var (x, y) in _data.Batches(BatchSize, shuffle: true))
            {
                float[] features = x.ToArray();
                int[] labels = y.ToArray();
                float loss = _optimizer.Step(() =>
                {
                    _net.Parameters.ZeroGrad();
                    _net.Forward(features);
                    float loss = _net.Loss(labels);
                    _net.Backward();
                    return loss;
                });
                Losses.Add(loss);
                _average.Update();
                if (_scheduler is ReduceLROnPlateau plateau)
                {
                    plateau.Step(loss);
                }
                else
                {
                    ((EpochScheduler)_scheduler).Step();
                }

                afterStep?.Invoke();
                if (--steps == 0)
                {
                    return;
                }
            }
        }
    }

    /// <summary>All there is of the run, to the bit, but for its gradients.</summary>
    public byte[] Everything() => StateFile.Write(
        _net.RandomState, _net.Parameters.StateDict(), _optimizer.StateDict(), _scheduler.StateDict(), _average.StateDict(), _data.StateDict());

    /// <summary>The gradients, and which there are.</summary>
    public byte[] Gradients() =>
        [.. MemoryMarshal.AsBytes(_net.Parameters.Gradients), .. _net.Parameters.Select(parameter => (byte)(parameter.HasGradient ? 1 : 0))];

    private static Parameter[][] Layers(ParameterBlock parameters) => [[.. parameters.Submodule("fc1")], [.. parameters.Submodule("fc2")]];
}
