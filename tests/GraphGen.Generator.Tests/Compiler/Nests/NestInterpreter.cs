using GraphGen.Generator.Graph;
using GraphGen.Generator.Nests;

namespace GraphGen.Generator.Tests.Compiler.Nests;

/// <summary>
/// Runs loop nests in double precision, on vectors of any width, and fails where generated code would go wrong without a sign of it: on
/// reads and writes beyond memory, on reads of what nobody wrote, on tasks that touch what another one writes.
/// </summary>
/// <param name="width">The lanes of a vector.</param>
/// <param name="samples">The samples of the batch, n.</param>
/// <param name="uniform">The uniform numbers of a draw at a position.</param>
internal sealed partial class NestInterpreter(int width, int samples, Func<int, int, double> uniform)
{
    /// <summary>What slices a row at run time; not its 16,384 elements, which would hide what smaller slices do.</summary>
    private const int ShortestSlice = 48;

    private readonly Dictionary<Place, Memory> _memory = [];
    private readonly Dictionary<string, long> _integers = [];
    private readonly Dictionary<string, double[]> _vectors = [];
    private int _task;
    private Epilogue? _epilogue;

    /// <summary>The parameters whose gradients have begun.</summary>
    public HashSet<int> Begun { get; } = [];

    /// <summary>Puts elements in memory; those that are NaN must not be read.</summary>
    public void Put(Place place, double[] elements) => _memory[place] = new Memory(elements);

    /// <summary>The elements of a place.</summary>
    public double[] Of(Place place) => _memory[place].Elements;

    /// <summary>Runs all routines, the tasks of each from the last to the first: their order must not matter.</summary>
    public void Run(Nest nest)
    {
        _epilogue = nest.Epilogue;
        foreach (Scratch scratch in nest.Scratch)
        {
            Put(new Place.Scratch(scratch.Suffix), [.. Enumerable.Repeat(double.NaN, (int)scratch.Floats * (scratch.PerSample ? samples : 1))]);
        }

        foreach (Routine routine in nest.Routines)
        {
            foreach (Memory memory in _memory.Values)
            {
                memory.Forget();
            }

            long tasks = Of(routine.Tasks);
            Assert.InRange(tasks, 1, int.MaxValue);
            Assert.InRange(Of(routine.WorkPerTask), 1, long.MaxValue);
            for (_task = (int)tasks - 1; _task >= 0; _task--)
            {
                _integers.Clear();
                _vectors.Clear();
                _integers[((Integer.Variable)Integer.Task).Name] = _task;
                Run(routine.Body, 1);
            }
        }
    }

    /// <summary>Runs statements at lanes of which so many count; what they name is forgotten after them.</summary>
    private void Run(EquatableArray<Statement> body, int count)
    {
        foreach (Statement statement in body)
        {
            Run(statement, count);
        }

        foreach (Statement statement in body)
        {
            switch (statement)
            {
                case Statement.Define define:
                    _integers.Remove(define.Variable);
                    break;
                case Statement.Let let:
                    _vectors.Remove(let.Register);
                    break;
            }
        }
    }

