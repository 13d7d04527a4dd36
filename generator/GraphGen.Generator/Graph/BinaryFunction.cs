namespace GraphGen.Generator.Graph;

/// <summary>The functions of two elements, a row each: all that the compiler knows of a function is in its row.</summary>
public sealed class BinaryFunction
{
    private static readonly List<BinaryFunction> Rows = [];

    private BinaryFunction(string name, Func<double, double, double> value, Func<string, string, string> instruction, Derivative gradient)
    {
        Name = name;
        Value = value;
        Instruction = instruction;
        Gradient = gradient;
        Rows.Add(this);
    }

    /// <summary>What flows to a and to b from the gradient g of y = f(a, b).</summary>
    public delegate (Node A, Node B) Derivative(GraphBuilder graph, Node a, Node b, Node y, Node g);

    public static BinaryFunction Add { get; } = new("Add", (a, b) => a + b, (a, b) => $"TIsa.Add({a}, {b})", (_, _, _, _, g) => (g, g))
    {
        Symbol = "+",
        LeftIdentity = 0,
        RightIdentity = 0,
    };

    public static BinaryFunction Subtract { get; } = new(
        "Subtract", (a, b) => a - b, (a, b) => $"TIsa.Subtract({a}, {b})", (graph, _, _, _, g) => (g, graph.Unary(UnaryFunction.Negate, g)))
    {
        Symbol = "-",
        RightIdentity = 0,
    };

    /// <summary>d(a b) = b da + a db.</summary>
    public static BinaryFunction Multiply { get; } = new(
        "Multiply", (a, b) => a * b, (a, b) => $"TIsa.Multiply({a}, {b})", (graph, a, b, _, g) => (graph.Product(g, b), graph.Product(g, a)))
    {
        Symbol = "*",
        LeftIdentity = 1,
        RightIdentity = 1,
    };

    /// <summary>d(a / b) = da / b - (a / b) / b db.</summary>
    public static BinaryFunction Divide { get; } = new("Divide", (a, b) => a / b, (a, b) => $"TIsa.Divide({a}, {b})", GradientOfQuotient) { Symbol = "/", RightIdentity = 1 };

    public static BinaryFunction Maximum { get; } = new(
        "Maximum", Math.Max, (a, b) => $"TIsa.Max({a}, {b})", (graph, a, b, _, g) => GradientOfOne(graph, a, b, g, larger: b, smaller: a));

    public static BinaryFunction Minimum { get; } = new(
        "Minimum", Math.Min, (a, b) => $"TIsa.Min({a}, {b})", (graph, a, b, _, g) => GradientOfOne(graph, a, b, g, larger: a, smaller: b));

    public static IReadOnlyList<BinaryFunction> All => Rows;

    /// <summary>Its name in <c>Ops</c>, or that of C#'s operator.</summary>
    public string Name { get; }

    /// <summary>C#'s operator for it, if there is one.</summary>
    public string? Symbol { get; private init; }

    /// <summary>What it is of two numbers.</summary>
    public Func<double, double, double> Value { get; }

    /// <summary>The vector expression of the instruction that computes it.</summary>
    public Func<string, string, string> Instruction { get; }

    public Derivative Gradient { get; }

    /// <summary>The number i with f(i, x) = x for every x, if there is one.</summary>
    public float? LeftIdentity { get; private init; }

    /// <summary>The number i with f(x, i) = x for every x, if there is one.</summary>
    public float? RightIdentity { get; private init; }

    public override string ToString() => Name;

    private static (Node A, Node B) GradientOfQuotient(GraphBuilder graph, Node a, Node b, Node y, Node g)
    {
        Node da = graph.Quotient(g, b);
        return (da, graph.Unary(UnaryFunction.Negate, graph.Product(da, y)));
    }

    /// <summary>
    /// The gradient of a function that takes one of its operands. The other has none; equals share it, and where one is NaN, each gets all
    /// of it, as in PyTorch.
    /// </summary>
    /// <param name="graph">The graph.</param>
    /// <param name="a">The first operand.</param>
    /// <param name="b">The second operand.</param>
    /// <param name="g">The gradient of the result.</param>
    /// <param name="larger">The operand that is the larger where b is taken.</param>
    /// <param name="smaller">The other.</param>
    private static (Node A, Node B) GradientOfOne(GraphBuilder graph, Node a, Node b, Node g, Node larger, Node smaller)
    {
        Node zero = graph.Constant(0, g.Shape);
        Node shared = graph.Select(Comparison.Equal, a, b, graph.Product(g, 0.5f), g);
        return (graph.Select(Comparison.Greater, larger, smaller, zero, shared), graph.Select(Comparison.Greater, smaller, larger, zero, shared));
    }
}
