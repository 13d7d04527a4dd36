using System.Text.Json;

namespace GraphGen.Generator.Tests.Compiler.Losses;

/// <summary>What PyTorch says of an expression (make_losses.py): its value, and its gradient by each argument.</summary>
/// <param name="Name">The loss, its arguments, its shape and reduction.</param>
/// <param name="Expression">The expression, one number.</param>
/// <param name="Arguments">Its float arguments; the first stands for the model's output.</param>
/// <param name="Labels">Its class labels, if it has any.</param>
/// <param name="Value">Its value.</param>
internal sealed record LossCase(string Name, string Expression, LossArgument[] Arguments, LossLabels? Labels, double Value)
{
    private static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static LossCase[] All { get; } =
        JsonSerializer.Deserialize<LossFile>(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "losses.json")), Options)!.Cases;

    public int Samples => Arguments[0].Shape[0];

    /// <summary>
    /// A model whose loss it is. Its input is [n, n], the unit matrix, and so its one weight is what the output is, transposed: the weight's
    /// gradient is the output's.
    /// </summary>
    public string Source(string name)
    {
        LossArgument output = Arguments[0];
        string targets = string.Concat(Arguments.Skip(1).Select(argument => $", {Declare(argument.Shape)} Tensor {argument.Name}"));
        string labels = Labels is null ? "" : $", {Declare(Labels.Shape)} IntTensor labels";
        string shape = string.Join(", ", output.Shape.Skip(1).Prepend(-1).Select(size => size < 0 ? "Batch" : $"{size}"));
        return $$"""
            [Model]
            public sealed partial class {{name}}
            {
                [Linear({{Samples}}, {{output.PerSample}}, Bias = false)] private partial Tensor Given(Tensor x);

                [Forward]
                private Tensor Forward([Shape(Batch, {{Samples}})] Tensor unit) => Reshape(Given(unit), {{shape}});

                [Loss]
                private Tensor Loss(Tensor {{output.Name}}{{targets}}{{labels}}) => {{Expression}};
            }
            """;
    }

    public override string ToString() => Name;

    private static string Declare(int[] shape) => $"[Shape({string.Join(", ", shape.Skip(1).Select(size => $"{size}").Prepend("Batch"))})]";
}

/// <summary>A float argument of a case.</summary>
/// <param name="Name">What the expression calls it.</param>
/// <param name="Shape">Its shape, the samples first.</param>
/// <param name="Values">Its values, row-major.</param>
/// <param name="Gradient">The gradient by it; <see langword="null"/> where PyTorch has none.</param>
/// <param name="IsDerivative">Whether that is the derivative: not at a corner, and not where a bound does not hold the gradient back.</param>
internal sealed record LossArgument(string Name, int[] Shape, double[] Values, double[]? Gradient, bool IsDerivative)
{
    public int PerSample => Shape.Skip(1).Aggregate(1, (product, size) => product * size);
}

/// <summary>Class labels of a case.</summary>
internal sealed record LossLabels(int[] Shape, int[] Values);

/// <summary>The file.</summary>
internal sealed record LossFile(LossCase[] Cases);
