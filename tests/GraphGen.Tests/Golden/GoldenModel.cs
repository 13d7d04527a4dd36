using SeedNetwork;
using Xunit;

namespace GraphGen.Tests.Golden;

/// <summary>A generated model beside its golden file, with the file's weights in it.</summary>
internal sealed class GoldenModel
{
    private static readonly Dictionary<string, Func<int, ITestModel>> Constructors = new()
    {
        [nameof(ExpNet)] = maxBatch => new ExpNet(maxBatch),
        [nameof(ErfNet)] = maxBatch => new ErfNet(maxBatch),
        [nameof(SinNet)] = maxBatch => new SinNet(maxBatch),
        [nameof(CosNet)] = maxBatch => new CosNet(maxBatch),
        [nameof(LogNet)] = maxBatch => new LogNet(maxBatch),
        [nameof(SqrtNet)] = maxBatch => new SqrtNet(maxBatch),
        [nameof(TanhNet)] = maxBatch => new TanhNet(maxBatch),
        [nameof(SigmoidNet)] = maxBatch => new SigmoidNet(maxBatch),
        [nameof(GeluNet)] = maxBatch => new GeluNet(maxBatch),
        [nameof(GeluTanhNet)] = maxBatch => new GeluTanhNet(maxBatch),
        [nameof(ReluNet)] = maxBatch => new ReluNet(maxBatch),
        [nameof(AbsNet)] = maxBatch => new AbsNet(maxBatch),
        [nameof(MaximumNet)] = maxBatch => new MaximumNet(maxBatch),
        [nameof(MinimumNet)] = maxBatch => new MinimumNet(maxBatch),
        [nameof(ClampNet)] = maxBatch => new ClampNet(maxBatch),
        [nameof(ArithmeticNet)] = maxBatch => new ArithmeticNet(maxBatch),
        [nameof(BroadcastOuterNet)] = maxBatch => new BroadcastOuterNet(maxBatch),
        [nameof(BroadcastImageNet)] = maxBatch => new BroadcastImageNet(maxBatch),
        [nameof(TwoInputsNet)] = maxBatch => new TwoInputsNet(maxBatch),
        [nameof(SumLastNet)] = maxBatch => new SumLastNet(maxBatch),
        [nameof(SumMiddleNet)] = maxBatch => new SumMiddleNet(maxBatch),
        [nameof(SumDimsNet)] = maxBatch => new SumDimsNet(maxBatch),
        [nameof(MeanLastNet)] = maxBatch => new MeanLastNet(maxBatch),
        [nameof(MeanImageNet)] = maxBatch => new MeanImageNet(maxBatch),
        [nameof(MaxLastNet)] = maxBatch => new MaxLastNet(maxBatch),
        [nameof(MaxTiesNet)] = maxBatch => new MaxTiesNet(maxBatch),
        [nameof(MaxDimsNet)] = maxBatch => new MaxDimsNet(maxBatch),
        [nameof(LayerNormNet)] = maxBatch => new LayerNormNet(maxBatch),
        [nameof(SoftmaxNet)] = maxBatch => new SoftmaxNet(maxBatch),
        [nameof(SoftmaxMiddleNet)] = maxBatch => new SoftmaxMiddleNet(maxBatch),
        [nameof(LogSoftmaxNet)] = maxBatch => new LogSoftmaxNet(maxBatch),
        [nameof(LogSoftmaxMiddleNet)] = maxBatch => new LogSoftmaxMiddleNet(maxBatch),
        [nameof(MatMulNet)] = maxBatch => new MatMulNet(maxBatch),
        [nameof(MatMulWideNet)] = maxBatch => new MatMulWideNet(maxBatch),
        [nameof(MatMulSequenceNet)] = maxBatch => new MatMulSequenceNet(maxBatch),
        [nameof(MatMulLeftNet)] = maxBatch => new MatMulLeftNet(maxBatch),
        [nameof(MatMulBatchedNet)] = maxBatch => new MatMulBatchedNet(maxBatch),
        [nameof(MatMulTwoParametersNet)] = maxBatch => new MatMulTwoParametersNet(maxBatch),
        [nameof(AttentionNet)] = maxBatch => new AttentionNet(maxBatch),
        [nameof(MultiHeadNet)] = maxBatch => new MultiHeadNet(maxBatch),
        [nameof(ReshapeNet)] = maxBatch => new ReshapeNet(maxBatch),
        [nameof(FlattenNet)] = maxBatch => new FlattenNet(maxBatch),
        [nameof(TransposeNet)] = maxBatch => new TransposeNet(maxBatch),
        [nameof(PermuteNet)] = maxBatch => new PermuteNet(maxBatch),
        [nameof(SliceNet)] = maxBatch => new SliceNet(maxBatch),
        [nameof(RangesNet)] = maxBatch => new RangesNet(maxBatch),
        [nameof(FlipNet)] = maxBatch => new FlipNet(maxBatch),
        [nameof(PadNet)] = maxBatch => new PadNet(maxBatch),
        [nameof(ConcatNet)] = maxBatch => new ConcatNet(maxBatch),
        [nameof(ConcatLastNet)] = maxBatch => new ConcatLastNet(maxBatch),
        [nameof(StackNet)] = maxBatch => new StackNet(maxBatch),
        [nameof(StackLastNet)] = maxBatch => new StackLastNet(maxBatch),
        [nameof(SplitNet)] = maxBatch => new SplitNet(maxBatch),
        [nameof(ChunkNet)] = maxBatch => new ChunkNet(maxBatch),
        [nameof(ChunkUnevenNet)] = maxBatch => new ChunkUnevenNet(maxBatch),
        [nameof(EinsumAttentionNet)] = maxBatch => new EinsumAttentionNet(maxBatch),
        [nameof(EinsumBilinearNet)] = maxBatch => new EinsumBilinearNet(maxBatch),
        [nameof(EinsumHeadsNet)] = maxBatch => new EinsumHeadsNet(maxBatch),
        [nameof(EinsumImplicitNet)] = maxBatch => new EinsumImplicitNet(maxBatch),
        [nameof(SharedLayerNet)] = maxBatch => new SharedLayerNet(maxBatch),
        [nameof(NoBiasNet)] = maxBatch => new NoBiasNet(maxBatch),
        [nameof(ConvNet)] = maxBatch => new ConvNet(maxBatch),
        [nameof(ConvStrideNet)] = maxBatch => new ConvStrideNet(maxBatch),
        [nameof(ConvKernel5Net)] = maxBatch => new ConvKernel5Net(maxBatch),
        [nameof(ConvDilationNet)] = maxBatch => new ConvDilationNet(maxBatch),
        [nameof(ConvGroupsNet)] = maxBatch => new ConvGroupsNet(maxBatch),
        [nameof(ConvDepthwiseNet)] = maxBatch => new ConvDepthwiseNet(maxBatch),
        [nameof(Conv1x1Net)] = maxBatch => new Conv1x1Net(maxBatch),
        [nameof(ConvNoBiasNet)] = maxBatch => new ConvNoBiasNet(maxBatch),
        [nameof(ConvWideNet)] = maxBatch => new ConvWideNet(maxBatch),
        [nameof(ConvFunctionalNet)] = maxBatch => new ConvFunctionalNet(maxBatch),
        [nameof(ConvPoolNet)] = maxBatch => new ConvPoolNet(maxBatch),
        [nameof(ConvWinogradNet)] = maxBatch => new ConvWinogradNet(maxBatch),
        [nameof(ConvPoolOverlapNet)] = maxBatch => new ConvPoolOverlapNet(maxBatch),
        [nameof(ConvPoolPlainNet)] = maxBatch => new ConvPoolPlainNet(maxBatch),
        [nameof(ConvAvgPoolNet)] = maxBatch => new ConvAvgPoolNet(maxBatch),
        [nameof(MaxPoolTiesNet)] = maxBatch => new MaxPoolTiesNet(maxBatch),
        [nameof(MaxPoolPaddedNet)] = maxBatch => new MaxPoolPaddedNet(maxBatch),
        [nameof(AvgPoolPaddedNet)] = maxBatch => new AvgPoolPaddedNet(maxBatch),
        [nameof(AvgPoolUncountedNet)] = maxBatch => new AvgPoolUncountedNet(maxBatch),
        [nameof(ResidualNet)] = maxBatch => new ResidualNet(maxBatch),
        [nameof(CrossEntropyNet)] = maxBatch => new CrossEntropyNet(maxBatch),
        [nameof(CrossEntropySumNet)] = maxBatch => new CrossEntropySumNet(maxBatch),
        [nameof(CrossEntropySmoothNet)] = maxBatch => new CrossEntropySmoothNet(maxBatch),
        [nameof(CrossEntropyIgnoreNet)] = maxBatch => new CrossEntropyIgnoreNet(maxBatch),
        [nameof(CrossEntropyWeightNet)] = maxBatch => new CrossEntropyWeightNet(maxBatch),
        [nameof(CrossEntropyGivenWeightNet)] = maxBatch => new CrossEntropyGivenWeightNet(maxBatch),
        [nameof(CrossEntropyAllNet)] = maxBatch => new CrossEntropyAllNet(maxBatch),
        [nameof(CrossEntropyAllSumNet)] = maxBatch => new CrossEntropyAllSumNet(maxBatch),
        [nameof(MseNet)] = maxBatch => new MseNet(maxBatch),
        [nameof(MseSumNet)] = maxBatch => new MseSumNet(maxBatch),
        [nameof(L1Net)] = maxBatch => new L1Net(maxBatch),
        [nameof(L1SumNet)] = maxBatch => new L1SumNet(maxBatch),
        [nameof(CrossEntropyFunctionNet)] = maxBatch => new CrossEntropyFunctionNet(maxBatch),
        [nameof(PlainLossNet)] = maxBatch => new PlainLossNet(maxBatch),
        [nameof(RegularisedNet)] = maxBatch => new RegularisedNet(maxBatch),
        [nameof(HeadsNet)] = maxBatch => new HeadsNet(maxBatch),
        [nameof(TripletNet)] = maxBatch => new TripletNet(maxBatch),
        [nameof(UnreducedNet)] = maxBatch => new UnreducedNet(maxBatch),
        [nameof(Mlp)] = maxBatch => new Mlp(maxBatch),
        [nameof(FashionNetWithoutDropout)] = maxBatch => new FashionNetWithoutDropout(maxBatch),
        [nameof(NesterovNet)] = maxBatch => new NesterovNet(maxBatch),
        [nameof(RegressionNet)] = maxBatch => new RegressionNet(maxBatch),
        [nameof(SeedNet)] = maxBatch => new SeedNet(maxBatch),
    };

