using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Fuse;

/// <summary>
/// Groups the nodes of one pass into kernels. Nodes are taken in order; an elementwise node joins the kernel that makes
/// one of its operands if it has that kernel's shape and reads the rest from memory, so that what can stay in
/// registers does. Elementwise nodes that no kernel can take (those of nothing but leaves, say) belong to none: each user
/// recomputes them.
/// </summary>
internal sealed class Fuser
{
    private readonly PassRole _role;
    private readonly IReadOnlyList<Node> _roots;
    private readonly HashSet<Node> _available;
    private readonly Dictionary<Node, Kernel> _kernelOf = [];
    private readonly List<Kernel> _kernels = [];
    private readonly HashSet<Node> _inlined = [];
    private readonly Dictionary<Node, List<Node>> _users = [];

    /// <summary>Whether an elementwise node that no kernel takes waits for its users to recompute it, or gets a kernel at once.</summary>
    private readonly bool _recomputes;

    private Fuser(PassRole role, IReadOnlyList<Node> roots, HashSet<Node> available, bool recomputes)
    {
        _recomputes = recomputes;
        _role = role;
        _roots = roots;
        _available = available;
    }

    /// <summary>Fuses the nodes that <paramref name="roots"/> need into kernels; <paramref name="available"/> values were stored by earlier passes.</summary>
    public static Pass Fuse(PassRole role, IReadOnlyList<Node> roots, HashSet<Node> available)
    {
        // Nodes that are placed late can tie two kernels into a knot, each waiting for a value of the other. That is rare, and
        // placing every node in its turn cannot.
        return new Fuser(role, roots, available, recomputes: true).TryRun()
            ?? new Fuser(role, roots, available, recomputes: false).TryRun()
            ?? throw new InvalidOperationException($"The kernels of {role} wait for each other.");
    }

    private Pass? TryRun()
    {
        List<Node> nodes = Needed();
        foreach (Node node in nodes)
        {
            foreach (Node input in node.Inputs.Distinct())
            {
                if (!_users.TryGetValue(input, out List<Node>? users))
                {
                    _users[input] = users = [];
                }

                users.Add(node);
            }
        }

        foreach (Node node in nodes)
        {
            if (!node.Op.IsLeaf && !node.Op.IsView && !_available.Contains(node))
            {
                Place(node);
            }
        }

        foreach (Node root in _roots)
        {
            Materialize(root);
        }

        return InOrder() is { } ordered ? new Pass(_role, ordered, _roots) : null;
    }

    /// <summary>The nodes to compute, operands first; what earlier passes stored is not looked behind.</summary>
    private List<Node> Needed()
    {
        HashSet<Node> seen = [];
        Stack<Node> open = new(_roots);
        while (open.Count > 0)
        {
            Node node = open.Pop();
            if (seen.Add(node) && !_available.Contains(node))
            {
                foreach (Node input in node.Inputs)
                {
                    open.Push(input);
                }
            }
        }

        return [.. seen.OrderBy(node => node.Id)];
    }

    private void Place(Node node)
    {
        switch (node.Op)
        {
            case Op.AddToGradient:
            case Op.Unary:
            case Op.Binary:
            case Op.Select:
                PlaceElementwise(node);
                break;
            case Op.Reduce reduce:
                PlaceReduction(node, reduce);
                break;
            case Op.MatMul:
                PlaceAnchor(node, KernelKind.MatMul);
                break;
            case Op.Conv2d:
                PlaceAnchor(node, KernelKind.Convolution);
                break;
            case Op.MaxPool2d:
                PlacePooling(node);
                break;
            case Op.MaxPool2dWinners winners:
                PlaceWinners(node, winners);
                break;
            case Op.AveragePool2d:
                PlaceAnchor(node, KernelKind.Pool);
                break;
            case Op.MaxPool2dGradient:
                if (!ReadThroughWinners(node))
                {
                    PlaceAnchor(node, KernelKind.PoolGradient);
                }

                break;
            case Op.AveragePool2dGradient:
                PlaceAnchor(node, KernelKind.PoolGradient);
                break;
            case Op.Conv2dInputGradient:
                PlaceConvolutionGradient(node, KernelKind.ConvolutionInputGradient, node.Inputs[0], node.Inputs[1]);
                break;
            case Op.Conv2dWeightGradient:
                PlaceConvolutionGradient(node, KernelKind.ConvolutionWeightGradient, node.Inputs[1], node.Inputs[0]);
                break;
            default:
                throw new InvalidOperationException($"No kernel computes {node}.");
        }
    }

