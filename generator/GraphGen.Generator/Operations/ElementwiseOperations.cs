using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Operations;

/// <summary>Arithmetic with NumPy's broadcasting, and functions of one tensor.</summary>
internal static class ElementwiseOperations
{
    /// <summary>The functions that have a row of their own, by name.</summary>
    public static IEnumerable<(string Name, Func<OperationContext, Node> Operation)> Functions =>
        UnaryFunction.All.Where(function => !function.IsInternal).Select(function => (function.Name, (Func<OperationContext, Node>)(context => Unary(context, function))))
            .Concat(BinaryFunction.All.Select(function => (function.Name, (Func<OperationContext, Node>)(context => Binary(context, function)))));

    /// <summary>
    /// x/2 (1 + u) with u = erf(x / sqrt 2), or, in its tanh approximation, u = tanh(sqrt(2/pi) (x + 0.044715 x^3)). Its gradient is written of x, which
    /// is all that the way back reads: (1 + u)/2 + x/2 du.
    /// </summary>
    public static Node Gelu(OperationContext context)
    {
        GraphBuilder graph = context.Graph;
        Node x = context.Tensor("input");
        Node fixedInput = graph.Detach(x);
        Node squared = graph.Product(fixedInput, fixedInput);
        Node u, slope;
        if (context.Boolean("tanh"))
        {
            // du = (1 - u^2) sqrt(2/pi) (1 + 3 · 0.044715 x^2)
            u = graph.Unary(UnaryFunction.Tanh, graph.Product(graph.Product(fixedInput, graph.Binary(BinaryFunction.Add, graph.Product(squared, 0.044715f), 1f)), 0.7978845608f));
            Node inner = graph.Binary(BinaryFunction.Add, graph.Product(squared, 0.134145f), 1f);
            slope = graph.Product(graph.Product(graph.Difference(graph.Constant(1, x.Shape), graph.Product(u, u)), inner), 0.7978845608f);
        }
        else
        {
            // du = 2 / sqrt(2 pi) exp(-x^2/2)
            u = graph.Unary(UnaryFunction.Erf, graph.Product(fixedInput, 0.70710678118f));
            slope = graph.Product(graph.Unary(UnaryFunction.Exp, graph.Product(squared, -0.5f)), 0.7978845608f);
        }

        Node half = graph.Product(graph.Binary(BinaryFunction.Add, u, 1f), 0.5f);
        return graph.WithGradient(graph.Product(fixedInput, half), x, graph.Sum(half, graph.Product(graph.Product(fixedInput, slope), 0.5f)));
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
