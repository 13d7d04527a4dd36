using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Autodiff;

/// <summary>Walks a graph backwards and sums what the rules of <see cref="Gradients"/> send to each value.</summary>
internal static class ReverseMode
{
    /// <summary>The gradients of <paramref name="output"/> by each of <paramref name="sources"/>, given the gradient of the output. A source it does not depend on is absent.</summary>
    public static Dictionary<Node, Node> Differentiate(GraphBuilder graph, Node output, Node seed, IReadOnlyCollection<Node> sources)
    {
        List<Node> order = Node.Reachable([output]);
        HashSet<Node> needed = DependOn(order, sources);
        Dictionary<Node, Node> gradients = [];
        if (!needed.Contains(output))
        {
            return gradients;
        }

        gradients[output] = seed;
        for (int i = order.Count - 1; i >= 0; i--)
        {
            Node node = order[i];
            if (!needed.Contains(node) || !gradients.TryGetValue(node, out Node? gradient) || node.Inputs.Length == 0)
            {
                continue;
            }

            Node?[] contributions = Gradients.Of(graph, node, gradient);
            for (int k = 0; k < contributions.Length; k++)
            {
                Node input = node.Inputs[k];
                if (contributions[k] is not { } contribution || !needed.Contains(input))
                {
                    continue;
                }

                gradients[input] = gradients.TryGetValue(input, out Node? sum) ? graph.Sum(sum, contribution) : contribution;
                gradients[input].Name ??= input.Name is { } name ? name + "Gradient" : null;
            }
        }

        return sources.Where(gradients.ContainsKey).ToDictionary(source => source, source => gradients[source]);
    }

    private static HashSet<Node> DependOn(List<Node> order, IReadOnlyCollection<Node> sources)
    {
        HashSet<Node> needed = [.. sources];
        foreach (Node node in order)
        {
            if (node.Inputs.Any(needed.Contains))
            {
                needed.Add(node);
            }
        }

        return needed;
    }
}
