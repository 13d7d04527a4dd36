using GraphGen.Generator.Graph;
using GraphGen.Generator.Lower;
using GraphGen.Generator.Nests;

namespace GraphGen.Generator.Emit;

/// <summary>The elementwise work of a kernel that is written as text: what <see cref="ElementLowering"/> makes of it, printed at once.</summary>
/// <param name="context">The kernel.</param>
/// <param name="loops">Its loops from the outside in; lanes run along the last.</param>
/// <param name="count">For a partial vector, the expression of how many lanes count; else <see langword="null"/>.</param>
internal sealed class ElementEmitter(KernelContext context, IReadOnlyList<LoopIndex> loops, string? count)
{
    private readonly ElementLowering _elements = new(context.Operands, loops);
    private readonly NestPrinter _printer = new(context.Code, context.Fields, context.Operands.CallsFunctions);

    /// <summary>Tells that a value is in a register.</summary>
    public void Define(Node node, string variable) => _elements.Define(node, new Vector.Register(variable));

    /// <summary>Writes what makes the value and gives the expression of it.</summary>
    public string Emit(Node use)
    {
        Vector value = _elements.Value(use);
        _printer.Print(_elements.Take(), count);
        return _printer.Text(value, count);
    }

    /// <summary>Writes what makes the value and stores it.</summary>
    public void Store(Node node)
    {
        _elements.Store(node);
        _printer.Print(_elements.Take(), count);
    }
}
