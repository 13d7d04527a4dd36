using GraphGen.Generator.Graph;
using GraphGen.Generator.Lower;

namespace GraphGen.Generator.Emit.Kernels;

/// <summary>
/// What becomes of one vector of a convolution's result (pooled, if it is): the elementwise work on it and its stores, as
/// methods <c>Store</c> and <c>StorePartial</c> of a pixel and a channel that are inlined into the tiles.
/// </summary>
internal sealed class ConvolutionEpilogue
{
    private readonly KernelContext _context;

    public ConvolutionEpilogue(KernelContext context)
    {
        _context = context;
        Winners = Stored<Op.MaxPool2dWinners>(context);
        Planes = Stored<Op.Permute>(context);
    }

    /// <summary>The places in the pooling's windows that won, if they are stored.</summary>
    public Node? Winners { get; }

    /// <summary>A value that is stored [n, channels, height, width]: it is collected for a row of pixels, then written plane by plane.</summary>
    public Node? Planes { get; }

    /// <summary>A pointer to the plane of <c>image</c> and <c>channel</c> in <see cref="Planes"/>.</summary>
    public string Plane(ConvolutionShape shape) => $"{_context.Pointer(Planes!)} + ((((long)image * {shape.OutChannels}) + channel) * {shape.Plane})";

    /// <summary>The stores that vectors of channels are written to as they come.</summary>
    private IEnumerable<Node> Direct =>
        _context.Kernel.Stored.Where(node => node != Winners && node != Planes);

    public void Emit(bool partial)
    {
        CodeWriter code = _context.Code;
        string parameters = _context.CallParameter + ", int pixel, int channel, TVector value"
            + (Winners is null ? "" : ", TVector winner")
            + (Planes is null ? "" : ", float* turned")
            + (partial ? ", int count" : "");
        code.Line(KernelContext.Inlined);
        using (code.Open($"private static void {_context.Name}Store{(partial ? "Partial" : "")}<TVector, TIsa>({parameters}) {KernelContext.Constraints}"))
        {
            Shape shape = _context.Kernel.ResultShape;
            Dim pixels = Shape.Product(shape.Dims.Take(3));
            ElementEmitter results = new(_context, [new LoopIndex("pixel", pixels), new LoopIndex("channel", shape[3])], partial ? "count" : null);
            results.Define(_context.Kernel.Pooling is { Op: Op.MaxPool2d } pooling ? pooling : _context.Kernel.Anchor!, "value");
            foreach (Node node in Direct)
            {
                results.Store(node);
            }

            if (Planes is not null)
            {
                // The buffer has room for whole vectors.
                code.Line($"TIsa.Store(turned, {results.Emit(Planes.Inputs[0])});");
            }

            if (Winners is not null)
            {
                string target = $"{_context.Pointer(Winners)} + (pixel * {shape[3].Size}) + channel";
                code.Line(partial ? $"TIsa.StoreBytesPartial({target}, winner, count);" : $"TIsa.StoreBytes({target}, winner);");
            }
        }

        code.Line();
    }

    /// <summary>
    /// Pools one more place of a window: <paramref name="best"/> is the largest so far, <paramref name="winner"/> where it was, if that is
    /// stored. The first place declares both; <paramref name="best"/> may be its <paramref name="sum"/> itself.
    /// </summary>
    public void EmitPooling(CodeWriter code, int place, string sum, string best, string winner)
    {
        if (place == 0)
        {
            if (best != sum)
            {
                code.Line($"TVector {best} = {sum};");
            }

            if (Winners is not null)
            {
                code.Line($"TVector {winner} = TIsa.Zero;");
            }
        }
        else if (Winners is null)
        {
            code.Line($"{best} = TIsa.Max({sum}, {best});");
        }
        else
        {
            string larger = sum.Replace("sum", "larger");
            code.Line($"TVector {larger} = TIsa.GreaterThanOrNaN({sum}, {best});");
            code.Line($"{winner} = TIsa.Select({larger}, TIsa.Broadcast({place}f), {winner});");
            code.Line($"{best} = TIsa.Select({larger}, {sum}, {best});");
        }
    }

    /// <summary>A call of one of the methods.</summary>
    public string Call(string pixel, string channel, string value, string winner, string turned, string? count = null) =>
        $"{_context.Name}Store{(count is null ? "" : "Partial")}<TVector, TIsa>(call, {pixel}, {channel}, {value}"
        + (Winners is null ? "" : ", " + winner)
        + (Planes is null ? "" : ", " + turned)
        + (count is null ? ");" : $", {count});");

    private static Node? Stored<TOp>(KernelContext context)
        where TOp : Op =>
        context.Kernel.Body.FirstOrDefault(node => node.Op is TOp && context.Kernel.Stores.Contains(node));
}
