namespace GraphGen.Generator.Graph;

/// <summary>Makes nodes; each constructor has the shape rule of its primitive. Equal nodes are made once.</summary>
public sealed class GraphBuilder
{
    private readonly Dictionary<Key, Node> _nodes = [];

    /// <summary>The node of this operation on these operands: the one place where nodes are made, and where shapes are held to what the compiler can hold.</summary>
    /// <exception cref="ShapeException">The batch is not the first dimension, or there are too many elements.</exception>
    public Node Add(Op op, Shape shape, params Node[] inputs)
    {
        Key key = new(op, shape, new EquatableArray<Node>(inputs));
        if (!_nodes.TryGetValue(key, out Node? node))
        {
            ShapeException.ThrowIfIllegal(shape);
            node = new Node(_nodes.Count, op, [.. inputs], shape);
            _nodes.Add(key, node);
        }

        return node;
    }

    public Node Constant(float value, Shape shape) => Add(new Op.Constant(value), shape);

    public Node IntegerConstant(int value, Shape shape) => Add(new Op.IntegerConstant(value), shape);

    public Node Unary(UnaryFunction function, Node x) => Add(new Op.Unary(function), x.Shape, x);

    /// <summary>An elementwise operation on operands that are broadcast to their common shape first.</summary>
    public Node Binary(BinaryFunction function, Node left, Node right)
    {
        Shape shape = Shape.Broadcast(left.Shape, right.Shape)
            ?? throw new InvalidOperationException($"{function}: {left.Shape} and {right.Shape} do not broadcast.");
        return Add(new Op.Binary(function), shape, Broadcast(left, shape), Broadcast(right, shape));
    }

    public Node Binary(BinaryFunction function, Node left, float right) => Binary(function, left, Constant(right, left.Shape));

    public Node Sum(Node left, Node right) => Binary(BinaryFunction.Add, left, right);

    public Node Difference(Node left, Node right) => Binary(BinaryFunction.Subtract, left, right);

    public Node Product(Node left, Node right) => Binary(BinaryFunction.Multiply, left, right);

    public Node Product(Node left, float right) => Binary(BinaryFunction.Multiply, left, right);

    public Node Quotient(Node left, Node right) => Binary(BinaryFunction.Divide, left, right);

    /// <summary><paramref name="x"/> where <paramref name="a"/> compares so to <paramref name="b"/>, else <paramref name="y"/>; all of one shape.</summary>
    public Node Select(Comparison comparison, Node a, Node b, Node x, Node y) => Add(new Op.Select(comparison), a.Shape, a, b, x, y);

    /// <summary>1 where <paramref name="a"/> compares so to <paramref name="b"/>, else 0.</summary>
    public Node Mask(Comparison comparison, Node a, Node b) => Select(comparison, a, b, Constant(1, a.Shape), Constant(0, a.Shape));

    /// <summary>The value without its gradient.</summary>
    public Node Detach(Node x) => Unary(UnaryFunction.Detach, x);

    /// <summary><paramref name="value"/>, with the gradient by <paramref name="x"/> that is given instead of the one that it has.</summary>
    public Node WithGradient(Node value, Node x, Node gradient) => StraightThrough(value, Product(Detach(gradient), x));

    /// <summary><paramref name="value"/>, through which gradients go to <paramref name="path"/>, of the same shape.</summary>
    public Node StraightThrough(Node value, Node path) => Add(new Op.StraightThrough(), value.Shape, value, path);

    /// <summary>Reduces over <paramref name="axes"/>, which stay with size 1.</summary>
    public Node Reduce(ReduceFunction function, Node x, IEnumerable<int> axes)
    {
        int[] sorted = [.. axes.Distinct().OrderBy(axis => axis)];
        return sorted.Length == 0 ? x : Add(new Op.Reduce(function, new EquatableArray<int>(sorted)), x.Shape.WithOnes(sorted), x);
    }

    public Node Broadcast(Node x, Shape shape) =>
        x.Shape == shape ? x
        : x.Op.IsConstant ? Add(x.Op, shape)
        : Add(new Op.Broadcast(), shape, x);

    public Node Reshape(Node x, Shape shape) =>
        x.Shape == shape ? x
        : x.Op.IsConstant ? Add(x.Op, shape)
        : Add(new Op.Reshape(), shape, x);

    public Node Permute(Node x, params int[] order) =>
        Add(new Op.Permute(new EquatableArray<int>(order)), x.Shape.Permuted(order), x);

    /// <summary>Of one axis <paramref name="count"/> elements, from <paramref name="start"/> on, <paramref name="step"/> apart.</summary>
    public Node Slice(Node x, int axis, int start, int count, int step = 1)
    {
        Shape shape = x.Shape.With(axis, count);
        int apart = count == 1 ? 1 : step;
        return x.Shape == shape && apart == 1 ? x
            : x.Op.IsConstant ? Add(x.Op, shape)
            : Add(new Op.Slice(axis, start, apart), shape, x);
    }

    /// <summary>The elements of an axis, the last first.</summary>
    public Node Flip(Node x, int axis) => Slice(x, axis, x.Shape[axis].Size - 1, x.Shape[axis].Size, -1);

