namespace GraphGen.Generator.Tests.Compiler.Gradients;

/// <summary>A small model whose gradients are checked.</summary>
/// <param name="Name">What is special about it.</param>
/// <param name="Arguments">The parameters of its forward method.</param>
/// <param name="Result">What the forward method returns.</param>
internal sealed record GradientCase(string Name, string Arguments, string Result)
{
    /// <summary>The class's other members: layers, parameters, the loss.</summary>
    public string Members { get; init; } = "";

    /// <summary>The range that all values are drawn from.</summary>
    public (double Low, double High) Range { get; init; } = (-1.5, 1.5);

    /// <summary>Class labels, repeated over the samples.</summary>
    public int[] Labels { get; init; } = [];

    public string Source => $$"""
        [Model]
        public partial class Net
        {
            {{Members}}

            [Forward]
            private Tensor Forward({{Arguments}}) => {{Result}};
        }
        """;

    public override string ToString() => Name;
}
