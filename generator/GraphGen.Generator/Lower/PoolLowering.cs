using GraphGen.Generator.Graph;
using GraphGen.Generator.Nests;

namespace GraphGen.Generator.Lower;

/// <summary>Pooling on its own: vectors of channels, a window at a time. Padding counts as minus infinity for a maximum.</summary>
internal sealed class PoolLowering
{
    /// <summary>Elements read that are worth a task of their own.</summary>
    private const int ElementsPerTask = 32768;

    private static readonly Integer Row = new Integer.Variable("row");
    private static readonly Integer Column = new Integer.Variable("column");
    private static readonly Integer Channel = new Integer.Variable("channel");

    private readonly Node _anchor;
    private readonly PoolWindows _windows;
    private readonly PoolGeometry _pool;
    private readonly Place _x;
    private readonly Node? _winners;
    private readonly bool _storesValues;

    private PoolLowering(KernelOperands operands)
    {
        _anchor = operands.Kernel.Anchor!;
        _windows = PoolWindows.Of(_anchor.Op) with { Pitch = operands.PixelPitch(_anchor.Inputs[0]) };
        _pool = _windows.Geometry;
        _x = new Place.Value(operands.Base(_anchor.Inputs[0]).Value);
        _winners = operands.Kernel.Stored.FirstOrDefault(node => node.Op is Op.MaxPool2dWinners);
        _storesValues = operands.Kernel.IsStored(_anchor);
    }

    private RowTasks Tasks => RowTasks.Of(_pool.OutHeight, RowWork, ElementsPerTask);

    private int RowWork => _pool.OutWidth * _pool.Channels * _windows.Places;

    public static Nest Lower(KernelOperands operands)
    {
        PoolLowering lowering = new(operands);
        return new Nest($"{lowering._windows.Words}, of {lowering._anchor.Inputs[0].Shape}", EquatableArray<Scratch>.Empty, new([lowering.Routine()]), CallsFunctions: false);
    }

    private Routine Routine()
    {
        List<Statement> body = [];
        (Integer first, Integer end) = Tasks.Define(body);
        body.Add(new Statement.Loop("row", first, end, new([new Statement.Loop("column", 0, _pool.OutWidth, new(Window()))])));
        return new Routine("", (Integer)_anchor.Shape[0] * Tasks.Count, (long)Tasks.PerTask * RowWork, new(body));
    }

    /// <summary>All channels of a window: in the padding's reach, of the part of it that is inside.</summary>
    private IEnumerable<Statement> Window()
    {
        Integer image = new Integer.Variable("image");
        if (_pool.Padding == 0)
        {
            yield return new Statement.Define("from", (image * (_pool.Height * _windows.InRow)) + _windows.PlaceOffset(Row * _pool.Stride, Column * _pool.Stride));
            yield return new Statement.Define("to", ((image * _pool.OutHeight) + Row) * _windows.OutRow + (Column * _pool.Channels));
            yield return Channels(Whole());
            yield break;
        }

        yield return new Statement.Define("top", (Row * _pool.Stride) - _pool.Padding);
        yield return new Statement.Define("left", (Column * _pool.Stride) - _pool.Padding);
        Integer top = new Integer.Variable("top"), left = new Integer.Variable("left");
        yield return new Statement.Define("from", (image * (_pool.Height * _windows.InRow)) + _windows.PlaceOffset(top, left));
        yield return new Statement.Define("to", ((image * _pool.OutHeight) + Row) * _windows.OutRow + (Column * _pool.Channels));
        yield return new Statement.Define("firstY", Integer.Max(0, Integer.Zero - top));
        yield return new Statement.Define("endY", Integer.Min(_pool.Kernel, _pool.Height - top));
        yield return new Statement.Define("firstX", Integer.Max(0, Integer.Zero - left));
        yield return new Statement.Define("endX", Integer.Min(_pool.Kernel, _pool.Width - left));
        yield return new Statement.Define("inside", (EndY - FirstY) * (EndX - FirstX));
        yield return new Statement.IfEqual(new Integer.Variable("inside"), _windows.Places, new([Channels(Whole())]), new([Channels(Part())]));
    }

