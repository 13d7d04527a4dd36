using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Operations;

/// <summary>
/// How the values of a loss become what it returns. Sums go over each sample first: the vector of one loss a sample is what the
/// generated <c>LossValues</c> shows, and is marked for it by its name.
/// </summary>
internal static class LossReduction
{
    /// <summary>The name of the node that holds one loss a sample.</summary>
    public const string PerSampleName = "LossValues";

    /// <summary>The members of GraphGen.Reduction.</summary>
    private enum Kind
    {
        Mean,
        Sum,
        None,
        BatchMean,
    }

    /// <summary>Values [n, ...], all of the same weight, to one number, or to themselves.</summary>
    public static Node Apply(OperationContext context, Node values)
    {
        GraphBuilder graph = context.Graph;
        Kind reduction = Read(context);
        if (reduction == Kind.None)
        {
            return values;
        }

        Node losses = PerSample(graph, values, reduction);
        Node sum = graph.Reduce(ReduceFunction.Sum, losses, [0]);
        return graph.Reshape(reduction == Kind.Sum ? sum : ReductionOperations.Mean(graph, losses, sum, [0]), Shape.Scalar);
    }

    /// <summary>Values [n, ...] that carry their weights already, to one number, or to themselves; the mean divides by the sum of the weights.</summary>
    public static Node Weighted(OperationContext context, Node values, Func<Node> sumOfWeights)
    {
        GraphBuilder graph = context.Graph;
        Kind reduction = Read(context);
        if (reduction == Kind.None)
        {
            return values;
        }

        Node sum = graph.Reduce(ReduceFunction.Sum, PerSample(graph, values, reduction), [0]);
        sum.Name ??= "LossSum";
        return graph.Reshape(reduction == Kind.Sum ? sum : graph.Quotient(graph.Product(sum, (float)Positions(values)), sumOfWeights()), Shape.Scalar);
    }

    /// <summary>One loss a sample, [n]: the mean over what a sample has, or its sum.</summary>
    private static Node PerSample(GraphBuilder graph, Node values, Kind reduction)
    {
        int[] rest = [.. Enumerable.Range(1, Math.Max(0, values.Shape.Rank - 1))];
        Node losses = graph.Reshape(graph.Reduce(ReduceFunction.Sum, values, rest), new Shape(values.Shape.Rank == 0 ? 1 : values.Shape[0]));
        if (reduction == Kind.Mean)
        {
            losses = graph.Product(losses, 1f / Positions(values));
        }

        losses.Name ??= PerSampleName;
        return losses;
    }

    /// <summary>How many values a sample has.</summary>
    private static int Positions(Node values) => Shape.Product(values.Shape.Dims.Skip(1)).Size;

    private static Kind Read(OperationContext context)
    {
        Kind reduction = (Kind)context.Integer("reduction");
        return reduction switch
        {
            Kind.BatchMean when !context.Call.Operation.StartsWith("KlDiv", StringComparison.OrdinalIgnoreCase) =>
                throw context.RefuseOption("reduction", "reduction must be Mean, Sum or None but is BatchMean, which only the Kullback-Leibler divergence has"),
            Kind.Mean or Kind.Sum or Kind.None or Kind.BatchMean => reduction,
            _ => throw context.RefuseOption("reduction", $"reduction must be Mean, Sum or None but is {(int)reduction}"),
        };
    }
}
