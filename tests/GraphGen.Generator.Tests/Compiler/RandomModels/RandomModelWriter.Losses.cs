namespace GraphGen.Generator.Tests.Compiler.RandomModels;

/// <content>The losses: declared by attribute, or written with penalties and expressions of their own.</content>
internal sealed partial class RandomModelWriter
{
    private string WriteLoss()
    {
        switch (_random.Next(8))
        {
            case 0:
                return "";
            case 1 or 2 or 3:
                int classes = Classes();
                return _random.Next(2) == 0
                    ? $"    [CrossEntropyLoss({CrossEntropyOptions(classes, " = ")})] private partial Tensor Loss(Tensor output, [Shape(Batch)] IntTensor labels);"
                    : Written("[Shape(Batch)] IntTensor labels", $"CrossEntropy(output, labels{Comma(CrossEntropyOptions(classes, ": "))})");
            case 4 or 5:
                return $"    [{Pick("MSELoss", "L1Loss")}{Pick("", "(Reduction = Reduction.Sum)")}] private partial Tensor Loss(Tensor output, {Target()});";
            default:
                return Written(Target(), Pick(
                    "MseLoss(output, target)", "L1Loss(Tanh(output), target, Reduction.Sum) * 0.1f", "Mean(Log(1.5f + Abs(output - target)))",
                    "MseLoss(output, target) + 0.3f * L1Loss(output, target)", "Mean(output * target) + 0.1f * Max(output)",
                    "Sum(Sqrt(Sum((output - target) * (output - target), -1) + 0.1f)) * 0.05f"));
        }
    }

    /// <summary>Makes the last value [n, classes].</summary>
    private int Classes()
    {
        int classes = Pick(2, 3, 5, 10, 17, 33);
        Value x = _values[^1];
        string flat = x.Shape.Length == 1 ? x.Name : $"Flatten({x.Name})";
        Define(new Value($"{Layer($"Linear({classes})")}({flat})", [classes]));
        return classes;
    }

    private string CrossEntropyOptions(int classes, string assign)
    {
        bool isAttribute = assign == " = ";
        List<string> options = [];
        if (_random.Next(2) == 0)
        {
            options.Add($"{(isAttribute ? "LabelSmoothing" : "labelSmoothing")}{assign}{Pick("0.1f", "0.25f")}");
        }

        if (_random.Next(3) == 0)
        {
            options.Add($"{(isAttribute ? "IgnoreIndex" : "ignoreIndex")}{assign}{_random.Next(classes)}");
        }

        if (_random.Next(3) == 0)
        {
            options.Add($"{(isAttribute ? "Weight" : "weight")}{assign}new[] {{ {string.Join(", ", Enumerable.Range(0, classes).Select(_ => Number(0.25 + _random.NextDouble())))} }}");
        }

        if (_random.Next(3) == 0)
        {
            options.Add($"{(isAttribute ? "Reduction" : "reduction")}{assign}Reduction.{Pick("Sum", "Mean")}");
        }

        return string.Join(", ", options);
    }

    private string Written(string target, string value)
    {
        foreach (string parameter in _parameters.Where(_ => _random.Next(2) == 0))
        {
            value += $" + {Pick($"0.01f * Sum(Abs({parameter}))", $"0.1f * Mean({parameter} * {parameter})", $"0.05f * L1Loss({parameter}, -0.3f * {parameter}, Reduction.Sum)")}";
        }

        return $"    [Loss] private Tensor Loss(Tensor output, {target}) => {value};";
    }

    private string Target() => $"[Shape({Dims(_values[^1].Shape)})] Tensor target";

    private static string Comma(string options) => options.Length == 0 ? "" : ", " + options;
}
