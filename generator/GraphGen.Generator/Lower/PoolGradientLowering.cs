using GraphGen.Generator.Graph;
using GraphGen.Generator.Nests;

namespace GraphGen.Generator.Lower;

/// <summary>
/// The gradient of pooling on its own. Windows that tile the input write each of its pixels once; others are gathered: each
/// pixel of the input adds, in order, what it gets from the windows it lies in.
/// </summary>
internal sealed class PoolGradientLowering
{
    /// <summary>Elements of the input's gradient that are worth a task of their own.</summary>
    private const int ElementsPerTask = 16384;

    private static readonly Integer Image = new Integer.Variable("image");
    private static readonly Integer Row = new Integer.Variable("row");
    private static readonly Integer Channel = new Integer.Variable("channel");

    private readonly Node _anchor;
    private readonly PoolWindows _windows;
    private readonly PoolGeometry _pool;
    private readonly Place _gradient;
    private readonly Place? _winners;

    private PoolGradientLowering(KernelOperands operands)
    {
        _anchor = operands.Kernel.Anchor!;
        _windows = PoolWindows.Of(_anchor.Op);
        _pool = _windows.Geometry;
        _gradient = new Place.Value(operands.Base(_anchor.Inputs[0]).Value);
        _winners = _windows.IsMaximum ? new Place.Value(operands.Base(_anchor.Inputs[1]).Value) : null;
    }

    /// <summary>Tasks of an image: some rows of windows each where these tile it, else some rows of the input.</summary>
    private RowTasks Tasks => RowTasks.Of(_pool.Tiles ? (_pool.Height + _pool.Kernel - 1) / _pool.Kernel : _pool.Height, RowWork, ElementsPerTask);

    private int RowWork => _windows.InRow * _pool.Kernel;

    public static Nest Lower(KernelOperands operands)
    {
        PoolGradientLowering lowering = new(operands);
        return new Nest(
            $"gradient of a {lowering._windows.Words}, from {lowering._anchor.Inputs[0].Shape}",
            EquatableArray<Scratch>.Empty,
            new([lowering.Routine()]),
            CallsFunctions: false);
    }

    private Routine Routine()
    {
        List<Statement> body = [];
        (Integer first, Integer end) = Tasks.Define(body);
        if (_pool.Tiles)
        {
            bool hasRowsBelow = _pool.Height % _pool.Kernel != 0;
            body.Add(new Statement.Loop("row", first, hasRowsBelow ? Integer.Min(end, _pool.OutHeight) : end, new(TiledRow())));
            if (hasRowsBelow)
            {
                body.Add(RowsBelow(end));
            }
        }
        else
        {
            body.Add(new Statement.Loop("row", first, end, new([new Statement.Loop("column", 0, _pool.Width, new(GatheredPixel()))])));
        }

        return new Routine("", (Integer)_anchor.Shape[0] * Tasks.Count, (long)Tasks.PerTask * RowWork, new(body));
    }

    /// <summary>What no window reaches below the last row of them, in the task that has that row.</summary>
    private Statement.Loop RowsBelow(Integer end)
    {
        Integer y = new Integer.Variable("y");
        Integer past = new Integer.IfGreater(end, _pool.OutHeight, _pool.Height, 0);
        return new Statement.Loop("y", _pool.OutHeight * _pool.Kernel, past, new([Zeros(_windows.InRow, ((Image * _pool.Height) + y) * _windows.InRow)]));
    }

    private IEnumerable<Statement> TiledRow()
    {
        Integer column = new Integer.Variable("column");
        int kernel = _pool.Kernel;
        yield return new Statement.Loop("column", 0, _pool.OutWidth, new(
        [
            new Statement.Define("from", (((Image * _pool.OutHeight) + Row) * _windows.OutRow) + (column * _pool.Channels)),
            new Statement.Define("to", (((Image * _pool.Height) + (Row * kernel)) * _windows.InRow) + (column * (kernel * _pool.Channels))),
            Channels(TiledWindow()),
        ]));

        int right = _pool.OutWidth * kernel;
        if (right < _pool.Width)
        {
            Integer y = new Integer.Variable("y");
            Integer at = ((Image * _pool.Height) + (Row * kernel) + y) * _windows.InRow;
            yield return new Statement.Loop("y", 0, kernel, new([Zeros((_pool.Width - right) * _pool.Channels, at + (right * _pool.Channels))]));
        }
    }

