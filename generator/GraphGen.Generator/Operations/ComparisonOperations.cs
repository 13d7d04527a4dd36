using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Operations;

/// <summary>Comparisons, which give masks of 1 and 0, and what chooses by them. No gradient flows through a mask.</summary>
internal static class ComparisonOperations
{
    public static Node Greater(OperationContext context) => Compare(context, (graph, a, b) => graph.Mask(Comparison.Greater, a, b));

    public static Node Less(OperationContext context) => Compare(context, (graph, a, b) => graph.Mask(Comparison.Greater, b, a));

    public static Node Equal(OperationContext context) => Compare(context, (graph, a, b) => graph.Mask(Comparison.Equal, a, b));

    public static Node NotEqual(OperationContext context) => Compare(context, (graph, a, b) =>
        graph.Select(Comparison.Equal, a, b, graph.Constant(0, a.Shape), graph.Constant(1, a.Shape)));

    public static Node GreaterEqual(OperationContext context) => Compare(context, (graph, a, b) => AtLeastMask(graph, a, b));

    public static Node LessEqual(OperationContext context) => Compare(context, (graph, a, b) => AtLeastMask(graph, b, a));

    /// <summary>x where the condition is not 0, else y.</summary>
    public static Node Where(OperationContext context)
    {
        GraphBuilder graph = context.Graph;
        Node condition = context.TensorOrNumber("condition");
        Node x = context.TensorOrNumber("input");
        Node y = context.TensorOrNumber("other");
        if (Shape.Broadcast(condition.Shape, x.Shape) is not { } part || Shape.Broadcast(part, y.Shape) is not { } shape)
        {
            throw context.Refuse("GG1001", $"the shapes {condition.Shape}, {x.Shape} and {y.Shape} do not broadcast");
        }

        return graph.Select(Comparison.Equal, graph.Broadcast(condition, shape), graph.Constant(0, shape), graph.Broadcast(y, shape), graph.Broadcast(x, shape));
    }

    /// <summary>1, -1 or 0; no gradient flows through it.</summary>
    public static Node Sign(OperationContext context)
    {
        GraphBuilder graph = context.Graph;
        Node x = context.Tensor("input");
        Node zero = graph.Constant(0, x.Shape);
        Node negative = graph.Select(Comparison.Greater, zero, x, graph.Constant(-1, x.Shape), zero);
        return graph.Select(Comparison.Greater, x, zero, graph.Constant(1, x.Shape), negative);
    }

    /// <summary>Kept between bounds. At a bound the gradient flows, beyond it does not.</summary>
    public static Node Clamp(OperationContext context)
    {
        GraphBuilder graph = context.Graph;
        Node x = context.Tensor("input");
        float low = (float)context.Number("min");
        float high = (float)context.Number("max");
        if (float.IsNaN(low) || float.IsNaN(high) || (float.IsInfinity(low) && float.IsInfinity(high)))
        {
            throw context.Refuse("GG1011", "needs min, max or both");
        }

        // As in PyTorch, max is what remains where min is above it.
        Node raised = float.IsInfinity(low) ? x : AtLeast(graph, x, low);
        Node bound = graph.Constant(high, x.Shape);
        return float.IsInfinity(high) ? raised : graph.Select(Comparison.Greater, raised, bound, bound, raised);
    }

    /// <summary>max(x, bound), whose gradient flows also where x is the bound.</summary>
    public static Node AtLeast(GraphBuilder graph, Node x, float bound)
    {
        Node constant = graph.Constant(bound, x.Shape);
        return graph.Select(Comparison.Greater, constant, x, constant, x);
    }

    private static Node AtLeastMask(GraphBuilder graph, Node a, Node b) =>
        graph.Select(Comparison.Greater, a, b, graph.Constant(1, a.Shape), graph.Mask(Comparison.Equal, a, b));

    private static Node Compare(OperationContext context, Func<GraphBuilder, Node, Node, Node> mask)
    {
        Node left = context.TensorOrNumber("left");
        Node right = context.TensorOrNumber("right");
        Shape shape = Shape.Broadcast(left.Shape, right.Shape)
            ?? throw context.Refuse("GG1001", $"the operands' shapes {left.Shape} and {right.Shape} do not broadcast");
        return mask(context.Graph, context.Graph.Broadcast(left, shape), context.Graph.Broadcast(right, shape));
    }
}
