using GraphGen.Generator.Graph;
using GraphGen.Generator.Nests;

namespace GraphGen.Generator.Lower;

/// <summary>
/// A reduction down the columns of [outer, depth, middle, inner]: vectors along inner, which is kept, the sum down depth, which is
/// not. Where there are few columns and many rows (a bias gradient over every pixel), the depth is first reduced in a fixed
/// number of slices, which are then combined in order, so that the result does not depend on the threads.
/// </summary>
internal sealed class ColumnsLowering
{
    private const int Slices = 16;
    private const string SlicesSuffix = "Slices";

    /// <summary>Columns a task takes: two or more vectors on every instruction set.</summary>
    private const int ColumnsPerTask = 64;

    /// <summary>Terms of a sum that are added one after the other, before the next begin at zero again.</summary>
    private const int BlockDepth = 32;

    private static readonly Integer Column = new Integer.Variable("column");

    private readonly KernelOperands _operands;
    private readonly Node _anchor;
    private readonly ReduceFunction _function;

    /// <summary>The loops over the input, from the outside in.</summary>
    private readonly LoopIndex _outer;
    private readonly LoopIndex _depth;
    private readonly LoopIndex _middle;
    private readonly LoopIndex _inner;

    private ColumnsLowering(KernelOperands operands)
    {
        _operands = operands;
        _anchor = operands.Kernel.Anchor!;
        Op.Reduce reduce = (Op.Reduce)_anchor.Op;
        _function = reduce.Function;
        Shape shape = _anchor.Inputs[0].Shape;
        int first = reduce.Axes[0];
        int end = reduce.Axes[reduce.Axes.Count - 1] + 1;

        // As many of the kept axes as are evenly spaced together make the loop that vectors run along.
        int inner = shape.Rank - 1;
        while (inner > end && Shape.Product(shape.Dims.Skip(inner - 1)) is var longer && operands.ReadsEvenly(longer) && operands.StoresEvenly(longer))
        {
            inner--;
        }

        _outer = new LoopIndex("outer", Shape.Product(shape.Dims.Take(first)));
        _depth = new LoopIndex(new Integer.Variable("k"), Shape.Product(shape.Dims.Skip(first).Take(end - first)));
        _middle = new LoopIndex("middle", Shape.Product(shape.Dims.Skip(end).Take(inner - end)));
        _inner = new LoopIndex(Column, Shape.Product(shape.Dims.Skip(inner)));
    }

    /// <summary>Few columns and a long way down.</summary>
    private bool IsSliced => _outer.Size.IsOne && _middle.Size.IsOne && _inner.Size.Size <= 1024 && _depth.Size is { PerSample: true, Size: >= 64 };

    private Integer Columns => _inner.Size;

    private int ColumnBlocks => (_inner.Size.Size + ColumnsPerTask - 1) / ColumnsPerTask;

    public static Nest Lower(KernelOperands operands)
    {
        ColumnsLowering lowering = new(operands);
        Op.Reduce reduce = (Op.Reduce)lowering._anchor.Op;
        return new Nest(
            $"the {reduce.Function.Name.ToLowerInvariant()} of {lowering._anchor.Inputs[0].Shape} over axes {string.Join(", ", reduce.Axes)}",
            lowering.IsSliced ? new([new Scratch(SlicesSuffix, $"partial results, [{Slices}, {lowering._inner.Size}]", (long)Slices * lowering._inner.Size.Size, false)]) : EquatableArray<Scratch>.Empty,
            new(lowering.IsSliced ? [lowering.Slice(), lowering.Combination()] : [lowering.Whole()]),
            operands.CallsFunctions);
    }

