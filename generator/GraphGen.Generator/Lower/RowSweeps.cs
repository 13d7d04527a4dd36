using System.Globalization;
using GraphGen.Generator.Graph;
using GraphGen.Generator.Nests;

namespace GraphGen.Generator.Lower;

/// <summary>Sweeps over a row, or over a slice of it, and the arithmetic between them on what a row has one number of.</summary>
internal sealed class RowSweeps
{
    /// <summary>Vectors whose sum is kept in one register before it is added to a <c>CompensatedSum</c>.</summary>
    private const int BlockVectors = 32;

    /// <summary>Elements that are no more than a block on any instruction set.</summary>
    private const int OneBlock = BlockVectors * Statement.NarrowestVector;

    private readonly KernelOperands _operands;
    private readonly RowLoops _loops;
    private readonly LoopIndex _row;

    /// <summary>Registers whose lanes are all the same, by the value of the row they hold.</summary>
    private readonly Dictionary<Node, Vector> _rowValues = [];

    private readonly Dictionary<Node, string> _accumulators = [];
    private readonly List<Statement> _statements = [];

    public RowSweeps(KernelOperands operands, RowLoops loops)
    {
        _operands = operands;
        _loops = loops;
        _row = new LoopIndex("row", loops.Rows);
        foreach (Node reduction in loops.Sweeps.SelectMany(sweep => sweep.Reductions))
        {
            string name = Function(reduction).Name.ToLowerInvariant();
            int same = _accumulators.Keys.Count(other => Function(other) == Function(reduction));
            _accumulators.Add(reduction, name + (same == 0 ? "" : Text(same + 1)));
        }
    }

    /// <summary>What has been written.</summary>
    public IReadOnlyList<Statement> Statements => _statements;

    public static ReduceFunction Function(Node reduction) => ((Op.Reduce)reduction.Op).Function;

    /// <summary>A sweep from one position of the row to another; its reductions are left in their accumulators.</summary>
    public void Sweep(RowSweep sweep, int number, Integer begin, Integer end)
    {
        foreach (Node reduction in sweep.Reductions)
        {
            _statements.Add(new Statement.Let(Accumulator(reduction), new Vector.Number(Function(reduction).Neutral)));
            if (IsBlocked(reduction))
            {
                _statements.Add(new Statement.Let(Lost(reduction), new Vector.Number(0)));
            }
        }

        string index = "j" + (_loops.Sweeps.Count == 1 ? "" : Text(number));
        Node[] blocked = [.. sweep.Reductions.Where(IsBlocked)];
        if (blocked.Length == 0)
        {
            _statements.Add(Elements(sweep, index, begin, end));
            return;
        }

        _statements.Add(new Statement.Blocks("start", "stop", begin, end, BlockVectors * Integer.Lanes, new(
        [
            .. blocked.Select(sum => new Statement.Let(Block(sum), new Vector.Number(0))),
            Elements(sweep, index, new Integer.Variable("start"), new Integer.Variable("stop")),
            .. blocked.Select(sum => new Statement.AddBlock(Accumulator(sum), Lost(sum), Block(sum))),
        ])));
    }

    /// <summary>What a sweep's accumulator comes to, in every lane.</summary>
    public Vector Result(Node reduction) =>
        new Vector.Across(Function(reduction), IsBlocked(reduction) ? new Vector.Total(Accumulator(reduction), Lost(reduction)) : new Vector.Register(Accumulator(reduction)));

    /// <summary>Makes the result of a reduction known to the sweeps and the arithmetic that follow: in its own accumulator.</summary>
    public void Finish(Node reduction)
    {
        _statements.Add(new Statement.Set(Accumulator(reduction), Result(reduction)));
        _rowValues[reduction] = new Vector.Register(Accumulator(reduction));
    }

    /// <summary>Makes the result of a reduction known from what slices have left of it.</summary>
    public void Combine(Node reduction, Address parts, Integer slices)
    {
        _statements.Add(new Statement.Let(Accumulator(reduction), new Vector.AcrossSlices(Function(reduction), parts, slices)));
        _rowValues[reduction] = new Vector.Register(Accumulator(reduction));
    }

    /// <summary>Arithmetic on numbers a row has one of, in vectors whose lanes are all the same.</summary>
    /// <param name="sweep">The sweep that it follows.</param>
    /// <param name="number">The sweep's number.</param>
    /// <param name="isNeeded">Which of its values to make.</param>
    /// <param name="isStored">Which of its values to store.</param>
    public void RowValues(RowSweep sweep, int number, Func<Node, bool> isNeeded, Func<Node, bool> isStored)
    {
        ElementLowering scalars = new(_operands, [_row, new LoopIndex(Integer.Zero, 1)], prefix: $"s{Text(number)}_");
        foreach (KeyValuePair<Node, Vector> value in _rowValues)
        {
            scalars.Define(value.Key, value.Value);
        }

        foreach (Node node in sweep.RowValues.Where(isNeeded))
        {
            if (node.Op is not Op.Reduce and not Op.AddToGradient)
            {
                _rowValues[node] = scalars.Value(node);
                scalars.Define(node, _rowValues[node]);
            }

            if (isStored(node))
            {
                scalars.Store(node);
            }
        }

        _statements.AddRange(scalars.Take());
    }

    private Statement.Lanes Elements(RowSweep sweep, string index, Integer begin, Integer end)
    {
        ElementLowering elements = new(_operands, [_row, new LoopIndex(new Integer.Variable(index), _loops.Length)]);
        foreach (KeyValuePair<Node, Vector> value in _rowValues)
        {
            elements.Define(value.Key, value.Value);
        }

        foreach (Node reduction in sweep.Reductions)
        {
            elements.Accumulate(Function(reduction), IsBlocked(reduction) ? Block(reduction) : Accumulator(reduction), reduction.Inputs[0]);
        }

        foreach (Node node in sweep.Stores)
        {
            elements.Store(node);
        }

        return new Statement.Lanes(index, begin, end, Statement.Lanes.AreWhole(_loops.Length), new(elements.Take()));
    }

    /// <summary>Whether so many elements are reduced in blocks, and what rounding loses is kept.</summary>
    private bool IsBlocked(Node reduction) => Function(reduction).IsRounded && (_loops.IsSliced || _loops.Length.Size > OneBlock);

    private string Accumulator(Node reduction) => _accumulators[reduction];

    private string Lost(Node reduction) => Accumulator(reduction) + "Lost";

    private string Block(Node reduction) => Accumulator(reduction) + "Block";

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
