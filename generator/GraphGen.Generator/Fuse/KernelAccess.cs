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
        InPlace(kernel, use) is { } sights
            ? sights.All(sight => !graph.IsIn(kernel, sight.Value) || IsAtPosition(kernel, sight, shape)) && !IsAwaitedBy(graph.Producers(kernel, [use]).Where(producer => producer != kernel), kernel)
            : !IsAwaitedBy(graph.Producers(null, [use]), kernel);

    /// <summary>Whether a kernel can read what it needs of an operand from memory as it lies there.</summary>
    public bool IsReadInPlace(Kernel kernel, Node use) => InPlace(kernel, use) is not null;

    /// <summary>Whether a kernel can store a value where it is to lie: vectors of it have to be neighbours there.</summary>
    public bool CanStoreInPlace(Kernel kernel, Node stored)
    {
        switch (kernel.Kind)
        {
            case KernelKind.Columns or KernelKind.MatMul or KernelKind.Concat:
                return true;
            case KernelKind.Convolution:
                // Pixels are one loop, and lanes run along channels.
                return stored.Shape == kernel.ResultShape && ViewStrides.Merge(stored.Shape, kernel.Storage.StridesOf(stored), 0, stored.Shape.Rank - 1) is not null;
            case not KernelKind.Rows:
                return false;
        }

        if (HasRowValues(kernel, stored))
        {
            return true;
        }

        Shape shape = kernel.RowShape!;
        return ViewStrides.Reshaped(stored.Shape, kernel.Storage.StridesOf(stored), shape) is { } strides
            && (kernel.RowAxis >= 0
                ? ViewStrides.AreNeighbours(shape, strides, kernel.RowLength)
                : shape.Rank == 0 || ViewStrides.AreNeighbours(shape, strides, shape[shape.Rank - 1]));
    }

    /// <summary>Whether a value has one number a row in this kernel.</summary>
    public static bool HasRowValues(Kernel kernel, Node value) =>
        kernel is { Kind: KernelKind.Rows, RowAxis: >= 0 }
        && value.Shape.Elements == kernel.Rows
        && value.Shape.Elements != kernel.RowShape!.Elements;

    /// <summary>What a kernel makes an operand of, if it can read all of that from memory as it lies there.</summary>
    private IReadOnlyList<Sight>? InPlace(Kernel kernel, Node use) =>
        graph.Walk(kernel).Sights(use) is { } sights && sights.All(sight => IsInPlace(kernel, sight)) ? sights : null;

    private bool IsInPlace(Kernel kernel, Sight sight) =>
        sight.Value.Op.IsConstant || sight.Value.Op is Op.InverseCount
        || graph.IsIn(kernel, sight.Value)
        || (sight.ElementsIn(kernel.Storage) is { Strides: var strides } && IsEven(kernel, sight.Shape, strides));

    private bool IsAwaitedBy(IEnumerable<Kernel> producers, Kernel kernel) => producers.Any(producer => producer == kernel || graph.WaitsFor(producer, kernel));

    /// <summary>Whether the lanes of a vector lie evenly spaced: the whole row of a kernel that reduces rows, the last axis elsewhere.</summary>
    private static bool IsEven(Kernel kernel, Shape seen, int[] strides) => kernel.Kind switch
    {
        KernelKind.Rows when kernel.RowAxis >= 0 => (seen.Elements == kernel.Rows && seen.Elements != kernel.RowShape!.Elements) || ViewStrides.IsEven(seen, strides, kernel.RowLength),
        KernelKind.Rows => kernel.RowShape!.Rank == 0 || ViewStrides.IsEven(seen, strides, kernel.RowShape[kernel.RowShape.Rank - 1]),
        _ => true,
    };

    /// <summary>
    /// Whether one of the kernel's own values is in registers at the same place of the loop nest (or, in a kernel of rows, is one
    /// number for the whole row).
    /// </summary>
    private static bool IsAtPosition(Kernel kernel, Sight sight, Shape shape) =>
        kernel.Kind == KernelKind.Rows
            ? IsSameElement(kernel, sight) || IsRowValue(kernel, sight, shape)
            : sight.Views.Count == 0 && sight.Value.Shape == kernel.ResultShape;

    private static bool IsSameElement(Kernel kernel, Sight sight) => sight.Value.Shape.Elements == kernel.RowShape!.Elements && sight.IsInOrder;

    private static bool IsRowValue(Kernel kernel, Sight sight, Shape shape)
    {
        if (!HasRowValues(kernel, sight.Value))
        {
            return false;
        }

        if (shape.Elements == kernel.Rows)
        {
            return sight.IsInOrder;
        }

        Shape seen = sight.Shape;
        int axis = RowAxisOf(seen, kernel.Rows);
        return axis >= 0
            && sight.ElementsIn(kernel.Storage) is { Offset: 0, Strides: var strides }
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
