using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Operations;

/// <summary>Losses of numbers against numbers, element by element.</summary>
internal static class RegressionLosses
{
    /// <summary>torch.nn.MSELoss: (x - t)^2.</summary>
    public static Node MeanSquaredError(OperationContext context) => OfDifference(context, d => context.Graph.Product(d, d));

    /// <summary>torch.nn.L1Loss: |x - t|.</summary>
    public static Node AbsoluteError(OperationContext context) => OfDifference(context, d => context.Graph.Unary(UnaryFunction.Abs, d));

    /// <summary>torch.nn.SmoothL1Loss: (x - t)^2 / 2 beta where |x - t| is below beta, else |x - t| - beta/2; with beta 0 it is |x - t|.</summary>
    public static Node SmoothL1(OperationContext context)
    {
        float beta = context.NotBelow("beta", 0);
        return beta == 0 ? AbsoluteError(context) : OfDifference(context, d => Parabola(context.Graph, d, beta, 1 / beta));
    }

    /// <summary>torch.nn.HuberLoss: (x - t)^2 / 2 where |x - t| is below delta, else delta (|x - t| - delta/2).</summary>
    public static Node Huber(OperationContext context)
    {
        float delta = context.Above("delta", 0);
        return OfDifference(context, d => Parabola(context.Graph, d, delta, 1));
    }

    /// <summary>torch.nn.KLDivLoss, of log-probabilities x: t (log t - x), 0 where t is 0; with logTarget exp(t) (t - x).</summary>
    public static Node KullbackLeibler(OperationContext context)
    {
        GraphBuilder graph = context.Graph;
        (Node x, Node t) = LossOperands.Broadcast(context);
        if (context.Boolean("logTarget"))
        {
            return LossReduction.Apply(context, graph.Product(graph.Unary(UnaryFunction.Exp, t), graph.Difference(t, x)));
        }

        return LossReduction.Apply(context, graph.Difference(ProductWithLog(graph, t), graph.Product(t, x)));
    }

    /// <summary>
    /// torch.nn.PoissonNLLLoss: exp(x) - t x, or without logInput x - t log(x + eps); full adds Stirling's approximation of log t!,
    /// t log t - t + log(2 pi t)/2, where t is above 1.
    /// </summary>
    public static Node PoissonNegativeLogLikelihood(OperationContext context)
    {
        GraphBuilder graph = context.Graph;
        (Node x, Node t) = LossOperands.Broadcast(context);
        float eps = context.NotBelow("eps", 0);
        Node losses = context.Boolean("logInput")
            ? graph.Difference(graph.Unary(UnaryFunction.Exp, x), graph.Product(t, x))
            : graph.Difference(x, graph.Product(t, graph.Unary(UnaryFunction.Log, graph.Binary(BinaryFunction.Add, x, eps))));
        if (context.Boolean("full"))
        {
            // Where t is not above 1, the logarithm is of 1: what is not chosen must be finite.
            Node one = graph.Constant(1, t.Shape);
            Node safe = graph.Select(Comparison.Greater, t, one, t, one);
            Node log = graph.Unary(UnaryFunction.Log, safe);
            Node halfLogTwoPiT = graph.Binary(BinaryFunction.Add, graph.Product(log, 0.5f), (float)(0.5 * Math.Log(2 * Math.PI)));
            Node stirling = graph.Sum(graph.Difference(graph.Product(safe, log), safe), halfLogTwoPiT);
            losses = graph.Sum(losses, graph.Select(Comparison.Greater, t, one, stirling, graph.Constant(0, t.Shape)));
        }

        return LossReduction.Apply(context, losses);
    }

    /// <summary>
    /// torch.nn.GaussianNLLLoss: (log v + (x - t)^2 / v) / 2 with the variance v kept at eps at least, which does not hold its gradient
    /// back; full adds log(2 pi)/2.
    /// </summary>
    public static Node GaussianNegativeLogLikelihood(OperationContext context)
    {
        GraphBuilder graph = context.Graph;
        (Node x, Node t) = LossOperands.Broadcast(context);
        float eps = context.Above("eps", 0);
        Node variance = context.Tensor("var");
        if (Shape.Broadcast(variance.Shape, x.Shape) != x.Shape)
        {
            throw context.RefuseOperand("var", "GG1009", $"the variance {variance.Shape} does not broadcast to the input {x.Shape}");
        }

        variance = graph.Broadcast(variance, x.Shape);
        variance = graph.StraightThrough(ComparisonOperations.AtLeast(graph, variance, eps), variance);
        Node d = graph.Difference(x, t);
        Node losses = graph.Product(graph.Sum(graph.Unary(UnaryFunction.Log, variance), graph.Quotient(graph.Product(d, d), variance)), 0.5f);
        return LossReduction.Apply(context, context.Boolean("full") ? graph.Binary(BinaryFunction.Add, losses, (float)(0.5 * Math.Log(2 * Math.PI))) : losses);
    }

    /// <summary>x log x, 0 where x is 0.</summary>
    private static Node ProductWithLog(GraphBuilder graph, Node x)
    {
        Node zero = graph.Constant(0, x.Shape);
        Node safe = graph.Select(Comparison.Equal, x, zero, graph.Constant(1, x.Shape), x);
        return graph.Product(x, graph.Unary(UnaryFunction.Log, safe));
    }

    /// <summary>scale (d^2 / 2 where |d| is below the bend, else bend (|d| - bend/2)).</summary>
    private static Node Parabola(GraphBuilder graph, Node d, float bend, float scale)
    {
        Node size = graph.Unary(UnaryFunction.Abs, d);
        Node line = graph.Product(graph.Binary(BinaryFunction.Subtract, size, 0.5f * bend), bend * scale);
        return graph.Select(Comparison.Greater, graph.Constant(bend, d.Shape), size, graph.Product(graph.Product(d, d), 0.5f * scale), line);
    }

    private static Node OfDifference(OperationContext context, Func<Node, Node> of)
    {
        (Node input, Node target) = LossOperands.Broadcast(context);
        return LossReduction.Apply(context, of(context.Graph.Difference(input, target)));
    }
}
