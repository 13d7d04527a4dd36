using GraphGen.Generator.Fuse;
using GraphGen.Generator.Graph;
using GraphGen.Generator.Nests;

namespace GraphGen.Generator.Lower;

/// <summary>A loop of a kernel: where it is, and how many elements it walks.</summary>
internal sealed record LoopIndex(Integer Position, Dim Size)
{
    public LoopIndex(string variable, Dim size)
        : this(size.IsOne ? Integer.Zero : new Integer.Variable(variable), size)
    {
    }

    /// <summary>
    /// The offset of the element at the loops' position in memory with these strides, and the stride of the last loop, which lanes run
    /// along. Loops may each walk several axes of the shape.
    /// </summary>
    public static (Integer Offset, int LaneStride) Offset(Shape shape, int[] strides, IReadOnlyList<LoopIndex> loops)
    {
        Integer offset = 0;
        int laneStride = 0;
        int axis = 0;
        for (int i = 0; i < loops.Count; i++)
        {
            bool isLast = i == loops.Count - 1;
            int end = isLast ? shape.Rank : EndOf(shape, axis, loops[i].Size);
            if (ViewStrides.Merge(shape, strides, axis, end) is { } stride)
            {
                laneStride = stride;
                offset += loops[i].Position * stride;
            }
            else
            {
                offset += isLast
                    ? throw new InvalidOperationException($"The elements of {shape} are not evenly spaced along a loop of {loops[i].Size}.")
                    : Decomposed(shape, strides, axis, end, loops[i].Position);
            }

            axis = end;
        }

        return (offset, laneStride);
    }

    /// <summary>The offset of the element at a position over all axes of a shape, in memory with these strides.</summary>
    public static Integer OffsetAt(Shape shape, int[] strides, Integer position) =>
        ViewStrides.Merge(shape, strides, 0, shape.Rank) is { } stride ? position * stride : Decomposed(shape, strides, 0, shape.Rank, position);

    /// <summary>A position over several axes taken apart by division: constants, which the JIT turns into multiplications.</summary>
    private static Integer Decomposed(Shape shape, int[] strides, int first, int end, Integer position)
    {
        long inner = 1;
        Integer offset = 0;
        for (int axis = end - 1; axis >= first; axis--)
        {
            if (strides[axis] != 0 && !shape[axis].IsOne)
            {
                bool isOutermost = Enumerable.Range(first, axis - first).All(other => shape[other].IsOne);
                Integer coordinate = isOutermost ? position / inner : position / inner % shape[axis].Size;
                offset = (coordinate * strides[axis]) + offset;
            }

            inner *= shape[axis].Size;
        }

        return offset;
    }

    private static int EndOf(Shape shape, int first, Dim size)
    {
        Dim product = 1;
        int end = first;
        while (end < shape.Rank && product != size)
        {
            product = Shape.Product([product, shape[end++]]);
        }

        return product == size ? end : throw new InvalidOperationException($"A loop of {size} does not walk axes of {shape}.");
    }
}
