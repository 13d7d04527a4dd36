using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Fuse;

/// <summary>
/// Groups the nodes of one pass into kernels. Nodes are taken in order; an elementwise node joins the kernel that makes
/// one of its operands if it has that kernel's shape and reads the rest from memory, so that what can stay in
/// registers does. Elementwise nodes that no kernel can take (those of nothing but leaves, say) belong to none: each user
/// recomputes them, until one needs them in memory.
/// </summary>
internal sealed partial class Fuser
{
    /// <summary>Values that a kernel may compute: enough for any layer, and few enough for the JIT to compile its method well.</summary>
    private const int MostValues = 128;

    /// <summary>Values that users may recompute for want of one. Beyond these it is cheaper read from memory.</summary>
    private const int MostRecomputed = 64;

    private readonly HashSet<Node> _roots;
    private readonly KernelGraph _graph;
    private readonly KernelAccess _access;
    private readonly Dictionary<Node, List<Node>> _users = [];

    private Fuser(IReadOnlyList<Node> roots, KernelGraph graph)
    {
        _roots = [.. roots];
        _graph = graph;
        _access = new KernelAccess(graph);
    }

    /// <summary>Fuses the nodes that <paramref name="roots"/> need into kernels; <paramref name="available"/> values were stored by earlier passes.</summary>
    public static Pass Fuse(PassRole role, IReadOnlyList<Node> roots, HashSet<Node> available, Storage storage)
    {
        KernelGraph graph = new(available, storage);
        new Fuser(roots, graph).Run(roots);
        return new Pass(role, graph.InOrder(), roots);
    }

    private void Run(IReadOnlyList<Node> roots)
    {
        // What earlier passes stored is not looked behind.
        List<Node> nodes = Node.Reachable(roots, until: _graph.IsAvailable);
        _graph.Storage.Arrange([.. nodes.Where(node => !_graph.IsAvailable(node))]);
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
            if (!node.Op.IsLeaf && !node.Op.IsView && !_graph.IsAvailable(node))
            {
                Place(node);
            }
        }

        // A parameter's gradient has its place in the block of gradients.
        foreach (Node root in roots.Where(root => root.Op is not Op.AddToGradient))
        {
            Materialize(root);
        }

