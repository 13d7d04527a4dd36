using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Operations;

/// <summary>Raw parameters, matrix products and fully connected layers.</summary>
internal static class ContractionOperations
{
    /// <summary>A raw parameter. Its default initializer is uniform with bound 1 / sqrt(fan-in), the first of its sizes being what flows in.</summary>
    public static Node Parameter(OperationContext context)
    {
        IReadOnlyList<int> sizes = context.Integers("shape");
        if (sizes.Any(size => size < 1))
        {
            throw context.RefuseOption("shape", $"every size of [{string.Join(", ", sizes)}] must be at least 1");
        }

        string name = context.Call.Layer!;
        Shape shape = new(sizes.Select(size => (Dim)size).ToArray());
        int fanIn = sizes.Count == 0 ? 1 : sizes[0];
        return context.Parameters.GetOrAdd(context, name, Identifiers.Pascal(name), shape, (ParameterInitializer)context.Integer("init"), Bound(fanIn));
    }

    /// <summary>[..., m, k] times [..., k, n] with broadcasting over the leading axes; vectors are not promoted.</summary>
    public static Node MatMul(OperationContext context)
    {
        Node left = context.Tensor("left");
        Node right = context.Tensor("right");
        if (left.Shape.Rank < 2 || right.Shape.Rank < 2)
        {
            throw context.Refuse("GG1004", $"expects matrices but was given {left.Shape} and {right.Shape}");
        }

        Dim inner = left.Shape[left.Shape.Rank - 1];
        if (inner != right.Shape[right.Shape.Rank - 2])
        {
            throw context.Refuse("GG1002", $"the inner sizes of {left.Shape} and {right.Shape} differ: {inner} and {right.Shape[right.Shape.Rank - 2]}");
        }

        if (right.Shape.Rank == 2)
        {
            return OfRows(context.Graph, left, right, transposeRight: false);
        }

        Shape leftBatch = Leading(left.Shape);
        Shape rightBatch = Leading(right.Shape);
        Shape batch = Shape.Broadcast(leftBatch, rightBatch)
            ?? throw context.Refuse("GG1001", $"the leading sizes of {left.Shape} and {right.Shape} do not broadcast");
        ShapeException.ThrowIfIllegal(new Shape([.. batch.Dims, left.Shape[left.Shape.Rank - 2], right.Shape[right.Shape.Rank - 1]]));
        return context.Graph.MatMul(WithLeading(context.Graph, left, batch), WithLeading(context.Graph, right, batch));
    }

    /// <summary>x W^T + b with W [out, in], as torch.nn.Linear; leading axes are kept.</summary>
    public static Node Linear(OperationContext context)
    {
        Node x = context.Tensor("input");
        if (x.Shape.Rank < 2)
        {
            throw context.Refuse("GG1004", $"expects [n, ..., features] but was given {x.Shape}");
        }

        int outFeatures = context.AtLeast("outFeatures", 1);
        int expected = context.AtLeast("inFeatures", 0);
        Dim features = x.Shape[x.Shape.Rank - 1];
        if (features.PerSample || (expected != 0 && features != expected))
        {
            throw context.Refuse("GG1003", $"expects {(expected == 0 ? "a constant number of" : expected)} features in the last dimension but was given {x.Shape}");
        }

        string layer = context.Call.Layer!;
        float bound = Bound(features.Size);
        Node weight = context.Parameters.GetOrAdd(
            context, Identifiers.Camel(layer) + ".weight", Identifiers.Pascal(layer) + "Weight", new Shape(outFeatures, features), ParameterInitializer.Uniform, bound);
        Node product = OfRows(context.Graph, x, weight, transposeRight: true, Identifiers.Pascal(layer));
        if (!context.Boolean("bias"))
        {
            return product;
        }

        Node bias = context.Parameters.GetOrAdd(
            context, Identifiers.Camel(layer) + ".bias", Identifiers.Pascal(layer) + "Bias", new Shape(outFeatures), ParameterInitializer.Uniform, bound);
        return context.Graph.Sum(product, bias);
    }

    /// <summary>PyTorch's default bound for weights and biases.</summary>
    public static float Bound(long fanIn) => (float)(1 / Math.Sqrt(fanIn));

    /// <summary>A product with a matrix: the left side's leading axes are all rows of one matrix.</summary>
    private static Node OfRows(GraphBuilder graph, Node left, Node matrix, bool transposeRight, string? name = null)
    {
        int rank = left.Shape.Rank;
        Shape result = new([.. left.Shape.Dims.Take(rank - 1), matrix.Shape[transposeRight ? 0 : 1]]);
        ShapeException.ThrowIfIllegal(result);
        Shape rows = new(Shape.Product(left.Shape.Dims.Take(rank - 1)), left.Shape[rank - 1]);
        Node product = graph.MatMul(graph.Reshape(left, rows), matrix, transposeRight: transposeRight);
        product.Name ??= name;
        return graph.Reshape(product, result);
    }

    private static Shape Leading(Shape shape) => new(shape.Dims.Take(shape.Rank - 2).ToArray());

    private static Node WithLeading(GraphBuilder graph, Node x, Shape leading) =>
        graph.Broadcast(x, new Shape([.. leading.Dims, .. x.Shape.Dims.Skip(x.Shape.Rank - 2)]));
}
