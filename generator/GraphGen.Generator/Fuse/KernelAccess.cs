using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Fuse;

/// <summary>How a kernel can have an operand: in a register where it needs it, evenly spaced in memory, or only from a copy.</summary>
internal sealed class KernelAccess(KernelGraph graph)
{
    /// <summary>
    /// Whether a kernel can have <paramref name="use"/> for a value of <paramref name="shape"/>, and neither the kernels that it
    /// would wait for nor those that a copy would wait for are waiting for this one.
    /// </summary>
    public bool CanTake(Kernel kernel, Node use, Shape shape) =>
        IsReadInPlace(kernel, use)
            ? IsAtPosition(kernel, use, [], shape) && !graph.Upstream(graph.Producers(kernel, use).Where(producer => producer != kernel)).Contains(kernel)
            : !graph.Upstream(graph.Producers(null, use)).Contains(kernel);

    /// <summary>Whether a kernel can read what it needs of an operand from memory as it lies there.</summary>
    public bool IsReadInPlace(Kernel kernel, Node use) => IsReadInPlace(kernel, use, []);

    /// <summary>Whether a value has one number a row in this kernel.</summary>
    public static bool HasRowValues(Kernel kernel, Node value) =>
        kernel is { Kind: KernelKind.Rows, RowAxis: >= 0 }
        && value.Shape.Elements == kernel.Rows
        && value.Shape.Elements != kernel.RowShape!.Elements;

    private bool IsReadInPlace(Kernel kernel, Node use, List<Node> outerViews)
    {
        (Node value, List<Node> views) = graph.Base(kernel, use);
        views.AddRange(outerViews);
        if (value.Op is Op.Constant or Op.InverseCount || graph.IsIn(kernel, value))
        {
            return true;
        }

        if (graph.Recomputes(kernel, value))
        {
            return value.Inputs.All(input => IsReadInPlace(kernel, input, views));
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

    /// <summary>
    /// Whether what an operand needs of the kernel's own values is in registers at the same place of the loop nest (or, in a
    /// kernel of rows, is one number for the whole row).
    /// </summary>
    private bool IsAtPosition(Kernel kernel, Node use, List<Node> outerViews, Shape shape)
    {
        (Node value, List<Node> views) = graph.Base(kernel, use);
        views.AddRange(outerViews);
        if (graph.IsIn(kernel, value))
        {
            return kernel.Kind == KernelKind.Rows
                ? IsSameElement(kernel, value, views) || IsRowValue(kernel, value, views, shape)
                : views.Count == 0 && value.Shape == kernel.ResultShape;
        }

        return !graph.Recomputes(kernel, value) || value.Inputs.All(input => IsAtPosition(kernel, input, views, shape));
    }

    private static bool IsSameElement(Kernel kernel, Node value, List<Node> views) =>
        value.Shape.Elements == kernel.RowShape!.Elements && views.All(view => view.Op is Op.Reshape);

    private static bool IsRowValue(Kernel kernel, Node value, List<Node> views, Shape shape)
    {
        if (!HasRowValues(kernel, value))
        {
            return false;
        }

        if (shape.Elements == kernel.Rows)
        {
            return views.All(view => view.Op is Op.Reshape);
        }

        Shape seen = views.Count == 0 ? value.Shape : views[views.Count - 1].Shape;
        int axis = RowAxisOf(seen, kernel.Rows);
        return axis >= 0
            && ViewStrides.Through(value.Shape, views) is { } strides
            && (kernel.Rows.IsOne || ViewStrides.Merge(seen, strides, 0, axis) == 1)
            && ViewStrides.Merge(seen, strides, axis, seen.Rank) == 0;
    }

    /// <summary>The axis at which the rows of a shape end, or -1 if its leading axes never make that many rows.</summary>
    private static int RowAxisOf(Shape shape, Dim rows)
    {
        for (int axis = 0; axis <= shape.Rank; axis++)
        {
            if (Shape.Product(shape.Dims.Take(axis)) == rows)
            {
                return axis;
            }
        }

        return -1;
    }
}
