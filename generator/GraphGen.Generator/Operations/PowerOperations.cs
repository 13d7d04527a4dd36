using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Operations;

/// <summary>Powers with a constant exponent.</summary>
internal static class PowerOperations
{
    /// <summary>Up to this exponent, a whole power is a few products.</summary>
    private const int MostFactors = 64;

    public static Node Pow(OperationContext context) => Power(context.Graph, context.Tensor("input"), (float)context.Number("exponent"));

    /// <summary>x^p: by products where p is whole, by the root where it is a half, else exp(p log x), which is NaN for negative x.</summary>
    public static Node Power(GraphBuilder graph, Node x, float p)
    {
        Node one = graph.Constant(1, x.Shape);
        if (p == Math.Round(p) && Math.Abs(p) <= MostFactors)
        {
            Node power = p == 0 ? one : Whole(graph, x, (int)Math.Abs(p));
            return p < 0 ? graph.Quotient(one, power) : power;
        }

        if (Math.Abs(p) == 0.5f)
        {
            Node root = graph.Unary(UnaryFunction.Sqrt, x);
            return p < 0 ? graph.Quotient(one, root) : root;
        }

        // At 0 the power is 0 (or infinite) and the logarithm must not be taken: its gradient is no number.
        Node zero = graph.Constant(0, x.Shape);
        Node safe = graph.Select(Comparison.Equal, x, zero, one, x);
        Node positive = graph.Unary(UnaryFunction.Exp, graph.Product(graph.Unary(UnaryFunction.Log, safe), p));
        return graph.Select(Comparison.Equal, x, zero, graph.Constant(p > 0 ? 0 : float.PositiveInfinity, x.Shape), positive);
    }

    /// <summary>By squaring: x^13 is x x^4 x^8.</summary>
    private static Node Whole(GraphBuilder graph, Node x, int exponent)
    {
        Node? power = null;
        for (Node square = x; ; square = graph.Product(square, square))
        {
            if (exponent % 2 == 1)
            {
                power = power is null ? square : graph.Product(power, square);
            }

            exponent /= 2;
            if (exponent == 0)
            {
                return power!;
            }
        }
    }
}