    private IEnumerable<Statement> TiledWindow()
    {
        Integer from = new Integer.Variable("from") + Channel;
        Vector value = new Vector.Load(new Address(_gradient, from), 1);
        yield return new Statement.Let("value", _windows.IsMaximum ? value : new Vector.Binary(BinaryFunction.Multiply, value, new Vector.Inverse(_windows.Places)));
        if (_winners is not null)
        {
            yield return new Statement.Let("winner", new Vector.Load(new Address(_winners, from), 1));
        }

        if (!_windows.IsWrittenOut)
        {
            yield return PoolWindows.LoopOverPlaces(0, _pool.Kernel, 0, _pool.Kernel, TiledPlace);
            yield break;
        }

        foreach (Statement place in _windows.ForEachPlace(TiledPlace))
        {
            yield return place;
        }
    }

    private IEnumerable<Statement> TiledPlace(Integer y, Integer x)
    {
        Vector value = new Vector.Register("value");
        yield return new Statement.Store(
            new Address(new Place.Value(_anchor), new Integer.Variable("to") + Channel + _windows.PlaceOffset(y, x)),
            _windows.IsMaximum ? IfWon(new Vector.Register("winner"), _windows.Place(y, x), value) : value);
    }

    private IEnumerable<Statement> GatheredPixel()
    {
        Integer column = new Integer.Variable("column");
        Integer y = new Integer.Variable("y"), x = new Integer.Variable("x");
        yield return new Statement.Define("y", Row + _pool.Padding);
        yield return new Statement.Define("x", column + _pool.Padding);
        yield return new Statement.Define("firstY", FirstWindow(y));
        yield return new Statement.Define("endY", Integer.Min(_pool.OutHeight, (y / _pool.Stride) + 1));
        yield return new Statement.Define("firstX", FirstWindow(x));
        yield return new Statement.Define("endX", Integer.Min(_pool.OutWidth, (x / _pool.Stride) + 1));
        Vector sum = new Vector.Register("sum");
        bool isScaledOnce = !_windows.IsMaximum && _windows.CountsPadding;
        yield return Channels(
        [
            new Statement.Let("sum", new Vector.Number(0)),
            new Statement.Loop("windowY", new Integer.Variable("firstY"), new Integer.Variable("endY"), new(
            [
                new Statement.Loop("windowX", new Integer.Variable("firstX"), new Integer.Variable("endX"), new(GatheredWindow())),
            ])),
            new Statement.Store(
                new Address(new Place.Value(_anchor), (((Image * _pool.Height) + Row) * _windows.InRow) + (column * _pool.Channels) + Channel),
                isScaledOnce ? new Vector.Binary(BinaryFunction.Multiply, sum, new Vector.Inverse(_windows.Places)) : sum),
        ]);
    }

    /// <summary>The first of the windows that a place lies in, counted with the padding.</summary>
    private Integer FirstWindow(Integer place) => new Integer.IfGreater(_pool.Kernel, place, 0, (place + (_pool.Stride - _pool.Kernel)) / _pool.Stride);

    private IEnumerable<Statement> GatheredWindow()
    {
        Integer windowY = new Integer.Variable("windowY"), windowX = new Integer.Variable("windowX");
        yield return new Statement.Define("from", (((Image * _pool.OutHeight) + windowY) * _windows.OutRow) + (windowX * _pool.Channels) + Channel);
        Vector value = new Vector.Load(new Address(_gradient, new Integer.Variable("from")), 1);
        if (_winners is not null)
        {
            Integer place = _windows.Place(new Integer.Variable("y") - (windowY * _pool.Stride), new Integer.Variable("x") - (windowX * _pool.Stride));
            value = IfWon(new Vector.Load(new Address(_winners, new Integer.Variable("from")), 1), place, value);
        }
        else if (!_windows.CountsPadding)
        {
            value = new Vector.Binary(BinaryFunction.Multiply, value, new Vector.Inverse(Inside(windowY, _pool.Height) * Inside(windowX, _pool.Width)));
        }

        yield return new Statement.Set("sum", new Vector.Combined(ReduceFunction.Sum, new Vector.Register("sum"), value));
    }

    /// <summary>What of a window is inside, along one side.</summary>
    private Integer Inside(Integer window, int size) =>
        Integer.Min((window * _pool.Stride) + _pool.Kernel, size + _pool.Padding) - Integer.Max(window * _pool.Stride, _pool.Padding);

    private static Vector.Select IfWon(Vector winner, Integer place, Vector value) =>
        new(Comparison.Equal, DataType.Float, winner, new Vector.FromInteger(place), value, new Vector.Number(0));

    private Statement.Lanes Channels(IEnumerable<Statement> body) => new("channel", 0, _pool.Channels, Statement.Lanes.AreWhole(_pool.Channels), new(body));

    private Statement.Lanes Zeros(int elements, Integer from)
    {
        Address target = new(new Place.Value(_anchor), from + new Integer.Variable("k"));
        return new Statement.Lanes("k", 0, elements, Statement.Lanes.AreWhole(elements), new([new Statement.Store(target, new Vector.Number(0))]));
    }
}
