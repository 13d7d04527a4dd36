using GraphGen.Generator.Fuse;
using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Emit;

/// <summary>
/// Emits the elementwise work of a kernel at one position of its loops: a statement an operation, each value once. Operands
/// come from registers (<see cref="Define"/>), from memory, or are made on the spot.
/// </summary>
/// <param name="context">The kernel.</param>
/// <param name="loops">Its loops from the outside in; lanes run along the last.</param>
/// <param name="count">For a partial vector, the expression of how many lanes count; else <see langword="null"/>.</param>
/// <param name="prefix">What the names of temporaries begin with.</param>
internal sealed class ExpressionEmitter(KernelContext context, IReadOnlyList<LoopIndex> loops, string? count, string prefix = "t")
{
    private readonly Dictionary<Node, string> _registers = [];
    private readonly Dictionary<Sight, string> _computed = [];
    private int _temporaries;

    /// <summary>Tells that a value is in a register.</summary>
    public void Define(Node node, string variable) => _registers[node] = variable;

    /// <summary>Emits what computes the value and gives the variable that holds it.</summary>
    public string Emit(Node use) => Evaluate(use, EquatableArray<Node>.Empty);

    /// <summary>Emits the value and its store to memory, adding to what is there where it is a gradient that has begun.</summary>
    public void Store(Node node)
    {
        string value = node.Op.IsView ? Evaluate(node.Inputs[0], new EquatableArray<Node>([node])) : node.Op is Op.AddToGradient ? Emit(node.Inputs[0]) : Emit(node);
        Shape shape = context.Kernel.RowShape is { } rowShape && node.Shape.Elements == rowShape.Elements ? rowShape : node.Shape;
        (_, string offset, int stride) = LoopIndex.Offset(shape, shape.Strides(), loops);
        string target = Lanes(node, Add(context.Memory.Pointer(node), offset));
        if (node.Op is Op.AddToGradient gradient)
        {
            string sum = Temporary();
            string load = count is null ? $"TIsa.Load({target})" : $"TIsa.LoadPartial({target}, {count})";
            context.Code.Line($"TVector {sum} = pass->Accumulate[{gradient.Index}] ? TIsa.Add({load}, {value}) : {value};");
            value = sum;
        }

        context.Code.Line(
            stride != 1 && !loops[loops.Count - 1].Size.IsOne ? throw new InvalidOperationException($"{context.Name} stores {node} with stride {stride}.")
            : count is null ? $"TIsa.Store({target}, {value});"
            : $"TIsa.StorePartial({target}, {value}, {count});");
    }

    private string Evaluate(Node use, EquatableArray<Node> outerViews)
    {
        List<Node> views = [];
        for (; use.Op.IsView && !_registers.ContainsKey(use) && !context.Loads(use); use = use.Inputs[0])
        {
            views.Add(use);
        }

        if (_registers.TryGetValue(use, out string? register))
        {
            return register;
        }

        views.Reverse();
        Sight sight = new(use, views.Count == 0 ? outerViews : new EquatableArray<Node>(views.Concat(outerViews)));
        if (context.IsOwn(sight))
        {
            sight = new Sight(use, EquatableArray<Node>.Empty);
        }

        if (!_computed.TryGetValue(sight, out string? variable))
        {
            variable = Compute(sight);
            _computed[sight] = variable;
        }

        return variable;
    }

    private string Compute(Sight sight)
    {
        Node node = sight.Value;
        if (context.Loads(node))
        {
            return Assign(Load(sight));
        }

        if (node.Op is Op.Constant number)
        {
            return KernelContext.Vector(number.Value);
        }

        if (node.Op is Op.IntegerConstant integer)
        {
            return $"TIsa.BroadcastBits({CodeWriter.Text(integer.Value)})";
        }

        string Operand(int index) => Evaluate(node.Inputs[index], sight.Views);
        return Assign(node.Op switch
        {
            Op.InverseCount { Factor: 1 } => "TIsa.Broadcast(1f / pass->N)",
            Op.InverseCount inverse => $"TIsa.Broadcast(1f / ({inverse.Factor}f * pass->N))",
            Op.Iota => Position(sight),
            Op.Uniform uniform => Random(uniform, sight),
            Op.Unary unary => Elementwise.Of(unary.Function, Operand(0), context.CallsFunctions),
            Op.Binary binary => binary.Function.Instruction(Operand(0), Operand(1)),
            Op.Select select => Elementwise.Select(select.Comparison.Mask(node.Inputs[0].Type, Operand(0), Operand(1)), Operand(2), Operand(3)),
            Op.AddToGradient => Operand(0),
            _ => throw new InvalidOperationException($"{context.Name} cannot compute {node} in registers."),
        });
    }

