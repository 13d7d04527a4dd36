using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Operations;

/// <summary>Losses of what lies near what: pairs and triplets of vectors [n, d], one distance a sample.</summary>
internal static class RankingLosses
{
    /// <summary>
    /// torch.nn.TripletMarginLoss: max(0, |a - p| - |a - n| + margin), where the distance is <c>PairwiseDistance</c>; swap takes
    /// |p - n| instead of |a - n| where that is less.
    /// </summary>
    public static Node TripletMargin(OperationContext context)
    {
        GraphBuilder graph = context.Graph;
        float p = context.Above("p", 0);
        float eps = (float)context.Number("eps");
        (Node anchor, Node positive) = DistanceOperations.Pair(context, "anchor", "positive");
        (_, Node negative) = DistanceOperations.Pair(context, "anchor", "negative");
        Node Distance(Node a, Node b) => DistanceOperations.Pairwise(graph, a, b, p, eps, keepDim: false);
        return OfDistances(
            context,
            Distance(anchor, positive),
            Distance(anchor, negative),
            context.Boolean("swap") ? Distance(positive, negative) : null);
    }

    /// <summary>torch.nn.TripletMarginWithDistanceLoss, once the distances have been taken.</summary>
    public static Node TripletMarginWithDistance(OperationContext context)
    {
        Node positive = context.Tensor("positiveDistance");
        Node negative = context.Tensor("negativeDistance");
        Node? swapped = context.OptionalTensor("swappedDistance");
        return positive.Shape == negative.Shape && (swapped is null || swapped.Shape == negative.Shape)
            ? OfDistances(context, positive, negative, swapped)
            : throw context.Refuse("GG1009", $"the distance gives {positive.Shape} and {negative.Shape}");
    }

    /// <summary>torch.nn.MarginRankingLoss: max(0, -t (x1 - x2) + margin).</summary>
    public static Node MarginRanking(OperationContext context)
    {
        GraphBuilder graph = context.Graph;
        Node first = context.Tensor("input1");
        Node second = LossOperands.Same(context, "input2", first);
        Node target = LossOperands.Same(context, "target", first);
        Node lead = graph.Product(target, graph.Difference(first, second));
        return LossReduction.Apply(context, ComparisonOperations.AtLeast(graph, graph.Difference(graph.Constant((float)context.Number("margin"), lead.Shape), lead), 0));
    }

    /// <summary>torch.nn.CosineEmbeddingLoss: 1 - cos(x1, x2) where t is 1, max(0, cos(x1, x2) - margin) where it is -1.</summary>
    public static Node CosineEmbedding(OperationContext context)
    {
        const float Epsilon = 1e-12f;
        GraphBuilder graph = context.Graph;
        (Node first, Node second) = DistanceOperations.Pair(context, "input1", "input2");
        float margin = context.Between("margin", -1, 1);
        Node target = context.Tensor("target");
        int last = first.Shape.Rank - 1;
        Shape rows = new(first.Shape.Dims.Take(last).ToArray());
        if (target.Shape != rows)
        {
            throw context.RefuseOperand("target", "GG1009", $"vectors {first.Shape} go with a target {rows} of 1 and -1 but were given {target.Shape}");
        }

        Node Dot(Node a, Node b) => graph.Reshape(graph.Reduce(ReduceFunction.Sum, graph.Product(a, b), [last]), rows);
        Node Square(Node a) => graph.Binary(BinaryFunction.Add, Dot(a, a), Epsilon);
        Node cosine = graph.Quotient(Dot(first, second), graph.Unary(UnaryFunction.Sqrt, graph.Product(Square(first), Square(second))));
        Node zero = graph.Constant(0, rows);
        Node near = graph.Difference(graph.Constant(1, rows), cosine);
        Node far = ComparisonOperations.AtLeast(graph, graph.Binary(BinaryFunction.Subtract, cosine, margin), 0);
        return LossReduction.Apply(context, graph.Sum(
            graph.Select(Comparison.Equal, target, graph.Constant(1, rows), near, zero),
            graph.Select(Comparison.Equal, target, graph.Constant(-1, rows), far, zero)));
    }

    private static Node OfDistances(OperationContext context, Node positive, Node negative, Node? swapped)
    {
        GraphBuilder graph = context.Graph;
        float margin = context.Above("margin", 0);
        if (swapped is not null)
        {
            negative = graph.Binary(BinaryFunction.Minimum, negative, swapped);
        }

        Node lag = graph.Binary(BinaryFunction.Add, graph.Difference(positive, negative), margin);
        return LossReduction.Apply(context, ComparisonOperations.AtLeast(graph, lag, 0));
    }
}
