using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Fuse;

/// <summary>
/// The kernels of a pass while they are being chosen: which one computes a value, and which have to run before which. A value
/// that no kernel computes is recomputed by each of its users, and so is what it is made of that no kernel computes either.
/// The graph has no cycle at any time: <see cref="Fuser"/> gives a kernel no operand that waits for the kernel itself, and
/// <see cref="Put"/> keeps a value that gets its place late from those that its place waits for.
/// </summary>
/// <param name="available">What earlier passes stored.</param>
/// <param name="storage">How values lie in memory.</param>
internal sealed class KernelGraph(HashSet<Node> available, Storage storage)
{
    private readonly List<Kernel> _kernels = [];
    private readonly Dictionary<Node, Kernel> _kernelOf = [];
    private readonly HashSet<Node> _recomputed = [];

    /// <summary>By the number of a kernel: the kernels that have to run before it, for its own sake or for that of others among them.</summary>
    private readonly List<BitSet> _waitsFor = [];

    /// <summary>The kernels that go on making a value that got its place late.</summary>
    private readonly Dictionary<Node, BitSet> _madeAnyway = [];

    /// <summary>The kernels that looked through a view or made a value when they were given an operand.</summary>
    private readonly Dictionary<Node, HashSet<Kernel>> _passedBy = [];

    /// <summary>How values lie in memory.</summary>
    public Storage Storage => storage;

    /// <summary>The kernels in the order in which they were added.</summary>
    public IReadOnlyList<Kernel> Kernels => _kernels;

    public Kernel Add(Kernel kernel)
    {
        kernel.Number = _kernels.Count;
        kernel.Storage = storage;
        _kernels.Add(kernel);
        _waitsFor.Add(new BitSet());
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
        bool isLate = _recomputed.Contains(node) || node.Op.IsView;

        // Operands come before users, also where the value gets its place late.
        int firstUser = isLate ? kernel.Body.FindIndex(user => Walk(kernel).Way(user.Inputs).Contains(node)) : -1;
        kernel.Body.Insert(firstUser < 0 ? kernel.Body.Count : firstUser, node);
        AddDependencies(kernel, node);
        if (isLate)
        {
            BitSet earlier = new(_waitsFor[kernel.Number]);
            Kernel[] readers = [.. Readers(node).Where(reader => reader != kernel && !earlier.Contains(reader.Number))];
            _madeAnyway[node] = earlier;
            _recomputed.Remove(node);
            foreach (Kernel reader in readers)
            {
                AddDependency(reader, kernel);
            }
        }

        _kernelOf[node] = kernel;
    }

    /// <summary>The kernel that computes a value, if it has one in this pass.</summary>
    public Kernel? KernelOf(Node node) => _kernelOf.TryGetValue(node, out Kernel? kernel) ? kernel : null;

    public bool IsIn(Kernel? kernel, Node value) => kernel is not null && KernelOf(value) == kernel;

    public bool IsAvailable(Node node) => available.Contains(node);

    /// <summary>
    /// How a reader comes by its operands: it looks through views that are not in memory for it, and recomputes what was left to it.
    /// It is <see langword="null"/> for a kernel to come.
    /// </summary>
    public OperandWalk Walk(Kernel? reader) => new(use => SeesThrough(reader, use), value => Recomputes(reader, value));

    /// <summary>Whether a kernel that uses the value recomputes it.</summary>
    public bool Recomputes(Kernel? reader, Node value) => _recomputed.Contains(value) || MakesAnyway(reader, value);

    /// <summary>The kernels whose values a reader needs for operands, looking through views and what it recomputes.</summary>
    public IEnumerable<Kernel> Producers(Kernel? reader, IEnumerable<Node> uses) => Walk(reader).Sources(uses).Select(KernelOf).OfType<Kernel>().Distinct();

    /// <summary>Whether a kernel has to run after another.</summary>
    public bool WaitsFor(Kernel later, Kernel earlier) => _waitsFor[later.Number].Contains(earlier.Number);