    private void PlaceElementwise(Node node)
    {
        Kernel[] producers = [.. node.Inputs.SelectMany(Producers).Distinct()];
        foreach (Kernel kernel in producers.OrderByDescending(kernel => _kernels.IndexOf(kernel)))
        {
            if (CanJoin(kernel, node) && producers.All(other => other == kernel || !DependsOn(other, kernel)))
            {
                Join(kernel, node);
                return;
            }
        }

        // No kernel takes it. Its users may: until one wants it in memory it is recomputed where it is used.
        bool isPlaced = node.Op is Op.AddToGradient or Op.Unary { Function: UnaryFunction.Copy } || _roots.Contains(node);
        if (isPlaced || (!_recomputes && producers.Length > 0))
        {
            Join(NewKernel(new Kernel(KernelKind.Rows, null) { RowShape = node.Shape }), node);
        }
        else
        {
            _inlined.Add(node);
        }
    }

    private bool CanJoin(Kernel kernel, Node node)
    {
        bool isRowValue = kernel.Kind == KernelKind.Rows && kernel.RowAxis >= 0 && node.Shape.Elements == kernel.Rows;
        bool isResult = kernel.Kind == KernelKind.Rows ? node.Shape.Elements == kernel.RowShape!.Elements : node.Shape == kernel.ResultShape;
        return kernel.Kind is not (KernelKind.Pool or KernelKind.PoolGradient)
            && (kernel.Kind is not KernelKind.ConvolutionWeightGradient || node.Op is Op.AddToGradient)
            && (kernel.Kind is not KernelKind.ConvolutionInputGradient || _users[Tail(kernel)].Count == 1)
            && (isRowValue || isResult)
            && node.Inputs.All(input => KernelAccess.CanRead(kernel, input, value => IsIn(kernel, value), node.Shape) && !WaitsForItself(kernel, input));
    }

    /// <summary>Whether the kernel could read an operand only from a copy that would be made of the kernel's own values.</summary>
    private bool WaitsForItself(Kernel kernel, Node use) =>
        !CanReadThrough(kernel, use, []) && Producers(use).Any(producer => DependsOn(producer, kernel));

    /// <summary>The last value of a kernel that sweeps its result in place, and so has just one at a time.</summary>
    private static Node Tail(Kernel kernel) => kernel.Body[kernel.Body.Count - 1];

    private void PlaceReduction(Node node, Op.Reduce reduce)
    {
        Node input = node.Inputs[0];
        int first = reduce.Axes[0];
        bool trailing = input.Shape.Dims.Skip(reduce.Axes[reduce.Axes.Count - 1] + 1).All(dim => dim.IsOne);
        if (!trailing)
        {
            Kernel columns = NewKernel(new Kernel(KernelKind.Columns, node));
            Join(columns, node);
            return;
        }

        foreach (Kernel kernel in Producers(input))
        {
            if (kernel.Kind == KernelKind.Rows
                && (kernel.RowAxis < 0 || (kernel.Rows == Shape.Product(input.Shape.Dims.Take(first)) && kernel.RowLength == Shape.Product(input.Shape.Dims.Skip(first))))
                && (kernel.RowAxis >= 0 || kernel.RowShape == input.Shape)
                && KernelAccess.CanRead(kernel, input, value => IsIn(kernel, value), input.Shape)
                && Producers(input).All(other => other == kernel || !DependsOn(other, kernel))
                && CanTakeRows(kernel, first)
                && !WaitsForItself(kernel, input))
            {
                Join(kernel, node);
                return;
            }
        }

        Join(Sibling(input, first) ?? NewKernel(new Kernel(KernelKind.Rows, null) { RowShape = input.Shape, RowAxis = first }), node);
    }

