using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Operations;

/// <summary>
/// Every operation a user can write, by the name of its stub in <c>GraphGen.Ops</c>, its layer attribute or its loss
/// attribute. Each checks its operands' shapes and composes primitives; to add one, write it in one of the files beside
/// this one and name it here.
/// </summary>
internal static class OperationCatalog
{
    public static IReadOnlyDictionary<string, Func<OperationContext, Node>> Operations { get; } = new Dictionary<string, Func<OperationContext, Node>>
    {
        // Arithmetic and functions, element by element
        ["Add"] = ElementwiseOperations.Add,
        ["Subtract"] = ElementwiseOperations.Subtract,
        ["Multiply"] = ElementwiseOperations.Multiply,
        ["Divide"] = ElementwiseOperations.Divide,
        ["Negate"] = ElementwiseOperations.Negate,
        ["Maximum"] = ElementwiseOperations.Maximum,
        ["Minimum"] = ElementwiseOperations.Minimum,
        ["Exp"] = ElementwiseOperations.Exp,
        ["Log"] = ElementwiseOperations.Log,
        ["Sqrt"] = ElementwiseOperations.Sqrt,
        ["Abs"] = ElementwiseOperations.Abs,
        ["Tanh"] = ElementwiseOperations.Tanh,
        ["Sigmoid"] = ElementwiseOperations.Sigmoid,
        ["Relu"] = ElementwiseOperations.Relu,
        ["Gelu"] = ElementwiseOperations.Gelu,
        ["Dropout"] = ElementwiseOperations.Dropout,

        // Reductions
        ["Sum"] = ReductionOperations.Sum,
        ["Mean"] = ReductionOperations.Mean,
        ["Max"] = ReductionOperations.Max,
        ["Softmax"] = ReductionOperations.Softmax,
        ["LogSoftmax"] = ReductionOperations.LogSoftmax,

        // Movement
        ["Reshape"] = MovementOperations.Reshape,
        ["Flatten"] = MovementOperations.Flatten,
        ["Transpose"] = MovementOperations.Transpose,
        ["Permute"] = MovementOperations.Permute,

        // Contractions and windows
        ["Parameter"] = ContractionOperations.Parameter,
        ["MatMul"] = ContractionOperations.MatMul,
        ["Linear"] = ContractionOperations.Linear,
        ["Conv2d"] = ConvolutionOperations.Conv2d,
        ["MaxPool2d"] = ConvolutionOperations.MaxPool2d,
        ["AvgPool2d"] = ConvolutionOperations.AvgPool2d,

        // Losses
        ["CrossEntropy"] = LossOperations.CrossEntropy,
        ["CrossEntropyLoss"] = LossOperations.CrossEntropy,
        ["MseLoss"] = LossOperations.MeanSquaredError,
        ["MSELoss"] = LossOperations.MeanSquaredError,
        ["L1Loss"] = LossOperations.AbsoluteError,
    };
}
