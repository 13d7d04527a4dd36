namespace GraphGen.Generator.Tests.Compiler.Gradients;

/// <summary>
/// Every operation at odd sizes. Where an operation has a kink (relu at 0, ties of a maximum), the values drawn stay away
/// from it; what happens there is in <see cref="TieTests"/>.
/// </summary>
internal static partial class GradientCases
{
    private const string Vector = "[Shape(Batch, 7)] Tensor x";
    private const string Two = "[Shape(Batch, 3, 5)] Tensor x, [Shape(Batch, 3, 5)] Tensor y";
    private const string Cube = "[Shape(Batch, 3, 5)] Tensor x";
    private const string Image = "[Shape(Batch, 4, 7, 6)] Tensor x";

    public static IReadOnlyList<GradientCase> All { get; } =
    [
        .. Arithmetic(),
        .. Functions(),
        .. Reductions(),
        .. Movement(),
        .. Parts(),
        .. Joins(),
        .. Equations(),
        .. Contractions(),
        .. Windows(),
        .. Losses(),
    ];

    private static IEnumerable<GradientCase> Arithmetic() =>
    [
        new("sum", Two, "x + y"),
        new("difference", Two, "x - y"),
        new("product", Two, "x * y"),
        new("square as a product with itself", Cube, "x * x"),
        new("quotient", Two, "x / y") { Range = (0.5, 2) },
        new("negation", Cube, "-x"),
        new("numbers on either side", Cube, "2f / (x * 3f + 1.5f) - (1f - x) / 4f") { Range = (0.5, 2) },
        new("numbers of any type on either side", Cube, "2.5 / (x * 3 + 1.1) - (0.7 - x) / 4L + Maximum(x, 0.301)") { Range = (0.5, 2) },
        new("maximum", Two, "Maximum(x, y)"),
        new("minimum", Two, "Minimum(x, y)"),
        new("maximum with a number", Cube, "Maximum(x, 0.301f) + Minimum(x, -0.207f)"),
        new("broadcast of a row", Cube, "x * A") { Members = Parameter("A", 5) },
        new("broadcast of a column", Cube, "x - A") { Members = Parameter("A", 3, 1) },
        new("broadcast over the batch", Cube, "x / A") { Members = Parameter("A", 1, 3, 5), Range = (0.5, 2) },
        new("broadcast of both operands", "[Shape(Batch, 1, 5)] Tensor x, [Shape(Batch, 3, 1)] Tensor y", "x * y"),
        new("broadcast of one number", Cube, "x * A + B") { Members = Parameter("A", 1) + Parameter("B", 1, 1) },
        new("broadcast of both to new sizes", "[Shape(Batch, 1, 3)] Tensor x", "(x + A) * (x - A)") { Members = Parameter("A", 5, 1) },
        new("maximum with a broadcast operand", Cube, "Maximum(x, A)") { Members = Parameter("A", 3, 1) },
    ];

    private static IEnumerable<GradientCase> Functions() =>
    [
        .. from function in new[] { "Exp", "Abs", "Tanh", "Sigmoid", "Erf", "Sin", "Cos", "Relu", "Gelu" } select new GradientCase(function, Vector, $"{function}(x)"),
        .. from function in new[] { "Log", "Sqrt" } select new GradientCase(function, Vector, $"{function}(x)") { Range = (0.2, 3) },
        new("Gelu by tanh", Vector, "Gelu(x, tanh: true)"),
        new("functions of functions", Vector, "Tanh(Exp(Sigmoid(x) * 2f) - Gelu(x)) * Relu(x)"),
        new("Dropout", Vector, "Dropout(x, 0.4f) * x"),
        new("Dropout of nothing", Vector, "Dropout(x, 0f)"),
        new("Dropout of everything", Vector, "Dropout(x, 1f) + x"),
        new("Dropout as a layer, twice", Vector, "Drop(Drop(x) * x)") { Members = "[Dropout(0.3f)] private partial Tensor Drop(Tensor x);" },
    ];

