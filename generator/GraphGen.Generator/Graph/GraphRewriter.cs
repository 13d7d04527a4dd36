using System.Runtime.CompilerServices;

namespace GraphGen.Generator.Graph;

/// <summary>A rule: a node to put in another's place, or <see langword="null"/> where it does not apply.</summary>
internal delegate Node? RewriteRule(GraphBuilder graph, Node node);

/// <summary>Rebuilds graphs from the leaves up, applying rules at each node until none does.</summary>
internal sealed class GraphRewriter(GraphBuilder graph, IReadOnlyList<RewriteRule> rules)
{
    private readonly Dictionary<Node, Node> _rewritten = [];
    private readonly HashSet<Node> _replaced = [];
    private readonly HashSet<Node> _opaque = [];

    /// <summary>Puts <paramref name="replacement"/> in the place of <paramref name="node"/> wherever it is used.</summary>
    public void Replace(Node node, Node replacement)
    {
        foreach (Node alias in _rewritten.Where(pair => pair.Value == node).Select(pair => pair.Key).ToList())
        {
            _rewritten[alias] = replacement;
        }

        _rewritten[node] = replacement;

        // The replacement is made of the node itself. It stays as it is, and no rule may look through it: what it found there
        // would be replaced again, for ever.
        _replaced.Add(node);
        _rewritten[replacement] = replacement;
        foreach (Node input in replacement.Inputs)
        {
            _rewritten[input] = input;
            _opaque.Add(input);
        }
    }

    public Node Rewrite(Node root)
    {
        // Rules apply within rules: a graph too deep for the stack is refused, not a crash of the compiler.
        RuntimeHelpers.EnsureSufficientExecutionStack();
        foreach (Node node in Node.Reachable([root]))
        {
            if (!_rewritten.ContainsKey(node))
            {
                Node result = Simplify(WithInputs(node));
                _rewritten[node] = result;

                // What no rule applies to stays as it is, also where one of its operands is replaced later by a view of it.
                if (!_rewritten.ContainsKey(result))
                {
                    _rewritten[result] = result;
                }
            }
        }

        return _rewritten[root];
    }

    /// <summary>Whether a rule looked through a replacement at what was replaced.</summary>
    private bool Uncovers(Node node)
    {
        if (_replaced.Count == 0)
        {
            return false;
        }

        HashSet<Node> seen = [];
        Stack<Node> open = new([node]);
        while (open.Count > 0)
        {
            Node next = open.Pop();
            if (_replaced.Contains(next))
            {
                return true;
            }

            if (!_opaque.Contains(next) && seen.Add(next))
            {
                foreach (Node input in next.Inputs)
                {
                    open.Push(input);
                }
            }
        }

        return false;
    }

    private Node WithInputs(Node node)
    {
        if (node.Inputs.All(input => ReferenceEquals(_rewritten[input], input)))
        {
            return node;
        }

        Node copy = graph.Add(node.Op, node.Shape, [.. node.Inputs.Select(input => _rewritten[input])]);
        return Inherit(copy, node);
    }

    private Node Simplify(Node node)
    {
        for (int i = 0; i < rules.Count; i++)
        {
            if (rules[i](graph, node) is { } better && !ReferenceEquals(better, node) && !Uncovers(better))
            {
                // A rule may make several nodes: all of them are simplified in turn.
                return Inherit(Rewrite(better), node);
            }
        }

        return node;
    }

    private static Node Inherit(Node node, Node from)
    {
        node.Name ??= from.Name;
        node.Position = node.Position < 0 ? from.Position : node.Position;
        return node;
    }
}
