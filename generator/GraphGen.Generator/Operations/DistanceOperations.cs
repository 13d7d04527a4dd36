using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Operations;

/// <summary>Norms, and how far vectors are apart. The gradient of a norm at 0 is 0, as in PyTorch.</summary>
internal static class DistanceOperations
{
    /// <summary>(sum |x|^p)^(1/p) over axes; the largest |x| where p is infinite.</summary>
    public static Node Norm(OperationContext context)
    {
        Node x = context.Tensor("input");
        int[] axes = context.Axes(x);
        return ReductionOperations.Kept(context, x, axes, Norm(context.Graph, x, axes, context.NotBelow("p", 0)));
    }

    /// <summary>The norm of x1 - x2 + eps along the last axis (torch.nn.PairwiseDistance).</summary>
    public static Node PairwiseDistance(OperationContext context)
    {
        (Node first, Node second) = Pair(context, "x1", "x2");
        return Pairwise(context.Graph, first, second, context.NotBelow("p", 0), (float)context.Number("eps"), context.Boolean("keepDim"));
    }

    /// <summary>
    /// x1 x2 / (max(|x1|, eps) max(|x2|, eps)) along an axis (torch.nn.CosineSimilarity). That a norm is kept at eps does not hold its
    /// gradient back.
    /// </summary>
    public static Node CosineSimilarity(OperationContext context)
    {
        GraphBuilder graph = context.Graph;
        (Node first, Node second) = Pair(context, "x1", "x2");
        float eps = context.NotBelow("eps", 0);
        int axis = context.Axis(context.Integer("dim"), first);
        Node Unit(Node x)
        {
            Node norm = Norm(graph, x, [axis], 2);
            return graph.Quotient(x, graph.StraightThrough(ComparisonOperations.AtLeast(graph, norm, eps), norm));
        }

        Node cosine = graph.Reduce(ReduceFunction.Sum, graph.Product(Unit(first), Unit(second)), [axis]);
        return graph.Reshape(cosine, new Shape(first.Shape.Dims.Where((_, i) => i != axis).ToArray()));
    }

    public static Node Pairwise(GraphBuilder graph, Node first, Node second, float p, float eps, bool keepDim)
    {
        Node difference = graph.Binary(BinaryFunction.Add, graph.Difference(first, second), eps);
        int last = difference.Shape.Rank - 1;
        Node norm = Norm(graph, difference, [last], p);
        return keepDim ? norm : graph.Reshape(norm, new Shape(difference.Shape.Dims.Take(last).ToArray()));
    }

    /// <summary>Two operands of vectors, broadcast to each other.</summary>
    public static (Node First, Node Second) Pair(OperationContext context, string first, string second)
    {
        Node a = context.Tensor(first);
        Node b = context.Tensor(second);
        Shape shape = Shape.Broadcast(a.Shape, b.Shape) is { Rank: > 0, HasBatchOnlyInFront: true } common
            ? common
            : throw context.RefuseOperand(second, "GG1001", $"the shapes of {first} {a.Shape} and {second} {b.Shape} do not go together");
        return (context.Graph.Broadcast(a, shape), context.Graph.Broadcast(b, shape));
    }

    private static Node Norm(GraphBuilder graph, Node x, int[] axes, float p)
    {
        Node size = graph.Unary(UnaryFunction.Abs, x);
        Node zero = graph.Constant(0, x.Shape);
        Node SumOf(Node values) => graph.Reduce(ReduceFunction.Sum, values, axes);
        return p switch
        {
            0 => SumOf(graph.Select(Comparison.Equal, x, zero, zero, graph.Constant(1, x.Shape))),
            1 => SumOf(size),
            2 => Root(SumOf(graph.Product(x, x)), safe => graph.Unary(UnaryFunction.Sqrt, safe)),
            float.PositiveInfinity => graph.Reduce(ReduceFunction.Max, size, axes),
            _ => Root(SumOf(PowerOperations.Power(graph, size, p)), safe => PowerOperations.Power(graph, safe, 1 / p)),
        };

        // The root of 0 is 0, and has no gradient: it is taken of 1 there, and not chosen.
        Node Root(Node sum, Func<Node, Node> root)
        {
            Node none = graph.Constant(0, sum.Shape);
            return graph.Select(Comparison.Equal, sum, none, none, root(graph.Select(Comparison.Equal, sum, none, graph.Constant(1, sum.Shape), sum)));
        }
    }
}
