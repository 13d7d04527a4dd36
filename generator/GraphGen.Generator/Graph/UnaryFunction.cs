namespace GraphGen.Generator.Graph;

/// <summary>
/// The functions of one element, a row each: all that the compiler knows of a function is in its row. To add one, write its row, its loop
/// in <c>SimdMath</c> if no instruction computes it, and its stub in <c>Ops</c>, by which name users call it.
/// </summary>
public sealed class UnaryFunction
{
    private static readonly List<UnaryFunction> Rows = [];

    private UnaryFunction(string name, Func<double, double> value, Derivative gradient)
    {
        Name = name;
        Value = value;
        Gradient = gradient;
        Rows.Add(this);
    }

    /// <summary>What flows to x from the gradient g of y = f(x); <see langword="null"/> where nothing does.</summary>
    public delegate Node? Derivative(GraphBuilder graph, Node x, Node y, Node g);

    public static UnaryFunction Negate { get; } = new("Negate", x => -x, (graph, _, _, g) => graph.Unary(Negate!, g)) { Instruction = x => $"TIsa.Negate({x})" };

    /// <summary>d exp x = exp x.</summary>
    public static UnaryFunction Exp { get; } = new("Exp", Math.Exp, (graph, _, y, g) => graph.Product(g, y)) { Cost = 18 };

    /// <summary>d log x = 1 / x.</summary>
    public static UnaryFunction Log { get; } = new("Log", Math.Log, (graph, x, _, g) => graph.Quotient(g, x)) { Cost = 32 };

    /// <summary>d sqrt x = 1 / (2 sqrt x).</summary>
    public static UnaryFunction Sqrt { get; } = new("Sqrt", Math.Sqrt, (graph, _, y, g) => graph.Quotient(graph.Product(g, 0.5f), y))
    {
        Instruction = x => $"TIsa.Sqrt({x})",
    };

    /// <summary>d tanh x = 1 - tanh² x.</summary>
    public static UnaryFunction Tanh { get; } = new("Tanh", Math.Tanh, (graph, _, y, g) => graph.Product(g, graph.Difference(One(graph, y), graph.Product(y, y))))
    {
        Cost = 30,
        KeepsOrder = true,
    };

    /// <summary>d sigmoid x = s (1 - s).</summary>
    public static UnaryFunction Sigmoid { get; } = new(
        "Sigmoid", x => 1 / (1 + Math.Exp(-x)), (graph, _, y, g) => graph.Product(g, graph.Product(y, graph.Difference(One(graph, y), y))))
    {
        Cost = 21,
        KeepsOrder = true,
    };

    /// <summary>d erf x = 2 / √π exp(-x²).</summary>
    public static UnaryFunction Erf { get; } = new(
        "Erf", ErrorFunction, (graph, x, _, g) => graph.Product(g, graph.Product(graph.Unary(Exp, graph.Unary(Negate, graph.Product(x, x))), 1.1283791671f)))
    {
        Cost = 25,
    };

    /// <summary>d sin x = cos x.</summary>
    public static UnaryFunction Sin { get; } = new("Sin", Math.Sin, (graph, x, _, g) => graph.Product(g, graph.Unary(Cos!, x))) { Cost = 30 };

    /// <summary>d cos x = -sin x.</summary>
    public static UnaryFunction Cos { get; } = new("Cos", Math.Cos, (graph, x, _, g) => graph.Unary(Negate, graph.Product(g, graph.Unary(Sin, x)))) { Cost = 30 };

    /// <summary>d |x| = sign x, 0 at 0.</summary>
    public static UnaryFunction Abs { get; } = new("Abs", Math.Abs, GradientOfAbs) { Instruction = x => $"TIsa.Abs({x})" };

    /// <summary>d max(x, 0) = 0 where the result is 0, which is as low as it gets; 1 elsewhere, also where it is NaN.</summary>
    public static UnaryFunction Relu { get; } = new(
        "Relu", x => Math.Max(x, 0), (graph, _, y, g) => graph.Select(Comparison.Equal, y, Zero(graph, y), Zero(graph, y), g))
    {
        Instruction = x => $"TIsa.Max({x}, TIsa.Zero)",
        KeepsOrder = true,
    };

    /// <summary>The same value, through which no gradient flows.</summary>
    public static UnaryFunction Detach { get; } = new("Detach", x => x, (_, _, _, _) => null) { Instruction = x => x, IsInternal = true };

    /// <summary>The same value in memory of its own.</summary>
    public static UnaryFunction Copy { get; } = new("Copy", x => x, (_, _, _, g) => g) { Instruction = x => x, IsInternal = true };

    public static IReadOnlyList<UnaryFunction> All => Rows;

    /// <summary>Its name in <c>Ops</c> and in <c>SimdMath</c>.</summary>
    public string Name { get; }

    /// <summary>What it is of a number.</summary>
    public Func<double, double> Value { get; }

    public Derivative Gradient { get; }

    /// <summary>The vector expression of an instruction that computes it; <see langword="null"/> where <c>SimdMath</c> does.</summary>
    public Func<string, string>? Instruction { get; private init; }

    /// <summary>Vector operations that it takes, about: an instruction and what belongs to it.</summary>
    public int Cost { get; private init; } = 2;

    /// <summary>Whether it never decreases, on all numbers, so that it commutes with a maximum.</summary>
    public bool KeepsOrder { get; private init; }

    /// <summary>Whether only the compiler uses it.</summary>
    public bool IsInternal { get; private init; }

    public override string ToString() => Name;

    private static Node? GradientOfAbs(GraphBuilder graph, Node x, Node y, Node g)
    {
        Node zero = Zero(graph, x);
        return graph.Select(Comparison.Greater, x, zero, g, graph.Select(Comparison.Greater, zero, x, graph.Unary(Negate, g), zero));
    }

    private static Node Zero(GraphBuilder graph, Node like) => graph.Constant(0, like.Shape);

    private static Node One(GraphBuilder graph, Node like) => graph.Constant(1, like.Shape);

    /// <summary>2/√π e^(-x²) times the sum over k of 2^k x^(2k+1) / (1 3 5 ... (2k+1)): all terms have one sign, so none cancel.</summary>
    private static double ErrorFunction(double x)
    {
        if (Math.Abs(x) > 6)
        {
            return Math.Sign(x);
        }

        double sum = 0;
        double term = x;
        for (int k = 1; Math.Abs(term) > 1e-17 * Math.Abs(sum); k++)
        {
            sum += term;
            term *= 2 * x * x / ((2 * k) + 1);
        }

        return 2 / Math.Sqrt(Math.PI) * Math.Exp(-x * x) * sum;
    }
}
