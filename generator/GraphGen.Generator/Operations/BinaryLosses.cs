using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Operations;

/// <summary>Losses of yes-or-no questions: one or many a sample.</summary>
internal static class BinaryLosses
{
    /// <summary>The least logarithm that a probability has (torch.nn.BCELoss).</summary>
    private const float LeastLog = -100;

    /// <summary>
    /// torch.nn.BCELoss: -(t log x + (1 - t) log(1 - x)) with logarithms of at least -100. Its gradient is PyTorch's,
    /// (x - t) / max(x (1 - x), 1e-12), which stays finite where the logarithm's is not.
    /// </summary>
    public static Node CrossEntropy(OperationContext context)
    {
        GraphBuilder graph = context.Graph;
        (Node x, Node t) = LossOperands.Same(context);
        context.RequireProbabilities(t);
        Node fixedInput = graph.Detach(x);
        Node one = graph.Constant(1, x.Shape);
        Node rest = graph.Difference(one, fixedInput);
        Node yes = ComparisonOperations.AtLeast(graph, graph.Unary(UnaryFunction.Log, fixedInput), LeastLog);
        Node no = ComparisonOperations.AtLeast(graph, graph.Unary(UnaryFunction.Log, rest), LeastLog);
        Node value = graph.Difference(graph.Product(graph.Difference(t, one), no), graph.Product(t, yes));
        Node slope = graph.Quotient(graph.Difference(fixedInput, t), ComparisonOperations.AtLeast(graph, graph.Product(rest, fixedInput), 1e-12f));

        // The value has the gradient of the target still; the input's comes by the path.
        Node losses = graph.StraightThrough(value, graph.Sum(value, graph.Product(graph.Detach(slope), x)));
        return Weighted(context, x, losses);
    }

    /// <summary>torch.nn.BCEWithLogitsLoss: (1 - t) x - (1 + (posWeight - 1) t) log sigmoid(x).</summary>
    public static Node CrossEntropyWithLogits(OperationContext context)
    {
        GraphBuilder graph = context.Graph;
        (Node x, Node t) = LossOperands.Same(context);
        Node one = graph.Constant(1, x.Shape);
        Node log = ActivationOperations.LogSigmoid(graph, x);
        if (LossOperands.Weight(context, "posWeight", x) is { } positive)
        {
            log = graph.Product(log, graph.Sum(graph.Product(graph.Difference(positive, one), t), one));
        }

        return Weighted(context, x, graph.Difference(graph.Product(graph.Difference(one, t), x), log));
    }

    /// <summary>torch.nn.SoftMarginLoss: log(1 + exp(-t x)) for t of 1 and -1.</summary>
    public static Node SoftMargin(OperationContext context)
    {
        GraphBuilder graph = context.Graph;
        (Node x, Node t) = LossOperands.Same(context);
        return LossReduction.Apply(context, graph.Unary(UnaryFunction.Negate, ActivationOperations.LogSigmoid(graph, graph.Product(t, x))));
    }

    /// <summary>torch.nn.MultiLabelSoftMarginLoss over [n, c]: the mean over the classes of -(t log sigmoid(x) + (1 - t) log sigmoid(-x)), each times its weight.</summary>
    public static Node MultiLabelSoftMargin(OperationContext context)
    {
        GraphBuilder graph = context.Graph;
        (Node x, Node t) = LossOperands.Same(context);
        if (x.Shape.Rank < 1)
        {
            throw context.Refuse("GG1004", $"expects [n, classes] but was given {x.Shape}");
        }

        Node yes = graph.Product(t, ActivationOperations.LogSigmoid(graph, x));
        Node no = graph.Product(graph.Difference(graph.Constant(1, x.Shape), t), ActivationOperations.LogSigmoid(graph, graph.Unary(UnaryFunction.Negate, x)));
        Node losses = graph.Unary(UnaryFunction.Negate, graph.Sum(yes, no));
        if (LossOperands.Weight(context, "weight", x) is { } weight)
        {
            losses = graph.Product(losses, weight);
        }

        int last = x.Shape.Rank - 1;
        Node mean = ReductionOperations.Mean(graph, losses, graph.Reduce(ReduceFunction.Sum, losses, [last]), [last]);
        return LossReduction.Apply(context, graph.Reshape(mean, new Shape(x.Shape.Dims.Take(last).ToArray())));
    }

    /// <summary>torch.nn.HingeEmbeddingLoss: x where t is 1, max(0, margin - x) where it is -1.</summary>
    public static Node HingeEmbedding(OperationContext context)
    {
        GraphBuilder graph = context.Graph;
        (Node x, Node t) = LossOperands.Same(context);
        Node zero = graph.Constant(0, x.Shape);
        Node hinge = ComparisonOperations.AtLeast(graph, graph.Difference(graph.Constant((float)context.Number("margin"), x.Shape), x), 0);

        // A target of neither has both parts, as in PyTorch.
        Node near = graph.Select(Comparison.Equal, t, graph.Constant(-1, x.Shape), zero, x);
        Node far = graph.Select(Comparison.Equal, t, graph.Constant(1, x.Shape), zero, hinge);
        return LossReduction.Apply(context, graph.Sum(near, far));
    }

    /// <summary>Elements times the weight, if there is one; the mean divides by their number all the same.</summary>
    private static Node Weighted(OperationContext context, Node input, Node losses) =>
        LossReduction.Apply(context, LossOperands.Weight(context, "weight", input) is { } weight ? context.Graph.Product(losses, weight) : losses);
}