    private GoldenModel(GoldenFile file, ITestModel model)
    {
        File = file;
        Model = model;
        Parameters = model.Parameters;
    }

    /// <summary>Every golden case by name.</summary>
    internal static IEnumerable<string> Names => Constructors.Keys;

    internal GoldenFile File { get; }

    internal ITestModel Model { get; }

    internal ParameterBlock Parameters { get; }

    /// <summary>Constructs the model with room for the largest batch of its file, and gives it the file's weights.</summary>
    internal static GoldenModel Create(string name)
    {
        GoldenFile file = GoldenFile.Read(name);
        var model = new GoldenModel(file, Constructors[name](file.MaxBatch));
        Assert.Equal(file.Parameters.Length, model.Parameters.Count);
        model.ResetParameters();
        return model;
    }

    internal void ResetParameters()
    {
        for (int i = 0; i < Parameters.Count; i++)
        {
            Assert.Equal(File.Parameters[i].Name, Parameters[i].Name, ignoreCase: true);
            Assert.Equal(File.Parameters[i].Shape, Parameters[i].Shape.ToArray());
            File.DrawParameter(i, Parameters[i].Values);
        }
    }

    /// <summary>The training pass over samples <paramref name="first"/> and on; returns a copy of the output.</summary>
    internal float[] Forward(int batch, int first = 0) => Model.Forward(File.DrawInputs(batch, first)).ToArray();