    /// <summary>Lets a kernel's rows begin at an axis, if what it reads already is evenly spaced along such rows.</summary>
    private bool CanTakeRows(Kernel kernel, int axis)
    {
        if (kernel.RowAxis >= 0)
        {
            return true;
        }

        kernel.RowAxis = axis;
        if (kernel.Body.SelectMany(node => node.Inputs).All(input => CanReadThrough(kernel, input, [])))
        {
            return true;
        }

        kernel.RowAxis = -1;
        return false;
    }

    /// <summary>
    /// A kernel over the same rows that no value ties to this reduction, and that waits for nothing this reduction does not wait
    /// for: the sweeps of a loss and of its gradient meet so. Sums over the whole batch stay apart: what one waits for would be
    /// waited for by the users of the other.
    /// </summary>
    private Kernel? Sibling(Node input, int rowAxis)
    {
        Kernel[] producers = [.. Producers(input)];
        return _kernels.FirstOrDefault(kernel =>
            kernel.Kind == KernelKind.Rows
            && kernel.RowAxis == rowAxis
            && kernel.RowShape == input.Shape
            && !kernel.Rows.IsOne
            && producers.All(producer => !DependsOn(producer, kernel))
            && Dependencies(kernel).All(dependency => producers.Any(producer => DependsOn(producer, dependency)))
            && KernelAccess.CanRead(kernel, input, value => IsIn(kernel, value), input.Shape));
    }

    private void PlaceAnchor(Node node, KernelKind kind)
    {
        foreach (Node input in node.Inputs)
        {
            (Node value, List<Node> views) = Base(input);
            Materialize(kind == KernelKind.MatMul && MatMulOperand.Read(input, value, views) is not null ? value : input);
        }

        Join(NewKernel(new Kernel(kind, node)), node);
    }

    private void PlacePooling(Node node)
    {
        PoolGeometry geometry = ((Op.MaxPool2d)node.Op).Geometry;
        Node input = node.Inputs[0];
        bool inRegisters = geometry is { Tiles: true, Kernel: <= 3 }
            && _kernelOf.TryGetValue(input, out Kernel? convolution)
            && convolution is { Kind: KernelKind.Convolution, Body.Count: 1 }
            && _users[input].All(user => user.Op is Op.MaxPool2d or Op.MaxPool2dWinners);
        if (!inRegisters)
        {
            PlaceAnchor(node, KernelKind.Pool);
            return;
        }

        Kernel kernel = _kernelOf[input];
        kernel.Pooling = node;
        Join(kernel, node);
    }

    /// <summary>The winners come out of the kernel that pools.</summary>
    private void PlaceWinners(Node node, Op.MaxPool2dWinners winners)
    {
        Node? pooled = _users[node.Inputs[0]].FirstOrDefault(user => user.Op is Op.MaxPool2d pool && pool.Geometry == winners.Geometry);
        if (pooled is not null && _kernelOf.TryGetValue(pooled, out Kernel? kernel))
        {
            Join(kernel, node);
            return;
        }

        throw new InvalidOperationException($"{node} has no pooling beside it.");
    }

    /// <summary>Whether every user of a pooling's gradient is a convolution's gradient that can skip the losers.</summary>
    private bool ReadThroughWinners(Node node) =>
        ((Op.MaxPool2dGradient)node.Op).Geometry.Tiles
        && !_roots.Contains(node)
        && _users[node].All(user => user.Op switch
        {
            Op.Conv2dInputGradient { Geometry: { Groups: 1, Dilation: 1 } } => true,
            Op.Conv2dWeightGradient { Geometry: { Groups: 1, Dilation: 1 } } => user.Inputs[1] == node,
            _ => false,
        });

    private void PlaceConvolutionGradient(Node node, KernelKind kind, Node gradient, Node other)
    {
        Kernel kernel = new(kind, node);
        Materialize(other);
        if (gradient.Op is Op.MaxPool2dGradient && !_kernelOf.ContainsKey(gradient) && !_available.Contains(gradient))
        {
            kernel.Pooling = gradient;
            Materialize(gradient.Inputs[1]);
            MaterializeBase(gradient.Inputs[0]);
        }
        else
        {
            Materialize(gradient);
        }

        Join(NewKernel(kernel), node);
    }