    /// <summary>Operands one after the other along an axis; they have the same sizes along all others.</summary>
    public Node Concat(IReadOnlyList<Node> parts, int axis)
    {
        if (parts.Count == 1)
        {
            return parts[0];
        }

        Shape shape = parts[0].Shape.With(axis, parts.Sum(part => part.Shape[axis].Size));
        return parts.All(part => part.Op.IsConstant && part.Op == parts[0].Op) ? Add(parts[0].Op, shape) : Add(new Op.Concat(axis), shape, [.. parts]);
    }

    /// <summary>
    /// Zeros with <paramref name="x"/> among them, where a slice of that start and step would read it: the gradient of <see cref="Slice"/>.
    /// </summary>
    /// <param name="x">What lies among the zeros.</param>
    /// <param name="slice">The slice.</param>
    /// <param name="size">The size of the result along the slice's axis.</param>
    public Node AmongZeros(Node x, Op.Slice slice, int size)
    {
        int axis = slice.Axis;
        int count = x.Shape[axis].Size;
        (int start, int step) = (slice.Start, slice.Step);
        if (step < 0)
        {
            x = Flip(x, axis);
            (start, step) = (start + (step * (count - 1)), -step);
        }

        if (step > 1 && count > 1)
        {
            // [..., count, ...] to [..., count, step, ...], of which the first of each step is x, and back to one axis.
            Dim[] outer = [.. x.Shape.Dims.Take(axis)];
            Dim[] inner = [.. x.Shape.Dims.Skip(axis + 1)];
            Node apart = Concat([Reshape(x, new Shape([.. outer, count, 1, .. inner])), Constant(0, new Shape([.. outer, count, step - 1, .. inner]))], axis + 1);
            x = Reshape(apart, new Shape([.. outer, count * step, .. inner]));
            x = Slice(x, axis, 0, Math.Min(count * step, size - start));
        }

        return Surround(x, axis, start, size - start - x.Shape[axis].Size, 0);
    }

    /// <summary><paramref name="x"/> with so many elements of one number before it and after it along an axis.</summary>
    private Node Surround(Node x, int axis, int before, int after, float value)
    {
        IEnumerable<Node> Of(int length) => length > 0 ? [Constant(value, x.Shape.With(axis, length))] : [];
        return Concat([.. Of(before), x, .. Of(after)], axis);
    }

    /// <summary>Sums the axes along which <paramref name="x"/> was broadcast from <paramref name="shape"/>: the gradient of <see cref="Broadcast"/>.</summary>
    public Node SumTo(Node x, Shape shape)
    {
        if (x.Shape == shape)
        {
            return x;
        }

        int extra = x.Shape.Rank - shape.Rank;
        List<int> axes = [.. Enumerable.Range(0, extra)];
        for (int axis = 0; axis < shape.Rank; axis++)
        {
            if (shape[axis].IsOne && !x.Shape[axis + extra].IsOne)
            {
                axes.Add(axis + extra);
            }
        }

        return Reshape(Reduce(ReduceFunction.Sum, x, axes), shape);
    }

    public Node MatMul(Node left, Node right, bool transposeLeft = false, bool transposeRight = false)
    {
        int rank = left.Shape.Rank;
        Dim[] dims = left.Shape.Dims.ToArray();
        dims[rank - 2] = left.Shape[transposeLeft ? rank - 1 : rank - 2];
        dims[rank - 1] = right.Shape[transposeRight ? rank - 2 : rank - 1];
        return Add(new Op.MatMul(transposeLeft, transposeRight), new Shape(dims), left, right);
    }

    public Node Conv2d(Node x, Node weight, ConvolutionGeometry g) =>
        Add(new Op.Conv2d(g), new Shape(x.Shape[0], g.OutHeight, g.OutWidth, g.OutChannels), x, weight);

    public Node Conv2dInputGradient(Node gradient, Node weight, ConvolutionGeometry g) =>
        Add(new Op.Conv2dInputGradient(g), new Shape(gradient.Shape[0], g.Height, g.Width, g.InChannels), gradient, weight);

    public Node Conv2dWeightGradient(Node x, Node gradient, ConvolutionGeometry g) =>
        Add(new Op.Conv2dWeightGradient(g), new Shape(g.OutChannels, g.InChannels / g.Groups, g.KernelHeight, g.KernelWidth), x, gradient);

    public Node MaxPool2d(Node x, PoolGeometry g) =>
        Add(new Op.MaxPool2d(g), new Shape(x.Shape[0], g.OutHeight, g.OutWidth, g.Channels), x);

    public Node MaxPool2dWinners(Node x, PoolGeometry g) =>
        Add(new Op.MaxPool2dWinners(g), new Shape(x.Shape[0], g.OutHeight, g.OutWidth, g.Channels), x);

    public Node MaxPool2dGradient(Node gradient, Node winners, PoolGeometry g) =>
        Add(new Op.MaxPool2dGradient(g), new Shape(gradient.Shape[0], g.Height, g.Width, g.Channels), gradient, winners);

    public Node AveragePool2d(Node x, PoolGeometry g, bool countIncludePad) =>
        Add(new Op.AveragePool2d(g, countIncludePad), new Shape(x.Shape[0], g.OutHeight, g.OutWidth, g.Channels), x);

    public Node AveragePool2dGradient(Node gradient, PoolGeometry g, bool countIncludePad) =>
        Add(new Op.AveragePool2dGradient(g, countIncludePad), new Shape(gradient.Shape[0], g.Height, g.Width, g.Channels), gradient);

    private readonly record struct Key(Op Op, Shape Shape, EquatableArray<Node> Inputs);
}
