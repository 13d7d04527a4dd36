using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Simplify;

/// <summary>
/// Rules that decide how values lie in memory. Layouts are nothing but permutations in the graph: these rules merge
/// them, push them down through elementwise operations until they meet their inverse, and turn those that move nothing
/// into reshapes, which cost nothing.
/// </summary>
internal static class MovementRules
{
    /// <summary>Two views in a row are one; a view that changes nothing is none.</summary>
    public static Node? MergeViews(GraphBuilder graph, Node node)
    {
        if (!node.Op.IsView)
        {
            return null;
        }

        Node input = node.Inputs[0];
        switch (node.Op)
        {
            case Op.Slice { Step: 1 } when node.Shape == input.Shape:
            case Op.Reshape when node.Shape == input.Shape:
            case Op.Broadcast when node.Shape == input.Shape:
                return input;
            case Op.Reshape when input.Op is Op.Reshape:
                return graph.Reshape(input.Inputs[0], node.Shape);
            case Op.Broadcast when input.Op is Op.Broadcast:
                return graph.Broadcast(input.Inputs[0], node.Shape);
            case Op.Permute outer when input.Op is Op.Permute inner:
                return graph.Permute(input.Inputs[0], [.. outer.Order.Select(axis => inner.Order[axis])]);
            case Op.Permute permute when MovesNothing(permute.Order, input.Shape):
                return graph.Reshape(input, node.Shape);
            case Op.Reshape when input.Op is Op.Uniform:
                return graph.Add(input.Op, node.Shape);
            default:
                return null;
        }
    }

    /// <summary>A copy of a view rather than a view of a copy, so that one pass over memory both copies and moves.</summary>
    public static Node? CopyLast(GraphBuilder graph, Node node) =>
        node.Op is Op.Permute or Op.Reshape && node.Inputs[0] is { Op.IsCopy: true } copy
            ? graph.Unary(UnaryFunction.Copy, graph.Add(node.Op, node.Shape, copy.Inputs[0]))
            : null;

    /// <summary>Broadcast first, then permute, is permute first, then broadcast.</summary>
    public static Node? PermuteOfBroadcast(GraphBuilder graph, Node node)
    {
        if (node.Op is not Op.Permute permute || node.Inputs[0].Op is not Op.Broadcast)
        {
            return null;
        }

        Node source = AlignRank(graph, node.Inputs[0].Inputs[0], node.Shape.Rank);
        return graph.Broadcast(graph.Permute(source, [.. permute.Order]), node.Shape);
    }

    /// <summary>A product of which the rows come last in a permutation is made transposed: what is last is what vectors run along when it is stored.</summary>
    public static Node? TransposeProduct(GraphBuilder graph, Node node)
    {
        if (node.Op is not Op.Permute permute || node.Inputs[0] is not { Op: Op.MatMul product } matMul || permute.Order[node.Shape.Rank - 1] != node.Shape.Rank - 2)
        {
            return null;
        }

        int rank = node.Shape.Rank;
        Node transposed = graph.MatMul(matMul.Inputs[1], matMul.Inputs[0], !product.TransposeRight, !product.TransposeLeft);
        return graph.Permute(transposed, [.. permute.Order.Select(axis => axis == rank - 1 ? rank - 2 : axis == rank - 2 ? rank - 1 : axis)]);
    }

    /// <summary>f(permute a, permute b) is permute f(a, b): permutations sink towards the results until they meet their inverse.</summary>
    public static Node? SinkPermute(GraphBuilder graph, Node node) => SinkPermute(graph, node, beforeGradients: false);

    /// <summary>The same before gradients are taken, when random masks may change their order too.</summary>
    public static Node? SinkPermuteAndMasks(GraphBuilder graph, Node node) => SinkPermute(graph, node, beforeGradients: true);

