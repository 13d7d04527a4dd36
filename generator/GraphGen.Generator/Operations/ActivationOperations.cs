using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Operations;

/// <summary>Activations that are compositions.</summary>
internal static class ActivationOperations
{
    /// <summary>x where it is above 0, else slope x.</summary>
    public static Node LeakyRelu(OperationContext context)
    {
        GraphBuilder graph = context.Graph;
        Node x = context.Tensor("input");
        return graph.Select(Comparison.Greater, x, graph.Constant(0, x.Shape), x, graph.Product(x, (float)context.Number("negativeSlope")));
    }

    /// <summary>x where it is above 0, else alpha (exp x - 1).</summary>
    public static Node Elu(OperationContext context)
    {
        GraphBuilder graph = context.Graph;
        Node x = context.Tensor("input");
        Node zero = graph.Constant(0, x.Shape);

        // The exponential of what is not chosen must stay finite.
        Node exponential = graph.Unary(UnaryFunction.Exp, graph.Select(Comparison.Greater, x, zero, zero, x));
        Node below = graph.Product(graph.Binary(BinaryFunction.Subtract, exponential, 1f), (float)context.Number("alpha"));
        return graph.Select(Comparison.Greater, x, zero, x, below);
    }

    /// <summary>x sigmoid(x).</summary>
    public static Node Silu(OperationContext context)
    {
        Node x = context.Tensor("input");
        return context.Graph.Product(x, context.Graph.Unary(UnaryFunction.Sigmoid, x));
    }

    /// <summary>Kept between two values. At either of them no gradient flows, unlike in clamp.</summary>
    public static Node Hardtanh(OperationContext context)
    {
        GraphBuilder graph = context.Graph;
        Node x = context.Tensor("input");
        float low = (float)context.Number("minVal");
        float high = (float)context.Number("maxVal");
        if (!(low < high))
        {
            throw context.RefuseOption("minVal", $"minVal must be less than maxVal but they are {low} and {high}");
        }

        Node least = graph.Constant(low, x.Shape);
        Node most = graph.Constant(high, x.Shape);
        Node kept = graph.Binary(BinaryFunction.Minimum, graph.Binary(BinaryFunction.Maximum, x, least), most);
        return graph.Select(Comparison.Equal, kept, least, least, graph.Select(Comparison.Equal, kept, most, most, x));
    }

    public static Node LogSigmoid(OperationContext context) => LogSigmoid(context.Graph, context.Tensor("input"));

    /// <summary>log(1 + exp(beta x)) / beta; x itself where beta x is above the threshold.</summary>
    public static Node Softplus(OperationContext context)
    {
        GraphBuilder graph = context.Graph;
        Node x = context.Tensor("input");
        float beta = context.Above("beta", 0);
        Node scaled = graph.Product(x, beta);
        Node bound = graph.Constant((float)context.Number("threshold"), x.Shape);
        Node safe = graph.Select(Comparison.Greater, scaled, bound, bound, scaled);
        return graph.Select(Comparison.Greater, scaled, bound, x, graph.Product(LogOnePlus(graph, graph.Unary(UnaryFunction.Exp, safe)), 1 / beta));
    }

    /// <summary>-log(1 + exp(-x)) as min(x, 0) - log(1 + exp(-|x|)), which overflows nowhere.</summary>
    public static Node LogSigmoid(GraphBuilder graph, Node x)
    {
        Node minusSize = graph.Unary(UnaryFunction.Negate, graph.Unary(UnaryFunction.Abs, x));
        Node low = graph.Binary(BinaryFunction.Minimum, x, graph.Constant(0, x.Shape));
        return graph.Difference(low, LogOnePlus(graph, graph.Unary(UnaryFunction.Exp, minusSize)));
    }

    /// <summary>
    /// log(1 + x) for x of at least 0, to the last digits also where 1 + x is 1: with u = 1 + x it is log(u) x / (u - 1), in which the
    /// rounding of u cancels. Its gradient is 1 / (1 + x).
    /// </summary>
    private static Node LogOnePlus(GraphBuilder graph, Node x)
    {
        Node one = graph.Constant(1, x.Shape);
        Node fixedInput = graph.Detach(x);
        Node u = graph.Sum(fixedInput, one);
        Node rounded = graph.Difference(u, one);
        Node zero = graph.Constant(0, x.Shape);
        Node corrected = graph.Quotient(graph.Product(graph.Unary(UnaryFunction.Log, u), fixedInput), graph.Select(Comparison.Equal, rounded, zero, one, rounded));
        return graph.WithGradient(graph.Select(Comparison.Equal, rounded, zero, fixedInput, corrected), x, graph.Quotient(one, u));
    }
}