    private static Integer FirstY => new Integer.Variable("firstY");

    private static Integer EndY => new Integer.Variable("endY");

    private static Integer FirstX => new Integer.Variable("firstX");

    private static Integer EndX => new Integer.Variable("endX");

    private Statement.Lanes Channels(IEnumerable<Statement> body) => new("channel", 0, _pool.Channels, Statement.Lanes.AreWhole(_pool.Channels), new(body));

    private IEnumerable<Statement> Whole()
    {
        if (!_windows.IsWrittenOut)
        {
            return [.. Begin(0, 0), PoolWindows.LoopOverPlaces(0, _pool.Kernel, 0, _pool.Kernel, (y, x) => Take(y, x)), .. Finish(_windows.Places)];
        }

        return [.. Begin(0, 0), .. _windows.ForEachPlace((y, x) => (y, x) == (Integer.Zero, Integer.Zero) && _windows.IsMaximum ? [] : Take(y, x, ((Integer.Literal)_windows.Place(y, x)).Value)), .. Finish(_windows.Places)];
    }

    private IEnumerable<Statement> Part() =>
    [
        .. Begin(FirstY, FirstX),
        PoolWindows.LoopOverPlaces(FirstY, EndY, FirstX, EndX, (y, x) => Take(y, x)),
        .. Finish(_windows.CountsPadding ? _windows.Places : new Integer.Variable("inside")),
    ];

    /// <summary>A maximum begins with a place's element: of equals the first wins. A sum begins with nothing.</summary>
    private IEnumerable<Statement> Begin(Integer y, Integer x)
    {
        yield return _windows.IsMaximum ? new Statement.Let("best", Element(y, x)) : new Statement.Let("sum", new Vector.Number(0));
        if (_winners is not null)
        {
            yield return new Statement.Let("winner", new Vector.FromInteger(_windows.Place(y, x)));
        }
    }

    /// <summary>Takes a place's element in. The numbers of places that are written out tell their registers apart.</summary>
    private IEnumerable<Statement> Take(Integer y, Integer x, long? number = null)
    {
        if (!_windows.IsMaximum)
        {
            yield return new Statement.Set("sum", new Vector.Combined(ReduceFunction.Sum, new Vector.Register("sum"), Element(y, x)));
            yield break;
        }

        Vector best = new Vector.Register("best");
        if (_winners is null)
        {
            yield return new Statement.Set("best", new Vector.Combined(ReduceFunction.Max, best, Element(y, x)));
            yield break;
        }

        (string value, string larger) = ($"value{number}", $"larger{number}");
        yield return new Statement.Let(value, Element(y, x));
        yield return new Statement.Let(larger, new Vector.Mask(Comparison.GreaterOrNaN, new Vector.Register(value), best));
        yield return new Statement.Set("winner", new Vector.Choice(new Vector.Register(larger), new Vector.FromInteger(_windows.Place(y, x)), new Vector.Register("winner")));
        yield return new Statement.Set("best", new Vector.Choice(new Vector.Register(larger), new Vector.Register(value), best));
    }

    private IEnumerable<Statement> Finish(Integer count)
    {
        Integer to = new Integer.Variable("to") + Channel;
        if (_storesValues)
        {
            Vector result = _windows.IsMaximum ? new Vector.Register("best") : new Vector.Binary(BinaryFunction.Multiply, new Vector.Register("sum"), new Vector.Inverse(count));
            yield return new Statement.Store(new Address(new Place.Value(_anchor), to), result);
        }

        if (_winners is not null)
        {
            yield return new Statement.Store(new Address(new Place.Value(_winners), to), new Vector.Register("winner"));
        }
    }

    private Vector.Load Element(Integer y, Integer x) => new(new Address(_x, new Integer.Variable("from") + Channel + _windows.PlaceOffset(y, x)), 1);
}
