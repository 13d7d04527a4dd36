using GraphGen.Generator.Definition;
using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Operations;

/// <summary>Operations that take some of a tensor's elements, which are read where they lie.</summary>
internal static class PartOperations
{
    /// <summary>Every step-th element of an axis, from start to before end, which may count from the end of the axis.</summary>
    public static Node Slice(OperationContext context)
    {
        Node x = context.Tensor("input");
        int axis = context.Axis(context.Integer("dim"), x);
        context.RequireConstant(axis, x);
        int size = x.Shape[axis].Size;
        int step = context.AtLeast("step", 1);
        int start = FromStart("start", context.Integer("start"));
        int end = context.Integer("end") == int.MaxValue ? size : FromStart("end", context.Integer("end"));
        return start < end
            ? context.Graph.Slice(x, axis, start, ((end - start - 1) / step) + 1, step)
            : throw context.Refuse("GG1014", $"from {start} to {end} there is nothing along axis {axis} of {x.Shape}");

        int FromStart(string name, int position)
        {
            int fromStart = position < 0 ? position + size : position;
            return fromStart >= 0 && fromStart <= size
                ? fromStart
                : throw context.RefuseOperand(name, "GG1014", $"{name} {position} lies outside of axis {axis} of {x.Shape}, which has {size}");
        }
    }

    /// <summary>C#'s indices and ranges, one an axis from the first on: a range leaves a part of its axis, an index one position and no axis.</summary>
    public static Node Index(OperationContext context)
    {
        Node x = context.Tensor("input");
        Node part = x;
        List<Dim> kept = [];
        for (int axis = 0; axis < x.Shape.Rank; axis++)
        {
            switch (context.Index(axis))
            {
                case Operand.Element { Position: var position }:
                    part = context.Graph.Slice(part, axis, ElementOf(context, x, axis, position), 1);
                    break;
                case Operand.Range range when range.Start != AxisPosition.Start || range.End != AxisPosition.End:
                    (int start, int count) = RangeOf(context, x, axis, range);
                    part = context.Graph.Slice(part, axis, start, count);
                    kept.Add(count);
                    break;
                default:
                    kept.Add(x.Shape[axis]);
                    break;
            }
        }

        return context.Index(x.Shape.Rank) is null
            ? context.Graph.Reshape(part, new Shape([.. kept]))
            : throw context.RefuseIndex(x.Shape.Rank, "GG1005", $"{x.Shape} has no axis {x.Shape.Rank} that this could be the index of");
    }

    /// <summary>One of the parts that an axis falls into: each of one size, but the last of what is left, or of sizes that are given.</summary>
    public static Node Split(OperationContext context)
    {
        Node x = context.Tensor("input");
        int axis = context.Axis(context.Integer("dim"), x);
        context.RequireConstant(axis, x);
        int size = x.Shape[axis].Size;
        if (!context.Has("splitSizes"))
        {
            return Part(context, x, axis, context.AtLeast("splitSize", 1));
        }

        IReadOnlyList<int> sizes = context.Integers("splitSizes");
        if (sizes.Any(part => part < 1))
        {
            throw context.RefuseOption("splitSizes", $"every size of [{string.Join(", ", sizes)}] must be at least 1");
        }

        if (sizes.Sum(part => (long)part) != size)
        {
            throw context.RefuseOperand("splitSizes", "GG1014", $"the parts [{string.Join(", ", sizes)}] make {sizes.Sum(part => (long)part)}, but axis {axis} of {x.Shape} has {size}");
        }

        int index = context.Integer("index");
        return context.Graph.Slice(x, axis, sizes.Take(index).Sum(), sizes[index]);
    }

    /// <summary>One of a number of parts of an axis, of one size but the last. Unlike PyTorch's, there are as many as are asked for.</summary>
    public static Node Chunk(OperationContext context)
    {
        Node x = context.Tensor("input");
        int axis = context.Axis(context.Integer("dim"), x);
        context.RequireConstant(axis, x);
        int size = x.Shape[axis].Size;
        int chunks = context.AtLeast("chunks", 1);
        int length = ((size - 1) / chunks) + 1;
        int made = ((size - 1) / length) + 1;
        return made == chunks
            ? Part(context, x, axis, length)
            : throw context.RefuseOperand("chunks", "GG1014", $"axis {axis} of {x.Shape}, in equal parts but the last, is not {chunks} parts: parts of {length} are {made}");
    }

    /// <summary>PyTorch's flip: the elements of some axes, the last first.</summary>
    public static Node Flip(OperationContext context)
    {
        Node x = context.Tensor("input");
        Node flipped = x;
        foreach (int axis in context.Axes(x))
        {
            context.RequireConstant(axis, x);
            flipped = context.Graph.Flip(flipped, axis);
        }

        return flipped;
    }

    /// <summary>The part with the call's index, which may count from the last, of those of one size.</summary>
    private static Node Part(OperationContext context, Node x, int axis, int length)
    {
        int size = x.Shape[axis].Size;
        int count = ((size - 1) / length) + 1;
        int index = context.Integer("index");
        int fromFirst = index < 0 ? index + count : index;
        return fromFirst >= 0 && fromFirst < count
            ? context.Graph.Slice(x, axis, fromFirst * length, Math.Min(length, size - (fromFirst * length)))
            : throw context.RefuseOperand("index", "GG1014", $"there is no part {(index < 0 ? $"^{-(long)index}" : index)}: axis {axis} of {x.Shape}, in parts of {length}, has {count}");
    }

    private static int ElementOf(OperationContext context, Node x, int axis, AxisPosition position)
    {
        RequireConstant(context, x, axis);
        long at = position.On(x.Shape[axis].Size);
        return at >= 0 && at < x.Shape[axis].Size
            ? (int)at
            : throw context.RefuseIndex(axis, "GG1014", $"{position} is no position on axis {axis} of {x.Shape}, which has {x.Shape[axis]}{Advice(position)}");
    }

    private static (int Start, int Count) RangeOf(OperationContext context, Node x, int axis, Operand.Range range)
    {
        RequireConstant(context, x, axis);
        long start = range.Start.On(x.Shape[axis].Size);
        long end = range.End.On(x.Shape[axis].Size);
        string taken = $"{range.Start}..{range.End}";
        if (start < 0 || end > x.Shape[axis].Size || end < 0 || start > x.Shape[axis].Size)
        {
            throw context.RefuseIndex(axis, "GG1014", $"{taken} lies outside of axis {axis} of {x.Shape}, which has {x.Shape[axis]}{Advice(range.Start)}");
        }

        return start < end
            ? ((int)start, (int)(end - start))
            : throw context.RefuseIndex(axis, "GG1014", $"in {taken} there is nothing of axis {axis} of {x.Shape}, which has {x.Shape[axis]}");
    }

    /// <summary>Where somebody has counted from the end as Python does.</summary>
    private static string Advice(AxisPosition position) =>
        position is { Value: < 0, IsFromEnd: false } ? $"; from the end it is ^{-(long)position.Value}" : "";

    /// <summary>Refuses an index of the batch, where it stands.</summary>
    private static void RequireConstant(OperationContext context, Node x, int axis)
    {
        if (x.Shape[axis].PerSample)
        {
            throw context.RefuseIndex(axis, "GG1010", $"axis {axis} of {x.Shape} is the batch, which stays whole: its index is ..");
        }
    }
}