    private string Load(Sight sight)
    {
        Node node = sight.Value;
        (string offset, int stride) = OffsetOf(sight);
        string pointer = Lanes(node, Add(context.Memory.Pointer(node), offset));
        string broadcast = node.Type == DataType.Int32 ? "TIsa.BroadcastBits" : "TIsa.Broadcast";
        return stride switch
        {
            0 when offset == "0" => $"{broadcast}(*{context.Memory.Pointer(node)})",
            0 => $"{broadcast}({context.Memory.Pointer(node)}[{offset}])",
            1 => $"TIsa.Load{(count is null ? $"({pointer})" : $"Partial({pointer}, {count})")}",
            _ => $"TIsa.LoadStrided{(count is null ? $"({pointer}, {stride})" : $"Partial({pointer}, {stride}, {count})")}",
        };
    }

    /// <summary>A pointer by which vectors are loaded and stored: a lane holds the bits of an integer as they are.</summary>
    private string Lanes(Node node, string pointer) =>
        node.Type == DataType.Float ? pointer
        : node.Type == DataType.Int32 ? $"(float*)({pointer})"
        : throw new InvalidOperationException($"{context.Name} has {node}, of {node.Type}, in a register.");

    /// <summary>The position along a vector of positions: 0, 1, 2, ... along the lanes, or one number for all of them.</summary>
    private string Position(Sight sight)
    {
        (string offset, int stride) = OffsetOf(sight);
        return stride switch
        {
            0 => $"TIsa.BroadcastBits({offset})",
            1 => $"TIsa.AddBits(TIsa.BroadcastBits({offset}), TIsa.ToBits(TIsa.Iota))",
            _ => throw new InvalidOperationException($"{context.Name} counts along {sight.Shape} with stride {stride}."),
        };
    }

    private string Random(Op.Uniform uniform, Sight sight)
    {
        (string offset, int stride) = OffsetOf(sight);
        return $"SimdMath.Uniform<TVector, TIsa>(pass->Key + {uniform.Draw}u, (uint)({offset}){(stride == 1 ? "" : $", {stride}u")})";
    }

    private (string Offset, int Stride) OffsetOf(Sight sight)
    {
        Shape shape = sight.Shape;
        int[] strides = sight.Strides ?? throw new InvalidOperationException($"{context.Name}: no strides reach {sight.Value} through its views.");
        if (context.Kernel.RowShape is { } rowShape && shape.Elements == rowShape.Elements && ViewStrides.Reshaped(shape, strides, rowShape) is { } reshaped)
        {
            // The elements of the rows under another shape, whose axes the loops need not walk: seen as the rows are.
            (shape, strides) = (rowShape, reshaped);
        }

        (_, string full, int stride) = LoopIndex.Offset(shape, strides, Loops(shape));
        return (full, stride);
    }

    /// <summary>A value that has one element a row is at the position of the loops but the last.</summary>
    private IReadOnlyList<LoopIndex> Loops(Shape shape)
    {
        Dim all = Shape.Product(loops.Select(loop => loop.Size));
        return shape.Elements == all ? loops
            : shape.Elements == Shape.Product(loops.Take(loops.Count - 1).Select(loop => loop.Size)) ? [.. loops.Take(loops.Count - 1), new LoopIndex("0", 1)]
            : throw new InvalidOperationException($"{context.Name} loops over {all} elements, not over {shape}.");
    }

    private string Assign(string expression)
    {
        string variable = Temporary();
        context.Code.Line($"TVector {variable} = {expression};");
        return variable;
    }

    private string Temporary() => prefix + (_temporaries++).ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string Add(string pointer, string offset) => offset == "0" ? pointer : $"{pointer} + {offset}";
}

/// <summary>The vector expressions of elementwise primitives, and how many vector operations they are.</summary>
internal static class Elementwise
{
    private const int CostOfInstruction = 2;

    public static int Cost(Op op) => op switch
    {
        Op.Unary unary => unary.Function.Cost,
        Op.Uniform => 14,
        Op.Binary or Op.Select or Op.AddToGradient => CostOfInstruction,
        _ => 0,
    };

    /// <summary>Whether the primitive is a function of <c>SimdMath</c>.</summary>
    public static bool IsFunction(Op op) => op is Op.Unary { Function.Instruction: null };

    /// <summary>A function of a vector; one that is no instruction is inlined, or a call.</summary>
    public static string Of(UnaryFunction function, string x, bool callsFunctions) =>
        function.Instruction?.Invoke(x) ?? $"SimdMath{(callsFunctions ? "Calls" : "")}.{function.Name}<TVector, TIsa>({x})";

    public static string Select(string mask, string whenTrue, string whenFalse) => $"TIsa.Select({mask}, {whenTrue}, {whenFalse})";
}
