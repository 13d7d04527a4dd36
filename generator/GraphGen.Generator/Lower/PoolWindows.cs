using GraphGen.Generator.Graph;
using GraphGen.Generator.Nests;

namespace GraphGen.Generator.Lower;

/// <summary>The windows of a pooling over [n, height, width, channels], as nests speak of them.</summary>
/// <param name="Geometry">The sizes.</param>
/// <param name="IsMaximum">Whether the largest element is pooled, rather than the mean.</param>
/// <param name="CountsPadding">Whether a mean divides by all places of a window, those in the padding among them.</param>
internal sealed record PoolWindows(PoolGeometry Geometry, bool IsMaximum, bool CountsPadding)
{
    /// <summary>Elements from a pixel of the input to the next.</summary>
    public int Pitch { get; init; } = Geometry.Channels;

    /// <summary>Places along a window's side that are written out; more are a loop.</summary>
    private const int MostWrittenOut = 3;

    public int Places => Geometry.Kernel * Geometry.Kernel;

    public bool IsWrittenOut => Geometry.Kernel <= MostWrittenOut;

    /// <summary>Elements in a row of the input.</summary>
    public int InRow => Geometry.Width * Pitch;

    /// <summary>Elements in a row of windows.</summary>
    public int OutRow => Geometry.OutWidth * Geometry.Channels;

    public string Words =>
        $"{Geometry.Kernel}x{Geometry.Kernel} {(IsMaximum ? "maximum" : "average")}, stride {Geometry.Stride}" + (Geometry.Padding > 0 ? $", padding {Geometry.Padding}" : "");

    public static PoolWindows Of(Op op) => op switch
    {
        Op.MaxPool2d pool => new(pool.Geometry, true, false),
        Op.MaxPool2dGradient pool => new(pool.Geometry, true, false),
        Op.AveragePool2d pool => new(pool.Geometry, false, pool.CountIncludePad || pool.Geometry.Padding == 0),
        Op.AveragePool2dGradient pool => new(pool.Geometry, false, pool.CountIncludePad || pool.Geometry.Padding == 0),
        _ => throw new InvalidOperationException($"{op.GetType().Name} does not pool."),
    };

    /// <summary>From a window's first element to that of one of its places, in elements of the input.</summary>
    public Integer PlaceOffset(Integer y, Integer x) => (y * InRow) + (x * Pitch);

    /// <summary>The number of a place.</summary>
    public Integer Place(Integer y, Integer x) => (y * Geometry.Kernel) + x;

    /// <summary>Statements for each place of a window, written out.</summary>
    public IEnumerable<Statement> ForEachPlace(Func<Integer, Integer, IEnumerable<Statement>> body) =>
        from place in Enumerable.Range(0, Places)
        from statement in body(place / Geometry.Kernel, place % Geometry.Kernel)
        select statement;

    /// <summary>A loop over the places of a part of a window.</summary>
    public static Statement LoopOverPlaces(Integer firstY, Integer endY, Integer firstX, Integer endX, Func<Integer, Integer, IEnumerable<Statement>> body) =>
        new Statement.Loop("placeY", firstY, endY, new([new Statement.Loop("placeX", firstX, endX, new(body(new Integer.Variable("placeY"), new Integer.Variable("placeX"))))]));
}

/// <summary>Tasks that are some rows of an image each.</summary>
/// <param name="Rows">The rows of an image.</param>
/// <param name="PerTask">How many of them a task takes.</param>
internal readonly record struct RowTasks(int Rows, int PerTask)
{
    /// <summary>Rows of so much work that so much of it is a task.</summary>
    public static RowTasks Of(int rows, int workPerRow, int workPerTask) => new(rows, Math.Max(1, Math.Min(rows, workPerTask / workPerRow)));

    /// <summary>Tasks of an image.</summary>
    public int Count => (Rows + PerTask - 1) / PerTask;

    /// <summary>Names the image of a task; its rows are from the first to before the second number.</summary>
    public (Integer First, Integer End) Define(List<Statement> body)
    {
        body.Add(new Statement.Define("image", Integer.Task / Count));
        if (Count == 1)
        {
            return (0, Rows);
        }

        body.Add(new Statement.Define("firstRow", Integer.Task % Count * PerTask));
        Integer first = new Integer.Variable("firstRow");
        Integer end = first + PerTask;
        body.Add(new Statement.Define("endRow", Rows % PerTask == 0 ? end : Integer.Min(end, Rows)));
        return (first, new Integer.Variable("endRow"));
    }
}
