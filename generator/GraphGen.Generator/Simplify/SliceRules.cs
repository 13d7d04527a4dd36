using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Simplify;

/// <summary>
/// Rules for parts of values and for values made of parts. A slice moves towards what it is a slice of, so that nothing else is
/// computed; sums of values that lie among zeros, which gradients of slices are, become the values side by side.
/// </summary>
internal static class SliceRules
{
    /// <summary>A slice of a view is a view of a slice; a slice of parts that touches one of them is a slice of that.</summary>
    public static Node? SliceOfView(GraphBuilder graph, Node node)
    {
        if (node.Op is not Op.Slice slice)
        {
            return null;
        }

        Node input = node.Inputs[0];
        int count = node.Shape[slice.Axis].Size;
        switch (input.Op)
        {
            case Op.Slice inner when inner.Axis == slice.Axis:
                return graph.Slice(input.Inputs[0], slice.Axis, inner.Start + (slice.Start * inner.Step), count, slice.Step * inner.Step);
            case Op.Permute permute:
                return graph.Permute(graph.Slice(input.Inputs[0], permute.Order[slice.Axis], slice.Start, count, slice.Step), [.. permute.Order]);
            case Op.Broadcast:
                Node source = input.Inputs[0];
                int axis = slice.Axis - (input.Shape.Rank - source.Shape.Rank);
                return graph.Broadcast(axis < 0 || source.Shape[axis].IsOne ? source : graph.Slice(source, axis, slice.Start, count, slice.Step), node.Shape);
            case Op.Concat concat when concat.Axis == slice.Axis:
                int last = slice.Start + (slice.Step * (count - 1));
                return PartAround(input, Math.Min(slice.Start, last), Math.Max(slice.Start, last)) is ({ } part, var start)
                    ? graph.Slice(part, slice.Axis, slice.Start - start, count, slice.Step)
                    : null;
            default:
                return null;
        }
    }

    /// <summary>Neighbours that are neighbours in what they are slices of, or are one number, are one part.</summary>
    public static Node? MergeParts(GraphBuilder graph, Node node)
    {
        if (node.Op is not Op.Concat concat)
        {
            return null;
        }

        List<Node> parts = [];
        foreach (Node part in node.Inputs)
        {
            if (parts.Count > 0 && Merged(graph, concat.Axis, parts[parts.Count - 1], part) is { } merged)
            {
                parts[parts.Count - 1] = merged;
            }
            else
            {
                parts.Add(part);
            }
        }

        return parts.Count < node.Inputs.Length ? graph.Concat(parts, concat.Axis) : null;
    }

    /// <summary>f of parts side by side, of which some are zeros, is what f makes of each part, side by side.</summary>
    public static Node? JoinAmongZeros(GraphBuilder graph, Node node)
    {
        if (node.Op is not Op.Binary { Function: var function })
        {
            return null;
        }

        (Node left, Node right) = (node.Inputs[0], node.Inputs[1]);
        if (function == BinaryFunction.Add && !HasConstantPart(left) && HasConstantPart(right) && left.Op == node.Op && HasConstantPart(left.Inputs[1]))
        {
            return graph.Sum(left.Inputs[0], graph.Sum(left.Inputs[1], right));
        }

        if (!HasConstantPart(left) || !HasConstantPart(right) || left.Op != right.Op)
        {
            return null;
        }

        int axis = ((Op.Concat)left.Op).Axis;
        List<Node> parts = [];
        int start = 0;
        foreach (int end in Ends(left, axis).Concat(Ends(right, axis)).Distinct().OrderBy(end => end))
        {
            parts.Add(graph.Binary(function, Piece(left, start, end), Piece(right, start, end)));
            start = end;
        }

        return graph.Concat(parts, axis);

        Node Piece(Node whole, int from, int to) => PartAround(whole, from, to - 1) is ({ } part, var first)
            ? graph.Slice(part, axis, from - first, to - from)
            : throw new InvalidOperationException($"No part of {whole} has all from {from} to {to}.");
    }

    /// <summary>Permutations sink through parts side by side as they do through elementwise operations.</summary>
    public static Node? ConcatOfPermutes(GraphBuilder graph, Node node)
    {
        if (node.Op is not Op.Concat concat || node.Inputs.FirstOrDefault(input => input.Op is Op.Permute) is not { Op: Op.Permute permute })
        {
            return null;
        }

        return node.Inputs.All(input => input.Op == permute || input.Op.IsConstant)
            ? graph.Permute(graph.Concat([.. node.Inputs.Select(Unpermuted)], permute.Order[concat.Axis]), [.. permute.Order])
            : null;

        Node Unpermuted(Node input) => input.Op == permute ? input.Inputs[0] : graph.Add(input.Op, input.Shape.Permuted(permute.Inverse));
    }

    /// <summary>A permutation of parts side by side goes to the parts where it undoes that of one: the others are permuted instead of the whole.</summary>
    public static Node? PermuteOfConcat(GraphBuilder graph, Node node)
    {
        if (node.Op is not Op.Permute permute || node.Inputs[0] is not { Op: Op.Concat concat } whole)
        {
            return null;
        }

        int[] inverse = permute.Inverse;
        return whole.Inputs.Any(part => part.Op is Op.Permute inner && inner.Order.SequenceEqual(inverse))
            ? graph.Concat([.. whole.Inputs.Select(part => graph.Permute(part, [.. permute.Order]))], inverse[concat.Axis])
            : null;
    }

    private static bool HasConstantPart(Node node) => node.Op is Op.Concat && node.Inputs.Any(part => part.Op.IsConstant);

    private static Node? Merged(GraphBuilder graph, int axis, Node first, Node second)
    {
        int count = first.Shape[axis].Size + second.Shape[axis].Size;
        if (first.Op.IsConstant && first.Op == second.Op)
        {
            return graph.Add(first.Op, first.Shape.With(axis, count));
        }

        return (Origin(first), Origin(second)) is var ((source, start), (other, next)) && source == other && next == start + first.Shape[axis].Size
            ? graph.Slice(source, axis, start, count)
            : null;

        (Node Source, int Start) Origin(Node part) => part.Op is Op.Slice { Step: 1 } slice && slice.Axis == axis ? (part.Inputs[0], slice.Start) : (part, 0);
    }

    /// <summary>The part that has all elements from one to another, and where it begins.</summary>
    private static (Node? Part, int Start) PartAround(Node whole, int first, int last)
    {
        int axis = ((Op.Concat)whole.Op).Axis;
        int start = 0;
        foreach (Node part in whole.Inputs)
        {
            int end = start + part.Shape[axis].Size;
            if (first < end)
            {
                return first >= start && last < end ? (part, start) : (null, 0);
            }

            start = end;
        }

        return (null, 0);
    }

    private static IEnumerable<int> Ends(Node whole, int axis)
    {
        int end = 0;
        foreach (Node part in whole.Inputs)
        {
            end += part.Shape[axis].Size;
            yield return end;
        }
    }
}
