using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Operations;

/// <summary>The parameters of layers as values, by the layer's name, and penalties on all of them.</summary>
internal static class ParameterOperations
{
    public static Node WeightOf(OperationContext context) => Of(context, "weight");

    public static Node BiasOf(OperationContext context) => Of(context, "bias");

    /// <summary>sum |w| over all parameters.</summary>
    public static Node L1Penalty(OperationContext context) => SumOf(context, w => context.Graph.Unary(UnaryFunction.Abs, w));

    /// <summary>sum w^2 over all parameters.</summary>
    public static Node L2Penalty(OperationContext context) => SumOf(context, w => context.Graph.Product(w, w));

    private static Node Of(OperationContext context, string parameter)
    {
        string layer = context.Text("layer");
        return context.Parameters.Find(context.Graph, $"{Identifiers.Camel(layer)}.{parameter}")
            ?? throw context.RefuseOption("layer", $"'{layer}' has no {parameter} here: a layer has its parameters once it has been called, and only those that its attribute gives it");
    }

    private static Node SumOf(OperationContext context, Func<Node, Node> of)
    {
        GraphBuilder graph = context.Graph;
        Node sum = graph.Constant(0, Shape.Scalar);
        foreach (Node parameter in context.Parameters.All(graph))
        {
            Node values = graph.Reduce(ReduceFunction.Sum, of(parameter), Enumerable.Range(0, parameter.Shape.Rank));
            sum = graph.Sum(sum, graph.Reshape(values, Shape.Scalar));
        }

        return sum;
    }
}
