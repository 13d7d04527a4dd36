using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Operations;

/// <summary>Sums, means and maxima over axes, and the softmaxes that are composed of them.</summary>
internal static class ReductionOperations
{
    public static Node Sum(OperationContext context) => Reduce(context, ReduceFunction.Sum);

    public static Node Max(OperationContext context) => Reduce(context, ReduceFunction.Max);

    public static Node Mean(OperationContext context)
    {
        Node x = context.Tensor("input");
        return Mean(context.Graph, x, Sum(context), context.Axes(x));
    }

    /// <summary>
    /// y = exp(x - max x) / sum exp(x - max x), with dx = y (g - sum(y g)): of all that it is made of, the way back reads y alone.
    /// </summary>
    public static Node Softmax(OperationContext context)
    {
        GraphBuilder graph = context.Graph;
        Node x = context.Tensor("input");
        int axis = context.Axis(context.Integer("dim"), x);
        Node exponentials = graph.Unary(UnaryFunction.Exp, Shift(graph, x, axis));
        Node value = graph.Quotient(exponentials, graph.Reduce(ReduceFunction.Sum, exponentials, [axis]));
        Node y = graph.Detach(value);
        Node mean = graph.Reduce(ReduceFunction.Sum, graph.Product(y, x), [axis]);
        return graph.StraightThrough(value, graph.Product(y, graph.Difference(x, mean)));
    }

    /// <summary>y = x - max x - log sum exp(x - max x), with dx = g - exp(y) sum(g): the way back reads y alone.</summary>
    public static Node LogSoftmax(OperationContext context)
    {
        GraphBuilder graph = context.Graph;
        Node x = context.Tensor("input");
        int axis = context.Axis(context.Integer("dim"), x);
        Node value = LogSoftmax(graph, x, axis);
        Node probabilities = graph.Unary(UnaryFunction.Exp, graph.Detach(value));
        Node mean = graph.Reduce(ReduceFunction.Sum, graph.Product(probabilities, x), [axis]);
        return graph.StraightThrough(value, graph.Difference(x, graph.Broadcast(mean, x.Shape)));
    }

    /// <summary>x - max x - log sum exp(x - max x). The maximum only keeps exp in range, so no gradient flows through it.</summary>
    public static Node LogSoftmax(GraphBuilder graph, Node x, int axis)
    {
        Node shifted = Shift(graph, x, axis);
        Node sum = graph.Reduce(ReduceFunction.Sum, graph.Unary(UnaryFunction.Exp, shifted), [axis]);
        return graph.Difference(shifted, graph.Unary(UnaryFunction.Log, sum));
    }

    /// <summary>m + log sum exp(x - m) with m = max x, or 0 where that is infinite.</summary>
    public static Node LogSumExp(OperationContext context)
    {
        GraphBuilder graph = context.Graph;
        Node x = context.Tensor("input");
        int[] axes = context.Axes(x);
        Node max = graph.Detach(graph.Reduce(ReduceFunction.Max, x, axes));
        Node infinity = graph.Constant(float.PositiveInfinity, max.Shape);
        Node shift = graph.Select(Comparison.Equal, graph.Unary(UnaryFunction.Abs, max), infinity, graph.Constant(0, max.Shape), max);
        Node sum = graph.Reduce(ReduceFunction.Sum, graph.Unary(UnaryFunction.Exp, graph.Difference(x, shift)), axes);
        return Kept(context, x, axes, graph.Sum(graph.Unary(UnaryFunction.Log, sum), shift));
    }

    /// <summary>A sum over <paramref name="axes"/> of <paramref name="x"/> divided by the number of elements in it.</summary>
    public static Node Mean(GraphBuilder graph, Node x, Node sum, IEnumerable<int> axes)
    {
        Dim count = Shape.Product(axes.Select(axis => x.Shape[axis]));
        return count.PerSample
            ? graph.Product(sum, graph.Add(new Op.InverseCount(count.Size), Shape.Scalar))
            : graph.Product(sum, 1f / count.Size);
    }

    private static Node Reduce(OperationContext context, ReduceFunction function)
    {
        Node x = context.Tensor("input");
        int[] axes = context.Axes(x);
        return Kept(context, x, axes, context.Graph.Reduce(function, x, axes));
    }

    /// <summary>A reduction over axes, which stay with size 1 if the call says so.</summary>
    public static Node Kept(OperationContext context, Node x, int[] axes, Node reduced) =>
        context.Has("keepDim") && context.Boolean("keepDim")
            ? reduced
            : context.Graph.Reshape(reduced, new Shape(x.Shape.Dims.Where((_, axis) => !axes.Contains(axis)).ToArray()));

    private static Node Shift(GraphBuilder graph, Node x, int axis) =>
        graph.Difference(x, graph.Detach(graph.Reduce(ReduceFunction.Max, x, [axis])));
}
