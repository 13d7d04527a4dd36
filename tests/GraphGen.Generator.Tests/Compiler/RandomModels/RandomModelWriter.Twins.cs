namespace GraphGen.Generator.Tests.Compiler.RandomModels;

/// <content>Models that call one network twice and return several outputs.</content>
internal sealed partial class RandomModelWriter
{
    private string WriteTwins()
    {
        string first = WriteBody();
        string second = first.Replace("Tensor x", "Tensor y", StringComparison.Ordinal);
        string names = string.Join(", ", _values.Where(value => value.Name[0] == 'x').Select(value => value.Name));
        Value result = _values[^1];
        string shape = $"[Shape({Dims(result.Shape)})] Tensor target";
        string third = Pick("a * b", "Flatten(a)", "Exp(-Abs(b))", "x0", "Mean(a, -1, true)", "a", result.Shape.Length == 2 ? "Transpose(b, -1, -2)" : "Tanh(b)");
        string loss = Pick(
            $"[Loss] private Tensor Loss(Tensor c, Tensor a, Tensor b, {shape}) => MseLoss(a - b, target) + 0.1f * Mean(c * c)",
            $"[Loss] private Tensor Loss({shape}, Tensor b, Tensor a) => Mean(a * target) + 0.1f * Mean(b * b)",
            $"[L1Loss] private partial Tensor Loss(Tensor b, {shape})",
            $"[SmoothL1Loss(Reduction = Reduction.None)] private partial Tensor Loss(Tensor a, {shape})",
            $"[Loss(Unreduced = true)] private Tensor Loss(Tensor a, Tensor b, {shape}, Tensor c) => Mean(Flatten((a - target) * b), 1) + 0.1f * Sum(Flatten(c), 1)",
            "[Loss(Unreduced = true)] private Tensor Loss(Tensor a, Tensor b) => Tanh(a - b)");
        return $$"""
            [Model]
            public sealed partial class Net
            {
            {{_members}}
                [Forward]
                private (Tensor A, Tensor B, Tensor C) Forward({{first}}, {{second}})
                {
                    Tensor a = Body({{names}});
                    Tensor b = Body({{names.Replace('x', 'y')}});
                    return (a, b, {{third}});
                }

                private Tensor Body({{string.Join(", ", names.Split(", ").Select(name => $"Tensor {name}"))}})
                {
            {{_body}}        return {{result.Name}};
                }

                {{loss}};
            }
            """;
    }
}