    private static IEnumerable<GradientCase> Reductions() =>
    [
        .. from function in new[] { "Sum", "Mean", "Max" }
           from arguments in new[] { "", ", 0, true", ", 1", ", 2", ", -1, true", ", new[] { 1, 2 }, true", ", new[] { 0, 2 }, true", ", new[] { 0, 1, 2 }" }
           select new GradientCase($"{function}(x{arguments})", Cube, Shaped($"{function}(Exp(x){arguments})", arguments)),
        new("a mean of means", Cube, "x - Mean(Mean(x * x, 0, true), 2, true)"),
        new("Softmax", Cube, "Softmax(x)"),
        new("Softmax over a middle axis", Cube, "Softmax(x, 1)"),
        new("Softmax over the batch", Cube, "Softmax(x * 2f, 0)"),
        new("LogSoftmax", Cube, "LogSoftmax(x)"),
        new("LogSoftmax over a middle axis", Cube, "LogSoftmax(x, -2)"),
        new("layer norm", Cube, "(x - Mean(x, 2, true)) / Sqrt(Mean((x - Mean(x, 2, true)) * (x - Mean(x, 2, true)), 2, true) + 0.01f)"),
    ];

    private static IEnumerable<GradientCase> Movement() =>
    [
        new("Reshape", Cube, "Reshape(x, Batch, 5, 3) * A") { Members = Parameter("A", 5, 3) },
        new("Reshape of each sample to what it has", Cube, "Reshape(x, Batch, -1) * A") { Members = Parameter("A", 15) },
        new("Reshape of each sample to rows", Image, "Reshape(x, Batch, -1, 6) * A") { Members = Parameter("A", 28, 1) },
        new("Reshape of samples to rows and back", Cube, "Reshape(Softmax(Reshape(x, -1, 5)), -1, 15)"),
        new("Flatten", Image, "Flatten(x) * Flatten(x)"),
        new("Flatten of the middle", Image, "Flatten(x, 1, 2) * A") { Members = Parameter("A", 28, 1) },
        new("Transpose", Cube, "Transpose(x, 1, 2) * A") { Members = Parameter("A", 5, 3) },
        new("Permute", Image, "Permute(x, 0, 3, 1, 2) * A") { Members = Parameter("A", 6, 4, 7) },
        new("Permute of a parameter", Image, "x * Permute(A, 2, 0, 1)") { Members = Parameter("A", 7, 6, 4) },
        new("Reshape of a Transpose", Cube, "Reshape(Transpose(x, 1, 2), Batch, 3, 5) * x"),
        new("Transpose of a Reshape of a Transpose", Image, "Transpose(Reshape(Transpose(x, 1, 3), Batch, 42, 4), 1, 2) * A") { Members = Parameter("A", 4, 42) },
    ];

    private static IEnumerable<GradientCase> Contractions() =>
    [
        new("MatMul with a parameter", Vector, "MatMul(x, A)") { Members = Parameter("A", 7, 3) },
        new("MatMul of rows", Cube, "MatMul(x, A)") { Members = Parameter("A", 5, 2) },
        new("MatMul of a transposed parameter", Vector, "MatMul(x, Transpose(A, 0, 1))") { Members = Parameter("A", 3, 7) },
        new("batched MatMul", "[Shape(Batch, 3, 5)] Tensor x, [Shape(Batch, 5, 2)] Tensor y", "MatMul(x, y)"),
        new("batched MatMul with itself transposed", Cube, "MatMul(x, Transpose(x, 1, 2))"),
        new("batched MatMul of transposed operands", "[Shape(Batch, 5, 3)] Tensor x, [Shape(Batch, 2, 5)] Tensor y", "MatMul(Transpose(x, 1, 2), Transpose(y, 1, 2))"),
        new("MatMul of a parameter from the left", Cube, "MatMul(A, x)") { Members = Parameter("A", 2, 3) },
        new("MatMul of broadcast matrices", "[Shape(Batch, 1, 3, 5)] Tensor x", "MatMul(x, A)") { Members = Parameter("A", 2, 5, 4) },
        new("Linear", Vector, "Fc(x)") { Members = Linear("Fc", "3") },
        new("Linear without bias, sizes given", Vector, "Fc(x)") { Members = Linear("Fc", "7, 3, Bias = false") },
        new("Linear on rows, used twice", Cube, "Fc(Tanh(Fc(x)))") { Members = Linear("Fc", "5") },
        new("attention", Cube, "MatMul(Softmax(MatMul(Q(x), Transpose(K(x), 1, 2)) * 0.5f), V(x))")
        {
            Members = Linear("Q", "4") + Linear("K", "4") + Linear("V", "2"),
        },
        new("attention of heads", Cube, "O(Reshape(Transpose(MatMul(Softmax(MatMul(Transpose(Reshape(Q(x), Batch, 3, 2, 4), 1, 2), Permute(Reshape(K(x), Batch, 3, 2, 4), 0, 2, 3, 1)) * 0.5f), Transpose(Reshape(V(x), Batch, 3, 2, 4), 1, 2)), 1, 2), Batch, 3, 8))")
        {
            Members = Linear("Q", "8") + Linear("K", "8") + Linear("V", "8") + Linear("O", "5"),
        },
    ];

