using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Fuse;

/// <summary>Elements in memory: where the first lies, and how far those of an axis are apart, in elements.</summary>
internal readonly record struct Strided(int Offset, int[] Strides);

/// <summary>Where the elements of a view are, in the memory of the value it views.</summary>
internal static class ViewStrides
{
    /// <summary>
    /// The elements, over the axes of the last view, of a value of <paramref name="shape"/> that lies with <paramref name="strides"/>, seen
    /// through <paramref name="views"/> (from the inside out); <see langword="null"/> where no strides say it (a reshape of a permutation).
    /// </summary>
    public static Strided? Through(Shape shape, int[]? strides, IEnumerable<Node> views)
    {
        int offset = 0;
        foreach (Node view in views)
        {
            switch (view.Op)
            {
                case Op.Broadcast:
                    strides = ThroughBroadcast(shape, strides!, view.Shape);
                    break;
                case Op.Permute permute:
                    strides = [.. permute.Order.Select(axis => strides![axis])];
                    break;
                case Op.Slice slice:
                    offset += slice.Start * strides![slice.Axis];
                    strides = [.. strides.Select((stride, axis) => axis == slice.Axis ? stride * slice.Step : stride)];
                    break;
                case Op.Reshape:
                    strides = Reshaped(shape, strides!, view.Shape);
                    break;
                default:
                    throw new InvalidOperationException($"{view} is no view.");
            }

            if (strides is null)
            {
                return null;
            }

            shape = view.Shape;
        }

        return new Strided(offset, strides!);
    }

    /// <summary>The strides of the same elements under another shape, or <see langword="null"/> where no strides say it.</summary>
    public static int[]? Reshaped(Shape from, int[] strides, Shape to)
    {
        int[] result = new int[to.Rank];
        int source = 0;
        int target = 0;
        while (source < from.Rank || target < to.Rank)
        {
            // Grow a group on each side until both hold the same number of elements.
            int sourceEnd = source;
            int targetEnd = target;
            Dim sourceSize = 1;
            Dim targetSize = 1;
            do
            {
                bool growSource = sourceEnd < from.Rank && (targetEnd == to.Rank || sourceSize.Size < targetSize.Size || (sourceSize == targetSize));
                if (sourceEnd < from.Rank && !sourceSize.PerSample && targetSize.PerSample)
                {
                    growSource = true;
                }

                if (growSource)
                {
                    sourceSize = Shape.Product([sourceSize, from[sourceEnd++]]);
                }
                else if (targetEnd < to.Rank)
                {
                    targetSize = Shape.Product([targetSize, to[targetEnd++]]);
                }
                else
                {
                    return null;
                }
            }
            while (sourceSize != targetSize);

            if (Merge(from, strides, source, sourceEnd) is not { } stride)
            {
                return null;
            }

            for (int axis = targetEnd - 1; axis >= target; axis--)
            {
                result[axis] = to[axis].IsOne ? 0 : stride;
                stride *= to[axis].Size;
            }

            source = sourceEnd;
            target = targetEnd;
        }

        return result;
    }

    /// <summary>
    /// Merges the axes <c>[first, last)</c> of a shape into one: its stride, or <see langword="null"/> where the elements are
    /// not evenly spaced. Axes of size 1 have no say.
    /// </summary>
    public static int? Merge(Shape shape, IReadOnlyList<int> strides, int first, int last)
    {
        int? merged = null;
        int expected = 0;
        for (int axis = last - 1; axis >= first; axis--)
        {
            if (shape[axis].IsOne)
            {
                continue;
            }

            if (merged is null)
            {
                merged = strides[axis];
            }
            else if (strides[axis] != expected)
            {
                return null;
            }

            expected = strides[axis] * shape[axis].Size;
        }

        return merged ?? 0;
    }

    /// <summary>Whether the last <paramref name="inner"/> elements of a shape, as one loop, are evenly spaced in memory.</summary>
    public static bool IsEven(Shape shape, IReadOnlyList<int> strides, Dim inner) => StrideOf(shape, strides, inner) is not null;

    /// <summary>Whether the last <paramref name="inner"/> elements of a shape, as one loop, are neighbours in memory.</summary>
    public static bool AreNeighbours(Shape shape, IReadOnlyList<int> strides, Dim inner) => inner.IsOne || StrideOf(shape, strides, inner) == 1;

    private static int? StrideOf(Shape shape, IReadOnlyList<int> strides, Dim inner)
    {
        int axis = shape.Rank;
        Dim size = 1;
        while (axis > 0 && size != inner)
        {
            size = Shape.Product([shape[--axis], size]);
        }

        return size == inner ? Merge(shape, strides, axis, shape.Rank) : null;
    }

    private static int[] ThroughBroadcast(Shape from, int[] strides, Shape to)
    {
        int extra = to.Rank - from.Rank;
        return [.. Enumerable.Range(0, to.Rank).Select(axis => axis < extra || (from[axis - extra].IsOne && !to[axis].IsOne) ? 0 : strides[axis - extra])];
    }
}