    private Kernel NewKernel(Kernel kernel)
    {
        _kernels.Add(kernel);
        return kernel;
    }

    /// <summary>Adds a node to a kernel; what it reads of other kernels has to be in memory.</summary>
    private void Join(Kernel kernel, Node node)
    {
        if (kernel.Kind is KernelKind.Rows or KernelKind.Columns || node != kernel.Anchor)
        {
            foreach (Node input in node.Inputs)
            {
                EnsureReadable(kernel, input);
            }
        }

        // Operands come before users, also where a value that was recomputed so far gets its place now.
        int firstUser = kernel.Body.FindIndex(user => user.Inputs.Any(use => Recomputes(use, node)));
        kernel.Body.Insert(firstUser < 0 ? kernel.Body.Count : firstUser, node);
        _kernelOf[node] = kernel;
    }

    /// <summary>Sees to it that a kernel can read an operand: through its views where strides say where its elements are, else from a copy.</summary>
    private void EnsureReadable(Kernel kernel, Node use)
    {
        if (CanReadThrough(kernel, use, []))
        {
            MaterializeOperands(kernel, use);
        }
        else
        {
            Materialize(use);
        }
    }

    private bool CanReadThrough(Kernel kernel, Node use, List<Node> outerViews)
    {
        (Node value, List<Node> views) = Base(use);
        views.AddRange(outerViews);
        if (value.Op is Op.Constant or Op.InverseCount || IsIn(kernel, value))
        {
            return true;
        }

        if (_inlined.Contains(value))
        {
            return value.Inputs.All(input => CanReadThrough(kernel, input, views));
        }

        // A mask is drawn by position, so that its lanes have to follow each other.
        Shape seen = views.Count == 0 ? value.Shape : views[views.Count - 1].Shape;
        return (value.Op is not Op.Uniform || views.All(view => view.Op is Op.Reshape))
            && ViewStrides.Through(value.Shape, views) is { } strides
            && IsEven(kernel, seen, strides);
    }

    /// <summary>Whether the lanes of a vector lie evenly spaced: the whole row of a kernel that reduces rows, the last axis elsewhere.</summary>
    private static bool IsEven(Kernel kernel, Shape seen, int[] strides) => kernel.Kind switch
    {
        KernelKind.Rows when kernel.RowAxis >= 0 => (seen.Elements == kernel.Rows && seen.Elements != kernel.RowShape!.Elements) || ViewStrides.IsEven(seen, strides, kernel.RowLength),
        KernelKind.Rows => kernel.RowShape!.Rank == 0 || ViewStrides.IsEven(seen, strides, kernel.RowShape[kernel.RowShape.Rank - 1]),
        _ => true,
    };

    private void MaterializeOperands(Kernel kernel, Node use)
    {
        Node value = Base(use).Value;
        if (_inlined.Contains(value))
        {
            foreach (Node input in value.Inputs)
            {
                MaterializeOperands(kernel, input);
            }
        }
        else if (!value.Op.IsLeaf && !IsIn(kernel, value))
        {
            Materialize(value);
        }
    }

    private bool IsIn(Kernel kernel, Node value) => _kernelOf.TryGetValue(value, out Kernel? owner) && owner == kernel;

    private void MaterializeBase(Node use)
    {
        (Node value, List<Node> views) = Base(use);
        Materialize(ViewStrides.Through(value.Shape, views) is null ? use : value);
    }

    /// <summary>Sees to it that a value lies in memory, row-major.</summary>
    private void Materialize(Node node)
    {
        while (node.Op is Op.Reshape)
        {
            node = node.Inputs[0];
        }

        if (node.Op.IsStoredLeaf || _available.Contains(node))
        {
            return;
        }

        if (!_kernelOf.TryGetValue(node, out Kernel? kernel))
        {
            kernel = RecomputingKernel(node) ?? KernelForCopy(node);
            _inlined.Remove(node);
            Join(kernel, node);
        }

        kernel.Stores.Add(node);
    }