    private static IEnumerable<GradientCase> Windows() =>
    [
        new("Conv2d", Image, "Conv(x)") { Members = Conv("3, Kernel = 3") },
        new("Conv2d without bias, sizes given", Image, "Conv(x)") { Members = Conv("4, 3, Kernel = 2, Bias = false") },
        new("Conv2d with stride and padding", Image, "Conv(x)") { Members = Conv("3, Kernel = 3, Stride = 2, Padding = 1") },
        new("Conv2d with dilation", Image, "Conv(x)") { Members = Conv("2, Kernel = 3, Dilation = 2, Padding = 2") },
        new("Conv2d in groups", Image, "Conv(x)") { Members = Conv("6, Kernel = 3, Groups = 2, Padding = 1") },
        new("Conv2d by depth", Image, "Conv(x)") { Members = Conv("4, Kernel = 3, Groups = 4, Stride = 2") },
        new("Conv2d of single pixels", Image, "Conv(x)") { Members = Conv("3, Kernel = 1, Stride = 3") },
        new("Conv2d as a function", Image, "Conv2d(x, A, stride: 2, padding: 1, dilation: 2, groups: 2)") { Members = Parameter("A", 4, 2, 2, 3) },
        new("Conv2d as a function, with bias", Image, "Conv2d(x, A, B)") { Members = Parameter("A", 3, 4, 3, 2) + Parameter("B", 3) },
        new("MaxPool2d", Image, "MaxPool2d(x, 2)"),
        new("MaxPool2d of overlapping padded windows", Image, "MaxPool2d(x, 3, 2, 1)"),
        new("AvgPool2d", Image, "AvgPool2d(x, 2)"),
        new("AvgPool2d of overlapping padded windows", Image, "AvgPool2d(x, 3, 2, 1)"),
        new("AvgPool2d without the padding", Image, "AvgPool2d(x, 3, 2, 1, countIncludePad: false)"),
        new("convolution, bias, relu, pooling", Image, "MaxPool2d(Relu(Conv(x)), 2)") { Members = Conv("3, Kernel = 3, Padding = 1") },
        new("two convolutions and a head", Image, "Fc(Flatten(AvgPool2d(Tanh(Next(MaxPool2d(Sigmoid(Conv(x)), 2))), 2)))")
        {
            Members = Conv("3, Kernel = 2") + "[Conv2d(2, Kernel = 2, Padding = 1)] private partial Tensor Next(Tensor x);" + Linear("Fc", "3"),
        },
    ];