    internal float[] Predict(int batch) => Model.Predict(File.DrawInputs(batch)).ToArray();

    /// <summary>The loss of the last pass, which was over the same samples.</summary>
    internal float Loss(int batch, int first = 0) => Model switch
    {
        ILabelModel model => model.Loss(File.DrawLabels(batch, first)),
        ITargetModel model => model.Loss(File.DrawTarget(batch, first)),
        IPlainLossModel model => model.Loss(),
        _ => throw new InvalidOperationException($"{File.Name} has no loss."),
    };

    internal float Evaluate(int batch) => Model switch
    {
        ILabelModel model => model.Evaluate(File.DrawInputs(batch), File.DrawLabels(batch)),
        ITargetModel model => model.Evaluate(File.DrawInputs(batch), File.DrawTarget(batch)),
        IPlainLossModel model => model.Evaluate(File.DrawInputs(batch)),
        _ => throw new InvalidOperationException($"{File.Name} has no loss."),
    };

    /// <summary>Forward, the loss where there is one, and backward, adding to the gradients.</summary>
    internal void Pass(int batch, int first = 0)
    {
        float[] output = Forward(batch, first);
        if (Model is ILossModel model)
        {
            Loss(batch, first);
            model.Backward();
        }
        else
        {
            Model.Backward(File.DrawOutputGradient(output.Length));
        }
    }

    /// <summary>The file's twenty steps of training; returns the losses.</summary>
    internal float[] Train()
    {
        GoldenTraining training = File.Training!;
        var optimizer = new SGD(
            Parameters,
            lr: training.Setting("lr"),
            momentum: training.Setting("momentum"),
            dampening: training.Setting("dampening"),
            weightDecay: training.Setting("weight_decay"),
            nesterov: training.Flag("nesterov"));
        var losses = new float[training.Losses.Length];
        for (int step = 0; step < losses.Length; step++)
        {
            optimizer.ZeroGrad();
            Forward(training.Batch, step * training.Batch);
            losses[step] = Loss(training.Batch, step * training.Batch);
            ((ILossModel)Model).Backward();
            optimizer.Step();
        }

        return losses;
    }

    /// <summary>Copies of all gradients, in order.</summary>
    internal float[][] Gradients() => [.. Parameters.Select(parameter => parameter.Gradients.ToArray())];
}
