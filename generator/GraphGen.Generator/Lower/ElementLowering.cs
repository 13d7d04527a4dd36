using System.Globalization;
using GraphGen.Generator.Fuse;
using GraphGen.Generator.Graph;
using GraphGen.Generator.Nests;

namespace GraphGen.Generator.Lower;

/// <summary>
/// The elementwise work of a kernel at one position of its loops: a statement an operation, each value once. Operands come from
/// registers (<see cref="Define"/>), from memory, or are made on the spot.
/// </summary>
/// <param name="operands">How the kernel comes by its operands.</param>
/// <param name="loops">Its loops from the outside in; lanes run along the last.</param>
/// <param name="prefix">What the names of registers begin with.</param>
internal sealed class ElementLowering(KernelOperands operands, IReadOnlyList<LoopIndex> loops, string prefix = "t")
{
    private readonly Dictionary<Node, Vector> _registers = [];
    private readonly Dictionary<Sight, Vector> _computed = [];
    private readonly List<Statement> _statements = [];
    private int _named;

    private Kernel Kernel => operands.Kernel;

    /// <summary>Takes the statements made since they were last taken.</summary>
    public IReadOnlyList<Statement> Take()
    {
        Statement[] taken = [.. _statements];
        _statements.Clear();
        return taken;
    }

    /// <summary>Tells that a value is in a register.</summary>
    public void Define(Node node, Vector register) => _registers[node] = register;

    /// <summary>Makes the value.</summary>
    public Vector Value(Node use) => Evaluate(use, EquatableArray<Node>.Empty);

    /// <summary>Reduces the value into an accumulator.</summary>
    public void Accumulate(ReduceFunction function, string register, Node use)
    {
        Vector element = Value(use);
        _statements.Add(new Statement.Accumulate(function, register, element));
    }

    /// <summary>Makes the value and stores it, added to what is there where it is a gradient that has begun.</summary>
    public void Store(Node node)
    {
        Vector value = node.Op.IsView ? Evaluate(node.Inputs[0], new EquatableArray<Node>([node])) : Value(node.Op is Op.AddToGradient ? node.Inputs[0] : node);
        (Shape shape, int[] strides) = Kernel.StridesOf(node);
        (Integer offset, int stride) = LoopIndex.Offset(shape, strides, loops);
        if (stride != 1 && !loops[loops.Count - 1].Size.IsOne)
        {
            throw new InvalidOperationException($"{node} is stored with stride {stride}.");
        }

        Address target = new(new Place.Value(node), offset);
        _statements.Add(new Statement.Store(target, node.Op is Op.AddToGradient gradient ? Named(new Vector.Accumulated(gradient.Index, target, value)) : value));
    }

    /// <summary>Makes a part of a value and stores it where it lies in that.</summary>
    /// <param name="part">The part.</param>
    /// <param name="whole">The value.</param>
    /// <param name="place">The part's elements in the memory of the value.</param>
    public void StorePart(Node part, Node whole, Strided place)
    {
        Vector value = Value(part);
        (Integer offset, int stride) = LoopIndex.Offset(part.Shape, place.Strides, loops);
        if (stride != 1 && !loops[loops.Count - 1].Size.IsOne)
        {
            throw new InvalidOperationException($"{part} is stored in {whole} with stride {stride}.");
        }

        _statements.Add(new Statement.Store(new Address(new Place.Value(whole), offset + place.Offset), value));
    }

    private Vector Evaluate(Node use, EquatableArray<Node> outerViews)
    {
        List<Node> views = [];
        for (; use.Op.IsView && !_registers.ContainsKey(use) && !operands.Loads(use) && !IsOwn(use); use = use.Inputs[0])
        {
            views.Add(use);
        }

        if (_registers.TryGetValue(use, out Vector? register))
        {
            return register;
        }

        bool IsOwn(Node view) => operands.IsOwn(new Sight(view, new EquatableArray<Node>(Enumerable.Reverse(views).Concat(outerViews))));

        views.Reverse();
        Sight sight = new(use, views.Count == 0 ? outerViews : new EquatableArray<Node>(views.Concat(outerViews)));
        if (operands.IsOwn(sight))
        {
            sight = new Sight(use, EquatableArray<Node>.Empty);
        }

        if (!_computed.TryGetValue(sight, out Vector? computed))
        {
            computed = Compute(sight);
            _computed[sight] = computed;
        }

        return computed;
    }

