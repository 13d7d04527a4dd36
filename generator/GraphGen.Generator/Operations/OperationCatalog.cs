using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Operations;

/// <summary>
/// Every operation a user can write, by the name of its stub in <c>GraphGen.Ops</c>, its layer attribute or its loss
/// attribute. Each checks its operands' shapes and composes primitives; to add one, write it in one of the files beside
/// this one and name it here. Elementwise functions are here by their rows (<see cref="UnaryFunction"/>, <see cref="BinaryFunction"/>).
/// </summary>
internal static class OperationCatalog
{
    private static readonly Dictionary<string, Func<OperationContext, Node>> Compositions = new()
    {
        // Element by element
        ["Gelu"] = ElementwiseOperations.Gelu,
        ["Dropout"] = ElementwiseOperations.Dropout,
        ["Pow"] = PowerOperations.Pow,
        ["LeakyRelu"] = ActivationOperations.LeakyRelu,
        ["Elu"] = ActivationOperations.Elu,
        ["Silu"] = ActivationOperations.Silu,
        ["Hardtanh"] = ActivationOperations.Hardtanh,
        ["LogSigmoid"] = ActivationOperations.LogSigmoid,
        ["Softplus"] = ActivationOperations.Softplus,

        // Comparisons and what chooses by them
        ["Greater"] = ComparisonOperations.Greater,
        ["GreaterEqual"] = ComparisonOperations.GreaterEqual,
        ["Less"] = ComparisonOperations.Less,
        ["LessEqual"] = ComparisonOperations.LessEqual,
        ["Equal"] = ComparisonOperations.Equal,
        ["NotEqual"] = ComparisonOperations.NotEqual,
        ["Where"] = ComparisonOperations.Where,
        ["Sign"] = ComparisonOperations.Sign,
        ["Clamp"] = ComparisonOperations.Clamp,

        // Reductions
        ["Sum"] = ReductionOperations.Sum,
        ["Mean"] = ReductionOperations.Mean,
        ["Max"] = ReductionOperations.Max,
        ["Softmax"] = ReductionOperations.Softmax,
        ["LogSoftmax"] = ReductionOperations.LogSoftmax,
        ["LogSumExp"] = ReductionOperations.LogSumExp,

        // Distances
        ["Norm"] = DistanceOperations.Norm,
        ["PairwiseDistance"] = DistanceOperations.PairwiseDistance,
        ["CosineSimilarity"] = DistanceOperations.CosineSimilarity,

        // Movement
        ["Reshape"] = MovementOperations.Reshape,
        ["Flatten"] = MovementOperations.Flatten,
        ["Transpose"] = MovementOperations.Transpose,
        ["Permute"] = MovementOperations.Permute,

        // Parts of tensors, and tensors of parts
        ["Slice"] = PartOperations.Slice,
        ["Index"] = PartOperations.Index,
        ["Split"] = PartOperations.Split,
        ["Chunk"] = PartOperations.Chunk,
        ["Flip"] = PartOperations.Flip,
        ["Concat"] = JoinOperations.Concat,
        ["Stack"] = JoinOperations.Stack,
        ["Pad"] = JoinOperations.Pad,

        // Contractions and windows
        ["Parameter"] = ContractionOperations.Parameter,
        ["WeightOf"] = ParameterOperations.WeightOf,
        ["BiasOf"] = ParameterOperations.BiasOf,
        ["L1Penalty"] = ParameterOperations.L1Penalty,
        ["L2Penalty"] = ParameterOperations.L2Penalty,
        ["MatMul"] = ContractionOperations.MatMul,
        ["Einsum"] = EinsumOperations.Einsum,
        ["Linear"] = ContractionOperations.Linear,
        ["Conv2d"] = ConvolutionOperations.Conv2d,
        ["MaxPool2d"] = ConvolutionOperations.MaxPool2d,
        ["AvgPool2d"] = ConvolutionOperations.AvgPool2d,

        // Losses, by the names of torch.nn.functional's functions and of torch.nn's modules
        ["MseLoss"] = RegressionLosses.MeanSquaredError,
        ["MSELoss"] = RegressionLosses.MeanSquaredError,
        ["L1Loss"] = RegressionLosses.AbsoluteError,
        ["SmoothL1Loss"] = RegressionLosses.SmoothL1,
        ["HuberLoss"] = RegressionLosses.Huber,
        ["KlDiv"] = RegressionLosses.KullbackLeibler,
        ["KLDivLoss"] = RegressionLosses.KullbackLeibler,
        ["PoissonNllLoss"] = RegressionLosses.PoissonNegativeLogLikelihood,
        ["PoissonNLLLoss"] = RegressionLosses.PoissonNegativeLogLikelihood,
        ["GaussianNllLoss"] = RegressionLosses.GaussianNegativeLogLikelihood,
        ["GaussianNLLLoss"] = RegressionLosses.GaussianNegativeLogLikelihood,
        ["CrossEntropy"] = ClassificationLosses.CrossEntropy,
        ["CrossEntropyLoss"] = ClassificationLosses.CrossEntropy,
        ["NllLoss"] = ClassificationLosses.NegativeLogLikelihood,
        ["NLLLoss"] = ClassificationLosses.NegativeLogLikelihood,
        ["MultiMarginLoss"] = ClassificationLosses.MultiMargin,
        ["MultiLabelMarginLoss"] = ClassificationLosses.MultiLabelMargin,
        ["BinaryCrossEntropy"] = BinaryLosses.CrossEntropy,
        ["BCELoss"] = BinaryLosses.CrossEntropy,
        ["BinaryCrossEntropyWithLogits"] = BinaryLosses.CrossEntropyWithLogits,
        ["BCEWithLogitsLoss"] = BinaryLosses.CrossEntropyWithLogits,
        ["SoftMarginLoss"] = BinaryLosses.SoftMargin,
        ["MultiLabelSoftMarginLoss"] = BinaryLosses.MultiLabelSoftMargin,
        ["HingeEmbeddingLoss"] = BinaryLosses.HingeEmbedding,
        ["TripletMarginLoss"] = RankingLosses.TripletMargin,
        ["TripletMarginWithDistanceLoss"] = RankingLosses.TripletMarginWithDistance,
        ["MarginRankingLoss"] = RankingLosses.MarginRanking,
        ["CosineEmbeddingLoss"] = RankingLosses.CosineEmbedding,
    };

    public static IReadOnlyDictionary<string, Func<OperationContext, Node>> Operations { get; } =
        ElementwiseOperations.Functions.Concat(Compositions.Select(pair => (pair.Key, pair.Value))).ToDictionary(row => row.Item1, row => row.Item2);
}