    private void Run(Statement statement, int count)
    {
        switch (statement)
        {
            case Statement.Define define:
                Name(define.Variable, Of(define.Value));
                break;
            case Statement.DefineSlice slice:
                long length = Of(slice.Length);
                long size = SliceLength(length, slice.Most);
                long begin = Of(slice.Slice) * size;
                Name(slice.Begin, begin);
                Name(slice.End, Math.Min(begin + size, length));
                break;
            case Statement.Let let:
                Assert.True(_vectors.TryAdd(let.Register, Of(let.Value, count)), $"{let.Register} is declared twice");
                break;
            case Statement.Set set:
                Assert.True(_vectors.ContainsKey(set.Register), $"{set.Register} is not declared");
                _vectors[set.Register] = Of(set.Value, count);
                break;
            case Statement.Accumulate accumulate:
                double[] element = Of(accumulate.Element, count);
                _vectors[accumulate.Register] = [.. _vectors[accumulate.Register].Select((sum, lane) => lane < count ? accumulate.Function.Combine(sum, element[lane]) : sum)];
                break;
            case Statement.AddBlock block:
                Assert.All(_vectors[block.Lost], lost => Assert.Equal(0, lost));
                _vectors[block.Sum] = [.. _vectors[block.Sum].Zip(_vectors[block.Block], (sum, next) => sum + next)];
                break;
            case Statement.Store store:
                Memory memory = _memory[store.Target.Place];
                double[] stored = Of(store.Value, count);
                for (int lane = 0; lane < count; lane++)
                {
                    memory.Write(Of(store.Target.Offset) + lane, stored[lane], _task);
                }

                break;
            case Statement.Loop loop:
                for (long i = Of(loop.From); i < Of(loop.To); i++)
                {
                    Within(loop.Variable, i, loop.Body, count);
                }

                break;
            case Statement.Blocks blocks:
                for (long start = Of(blocks.From); start < Of(blocks.To); start = Math.Min(start + Of(blocks.Size), Of(blocks.To)))
                {
                    Name(blocks.Stop, Math.Min(start + Of(blocks.Size), Of(blocks.To)));
                    Within(blocks.Variable, start, blocks.Body, count);
                    _integers.Remove(blocks.Stop);
                }

                break;
            case Statement.IfEqual choice:
                Run(Of(choice.Left) == Of(choice.Right) ? choice.Then : choice.Else, count);
                break;
            case Statement.Lanes lanes:
                long end = Of(lanes.To);
                for (long first = Of(lanes.From); first < end; first += width)
                {
                    int left = (int)Math.Min(width, end - first);
                    Assert.True(left == width || !lanes.IsWhole, $"{left} lanes are left over of {lanes.To}");
                    Within(lanes.Variable, first, lanes.Body, left);
                }

                break;
            case Statement.Multiply multiply:
                Multiply(multiply);
                break;
            case Statement.Pack pack:
                Pack(pack);
                break;
            case Statement.StorePlanes store:
                double[] turned = Of(store.Value, count);
                for (int lane = 0; lane < count; lane++)
                {
                    _memory[store.Target.Place].Write(Of(store.Target.Offset) + (lane * store.Plane), turned[lane], _task);
                }

                break;
            case Statement.LayOut layOut:
                LayOut(layOut);
                break;
            case Statement.PackWeights pack:
                PackWeights(pack);
                break;
            case Statement.Convolve convolve:
                Convolve(convolve);
                break;
            default:
                throw new NotSupportedException($"The interpreter does not know {statement}.");
        }
    }

    /// <summary>A block of a product, element by element; each vector of results goes through the epilogue.</summary>
    private void Multiply(Statement.Multiply multiply)
    {
        (long firstRow, long endRow) = Of(multiply.Rows);
        (long firstColumn, long endColumn) = Of(multiply.Block);
        long depth = Of(multiply.Depth);
        Assert.True(multiply.Method == ProductMethod.DotProducts || firstColumn % (2 * width) == 0, $"a block begins at column {firstColumn}");
        Assert.True(endColumn == multiply.Columns || endColumn % (2 * width) == 0 || multiply.Method == ProductMethod.DotProducts, $"a block ends at column {endColumn} of {multiply.Columns}");
        for (long row = firstRow; row < endRow; row++)
        {
            for (long column = firstColumn; column < endColumn; column += width)
            {
                int count = (int)Math.Min(width, endColumn - column);
                double[] product = Lanes(lane => lane < count ? Element(row, column + lane) : double.NaN);
                RunEpilogue(Of(multiply.Batch), row, column, product, count);
            }
        }

        double Element(long row, long column)
        {
            double sum = 0;
            for (long k = 0; k < depth; k++)
            {
                long right = multiply.Method == ProductMethod.PackedOuterProducts ? InPanels(k, column, depth) : (k * multiply.Right.Row) + (column * multiply.Right.Column);
                sum += Read(multiply.Left.First, (row * multiply.Left.Row) + (k * multiply.Left.Column)) * Read(multiply.Right.First, right);
            }

            return sum;
        }
    }

    private void RunEpilogue(long batch, long row, long column, double[] product, int count) =>
        RunEpilogue([("batch", batch), ("row", row), ("column", column)], [(Epilogue.Product, product)], count);