    /// <summary>A task for each block of columns, from top to bottom.</summary>
    private Routine Whole()
    {
        Integer tasks = (Integer)_outer.Size * _middle.Size * ColumnBlocks;
        Integer work = 2 * Math.Min(_inner.Size.Size, ColumnsPerTask) * (Integer)_depth.Size;
        List<Statement> body = [];
        Integer task = Integer.Task;
        Integer first = 0;
        Integer end = Columns;
        if (ColumnBlocks > 1)
        {
            body.Add(new Statement.Define("first", task % ColumnBlocks * ColumnsPerTask));
            first = new Integer.Variable("first");
            body.Add(new Statement.Define("end", _inner.Size.Size % ColumnsPerTask == 0 ? first + ColumnsPerTask : Integer.Min(first + ColumnsPerTask, Columns)));
            end = new Integer.Variable("end");
            task /= ColumnBlocks;
        }

        if (!_middle.Size.IsOne)
        {
            body.Add(new Statement.Define("middle", _outer.Size.IsOne ? task : task % _middle.Size));
            task /= _middle.Size;
        }

        if (!_outer.Size.IsOne)
        {
            body.Add(new Statement.Define("outer", task));
        }

        body.Add(new Statement.Lanes("column", first, end, Statement.Lanes.AreWhole(_inner.Size), new([.. Reduction(0, _depth.Size), .. Results()])));
        return new Routine("", tasks, work, new(body));
    }

    /// <summary>A task for each slice of the depth.</summary>
    private Routine Slice()
    {
        Integer work = Math.Max(1, _inner.Size.Size * 2 / Slices) * (Integer)_depth.Size;
        return new Routine("Slice", Slices, work, new(
        [
            new Statement.Define("first", new Integer.Share(_depth.Size, Integer.Task, Slices)),
            new Statement.Define("last", new Integer.Share(_depth.Size, Integer.Task + 1, Slices)),
            new Statement.Lanes("column", 0, Columns, Statement.Lanes.AreWhole(_inner.Size), new(
            [
                .. Reduction(new Integer.Variable("first"), new Integer.Variable("last")),
                new Statement.Store(PartOf(Integer.Task), new Vector.Register("result")),
            ])),
        ]));
    }

    /// <summary>One task that combines the slices in order.</summary>
    private Routine Combination()
    {
        Integer slice = new Integer.Variable("slice");
        return new Routine("", 1, Slices * _inner.Size.Size, new(
        [
            new Statement.Lanes("column", 0, Columns, Statement.Lanes.AreWhole(_inner.Size), new(
            [
                new Statement.Let("result", new Vector.Number(_function.Neutral)),
                new Statement.Loop("slice", 0, Slices, new([Combine("result", new Vector.Load(PartOf(slice), 1))])),
                .. Results(),
            ])),
        ]));
    }

    private Address PartOf(Integer slice) => new(new Place.Scratch(SlicesSuffix), (slice * Columns) + Column);

    /// <summary>What the kernel makes of a vector of results.</summary>
    private IReadOnlyList<Statement> Results()
    {
        ElementLowering results = new(_operands, [_outer, _middle, _inner]);
        results.Define(_anchor, new Vector.Register("result"));
        foreach (Node node in _operands.Kernel.Stored)
        {
            results.Store(node);
        }

        return results.Take();
    }

    /// <summary>Reduces a range of the depth.</summary>
    private List<Statement> Reduction(Integer first, Integer last)
    {
        Vector neutral = new Vector.Number(_function.Neutral);
        if (!_function.IsRounded || _depth.Size is { PerSample: false, Size: <= BlockDepth })
        {
            return [new Statement.Let("result", neutral), new Statement.Loop("k", first, last, new(Term("result")))];
        }

        return
        [
            new Statement.Let("result", neutral),
            new Statement.Let("lost", new Vector.Number(0)),
            new Statement.Blocks("start", "stop", first, last, BlockDepth, new(
            [
                new Statement.Let("block", new Vector.Number(0)),
                new Statement.Loop("k", new Integer.Variable("start"), new Integer.Variable("stop"), new(Term("block"))),
                new Statement.AddBlock("result", "lost", "block"),
            ])),
            new Statement.Set("result", new Vector.Total("result", "lost")),
        ];
    }

    private IEnumerable<Statement> Term(string accumulator)
    {
        ElementLowering elements = new(_operands, [_outer, _depth, _middle, _inner], prefix: "e");
        Vector element = elements.Value(_anchor.Inputs[0]);
        return [.. elements.Take(), Combine(accumulator, element)];
    }

    private Statement.Set Combine(string accumulator, Vector element) => new(accumulator, new Vector.Combined(_function, new Vector.Register(accumulator), element));
}