    /// <summary>
    /// A kernel that recomputes the value from values of its own. Only that one can store it: another would wait for this one's
    /// values, and this one for its.
    /// </summary>
    private Kernel? RecomputingKernel(Node node) =>
        _inlined.Contains(node)
            ? Producers(node).FirstOrDefault(producer => producer.Body.SelectMany(user => user.Inputs).Any(use => Recomputes(use, node)) && CanJoin(producer, node))
            : null;

    private bool Recomputes(Node use, Node node)
    {
        Node value = Base(use).Value;
        return value == node || (_inlined.Contains(value) && value.Inputs.Any(input => Recomputes(input, node)));
    }

    /// <summary>
    /// Which kernel puts a view, or a value that was to be recomputed, in memory. A convolution can put one value there
    /// channels first.
    /// </summary>
    private Kernel KernelForCopy(Node node) =>
        node.Op is Op.Permute permute && permute.Order.SequenceEqual([0, 3, 1, 2])
        && _kernelOf.TryGetValue(node.Inputs[0], out Kernel? producer)
        && producer.Kind == KernelKind.Convolution
        && !producer.Body.Any(other => other.Op is Op.Permute)
        && node.Inputs[0].Shape == producer.ResultShape
            ? producer
            : NewKernel(new Kernel(KernelKind.Rows, null) { RowShape = node.Shape });

    /// <summary>The value a chain of views looks at, and the views from the inside out. A view that is in memory is a value.</summary>
    private (Node Value, List<Node> Views) Base(Node use)
    {
        List<Node> views = [];
        while (use.Op.IsView && !_available.Contains(use) && !(_kernelOf.TryGetValue(use, out Kernel? kernel) && kernel.Stores.Contains(use)))
        {
            views.Insert(0, use);
            use = use.Inputs[0];
        }

        return (use, views);
    }

    /// <summary>The kernels of this pass that a value needs, looking through views and recomputed values.</summary>
    private IEnumerable<Kernel> Producers(Node use)
    {
        Node value = Base(use).Value;
        return _kernelOf.TryGetValue(value, out Kernel? kernel) ? [kernel]
            : _inlined.Contains(value) ? value.Inputs.SelectMany(Producers)
            : [];
    }

    private bool DependsOn(Kernel kernel, Kernel on)
    {
        HashSet<Kernel> seen = [];
        Stack<Kernel> open = new([kernel]);
        while (open.Count > 0)
        {
            Kernel current = open.Pop();
            if (current == on)
            {
                return true;
            }

            if (seen.Add(current))
            {
                foreach (Kernel dependency in Dependencies(current))
                {
                    open.Push(dependency);
                }
            }
        }

        return false;
    }

    private IEnumerable<Kernel> Dependencies(Kernel kernel)
    {
        IEnumerable<Node> inputs = kernel.Body.SelectMany(node => node.Inputs);
        if (kernel.Pooling is { Op: Op.MaxPool2dGradient } pooling)
        {
            inputs = inputs.Where(input => input != pooling).Concat(pooling.Inputs);
        }

        return inputs.SelectMany(Producers).Where(producer => producer != kernel).Distinct();
    }

    /// <summary>
    /// The kernels so that each comes after those it reads from. Those that leave nothing in memory come as soon as they can:
    /// a weight's gradient is the last reader of an activation, whose memory is free from then on. None where kernels wait for each other.
    /// </summary>
    private List<Kernel>? InOrder()
    {
        List<Kernel> waiting = [.. _kernels];
        List<Kernel> ordered = [];
        Dictionary<Kernel, Kernel[]> dependencies = _kernels.ToDictionary(kernel => kernel, kernel => Dependencies(kernel).ToArray());
        HashSet<Kernel> done = [];
        while (waiting.Count > 0)
        {
            Kernel? next = waiting.Where(kernel => dependencies[kernel].All(done.Contains)).OrderBy(kernel => kernel.Stores.Count == 0 ? 0 : 1).FirstOrDefault();
            if (next is null)
            {
                return null;
            }

            waiting.Remove(next);
            ordered.Add(next);
            done.Add(next);
        }

        return ordered;
    }
}