    /// <summary>Runs the epilogue on what it is given: the routine's own names are out of sight there.</summary>
    private void RunEpilogue((string Name, long Value)[] integers, (string Name, double[] Lanes)[] vectors, int count)
    {
        Dictionary<string, long> outside = new(_integers);
        _integers.Clear();
        foreach ((string name, long value) in integers)
        {
            Name(name, value);
        }

        foreach ((string name, double[] lanes) in vectors)
        {
            _vectors.Add(name, lanes);
        }

        Run(_epilogue!.Body, count);
        foreach ((string name, _) in vectors)
        {
            _vectors.Remove(name);
        }

        _integers.Clear();
        foreach ((string name, long value) in outside)
        {
            _integers.Add(name, value);
        }
    }

    private void Pack(Statement.Pack pack)
    {
        (long firstColumn, long endColumn) = Of(pack.Block);
        long depth = Of(pack.Depth);
        for (long column = firstColumn; column < (endColumn + width - 1) / width * width; column++)
        {
            for (long k = 0; k < depth; k++)
            {
                double element = column < pack.Columns ? Read(pack.Right.First, (k * pack.Right.Row) + (column * pack.Right.Column)) : 0;
                _memory[pack.Panels.Place].Write(Of(pack.Panels.Offset) + InPanels(k, column, depth), element, _task);
            }
        }
    }

    /// <summary>Where an element is in panels [depth][two vectors].</summary>
    private long InPanels(long k, long column, long depth) => (column / (2 * width) * depth * 2 * width) + (k * 2 * width) + (column % (2 * width));

    /// <summary>A range, of which no more is there than it says.</summary>
    private (long From, long To) Of(IntegerRange range)
    {
        (long from, long to) = (Of(range.From), Of(range.To));
        Assert.InRange(to - from, 1, range.Most);
        return (from, to);
    }

    private void Within(string variable, long value, EquatableArray<Statement> body, int count)
    {
        Name(variable, value);
        Run(body, count);
        _integers.Remove(variable);
    }

    private void Name(string variable, long value) => Assert.True(_integers.TryAdd(variable, value), $"{variable} is declared twice");

    private double[] Of(Vector vector, int count) => vector switch
    {
        Vector.Register register => _vectors[register.Name],
        Vector.Number number => Lanes(_ => number.Value),
        Vector.FromInteger integer => Lanes(_ => Of(integer.Value)),
        Vector.Inverse inverse => Lanes(_ => 1.0 / Of(inverse.Divisor)),
        Vector.Whole whole => Lanes(_ => whole.Value),
        Vector.Load load => Lanes(lane => lane < count || load.Stride == 0 ? Read(load.First, lane * load.Stride) : double.NaN),
        Vector.Positions positions => Lanes(lane => Of(positions.First) + (lane * positions.Stride)),
        Vector.Uniform draw => Lanes(lane => uniform(draw.Draw, (int)Of(draw.First) + (lane * draw.Stride))),
        Vector.InverseCount inverse => Lanes(_ => 1.0 / (inverse.Factor * samples)),
        Vector.Unary unary => [.. Of(unary.X, count).Select(unary.Function.Value)],
        Vector.Binary binary => [.. Of(binary.Left, count).Zip(Of(binary.Right, count), binary.Function.Value)],
        Vector.Combined combined => [.. Of(combined.Left, count).Zip(Of(combined.Right, count), combined.Function.Combine)],
        Vector.Select select => Choose(select, count),
        Vector.Mask mask => [.. Of(mask.A, count).Zip(Of(mask.B, count), (a, b) => mask.Comparison.Holds(a, b) ? 1.0 : 0.0)],
        Vector.Choice choice => Choose(Of(choice.Where, count), Of(choice.X, count), Of(choice.Y, count)),
        Vector.Accumulated accumulated => Begun.Contains(accumulated.Parameter)
            ? [.. Of(accumulated.Value, count).Zip(Of(new Vector.Load(accumulated.Target, 1), count), (value, before) => value + before)]
            : Of(accumulated.Value, count),
        Vector.Total total => _vectors[total.Sum],
        Vector.Across across => All(across.Function, Of(across.Lanes, count)),
        Vector.AcrossSlices slices => All(slices.Function, [.. Enumerable.Range(0, (int)Of(slices.Count)).Select(slice => Read(slices.Parts, slice))]),
        _ => throw new NotSupportedException($"The interpreter does not know {vector}."),
    };

