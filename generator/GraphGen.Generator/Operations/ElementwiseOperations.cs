using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Operations;

/// <summary>Arithmetic with NumPy's broadcasting, and functions of one tensor.</summary>
internal static class ElementwiseOperations
{
    /// <summary>The functions that have a row of their own, by name.</summary>
    public static IEnumerable<(string Name, Func<OperationContext, Node> Operation)> Functions =>
        UnaryFunction.All.Where(function => !function.IsInternal).Select(function => (function.Name, (Func<OperationContext, Node>)(context => Unary(context, function))))
            .Concat(BinaryFunction.All.Select(function => (function.Name, (Func<OperationContext, Node>)(context => Binary(context, function)))));

    /// <summary>x/2 (1 + erf(x / sqrt 2)), or its tanh approximation x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3))).</summary>
    public static Node Gelu(OperationContext context)
    {
        GraphBuilder graph = context.Graph;
        Node x = context.Tensor("input");
        Node inner = context.Boolean("tanh")
            ? graph.Unary(
                UnaryFunction.Tanh,
                graph.Product(graph.Sum(x, graph.Product(graph.Product(graph.Product(x, x), x), 0.044715f)), 0.7978845608f))
            : graph.Unary(UnaryFunction.Erf, graph.Product(x, 0.70710678118f));
        return graph.Product(graph.Product(x, 0.5f), graph.Binary(BinaryFunction.Add, inner, 1f));
    }

    /// <summary>In training zero with probability p, else x / (1 - p); x itself at inference.</summary>
    public static Node Dropout(OperationContext context)
    {
        Node x = context.Tensor("input");
        double p = context.Number("p");
        if (p is not (>= 0 and <= 1))
        {
            throw context.RefuseOption("p", $"p must be a probability in [0, 1] but is {p}");
        }

        if (!context.Training || p == 0)
        {
            return x;
        }

        // Every use draws a mask of its own, also where a helper, a loop or a layer makes many uses of one call in the source.
        GraphBuilder graph = context.Graph;
        Node uniform = graph.Add(new Op.Uniform(context.Parameters.NextDraw()), x.Shape);
        float scale = p == 1 ? 0 : (float)(1 / (1 - p));
        return graph.Select(Comparison.Greater, graph.Constant((float)p, x.Shape), uniform, graph.Constant(0, x.Shape), graph.Product(x, scale));
    }

    private static Node Unary(OperationContext context, UnaryFunction function) => context.Graph.Unary(function, context.Tensor("input"));

    private static Node Binary(OperationContext context, BinaryFunction function)
    {
        Node left = context.TensorOrNumber("left");
        Node right = context.TensorOrNumber("right");
        return Shape.Broadcast(left.Shape, right.Shape) is null
            ? throw context.Refuse("GG1001", $"the operands' shapes {left.Shape} and {right.Shape} do not broadcast")
            : context.Graph.Binary(function, left, right);
    }
}