    /// <summary>
    /// f(reshape a, b) is reshape f(a, reshape b): reshapes sink likewise, so that a product's rows keep its epilogue. Where
    /// that only moves the reshape from one operand to another, it is done towards fewer axes, so that it ends.
    /// </summary>
    public static Node? SinkReshape(GraphBuilder graph, Node node)
    {
        if (!Sinks(node) || node.Inputs.Where(input => input.Op is Op.Reshape).OrderBy(input => input.Inputs[0].Shape.Rank).FirstOrDefault() is not { } reshaped)
        {
            return null;
        }

        Shape shape = reshaped.Inputs[0].Shape;
        bool vanishes = node.Inputs.All(input => input.Op.IsConstant || input.Op is Op.Broadcast || (input.Op is Op.Reshape && input.Inputs[0].Shape == shape));
        if (!vanishes && shape.Rank >= node.Shape.Rank)
        {
            return null;
        }

        Node?[] inputs = [.. node.Inputs.Select(input => Unreshape(graph, input, shape))];
        return inputs.All(input => input is not null)
            ? graph.Reshape(graph.Add(node.Op, shape, inputs!), node.Shape)
            : null;
    }

    /// <summary>A gradient is added to its block in order of elements, whatever its shape is called.</summary>
    public static Node? AddReshaped(GraphBuilder graph, Node node) =>
        node is { Op: Op.AddToGradient } && node.Inputs[0].Op is Op.Reshape
            ? graph.Add(node.Op, node.Inputs[0].Inputs[0].Shape, node.Inputs[0].Inputs[0])
            : null;

    /// <summary>A reduction of a permutation reduces the axes where they were.</summary>
    public static Node? ReduceOfPermute(GraphBuilder graph, Node node) =>
        node.Op is Op.Reduce reduce && node.Inputs[0].Op is Op.Permute permute
            ? graph.Permute(graph.Reduce(reduce.Function, node.Inputs[0].Inputs[0], reduce.Axes.Select(axis => permute.Order[axis])), [.. permute.Order])
            : null;

    /// <summary>A sum over axes that do not lie side by side sums over the last ones first.</summary>
    public static Node? SplitSum(GraphBuilder graph, Node node) => node.Op is Op.Reduce { Function.SplitsWithGradient: true } sum ? Split(graph, node, sum) : null;

    /// <summary>A maximum likewise, but only once gradients are taken: all that equal it share its gradient, not first those of each part.</summary>
    public static Node? SplitMaximum(GraphBuilder graph, Node node) => node.Op is Op.Reduce reduce ? Split(graph, node, reduce) : null;

    /// <summary>
    /// Max-pooling commutes with functions that never decrease. After a convolution the bias and the activation come
    /// last, on the pooled quarter, so that the convolution and the pooling are one kernel and the activation's mask in
    /// the backward pass is a quarter of the size.
    /// </summary>
    public static Node? PoolBeforeActivation(GraphBuilder graph, Node node)
    {
        if (node.Op is not Op.MaxPool2d { Geometry: { Tiles: true } geometry } || !EndsConvolution(node.Inputs[0]))
        {
            return null;
        }

        Node z = node.Inputs[0];
        return z.Op switch
        {
            Op.Unary { Function.KeepsOrder: true } unary => graph.Unary(unary.Function, graph.MaxPool2d(z.Inputs[0], geometry)),
            Op.Binary binary when binary.Function == BinaryFunction.Add && PerChannel(z.Inputs[1]) =>
                graph.Sum(graph.MaxPool2d(z.Inputs[0], geometry), z.Inputs[1].Inputs[0]),
            _ => null,
        };
    }