    private double[] Choose(Vector.Select select, int count)
    {
        double[] a = Of(select.A, count), b = Of(select.B, count), x = Of(select.X, count), y = Of(select.Y, count);
        return Lanes(lane => select.Comparison.Holds(a[lane], b[lane]) ? x[lane] : y[lane]);
    }

    private double[] Choose(double[] mask, double[] x, double[] y) => Lanes(lane => mask[lane] != 0 ? x[lane] : y[lane]);

    private double[] All(ReduceFunction function, double[] parts)
    {
        double result = parts.Aggregate((double)function.Neutral, function.Combine);
        return Lanes(_ => result);
    }

    private double[] Lanes(Func<int, double> lane) => [.. Enumerable.Range(0, width).Select(lane)];

    private double Read(Address address, long further) =>
        _memory.TryGetValue(address.Place, out Memory? memory) ? memory.Read(Of(address.Offset) + further, _task) : throw new InvalidOperationException($"{address.Place} is not in memory.");

    private long Of(Integer integer) => integer switch
    {
        Integer.Literal literal => literal.Value,
        Integer.Samples => samples,
        Integer.Width => width,
        Integer.Variable variable => _integers[variable.Name],
        Integer.Sum sum => Of(sum.Left) + Of(sum.Right),
        Integer.Difference difference => Of(difference.Left) - Of(difference.Right),
        Integer.Product product => Of(product.Left) * Of(product.Right),
        Integer.Quotient quotient => Of(quotient.Left) / Of(quotient.Right),
        Integer.Remainder remainder => Of(remainder.Left) % Of(remainder.Right),
        Integer.Minimum minimum => Math.Min(Of(minimum.Left), Of(minimum.Right)),
        Integer.Maximum maximum => Math.Max(Of(maximum.Left), Of(maximum.Right)),
        Integer.IfGreater choice => Of(choice.Left) > Of(choice.Right) ? Of(choice.Then) : Of(choice.Else),
        Integer.Share share => Of(share.Whole) * Of(share.Part) / share.Parts,
        Integer.Slices slices => (Of(slices.Length) + SliceLength(Of(slices.Length), slices.Most) - 1) / SliceLength(Of(slices.Length), slices.Most),
        Integer.SliceLength length => SliceLength(Of(length.Length), length.Most),
        _ => throw new NotSupportedException($"The interpreter does not know {integer}."),
    };

    /// <summary>As <c>RowSlices.Length</c>, a multiple of all vectors' widths.</summary>
    private static long SliceLength(long length, int most) => Math.Max(ShortestSlice, (((length + most - 1) / most) + 15) / 16 * 16);

    /// <summary>The elements of a place, and which task wrote or read each during a routine.</summary>
    private sealed class Memory(double[] elements)
    {
        private readonly Dictionary<long, int> _writers = [];
        private readonly Dictionary<long, int> _readers = [];

        public double[] Elements => elements;

        /// <summary>Begins a routine: what the one before wrote may be read by all.</summary>
        public void Forget()
        {
            _writers.Clear();
            _readers.Clear();
        }

        public double Read(long at, int task)
        {
            Assert.InRange(at, 0, elements.Length - 1);
            Assert.False(_writers.TryGetValue(at, out int writer) && writer != task, $"task {task} reads element {at}, which task {writer} writes");
            _readers[at] = task;
            return elements[at];
        }

        public void Write(long at, double value, int task)
        {
            Assert.InRange(at, 0, elements.Length - 1);
            Assert.False(_readers.TryGetValue(at, out int reader) && reader != task, $"task {task} writes element {at}, which task {reader} reads");
            Assert.True(!_writers.TryGetValue(at, out int writer), $"task {task} writes element {at}, which task {writer} has written");
            _writers[at] = task;
            elements[at] = value;
        }
    }
}