    private Vector Compute(Sight sight)
    {
        Node node = sight.Value;
        if (operands.Loads(node))
        {
            (Integer offset, int stride) = OffsetOf(sight);
            return node.Type == DataType.Byte
                ? throw new InvalidOperationException($"{node}, of bytes, is not read into lanes.")
                : Named(new Vector.Load(new Address(new Place.Value(node), offset), stride));
        }

        Vector Operand(int index) => Evaluate(node.Inputs[index], sight.Views);
        return node.Op switch
        {
            Op.Constant number => new Vector.Number(number.Value),
            Op.IntegerConstant integer => new Vector.Whole(integer.Value),
            Op.InverseCount inverse => Named(new Vector.InverseCount(inverse.Factor)),
            Op.Iota => Named(Positions(sight)),
            Op.Uniform uniform => Named(Uniform(uniform, sight)),
            Op.Unary unary => Named(new Vector.Unary(unary.Function, Operand(0))),
            Op.Binary binary => Named(new Vector.Binary(binary.Function, Operand(0), Operand(1))),
            Op.Select select => Named(new Vector.Select(select.Comparison, node.Inputs[0].Type, Operand(0), Operand(1), Operand(2), Operand(3))),
            Op.AddToGradient => Operand(0),
            _ when node.Op.IsView => Evaluate(node.Inputs[0], new EquatableArray<Node>([node])),
            _ => throw new InvalidOperationException($"No vector is made of {node}."),
        };
    }

    /// <summary>The position along a vector of positions: 0, 1, 2, ... along the lanes, or one number for all of them.</summary>
    private Vector.Positions Positions(Sight sight)
    {
        (Integer offset, int stride) = OffsetOf(sight);
        return new Vector.Positions(offset, stride);
    }

    private Vector.Uniform Uniform(Op.Uniform uniform, Sight sight)
    {
        (Integer offset, int stride) = OffsetOf(sight);
        return new Vector.Uniform(uniform.Draw, offset, stride);
    }

    private (Integer Offset, int Stride) OffsetOf(Sight sight)
    {
        Shape shape = sight.Shape;
        (int first, int[] strides) = sight.ElementsIn(Kernel.Storage) ?? throw new InvalidOperationException($"No strides reach {sight.Value} through {string.Join(", ", sight.Views)} for {Kernel.Body[0]}.");
        if (Kernel.RowShape is { } rowShape && shape.Elements == rowShape.Elements && ViewStrides.Reshaped(shape, strides, rowShape) is { } reshaped)
        {
            // The elements of the rows under another shape, whose axes the loops need not walk: seen as the rows are.
            (shape, strides) = (rowShape, reshaped);
        }

        (Integer offset, int stride) = LoopIndex.Offset(shape, strides, Loops(shape));
        return (offset + first, stride);
    }

    /// <summary>A value that has one element a row is at the position of the loops but the last.</summary>
    private IReadOnlyList<LoopIndex> Loops(Shape shape)
    {
        Dim all = Shape.Product(loops.Select(loop => loop.Size));
        return shape.Elements == all ? loops
            : shape.Elements == Shape.Product(loops.Take(loops.Count - 1).Select(loop => loop.Size)) ? [.. loops.Take(loops.Count - 1), new LoopIndex(Integer.Zero, 1)]
            : throw new InvalidOperationException($"Loops over {all} elements do not walk {shape}.");
    }

    private Vector.Register Named(Vector value)
    {
        string name = prefix + _named.ToString(CultureInfo.InvariantCulture);
        _named++;
        _statements.Add(new Statement.Let(name, value));
        return new Vector.Register(name);
    }
}