    private static IEnumerable<GradientCase> Losses() =>
    [
        .. from options in new[]
           {
               "", "LabelSmoothing = 0.1f", "Reduction = Reduction.Sum", "IgnoreIndex = 3", "LabelSmoothing = 0.2f, IgnoreIndex = 0",
               "Weight = new[] { 0.5f, 2f, 1f, 0.25f, 3f }", "Weight = new[] { 0.5f, 2f, 1f, 0.25f, 3f }, LabelSmoothing = 0.3f, IgnoreIndex = 3",
           }
           select new GradientCase($"CrossEntropyLoss({options})", "[Shape(Batch, 5)] Tensor x", "x")
           {
               Members = $"[CrossEntropyLoss({options})] private partial Tensor Loss(Tensor logits, [Shape(Batch)] IntTensor labels);",
               Labels = [4, 3, 0, 2],
           },
        .. from loss in new[] { "MSELoss", "L1Loss", "MSELoss(Reduction = Reduction.Sum)", "L1Loss(Reduction = Reduction.Sum)" }
           select new GradientCase(loss, Cube, "x * 2f") { Members = $"[{loss}] private partial Tensor Loss(Tensor output, [Shape(Batch, 3, 5)] Tensor target);" },
        .. from options in new[] { "", "IgnoreIndex = 3", "Weight = new[] { 0.5f, 2f, 1f, 0.25f, 3f }" }
           select new GradientCase($"NLLLoss({options})", "[Shape(Batch, 5)] Tensor x", "LogSoftmax(x, 1)")
           {
               Members = $"[NLLLoss({options})] private partial Tensor Loss(Tensor output, [Shape(Batch)] IntTensor labels);",
               Labels = [4, 3, 0, 2],
           },
        .. from options in new[] { "", "P = 2, Margin = 0.5, Weight = new[] { 0.5f, 2f, 1f, 0.25f, 3f }" }
           select new GradientCase($"MultiMarginLoss({options})", "[Shape(Batch, 5)] Tensor x", "x")
           {
               Members = $"[MultiMarginLoss({options})] private partial Tensor Loss(Tensor output, [Shape(Batch)] IntTensor labels);",
               Labels = [4, 3, 0, 2],
           },
        new("MultiLabelMarginLoss", "[Shape(Batch, 5)] Tensor x", "x")
        {
            Members = "[MultiLabelMarginLoss] private partial Tensor Loss(Tensor output, [Shape(Batch, 5)] IntTensor labels);",
            Labels = [4, 3, -1, 2, -1, 1, 0, 2, -1, -1],
        },
        .. from loss in new[] { "SmoothL1Loss(Beta = 0.7)", "HuberLoss(Delta = 0.7, Reduction = Reduction.Sum)", "BCEWithLogitsLoss(PosWeight = new[] { 1f, 2f, 3f, 4f, 5f })", "SoftMarginLoss", "MultiLabelSoftMarginLoss", "PoissonNLLLoss", "HingeEmbeddingLoss(Margin = 0.33)" }
           select new GradientCase(loss, Cube, "x") { Members = $"[{loss}] private partial Tensor Loss(Tensor output, [Shape(Batch, 3, 5)] Tensor target);" },
        .. from loss in new[] { "BCELoss(Weight = new[] { 1f, 2f, 3f, 4f, 5f })", "KLDivLoss(Reduction = Reduction.BatchMean)", "KLDivLoss(LogTarget = true)", "PoissonNLLLoss(LogInput = false, Eps = 0.1)" }
           select new GradientCase(loss, Cube, "x")
           {
               Members = $"[{loss}] private partial Tensor Loss(Tensor output, [Shape(Batch, 3, 5)] Tensor target);",
               Range = (0.1, 0.9),
           },
        new("BCELoss with weights of the batch", Cube, "x")
        {
            Members = "[BCELoss] private partial Tensor Loss(Tensor output, [Shape(Batch, 3, 5)] Tensor target, [Shape(Batch, 1, 5)] Tensor weight);",
            Range = (0.1, 0.9),
        },
        new("GaussianNLLLoss", Cube, "x")
        {
            Members = "[GaussianNLLLoss(Full = true)] private partial Tensor Loss(Tensor output, [Shape(Batch, 3, 5)] Tensor target, [Shape(Batch, 3, 1)] Tensor var);",
            Range = (0.3, 2),
        },
        new("TripletMarginLoss", Vector, "x")
        {
            Members = "[TripletMarginLoss(Margin = 2, Swap = true)] private partial Tensor Loss(Tensor anchor, [Shape(Batch, 7)] Tensor positive, [Shape(Batch, 7)] Tensor negative);",
        },
        new("MarginRankingLoss", Vector, "x")
        {
            Members = "[MarginRankingLoss(Margin = 0.3)] private partial Tensor Loss(Tensor output, [Shape(Batch, 7)] Tensor input2, [Shape(Batch, 7)] Tensor target);",
        },
        new("CosineEmbeddingLoss", Vector, "x")
        {
            Members = "[CosineEmbeddingLoss(Margin = -0.9)] private partial Tensor Loss(Tensor output, [Shape(Batch, 7)] Tensor input2, [Shape(Batch)] Tensor target);",
        },
        new("CrossEntropyLoss of probabilities", "[Shape(Batch, 5)] Tensor x", "x")
        {
            Members = "[CrossEntropyLoss(LabelSmoothing = 0.2)] private partial Tensor Loss(Tensor logits, [Shape(Batch, 5)] Tensor probabilities);",
            Range = (0.1, 0.9),
        },
        new("CrossEntropyLoss of pixels", "[Shape(Batch, 3, 2, 2)] Tensor x", "x")
        {
            Members = "[CrossEntropyLoss(IgnoreIndex = 1)] private partial Tensor Loss(Tensor logits, [Shape(Batch, 2, 2)] IntTensor labels);",
            Labels = [2, 1, 0, 0, 2, 1, 1],
        },
        new("CrossEntropy with a penalty", Vector, "Fc(x)")
        {
            Members = Linear("Fc", "4") + Parameter("A", 3, 4) + Loss(
                "[Shape(Batch)] IntTensor labels", "CrossEntropy(output, labels, 0.1f, weight: new[] { 1f, 2f, 0.5f, 1f }) + 0.01f * Sum(Abs(A)) + Mean(A * A)"),
            Labels = [1, 3, 0],
        },
        new("WeightOf and BiasOf in a loss", Vector, "Fc(x)")
        {
            Members = Linear("Fc", "4") + Loss(
                "[Shape(Batch, 4)] Tensor target", "MseLoss(output, target) + 0.1 * Sum(Abs(WeightOf(nameof(Fc)))) + Sum(BiasOf(nameof(Fc)) * BiasOf(nameof(Fc)))"),
        },
        new("a weight used again", Vector, "MatMul(Fc(x), WeightOf(nameof(Fc)))") { Members = Linear("Fc", "4") },
        new("L1Penalty and L2Penalty", Vector, "Fc(x) * A")
        {
            Members = Linear("Fc", "4") + Parameter("A", 4) + Loss("[Shape(Batch, 4)] Tensor target", "MseLoss(output, target) + 0.1 * L1Penalty() + 0.2 * L2Penalty()"),
        },
        new("MseLoss and L1Loss in one", Vector, "Fc(x)")
        {
            Members = Linear("Fc", "4") + Loss("[Shape(Batch, 4)] Tensor target", "MseLoss(Tanh(output), target) + 0.3f * L1Loss(output, target, Reduction.Sum)"),
        },
        new("a loss nobody has thought of", Vector, "x")
        {
            Members = Loss("[Shape(Batch, 7)] Tensor target", "Mean(Log(1.5f + Abs(output - target) * Exp(-output)))"),
        },
    ];

    /// <summary>What is left of a reduction, multiplied by the whole again: the batch must come first in a model's output.</summary>
    private static string Shaped(string reduced, string arguments) => arguments switch
    {
        ", 1" => $"x * Reshape({reduced}, Batch, 1, 5)",
        ", 2" => $"x * Reshape({reduced}, Batch, 3, 1)",
        _ => $"x * {reduced}",
    };

    private static string Parameter(string name, params int[] shape) => $"[Parameter({string.Join(", ", shape)})] private partial Tensor {name} {{ get; }} ";

    private static string Linear(string name, string arguments) => $"[Linear({arguments})] private partial Tensor {name}(Tensor x); ";

    private static string Conv(string arguments) => $"[Conv2d({arguments})] private partial Tensor Conv(Tensor x); ";

    private static string Loss(string target, string value) => $"[Loss] private Tensor Loss(Tensor output, {target}) => {value};";
}
