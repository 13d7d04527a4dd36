using GraphGen.Generator.Fuse;
using GraphGen.Generator.Graph;
using GraphGen.Generator.Nests;

namespace GraphGen.Generator.Lower;

/// <summary>
/// Values laid side by side: a routine for each part, which makes the part's elements and stores them where they lie in the whole. There is
/// none for parts whose own kernels store them there.
/// </summary>
internal static class ConcatLowering
{
    public static Nest Lower(KernelOperands operands)
    {
        Node whole = operands.Kernel.Anchor!;
        Storage storage = operands.Kernel.Storage;
        int[] copied = [.. Enumerable.Range(0, whole.Inputs.Length).Where(index => storage.PlacedPart(whole, index) is null)];
        Routine[] routines = [.. copied.Select((index, i) =>
            Part(operands, i == copied.Length - 1 ? "" : $"Part{index + 1}", whole.Inputs[index], whole, storage.PartOf(whole, index)))];
        string parts = string.Join(" and ", copied.Select(index => whole.Inputs[index].Shape));
        return new Nest(
            $"{parts} put side by side along axis {((Op.Concat)whole.Op).Axis}{(copied.Length == whole.Inputs.Length ? "" : ", the others are there")}",
            EquatableArray<Scratch>.Empty,
            new(routines),
            operands.CallsFunctions);
    }

    private static Routine Part(KernelOperands operands, string suffix, Node part, Node whole, Strided place)
    {
        int axis = RowAxis(operands, part, place);
        Dim rows = Shape.Product(part.Shape.Dims.Take(axis));
        Dim length = Shape.Product(part.Shape.Dims.Skip(axis));
        ElementLowering elements = new(operands, [new LoopIndex("row", rows), new LoopIndex("j", length)]);
        elements.StorePart(part, whole, place);
        Statement row = new Statement.Lanes("j", 0, length, Statement.Lanes.AreWhole(length), new(elements.Take()));
        int perTask = RowsLowering.RowsPerTask(length);
        return new Routine(suffix, Integer.Pieces(rows, perTask), (long)perTask * length.Size * RowsLowering.WorkPerElement(operands), new(RowsLowering.RowsOfTask(rows, perTask, [row])));
    }

    /// <summary>Where rows begin: they are as long as memory is evenly spaced for all that is read, and without gaps for what is stored.</summary>
    private static int RowAxis(KernelOperands operands, Node part, Strided place)
    {
        int axis = Math.Max(0, part.Shape.Rank - 1);
        while (axis > 1 && Shape.Product(part.Shape.Dims.Skip(axis - 1)) is var longer && operands.ReadsEvenly(part, longer) && ViewStrides.AreNeighbours(part.Shape, place.Strides, longer))
        {
            axis--;
        }

        return axis;
    }
}