    private static Node? Split(GraphBuilder graph, Node node, Op.Reduce reduce)
    {
        Shape shape = node.Inputs[0].Shape;
        int[] axes = [.. reduce.Axes.Where(axis => !shape[axis].IsOne)];
        if (axes.Length == 0)
        {
            return node.Inputs[0];
        }

        int first = axes.Length - 1;
        while (first > 0 && Enumerable.Range(axes[first - 1] + 1, axes[first] - axes[first - 1] - 1).All(axis => shape[axis].IsOne))
        {
            first--;
        }

        if (first > 0)
        {
            return graph.Reduce(reduce.Function, graph.Reduce(reduce.Function, node.Inputs[0], axes.Skip(first)), axes.Take(first));
        }

        return axes.Length == reduce.Axes.Count ? null : graph.Reduce(reduce.Function, node.Inputs[0], axes);
    }

    private static Node? SinkPermute(GraphBuilder graph, Node node, bool beforeGradients)
    {
        if (!Sinks(node) || node.Inputs.FirstOrDefault(input => input.Op is Op.Permute) is not { Op: Op.Permute permute } moved)
        {
            return null;
        }

        int[] inverse = permute.Inverse;
        Node?[] inputs = [.. node.Inputs.Select(input => Unpermute(graph, input, permute, inverse, beforeGradients))];
        return inputs.All(input => input is not null)
            ? graph.Permute(graph.Add(node.Op, moved.Inputs[0].Shape, inputs!), [.. permute.Order])
            : null;
    }

    private static bool EndsConvolution(Node node)
    {
        while (node.Op is Op.Unary { Function.KeepsOrder: true }
            || (node.Op is Op.Binary binary && binary.Function == BinaryFunction.Add && PerChannel(node.Inputs[1])))
        {
            node = node.Inputs[0];
        }

        return node.Op is Op.Conv2d;
    }

    /// <summary>Whether a value is one number a channel (the last axis) repeated everywhere else.</summary>
    private static bool PerChannel(Node node) =>
        node.Op is Op.Broadcast && node.Inputs[0].Shape.Dims.Take(Math.Max(0, node.Inputs[0].Shape.Rank - 1)).All(dim => dim.IsOne);

    private static bool Sinks(Node node) => node.Op.IsElementwise && node.Op is not Op.AddToGradient && !node.Op.IsCopy;

    private static bool MovesNothing(IReadOnlyList<int> order, Shape shape)
    {
        int[] moved = [.. order.Where(axis => !shape[axis].IsOne)];
        return moved.SequenceEqual(moved.OrderBy(axis => axis));
    }

    private static Node? Unpermute(GraphBuilder graph, Node input, Op.Permute permute, int[] inverse, bool beforeGradients) => input.Op switch
    {
        Op.Permute other when other == permute => input.Inputs[0],
        _ when input.Op.IsConstant => graph.Add(input.Op, input.Shape.Permuted(inverse)),

        // A random mask is as random in another order. Its gradient's mask is made from this same node, so this is done before gradients are taken.
        Op.Uniform when beforeGradients => graph.Add(input.Op, input.Shape.Permuted(inverse)),
        Op.Broadcast => graph.Broadcast(graph.Permute(AlignRank(graph, input.Inputs[0], input.Shape.Rank), inverse), input.Shape.Permuted(inverse)),
        _ => null,
    };

    private static Node? Unreshape(GraphBuilder graph, Node input, Shape shape)
    {
        if (input.Op is not Op.Broadcast)
        {
            return graph.Reshape(input, shape);
        }

        // A vector along the last axis stays one if the last axis does; a scalar is a scalar anywhere.
        Node source = input.Inputs[0];
        bool lastOnly = source.Shape.Rank == 1 && shape.Rank > 0 && shape[shape.Rank - 1] == source.Shape[0] && input.Shape[input.Shape.Rank - 1] == source.Shape[0];
        return source.Shape.Elements.IsOne ? graph.Broadcast(graph.Reshape(source, Shape.Scalar), shape)
            : lastOnly ? graph.Broadcast(source, shape)
            : null;
    }

    private static Node AlignRank(GraphBuilder graph, Node node, int rank) =>
        graph.Reshape(node, new Shape([.. Enumerable.Repeat((Dim)1, rank - node.Shape.Rank), .. node.Shape.Dims]));
}
