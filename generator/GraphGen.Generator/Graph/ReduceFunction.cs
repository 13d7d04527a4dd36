namespace GraphGen.Generator.Graph;

/// <summary>The functions that reduce many elements to one, a row each: all that the compiler knows of a reduction is in its row.</summary>
public sealed class ReduceFunction
{
    private ReduceFunction(string name, Derivative gradient)
    {
        Name = name;
        Gradient = gradient;
    }

    /// <summary>What flows to x from the gradient g of its reduction y over axes.</summary>
    public delegate Node Derivative(GraphBuilder graph, Node x, Node y, Node g, IReadOnlyList<int> axes);

    /// <summary>y = sum x: dx = g, repeated.</summary>
    public static ReduceFunction Sum { get; } = new("Sum", (graph, x, _, g, _) => graph.Broadcast(g, x.Shape))
    {
        Combine = (a, b) => a + b,
        Instruction = (a, b) => $"TIsa.Add({a}, {b})",
        Across = vector => $"TIsa.Sum({vector})",
        AcrossSlices = (parts, slices) => $"RowSlices.Sum<TVector, TIsa>({parts}, {slices})",
        Neutral = 0,
        IsRounded = true,
        SplitsWithGradient = true,
    };

    /// <summary>To the places that equal the maximum, shared evenly among them (torch.amax).</summary>
    public static ReduceFunction Max { get; } = new("Max", GradientOfMax)
    {
        Combine = Math.Max,
        Instruction = (a, b) => $"TIsa.Max({a}, {b})",
        Across = vector => $"TIsa.MaxAcross({vector})",
        AcrossSlices = (parts, slices) => $"RowSlices.Max({parts}, {slices})",
        Neutral = float.NegativeInfinity,
    };

    public string Name { get; }

    public Derivative Gradient { get; }

    /// <summary>What becomes of two numbers.</summary>
    public Func<double, double, double> Combine { get; private init; } = null!;

    /// <summary>The vector expression of the instruction that combines two vectors.</summary>
    public Func<string, string, string> Instruction { get; private init; } = null!;

    /// <summary>The expression that reduces the lanes of a vector to a float.</summary>
    public Func<string, string> Across { get; private init; } = null!;

    /// <summary>The expression that reduces the parts which slices of a row have left in memory to a float.</summary>
    public Func<string, string, string> AcrossSlices { get; private init; } = null!;

    /// <summary>What it is of no elements.</summary>
    public float Neutral { get; private init; }

    /// <summary>Whether each step is rounded. Then blocks of terms are reduced apart, and what rounding loses is kept (<c>CompensatedSum</c>).</summary>
    public bool IsRounded { get; private init; }

    /// <summary>Whether a reduction in two steps has the same gradient, so that it may be split before gradients are taken.</summary>
    public bool SplitsWithGradient { get; private init; }

    public override string ToString() => Name;

    private static Node GradientOfMax(GraphBuilder graph, Node x, Node y, Node g, IReadOnlyList<int> axes)
    {
        Node isMax = graph.Select(Comparison.Equal, x, graph.Broadcast(y, x.Shape), graph.Constant(1, x.Shape), graph.Constant(0, x.Shape));
        Node count = graph.Reduce(Sum, isMax, axes);
        return graph.Product(isMax, graph.Broadcast(graph.Quotient(g, count), x.Shape));
    }
}