    /// <summary>By their numbers, some kernels and all that have to run before them.</summary>
    public BitSet Upstream(IEnumerable<Kernel> kernels)
    {
        BitSet upstream = new();
        foreach (Kernel kernel in kernels)
        {
            upstream.Add(kernel.Number);
            upstream.UnionWith(_waitsFor[kernel.Number]);
        }

        return upstream;
    }

    /// <summary>Whether all that a kernel waits for is in a set of kernels' numbers.</summary>
    public bool WaitsForNoneBut(Kernel kernel, BitSet others) => _waitsFor[kernel.Number].IsSubsetOf(others);

    /// <summary>
    /// The kernels in an order of time, each knowing what it reads from memory. Those that leave nothing there come as soon as
    /// they can: a weight's gradient is the last reader of an activation, whose memory is free from then on.
    /// </summary>
    public List<Kernel> InOrder()
    {
        foreach (Kernel kernel in _kernels)
        {
            kernel.Loads.UnionWith(Walk(kernel).Sources(kernel.Body.SelectMany(node => Operands(kernel, node))).Where(value => (!value.Op.IsLeaf || NeedsInMemory(kernel, value)) && !IsIn(kernel, value)));
        }

        return KernelSequence.Of(_kernels, kernel => kernel.Stores.Count == 0 ? 0 : 1);
    }

    /// <summary>Whether a kernel has to find in memory what others make in a register: a product of constants, say, reads its sides there.</summary>
    private bool NeedsInMemory(Kernel kernel, Node leaf) =>
        (KernelOf(leaf) is not null || IsAvailable(leaf))
        && kernel.Kind is not (KernelKind.Rows or KernelKind.Columns or KernelKind.Concat)
        && kernel.Anchor!.Inputs.Any(input => Walk(kernel).Base(input).Value == leaf);

    private bool SeesThrough(Kernel? reader, Node use) =>
        use.Op.IsView && !available.Contains(use) && (!_kernelOf.ContainsKey(use) || MakesAnyway(reader, use));

    private bool MakesAnyway(Kernel? reader, Node value) => reader is not null && _madeAnyway.TryGetValue(value, out BitSet? makers) && makers.Contains(reader.Number);

    /// <summary>The kernels that see through a value, or recompute it.</summary>
    private IEnumerable<Kernel> Readers(Node value) =>
        _passedBy.TryGetValue(value, out HashSet<Kernel>? passed)
            ? passed.Where(reader => Walk(reader).Way(reader.Body.SelectMany(node => Operands(reader, node))).Contains(value))
            : [];

    /// <summary>Notes what a kernel waits for because of one of its nodes.</summary>
    private void AddDependencies(Kernel kernel, Node node)
    {
        OperandWalk walk = Walk(kernel);
        foreach (Node operand in walk.Way(Operands(kernel, node)))
        {
            if (!walk.GoesOn(operand))
            {
                if (KernelOf(operand) is { } producer && producer != kernel)
                {
                    AddDependency(kernel, producer);
                }
            }
            else if (_passedBy.TryGetValue(operand, out HashSet<Kernel>? passed))
            {
                passed.Add(kernel);
            }
            else
            {
                _passedBy.Add(operand, [kernel]);
            }
        }
    }

    private void AddDependency(Kernel later, Kernel earlier)
    {
        if (WaitsFor(later, earlier))
        {
            return;
        }

        BitSet added = new(_waitsFor[earlier.Number]);
        added.Add(earlier.Number);
        foreach (BitSet waitsFor in _waitsFor.Where((waitsFor, number) => number == later.Number || waitsFor.Contains(later.Number)))
        {
            waitsFor.UnionWith(added);
        }
    }

    /// <summary>What a kernel needs for one of its nodes; a gradient through winners needs what the pooling's gradient would.</summary>
    private static IEnumerable<Node> Operands(Kernel kernel, Node node) =>
        kernel.Pooling is { Op: Op.MaxPool2dGradient } pooling ? node.Inputs.Where(input => input != pooling).Concat(node.Inputs.Contains(pooling) ? pooling.Inputs : []) : node.Inputs;
}
