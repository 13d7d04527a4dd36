using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Fuse;

/// <summary>
/// The kernels of a pass while they are being chosen: which one computes a value, and which have to run before which. A value
/// that no kernel computes is recomputed by each of its users, and so is what it is made of that no kernel computes either.
/// The graph has no cycle at any time: <see cref="Fuser"/> gives a kernel no operand that waits for the kernel itself, and
/// <see cref="Put"/> keeps a value that gets its place late from those that its place waits for.
/// </summary>
/// <param name="available">What earlier passes stored.</param>
internal sealed class KernelGraph(HashSet<Node> available)
{
    private readonly List<Kernel> _kernels = [];
    private readonly Dictionary<Node, Kernel> _kernelOf = [];
    private readonly HashSet<Node> _recomputed = [];
    private readonly HashSet<(Kernel Reader, Node Value)> _madeAnyway = [];

    /// <summary>What <see cref="Dependencies"/> found, as long as it is so.</summary>
    private readonly Dictionary<Kernel, Kernel[]> _dependencies = [];

    /// <summary>The kernels in the order in which they were added.</summary>
    public IReadOnlyList<Kernel> Kernels => _kernels;

    public Kernel Add(Kernel kernel)
    {
        _kernels.Add(kernel);
        return kernel;
    }

    /// <summary>Leaves an elementwise value to its users.</summary>
    public void LeaveToUsers(Node value) => _recomputed.Add(value);

    /// <summary>
    /// Lets a kernel compute a value. Others may see through that value already, if it is a view or was left to its users: they
    /// will read it from memory instead, but for the kernels that this one waits for. Those go on making it themselves.
    /// </summary>
    public void Put(Kernel kernel, Node node)
    {
        // Operands come before users, also where the value gets its place late.
        int firstUser = kernel.Body.FindIndex(user => user.Inputs.Any(use => SeesThrough(kernel, use, node)));
        kernel.Body.Insert(firstUser < 0 ? kernel.Body.Count : firstUser, node);
        _dependencies.Remove(kernel);
        if (_recomputed.Contains(node) || node.Op.IsView)
        {
            _madeAnyway.UnionWith(Upstream(Dependencies(kernel)).Select(earlier => (earlier, node)).ToArray());
            _recomputed.Remove(node);
            _dependencies.Clear();
        }

        _kernelOf[node] = kernel;
    }

    /// <summary>The kernel that computes a value, if it has one in this pass.</summary>
    public Kernel? KernelOf(Node node) => _kernelOf.TryGetValue(node, out Kernel? kernel) ? kernel : null;

    public bool IsIn(Kernel? kernel, Node value) => kernel is not null && KernelOf(value) == kernel;

    public bool IsAvailable(Node node) => available.Contains(node);

    /// <summary>Whether a kernel that uses the value recomputes it; <paramref name="reader"/> is <see langword="null"/> for a kernel to come.</summary>
    public bool Recomputes(Kernel? reader, Node value) => _recomputed.Contains(value) || MakesAnyway(reader, value);

    /// <summary>The value that a reader finds behind a chain of views, and the views from the inside out. A view that is in memory is a value.</summary>
    public (Node Value, List<Node> Views) Base(Kernel? reader, Node use)
    {
        List<Node> views = [];
        while (use.Op.IsView && !available.Contains(use) && (!_kernelOf.ContainsKey(use) || MakesAnyway(reader, use)))
        {
            views.Insert(0, use);
            use = use.Inputs[0];
        }

        return (use, views);
    }

    /// <summary>Whether a reader makes an operand from <paramref name="node"/>, a view or a value that is recomputed, or is it.</summary>
    public bool SeesThrough(Kernel? reader, Node use, Node node)
    {
        for (; use != node && use.Op.IsView && Base(reader, use).Value != use; use = use.Inputs[0])
        {
        }

        return use == node || (Recomputes(reader, use) && use.Inputs.Any(input => SeesThrough(reader, input, node)));
    }

    /// <summary>The kernels whose values a reader needs for an operand, looking through views and what it recomputes.</summary>
    public IEnumerable<Kernel> Producers(Kernel? reader, Node use)
    {
        Node value = Base(reader, use).Value;
        return Recomputes(reader, value) ? value.Inputs.Distinct().SelectMany(input => Producers(reader, input)).Distinct()
            : KernelOf(value) is { } kernel ? [kernel]
            : [];
    }

    /// <summary>The other kernels whose values a kernel reads.</summary>
    public IReadOnlyList<Kernel> Dependencies(Kernel kernel)
    {
        if (!_dependencies.TryGetValue(kernel, out Kernel[]? dependencies))
        {
            dependencies = [.. Operands(kernel).SelectMany(use => Producers(kernel, use)).Where(producer => producer != kernel).Distinct()];
            _dependencies[kernel] = dependencies;
        }

        return dependencies;
    }

    /// <summary>Some kernels and all that have to run before them.</summary>
    public IEnumerable<Kernel> Upstream(IEnumerable<Kernel> kernels)
    {
        HashSet<Kernel> seen = [];
        Stack<Kernel> open = new(kernels);
        while (open.Count > 0)
        {
            Kernel current = open.Pop();
            if (seen.Add(current))
            {
                yield return current;
                foreach (Kernel dependency in Dependencies(current))
                {
                    open.Push(dependency);
                }
            }
        }
    }

    /// <summary>
    /// The kernels in an order of time, each knowing what it reads from memory. Those that leave nothing there come as soon as
    /// they can: a weight's gradient is the last reader of an activation, whose memory is free from then on.
    /// </summary>
    public List<Kernel> InOrder()
    {
        List<Kernel> waiting = [.. _kernels];
        List<Kernel> ordered = [];
        HashSet<Kernel> done = [];
        while (waiting.Count > 0)
        {
            Kernel next = waiting.Where(kernel => Dependencies(kernel).All(done.Contains)).OrderBy(kernel => kernel.Stores.Count == 0 ? 0 : 1).FirstOrDefault()
                ?? throw new InvalidOperationException($"The kernels of {string.Join(", ", waiting.Select(kernel => kernel.Body[0]))} wait for each other.");
            waiting.Remove(next);
            ordered.Add(next);
            done.Add(next);
            foreach (Node use in Operands(next))
            {
                AddLoads(next, use);
            }
        }

        return ordered;
    }

    private bool MakesAnyway(Kernel? reader, Node value) => reader is not null && _madeAnyway.Contains((reader, value));

    private void AddLoads(Kernel kernel, Node use)
    {
        Node value = Base(kernel, use).Value;
        if (Recomputes(kernel, value))
        {
            foreach (Node input in value.Inputs)
            {
                AddLoads(kernel, input);
            }
        }
        else if (!value.Op.IsLeaf && !IsIn(kernel, value))
        {
            kernel.Loads.Add(value);
        }
    }

    /// <summary>What a kernel's nodes need; a gradient through winners needs what the pooling's gradient would.</summary>
    private static IEnumerable<Node> Operands(Kernel kernel)
    {
        IEnumerable<Node> inputs = kernel.Body.SelectMany(node => node.Inputs);
        return (kernel.Pooling is { Op: Op.MaxPool2dGradient } pooling ? inputs.Where(input => input != pooling).Concat(pooling.Inputs) : inputs).Distinct();
    }
}