        foreach (Kernel kernel in _graph.Kernels)
        {
            foreach (Node stored in kernel.Stores.Where(stored => _graph.Storage.HomeOf(stored) is not null && !_access.CanStoreInPlace(kernel, stored)))
            {
                _graph.Storage.Refuse(stored);
            }
        }
    }

    private void Place(Node node)
    {
        switch (node.Op.Role)
        {
            case OpRole.Elementwise:
                PlaceElementwise(node);
                break;
            case OpRole.Reduction:
                PlaceReduction(node, (Op.Reduce)node.Op);
                break;
            case OpRole.Parts:
                PlaceConcat(node);
                break;
            case OpRole.Product:
                PlaceAnchor(node, KernelKind.MatMul);
                break;
            case OpRole.Convolution:
                PlaceAnchor(node, KernelKind.Convolution);
                break;
            case OpRole.MaxPooling:
                PlacePooling(node);
                break;
            case OpRole.Winners:
                PlaceWinners(node, (Op.MaxPool2dWinners)node.Op);
                break;
            case OpRole.AveragePooling:
                PlaceAnchor(node, KernelKind.Pool);
                break;
            case OpRole.MaxPoolingGradient when ReadThroughWinners(node):
                break;
            case OpRole.MaxPoolingGradient or OpRole.AveragePoolingGradient:
                PlaceAnchor(node, KernelKind.PoolGradient);
                break;
            case OpRole.ConvolutionInputGradient:
                PlaceConvolutionGradient(node, KernelKind.ConvolutionInputGradient, node.Inputs[0], node.Inputs[1]);
                break;
            case OpRole.ConvolutionWeightGradient:
                PlaceConvolutionGradient(node, KernelKind.ConvolutionWeightGradient, node.Inputs[1], node.Inputs[0]);
                break;
            default:
                throw new InvalidOperationException($"No kernel computes {node}.");
        }
    }

    private void PlaceElementwise(Node node)
    {
        if (_graph.Producers(null, node.Inputs).OrderByDescending(kernel => kernel.Number).FirstOrDefault(kernel => CanJoin(kernel, node)) is { } latest)
        {
            Join(latest, node);
        }
        else if (node.Op is Op.AddToGradient || node.Op.IsCopy || _roots.Contains(node) || IsMadeOfMuch(node))
        {
            Join((_roots.Contains(node) ? KernelBeside(node) : null) ?? _graph.Add(new Kernel(KernelKind.Rows, null) { RowShape = node.Shape }), node);
        }
        else
        {
            _graph.LeaveToUsers(node);
        }
    }

    private bool IsMadeOfMuch(Node node) =>
        _graph.Walk(null).Way(node.Inputs).Where(value => _graph.Recomputes(null, value)).Take(MostRecomputed).Count() == MostRecomputed;

    private bool CanJoin(Kernel kernel, Node node)
    {
        bool isRowValue = kernel.Kind == KernelKind.Rows && kernel.RowAxis >= 0 && node.Shape.Elements == kernel.Rows;
        bool isResult = kernel.Kind == KernelKind.Rows ? node.Shape.Elements == kernel.RowShape!.Elements : node.Shape == kernel.ResultShape;
        return kernel.Kind is not (KernelKind.Pool or KernelKind.PoolGradient or KernelKind.Concat)
            && kernel.Body.Count < MostValues
            && (kernel.Kind is not KernelKind.ConvolutionWeightGradient || (node.Op is Op.AddToGradient && node.Inputs[0] == kernel.Anchor))
            && (kernel.Kind is not KernelKind.ConvolutionInputGradient || _users[Tail(kernel)].Count == 1)
            && (isRowValue || isResult)
            && node.Inputs.All(input => _access.CanTake(kernel, input, node.Shape));
    }

    /// <summary>The last value of a kernel that sweeps its result in place, and so has just one at a time.</summary>
    private static Node Tail(Kernel kernel) => kernel.Body[kernel.Body.Count - 1];

    private void PlaceReduction(Node node, Op.Reduce reduce)
    {
        Node input = node.Inputs[0];
        int first = reduce.Axes[0];
        if (Enumerable.Range(first, reduce.Axes[reduce.Axes.Count - 1] - first).Any(axis => !reduce.Axes.Contains(axis) && !input.Shape[axis].IsOne))
        {
            throw new InvalidOperationException($"{node} reduces axes of {input.Shape} that do not lie side by side.");
        }

        bool trailing = input.Shape.Dims.Skip(reduce.Axes[reduce.Axes.Count - 1] + 1).All(dim => dim.IsOne);
        if (!trailing)
        {
            Join(_graph.Add(new Kernel(KernelKind.Columns, node)), node);
            return;
        }

        Kernel kernel = _graph.Producers(null, [input]).FirstOrDefault(producer => CanReduceRows(producer, input, first))
            ?? Sibling(input, first)
            ?? _graph.Add(new Kernel(KernelKind.Rows, null) { RowShape = input.Shape, RowAxis = first });
        Join(kernel, node);
    }

    /// <summary>Whether a kernel can reduce an operand along rows that begin at an axis. One that has no rows yet gets them, if that suits what it reads already.</summary>
    private bool CanReduceRows(Kernel kernel, Node input, int axis)
    {
        if (kernel.Kind != KernelKind.Rows || kernel.Body.Count >= MostValues)
        {
            return false;
        }

        if (kernel.RowAxis >= 0)
        {
            return kernel.Rows == Shape.Product(input.Shape.Dims.Take(axis))
                && kernel.RowLength == Shape.Product(input.Shape.Dims.Skip(axis))
                && _access.CanTake(kernel, input, input.Shape);
        }

        if (kernel.RowShape != input.Shape)
        {
            return false;
        }

        kernel.RowAxis = axis;
        bool suits = kernel.Body.SelectMany(node => node.Inputs).All(use => _access.IsReadInPlace(kernel, use)) && _access.CanTake(kernel, input, input.Shape);
        kernel.RowAxis = suits ? axis : -1;
        return suits;
    }

    /// <summary>
    /// A kernel over the same rows that no value ties to this reduction, and that waits for nothing this reduction does not wait
    /// for: the sweeps of a loss and of its gradient meet so. Sums over the whole batch stay apart: what one waits for would be
    /// waited for by the users of the other.
    /// </summary>
    private Kernel? Sibling(Node input, int rowAxis)
    {
        BitSet waitedFor = _graph.Upstream(_graph.Producers(null, [input]));
        return _graph.Kernels.FirstOrDefault(kernel =>
            kernel.Kind == KernelKind.Rows
            && kernel.RowAxis == rowAxis
            && kernel.RowShape == input.Shape
            && !kernel.Rows.IsOne
            && kernel.Body.Count < MostValues
            && !waitedFor.Contains(kernel.Number)
            && _graph.WaitsForNoneBut(kernel, waitedFor)
            && _access.CanTake(kernel, input, input.Shape));
    }

    private void PlaceAnchor(Node node, KernelKind kind)
    {
        foreach (Node input in node.Inputs)
        {
            Sight sight = _graph.Walk(null).Base(input);
            bool isReadThrough = kind == KernelKind.MatMul && MatMulOperand.Read(sight, _graph.Storage) is not null;
            Materialize(isReadThrough ? sight.Value : input);
            if (kind is KernelKind.Convolution or KernelKind.Pool && input == node.Inputs[0])
            {
                RequirePixels(input);
            }
            else if (!isReadThrough)
            {
                RequireRowMajor(input.BehindReshapes);
            }
        }

        Join(_graph.Add(new Kernel(kind, node)), node);
    }

    /// <summary>A kernel that lays its parts side by side, but for those that lie there from the start; what the others are made of element by element is made there.</summary>
    private void PlaceConcat(Node node)
    {
        for (int i = 0; i < node.Inputs.Length; i++)
        {
            if (_graph.Storage.PlacedPart(node, i) is { } part)
            {
                Materialize(part);
            }
        }

        Join(_graph.Add(new Kernel(KernelKind.Concat, node)), node);
    }

    /// <summary>Adds a node to a kernel; what it reads of other kernels has to be in memory.</summary>
    private void Join(Kernel kernel, Node node)
    {
        if (kernel.Kind is KernelKind.Rows or KernelKind.Columns or KernelKind.Concat || node != kernel.Anchor)
        {
            foreach (Node input in node.Inputs)
            {
                EnsureReadable(kernel, input);
            }
        }

        _graph.Put(kernel, node);
    }

    /// <summary>Sees to it that a kernel can read an operand: through its views where strides say where its elements are, else from a copy.</summary>
    private void EnsureReadable(Kernel kernel, Node use)
    {
        if (!_access.IsReadInPlace(kernel, use))
        {
            Materialize(use);
            if (!_access.IsReadInPlace(kernel, use))
            {
                RequireRowMajor(use.BehindReshapes);
            }

            return;
        }

        foreach (Node value in _graph.Walk(kernel).Sources([use]).Where(value => !value.Op.IsLeaf && !_graph.IsIn(kernel, value)))
        {
            Materialize(value);
        }
    }

    private void RequireRowMajor(Node value)
    {
        if (_graph.Storage.HomeOf(value) is not null)
        {
            _graph.Storage.Refuse(value);
        }
    }

    /// <summary>Sees to it that a value lies in memory.</summary>
    private void Materialize(Node node)
    {
        node = node.BehindReshapes;
        if (node.Op.IsStoredLeaf || _graph.IsAvailable(node))
        {
            return;
        }

        Kernel? kernel = _graph.KernelOf(node);
        if (kernel is null)
        {
            kernel = KernelThatMakes(node) ?? _graph.Add(new Kernel(KernelKind.Rows, null) { RowShape = node.Shape });
            Join(kernel, node);
        }

        kernel.Stores.Add(node);
    }

    /// <summary>
    /// A kernel that reads rows of what a result of the pass is made of: the gradient of a loss is made where the loss is summed, of
    /// values that are in registers there.
    /// </summary>
    private Kernel? KernelBeside(Node node)
    {
        HashSet<Node> read = [.. _graph.Walk(null).Sources(node.Inputs).Where(IsWhole)];
        return _graph.Kernels.FirstOrDefault(kernel =>
            kernel is { Kind: KernelKind.Rows, RowAxis: >= 0 }
            && !kernel.Rows.IsOne
            && kernel.RowShape!.Elements == node.Shape.Elements
            && CanJoin(kernel, node)
            && node.Inputs.All(input => _access.IsReadInPlace(kernel, input))
            && read.IsSubsetOf(_graph.Walk(kernel).Sources(kernel.Body.SelectMany(user => user.Inputs))));

        bool IsWhole(Node value) => value.Shape.Elements == node.Shape.Elements && (value.Op.IsStoredLeaf || !value.Op.IsLeaf);
    }

    /// <summary>
    /// A kernel that has the value in registers already: one that recomputes it from values of its own, or a convolution, which
    /// can put one value in memory channels first.
    /// </summary>
    private Kernel? KernelThatMakes(Node node)
    {
        if (_graph.Recomputes(null, node))
        {
            return _graph.Producers(null, [node]).FirstOrDefault(producer =>
                _graph.Walk(producer).Way(producer.Body.SelectMany(user => user.Inputs)).Contains(node) && CanJoin(producer, node));
        }

        return node.Op is Op.Permute permute
            && permute.Order.SequenceEqual([0, 3, 1, 2])
            && _graph.KernelOf(node.Inputs[0]) is { Kind: KernelKind.Convolution } convolution
            && !convolution.Body.Any(other => other.Op is Op.Permute)
            && node.Inputs[0].Shape == convolution.ResultShape
                ? convolution
                : null;
    }
}
