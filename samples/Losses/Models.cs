using GraphGen;
using static GraphGen.Dim;

namespace Losses;

// A model for each loss. What it predicts is what it is given, [n, 2].

[Model]
internal sealed partial class L1
{
    [Forward] private static Tensor Forward([Shape(Batch, 2)] Tensor prediction) => prediction;
    [L1Loss] private partial Tensor Loss(Tensor prediction, [Shape(Batch, 2)] Tensor target);
}

[Model]
internal sealed partial class MSE
{
    [Forward] private static Tensor Forward([Shape(Batch, 2)] Tensor prediction) => prediction;
    [MSELoss] private partial Tensor Loss(Tensor prediction, [Shape(Batch, 2)] Tensor target);
}

[Model]
internal sealed partial class SmoothL1
{
    [Forward] private static Tensor Forward([Shape(Batch, 2)] Tensor prediction) => prediction;
    [SmoothL1Loss] private partial Tensor Loss(Tensor prediction, [Shape(Batch, 2)] Tensor target);
}

[Model]
internal sealed partial class Huber
{
    [Forward] private static Tensor Forward([Shape(Batch, 2)] Tensor prediction) => prediction;
    [HuberLoss(Delta = 0.5)] private partial Tensor Loss(Tensor prediction, [Shape(Batch, 2)] Tensor target);
}

[Model]
internal sealed partial class PoissonNLL
{
    [Forward] private static Tensor Forward([Shape(Batch, 2)] Tensor prediction) => prediction;
    [PoissonNLLLoss] private partial Tensor Loss(Tensor prediction, [Shape(Batch, 2)] Tensor target);
}

[Model]
internal sealed partial class GaussianNLL
{
    [Forward] private static Tensor Forward([Shape(Batch, 2)] Tensor prediction) => prediction;
    [GaussianNLLLoss] private partial Tensor Loss(Tensor prediction, [Shape(Batch, 2)] Tensor target, [Shape(Batch, 2)] Tensor var);
}

[Model]
internal sealed partial class KLDiv
{
    [Forward] private static Tensor Forward([Shape(Batch, 2)] Tensor prediction) => prediction;
    [KLDivLoss(Reduction = Reduction.BatchMean)] private partial Tensor Loss(Tensor prediction, [Shape(Batch, 2)] Tensor target);
}

[Model]
internal sealed partial class CrossEntropy
{
    [Forward] private static Tensor Forward([Shape(Batch, 2)] Tensor prediction) => prediction;
    [CrossEntropyLoss] private partial Tensor Loss(Tensor prediction, [Shape(Batch)] IntTensor labels);
}

[Model]
internal sealed partial class NLL
{
    [Forward] private static Tensor Forward([Shape(Batch, 2)] Tensor prediction) => prediction;
    [NLLLoss] private partial Tensor Loss(Tensor prediction, [Shape(Batch)] IntTensor labels);
}

[Model]
internal sealed partial class MultiMargin
{
    [Forward] private static Tensor Forward([Shape(Batch, 2)] Tensor prediction) => prediction;
    [MultiMarginLoss] private partial Tensor Loss(Tensor prediction, [Shape(Batch)] IntTensor labels);
}

[Model]
internal sealed partial class MultiLabelMargin
{
    [Forward] private static Tensor Forward([Shape(Batch, 2)] Tensor prediction) => prediction;
    [MultiLabelMarginLoss] private partial Tensor Loss(Tensor prediction, [Shape(Batch, 2)] IntTensor labels);
}

[Model]
internal sealed partial class BCE
{
    [Forward] private static Tensor Forward([Shape(Batch, 2)] Tensor prediction) => prediction;
    [BCELoss] private partial Tensor Loss(Tensor prediction, [Shape(Batch, 2)] Tensor target);
}

[Model]
internal sealed partial class BCEWithLogits
{
    [Forward] private static Tensor Forward([Shape(Batch, 2)] Tensor prediction) => prediction;
    [BCEWithLogitsLoss] private partial Tensor Loss(Tensor prediction, [Shape(Batch, 2)] Tensor target);
}

[Model]
internal sealed partial class SoftMargin
{
    [Forward] private static Tensor Forward([Shape(Batch, 2)] Tensor prediction) => prediction;
    [SoftMarginLoss] private partial Tensor Loss(Tensor prediction, [Shape(Batch, 2)] Tensor target);
}

[Model]
internal sealed partial class MultiLabelSoftMargin
{
    [Forward] private static Tensor Forward([Shape(Batch, 2)] Tensor prediction) => prediction;
    [MultiLabelSoftMarginLoss] private partial Tensor Loss(Tensor prediction, [Shape(Batch, 2)] Tensor target);
}

[Model]
internal sealed partial class HingeEmbedding
{
    [Forward] private static Tensor Forward([Shape(Batch, 2)] Tensor prediction) => prediction;
    [HingeEmbeddingLoss] private partial Tensor Loss(Tensor prediction, [Shape(Batch, 2)] Tensor target);
}

[Model]
internal sealed partial class MarginRanking
{
    [Forward] private static Tensor Forward([Shape(Batch, 2)] Tensor prediction) => prediction;
    [MarginRankingLoss] private partial Tensor Loss(Tensor prediction, [Shape(Batch, 2)] Tensor other, [Shape(Batch, 2)] Tensor target);
}

[Model]
internal sealed partial class CosineEmbedding
{
    [Forward] private static Tensor Forward([Shape(Batch, 2)] Tensor prediction) => prediction;
    [CosineEmbeddingLoss] private partial Tensor Loss(Tensor prediction, [Shape(Batch, 2)] Tensor other, [Shape(Batch)] Tensor target);
}

[Model]
internal sealed partial class TripletMargin
{
    [Forward] private static Tensor Forward([Shape(Batch, 2)] Tensor prediction) => prediction;
    [TripletMarginLoss] private partial Tensor Loss(Tensor prediction, [Shape(Batch, 2)] Tensor positive, [Shape(Batch, 2)] Tensor negative);
}
