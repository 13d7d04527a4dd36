using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Operations;

/// <summary>Operations that lay tensors side by side.</summary>
internal static class JoinOperations
{
    /// <summary>Tensors one after the other along an axis; they have the same sizes along all others.</summary>
    public static Node Concat(OperationContext context)
    {
        IReadOnlyList<Node> tensors = context.Tensors("tensors");
        Node first = tensors[0];
        int axis = context.Axis(context.Integer("dim"), first);
        for (int i = 0; i < tensors.Count; i++)
        {
            Node tensor = tensors[i];
            bool isAlike = tensor.Shape.Rank == first.Shape.Rank
                && Enumerable.Range(0, first.Shape.Rank).All(other => other == axis || tensor.Shape[other] == first.Shape[other]);
            if (!isAlike)
            {
                throw context.RefuseElement("tensors", i, "GG1015", $"{tensor.Shape} and {first.Shape} differ in more than axis {axis}");
            }

            context.RequireConstant(axis, tensor);
        }

        return Joined(context, tensors, axis);
    }

    /// <summary>Tensors of one shape one after the other along a new axis.</summary>
    public static Node Stack(OperationContext context)
    {
        IReadOnlyList<Node> tensors = context.Tensors("tensors");
        Shape shape = tensors[0].Shape;
        int dim = context.Integer("dim");
        int axis = dim < 0 ? dim + shape.Rank + 1 : dim;
        if (axis < 0 || axis > shape.Rank)
        {
            throw context.Refuse("GG1005", $"axis {dim} is not an axis of a stack of {shape}, which has {shape.Rank + 1}");
        }

        for (int i = 1; i < tensors.Count; i++)
        {
            if (tensors[i].Shape != shape)
            {
                throw context.RefuseElement("tensors", i, "GG1015", $"{tensors[i].Shape} is not {shape}, which the first is");
            }
        }

        if (axis == 0 && shape.IsPerSample)
        {
            throw context.Refuse("GG1010", $"the batch must stay the first dimension of {shape}");
        }

        Shape row = new([.. shape.Dims.Take(axis), 1, .. shape.Dims.Skip(axis)]);
        return Joined(context, [.. tensors.Select(tensor => context.Graph.Reshape(tensor, row))], axis);
    }

    /// <summary>PyTorch's pad, mode constant: pairs of what comes before and after, from the last axis on; below zero it is taken away.</summary>
    public static Node Pad(OperationContext context)
    {
        Node x = context.Tensor("input");
        IReadOnlyList<int> pad = context.Integers("pad");
        int rank = x.Shape.Rank;
        if (pad.Count % 2 != 0 || pad.Count > 2 * rank)
        {
            throw context.RefuseOption("pad", $"[{string.Join(", ", pad)}] is not two numbers for each of some of the {rank} axes of {x.Shape}");
        }

        float value = (float)context.Number("value");
        Node padded = x;
        for (int pair = 0; pair < pad.Count / 2; pair++)
        {
            (int before, int after) = (pad[2 * pair], pad[(2 * pair) + 1]);
            if (before != 0 || after != 0)
            {
                padded = Padded(context, x, padded, rank - 1 - pair, before, after, value);
            }
        }

        return padded;
    }

    private static Node Padded(OperationContext context, Node x, Node padded, int axis, int before, int after, float value)
    {
        context.RequireConstant(axis, x);
        int size = x.Shape[axis].Size;
        long start = Math.Max(0, -(long)before);
        long kept = size - start - Math.Max(0, -(long)after);
        if (kept < 1)
        {
            throw context.RefuseOperand("pad", "GG1014", $"{before} before and {after} after leave nothing of axis {axis} of {x.Shape}");
        }

        List<Node> parts = [context.Graph.Slice(padded, axis, (int)start, (int)kept)];
        if (before > 0)
        {
            parts.Insert(0, Of(before));
        }

        if (after > 0)
        {
            parts.Add(Of(after));
        }

        return Joined(context, parts, axis);

        Node Of(int length) => context.Graph.Constant(value, padded.Shape.With(axis, length));
    }

    private static Node Joined(OperationContext context, IReadOnlyList<Node> parts, int axis)
    {
        long size = parts.Sum(part => (long)part.Shape[axis].Size);
        return size <= Shape.MaximumElements
            ? context.Graph.Concat(parts, axis)
            : throw context.Refuse("GG1011", $"axis {axis} would be {size} long, and a tensor has at most {Shape.MaximumElements} elements");
    }
}
