namespace GraphGen.Generator.Graph;

/// <summary>A rule: a node to put in another's place, or <see langword="null"/> where it does not apply.</summary>
internal delegate Node? RewriteRule(GraphBuilder graph, Node node);

/// <summary>Rebuilds graphs from the leaves up, applying rules at each node until none does.</summary>
internal sealed class GraphRewriter(GraphBuilder graph, IReadOnlyList<RewriteRule> rules)
{
    /// <summary>Rules within rules after which they are taken to go in circles.</summary>
    private const int MostFrames = 100_000;

    private readonly Dictionary<Node, Node> _rewritten = [];
    private readonly HashSet<Node> _replaced = [];
    private readonly HashSet<Node> _opaque = [];

    /// <summary>Whether a replaced node can be seen in a node, as far as that is known.</summary>
    private readonly Dictionary<Node, bool> _uncovers = [];

    /// <summary>Puts <paramref name="replacement"/> in the place of <paramref name="node"/> wherever it is used.</summary>
    public void Replace(Node node, Node replacement)
    {
        foreach (Node alias in _rewritten.Where(pair => pair.Value == node).Select(pair => pair.Key).ToList())
        {
            _rewritten[alias] = replacement;
        }

        // The replacement is made of the node itself. It stays as it is, and no rule may look through it: what it found there
        // would be replaced again, for ever.
        _replaced.Add(node);
        _rewritten[replacement] = replacement;
        foreach (Node input in replacement.Inputs)
        {
            _rewritten[input] = input;
            _opaque.Add(input);
        }

        _rewritten[node] = replacement;
        _uncovers.Clear();
    }

    /// <summary>Forgets what was made of values before they were replaced: it is rewritten again, of their replacements, when it is asked for.</summary>
    public void ForgetReplaced()
    {
        foreach (Node stale in _rewritten.Where(pair => Uncovers(pair.Value)).Select(pair => pair.Key).ToList())
        {
            _rewritten.Remove(stale);
        }
    }

    public Node Rewrite(Node root)
    {
        // What a rule makes is rewritten before what it was made from is done: frames in memory rather than calls, since rules apply
        // within rules as deep as the graph is.
        Stack<Frame> frames = new([new Frame(Unwritten(root))]);
        while (frames.Count > 0)
        {
            Frame frame = frames.Peek();
            if (frame.Next == frame.Nodes.Count)
            {
                frames.Pop();
                continue;
            }

            Node node = frame.Nodes[frame.Next];
            if (frame.Made is { } made)
            {
                // A rule may have made several nodes: all of them are simplified by now.
                Write(node, Inherit(_rewritten[made], frame.From!));
                frame.Made = null;
            }
            else if (!_rewritten.ContainsKey(node))
            {
                Node from = WithInputs(node);
                if (Better(from) is { } better)
                {
                    if (frames.Count == MostFrames)
                    {
                        throw new InvalidOperationException($"Rewriting {node} does not end.");
                    }

                    (frame.Made, frame.From) = (better, from);
                    frames.Push(new Frame(Unwritten(better)));
                    continue;
                }

                Write(node, from);
            }

            frame.Next++;
        }

        return _rewritten[root];
    }

    /// <summary>What a node needs that is not rewritten yet, and the node.</summary>
    private List<Node> Unwritten(Node root) => Node.Reachable([root], until: _rewritten.ContainsKey);

    private void Write(Node node, Node result)
    {
        _rewritten[node] = result;

        // What no rule applies to stays as it is, also where one of its operands is replaced later by a view of it.
        if (!_rewritten.ContainsKey(result))
        {
            _rewritten[result] = result;
        }
    }

    /// <summary>Whether a rule looked through a replacement at what was replaced.</summary>
    private bool Uncovers(Node root)
    {
        if (_replaced.Count == 0)
        {
            return false;
        }

        foreach (Node node in Node.Reachable([root], until: node => _uncovers.ContainsKey(node) || _replaced.Contains(node) || _opaque.Contains(node)))
        {
            if (!_uncovers.ContainsKey(node))
            {
                _uncovers.Add(node, _replaced.Contains(node) || (!_opaque.Contains(node) && node.Inputs.Any(input => _uncovers[input])));
            }
        }

        return _uncovers[root];
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

    /// <summary>What the first rule that applies makes of a node.</summary>
    private Node? Better(Node node)
    {
        foreach (RewriteRule rule in rules)
        {
            if (rule(graph, node) is { } better && !ReferenceEquals(better, node) && !Uncovers(better))
            {
                return better;
            }
        }

        return null;
    }

    private static Node Inherit(Node node, Node from)
    {
        node.Name ??= from.Name;
        node.Position = node.Position < 0 ? from.Position : node.Position;
        return node;
    }

    /// <summary>Nodes to rewrite, operands first, and how far that has come.</summary>
    private sealed class Frame(List<Node> nodes)
    {
        public List<Node> Nodes { get; } = nodes;

        public int Next { get; set; }

        /// <summary>What a rule made of the next node, on its way to be rewritten; and what it made it from.</summary>
        public Node? Made { get; set; }

        public Node? From { get; set; }
    }
}
