using GraphGen.Generator.Definition;

namespace GraphGen.Generator.Read;

/// <summary>
/// The attributes that layers, raw parameters and losses are declared with: their arguments in the order that calls list
/// them, and the values they have when the user leaves them out. Property initialisers are not in metadata, so the values
/// stand here a second time; a test reflects over the runtime library to prove that both agree.
/// </summary>
internal static class AttributeTable
{
    /// <summary>The loss whose attribute names a method.</summary>
    public const string TripletWithDistance = "TripletMarginWithDistanceLoss";

    /// <summary>The attributes on partial methods that are layers.</summary>
    public static readonly IReadOnlyDictionary<string, AttributeArgument[]> Layers = new Dictionary<string, AttributeArgument[]>
    {
        ["Linear"] = [new("outFeatures"), Number("inFeatures", 0), Number("bias", 1)],
        ["Conv2d"] =
        [
            new("outChannels"), Number("inChannels", 0), new("kernel"), Number("stride", 1), Number("padding", 0),
            Number("dilation", 1), Number("groups", 1), Number("bias", 1),
        ],
        ["Dropout"] = [Number("p", 0.5)],
    };

    /// <summary>The attribute on partial properties that are raw parameters.</summary>
    public static readonly IReadOnlyDictionary<string, AttributeArgument[]> Parameters = new Dictionary<string, AttributeArgument[]>
    {
        ["Parameter"] = [new("shape"), Number("init", 0)],
    };

    /// <summary>The attributes on partial methods that are losses.</summary>
    public static readonly IReadOnlyDictionary<string, LossSyntax> Losses = new Dictionary<string, LossSyntax>
    {
        ["L1Loss"] = new([Input, Target], [Reduction]),
        ["MSELoss"] = new([Input, Target], [Reduction]),
        ["SmoothL1Loss"] = new([Input, Target], [Number("beta", 1), Reduction]),
        ["HuberLoss"] = new([Input, Target], [Number("delta", 1), Reduction]),
        ["KLDivLoss"] = new([Input, Target], [Number("logTarget", 0), Reduction]),
        ["PoissonNLLLoss"] = new([Input, Target], [Number("logInput", 1), Number("full", 0), Number("eps", 1e-8), Reduction]),
        ["GaussianNLLLoss"] = new([Input, Target, new("var")], [Number("full", 0), Number("eps", 1e-6), Reduction]),
        ["CrossEntropyLoss"] = new([Input, new("target", Element: null), Weight], [Number("labelSmoothing", 0), Number("ignoreIndex", -100), None("weight"), Reduction]),
        ["NLLLoss"] = new([Input, Labels, Weight], [Number("ignoreIndex", -100), None("weight"), Reduction]),
        ["MultiMarginLoss"] = new([Input, Labels, Weight], [Number("p", 1), Number("margin", 1), None("weight"), Reduction]),
        ["MultiLabelMarginLoss"] = new([Input, Labels], [Reduction]),
        ["BCELoss"] = new([Input, Target, Weight], [None("weight"), Reduction]),
        ["BCEWithLogitsLoss"] = new([Input, Target, Weight, new("posWeight", IsOptional: true)], [None("weight"), None("posWeight"), Reduction]),
        ["SoftMarginLoss"] = new([Input, Target], [Reduction]),
        ["MultiLabelSoftMarginLoss"] = new([Input, Target, Weight], [None("weight"), Reduction]),
        ["HingeEmbeddingLoss"] = new([Input, Target], [Number("margin", 1), Reduction]),
        ["TripletMarginLoss"] = new([new("anchor"), new("positive"), new("negative")], [Number("margin", 1), Number("p", 2), Number("eps", 1e-6), Number("swap", 0), Reduction]),
        [TripletWithDistance] = new([new("anchor"), new("positive"), new("negative")], [None("distance"), Number("margin", 1), Number("swap", 0), Reduction]),
        ["MarginRankingLoss"] = new([new("input1"), new("input2"), Target], [Number("margin", 0), Reduction]),
        ["CosineEmbeddingLoss"] = new([new("input1"), new("input2"), Target], [Number("margin", 0), Reduction]),
    };

    private static LossOperand Input => new("input");

    private static LossOperand Target => new("target");

    private static LossOperand Labels => new("target", Element: "IntTensor");

    private static LossOperand Weight => new("weight", IsOptional: true);

    private static AttributeArgument Reduction => Number("reduction", 0);

    private static AttributeArgument None(string name) => new(name, new Operand.None());

    private static AttributeArgument Number(string name, double value) => new(name, new Operand.Number(value));
}

/// <summary>An argument of an attribute.</summary>
/// <param name="Name">Its camel-case name.</param>
/// <param name="Default">Its value when left out; <see langword="null"/> where it must be given.</param>
internal sealed record AttributeArgument(string Name, Operand? Default = null);

/// <summary>How a loss is declared by attribute.</summary>
/// <param name="Operands">The parameters of the method, in order; those that are optional are told by their names.</param>
/// <param name="Arguments">The arguments of the attribute.</param>
internal sealed record LossSyntax(LossOperand[] Operands, AttributeArgument[] Arguments)
{
    public IEnumerable<LossOperand> Required => Operands.Where(operand => !operand.IsOptional);

    /// <summary>What the loss is of, in words.</summary>
    public string Tensors
    {
        get
        {
            string[] names = [.. Required.Select(operand => operand.Name == "input" ? "an output" : operand.Name == "target" ? "a target" : $"'{operand.Name}'")];
            string[] optional = [.. Operands.Where(operand => operand.IsOptional).Select(operand => $"'{operand.Name}'")];
            return $"{string.Join(", ", names.Take(names.Length - 1))} and {names[names.Length - 1]}{(optional.Length == 0 ? "" : $", and optionally {string.Join(" and ", optional)}")}";
        }
    }

    /// <summary>The method as it is written: <c>Tensor Loss(Tensor output, [Shape(Batch)] IntTensor target)</c>.</summary>
    public string Write(string method, string output)
    {
        IEnumerable<string> operands = Required.Select((operand, i) =>
            i == 0 ? $"Tensor {(operand.Name == "input" ? output : operand.Name)}"
            : operand.Element == "Tensor" ? $"[Shape(Batch, ...)] Tensor {operand.Name}"
            : $"[Shape(Batch)] IntTensor {(operand.Name == "target" ? "labels" : operand.Name)}");
        return $"Tensor {method}({string.Join(", ", operands)})";
    }
}

/// <summary>A tensor that a loss takes.</summary>
/// <param name="Name">Its name in the catalog.</param>
/// <param name="Element">Its type, Tensor or IntTensor; <see langword="null"/> where it can be either.</param>
/// <param name="IsOptional">Whether it can be left out.</param>
internal sealed record LossOperand(string Name, string? Element = "Tensor", bool IsOptional = false);
