using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Autodiff;

/// <summary>Walks a graph backwards and sums what primitives send to each value (<see cref="Op.Gradients"/>).</summary>
internal static class ReverseMode
{
    /// <summary>
    /// The gradients by each of <paramref name="sources"/>, given those of <paramref name="outputs"/> (their seeds), which are summed.
    /// A source that no output depends on is absent.
    /// </summary>
    public static Dictionary<Node, Node> Differentiate(GraphBuilder graph, IReadOnlyCollection<(Node Output, Node Seed)> outputs, IReadOnlyCollection<Node> sources)
    {
        List<Node> order = Node.Reachable(outputs.Select(pair => pair.Output));
        HashSet<Node> needed = DependOn(order, sources);
        Dictionary<Node, Node> gradients = [];
        foreach ((Node output, Node seed) in outputs)
        {
            Add(output, seed);
        }

        for (int i = order.Count - 1; i >= 0; i--)
        {
            Node node = order[i];
            if (!gradients.TryGetValue(node, out Node? gradient) || node.Inputs.Length == 0)
            {
                continue;
            }

            Node?[] contributions = node.Op.Gradients(graph, node, gradient);
            for (int k = 0; k < contributions.Length; k++)
            {
                if (contributions[k] is { } contribution)
                {
                    Add(node.Inputs[k], contribution);
                }
            }
        }

        return sources.Where(gradients.ContainsKey).ToDictionary(source => source, source => gradients[source]);

        void Add(Node value, Node contribution)
        {
            if (needed.Contains(value))
            {
                gradients[value] = gradients.TryGetValue(value, out Node? sum) ? graph.Sum(sum, contribution) : contribution;
                gradients[value].Name ??= value.Name is { } name ? name + "Gradient" : null;
            }
        }
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
