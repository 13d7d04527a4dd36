using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Fuse;

/// <summary>Whether a kernel can have an operand where it needs it: in a register, or at regular strides in memory.</summary>
internal static class KernelAccess
{
    /// <summary>
    /// Whether the kernel can read <paramref name="use"/> for a value of <paramref name="shape"/>. A value of the same kernel
    /// must be at the same place of the loop nest (or, in a kernel of rows, be one number for the whole row); memory can always be read.
    /// </summary>
    public static bool CanRead(Kernel kernel, Node use, Func<Node, bool> isInKernel, Shape shape) => CanRead(kernel, use, [], isInKernel, shape);

    private static bool CanRead(Kernel kernel, Node use, List<Node> outerViews, Func<Node, bool> isInKernel, Shape shape)
    {
        List<Node> views = [.. outerViews];
        while (use.Op.IsView && !isInKernel(use))
        {
            views.Insert(0, use);
            use = use.Inputs[0];
        }

        if (isInKernel(use))
        {
            return kernel.Kind == KernelKind.Rows
                ? IsSameElement(kernel, use, views) || IsRowValue(kernel, use, views, shape)
                : views.Count == 0 && use.Shape == kernel.ResultShape;
        }

        // Elementwise work that is recomputed in place is as readable as its operands.
        return !use.Op.IsElementwise || use.Inputs.All(input => CanRead(kernel, input, views, isInKernel, shape));
    }

    /// <summary>Whether a value has one number a row in this kernel.</summary>
    public static bool HasRowValues(Kernel kernel, Node value) =>
        kernel is { Kind: KernelKind.Rows, RowAxis: >= 0 }
        && value.Shape.Elements == kernel.Rows
        && value.Shape.Elements != kernel.RowShape!.Elements;

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
