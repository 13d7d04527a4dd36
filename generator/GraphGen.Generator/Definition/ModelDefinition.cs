namespace GraphGen.Generator.Definition;

/// <summary>
/// What the first stage reads out of a model class: all that the later stages need, and nothing of Roslyn.
/// Value-equal, so an unchanged model is a cached model. Positions of the user's expressions are numbers here
/// (<see cref="Call.Position"/>); the table that turns them into file locations travels beside it, outside equality.
/// </summary>
/// <param name="Namespace">The namespace, or <see langword="null"/> for the global one.</param>
/// <param name="Name">The class name.</param>
/// <param name="Declaration">The partial declaration to repeat, such as <c>public sealed partial class FashionNet</c>.</param>
/// <param name="Layers">The annotated partial methods with layer attributes and partial properties with [Parameter], in source order.</param>
/// <param name="Members">The partial members that the generated file must implement.</param>
/// <param name="Forward">The [Forward] method, helper methods inlined and loops unrolled.</param>
/// <param name="Loss">The loss, or <see langword="null"/> for a model that has none.</param>
/// <param name="IsLossReduced">Whether the loss is to be one number; else it is one a sample, or more.</param>
/// <param name="NamesInTheWay">Names of members and neighbours that private names of the generated part could meet.</param>
public sealed record ModelDefinition(
    string? Namespace,
    string Name,
    string Declaration,
    EquatableArray<LayerDefinition> Layers,
    EquatableArray<PartialMember> Members,
    FunctionDefinition Forward,
    FunctionDefinition? Loss,
    bool IsLossReduced,
    EquatableArray<string> NamesInTheWay);

/// <summary>A partial member declared by the user, which the generated file implements with a body that only throws (it describes the graph and is never run).</summary>
/// <param name="Signature">The full signature, such as <c>private partial global::GraphGen.Tensor Conv1(global::GraphGen.Tensor x)</c>.</param>
/// <param name="Name">Its name, <c>Conv1</c>.</param>
/// <param name="IsProperty">Whether it is a get-only property.</param>
public sealed record PartialMember(string Signature, string Name, bool IsProperty);

/// <summary>A layer (a partial method with a layer attribute) or a raw parameter (a partial property with [Parameter]).</summary>
/// <param name="Name">The member's name, <c>Conv1</c>.</param>
/// <param name="Kind">The attribute without its suffix: <c>Conv2d</c>, <c>Linear</c>, <c>Dropout</c>, <c>Parameter</c>.</param>
/// <param name="Arguments">Every argument of the attribute by its camel-case name (constructor parameters, then properties with their defaults).</param>
/// <param name="Position">Where it is declared.</param>
/// <param name="AttributePosition">Where its attribute stands, which gives the arguments.</param>
public sealed record LayerDefinition(string Name, string Kind, EquatableArray<NamedOperand> Arguments, int Position, int AttributePosition);

/// <summary>A function as a straight line of calls, in order of evaluation.</summary>
/// <param name="Name">The user's name of the method.</param>
/// <param name="Arguments">Its parameters; values 0 .. Arguments.Count-1.</param>
/// <param name="Calls">The operations; the k-th call makes value Arguments.Count + k.</param>
/// <param name="Results">What it returns: one value, or those of a tuple.</param>
public sealed record FunctionDefinition(
    string Name,
    EquatableArray<ArgumentDefinition> Arguments,
    EquatableArray<Call> Calls,
    EquatableArray<ResultDefinition> Results);

/// <summary>What a function returns, or one element of it.</summary>
/// <param name="Name">The element's name in the tuple; <see langword="null"/> where a tensor alone is returned.</param>
/// <param name="Value">The value.</param>
public sealed record ResultDefinition(string? Name, int Value);

/// <summary>A parameter of a forward or loss method.</summary>
/// <param name="Name">The user's name of it.</param>
/// <param name="IsInteger">Whether it is an <c>IntTensor</c>.</param>
/// <param name="Shape">Its [Shape], -1 for Batch; <see langword="null"/> where it has none, as outputs of the model need none.</param>
/// <param name="Output">For a loss: the output of the model that it stands for, by number; <see langword="null"/> for what the caller gives.</param>
/// <param name="Position">Where it is declared.</param>
public sealed record ArgumentDefinition(string Name, bool IsInteger, EquatableArray<int>? Shape, int? Output, int Position);

/// <summary>One operation of a body: a method of <c>Ops</c>, an operator, a layer, a raw parameter or a loss attribute.</summary>
/// <param name="Operation">
/// The name of the <c>Ops</c> method (<c>Relu</c>, <c>MatMul</c>; operators are <c>Add</c>, <c>Subtract</c>,
/// <c>Multiply</c>, <c>Divide</c>, <c>Negate</c>), of the layer's kind (<c>Conv2d</c>), <c>Parameter</c>, or of the loss (<c>CrossEntropyLoss</c>).
/// </param>
/// <param name="Layer">The layer's or raw parameter's name where the call is to one.</param>
/// <param name="Operands">Every argument in parameter order, defaults filled in, by parameter name. For a layer: its inputs, then the attribute's arguments.</param>
/// <param name="Text">The user's expression as written, for messages and comments.</param>
/// <param name="Position">Where it stands.</param>
public sealed record Call(string Operation, string? Layer, EquatableArray<NamedOperand> Operands, string Text, int Position)
{
    /// <summary>The values that it is given, in order.</summary>
    public IEnumerable<int> Values => Operands.SelectMany(operand => operand.Operand switch
    {
        Operand.Value value => [value.Index],
        Operand.Values values => values.Indexes,
        _ => Enumerable.Empty<int>(),
    });
}

/// <summary>An operand by its parameter's name.</summary>
/// <param name="Name">The name.</param>
/// <param name="Operand">What is given.</param>
/// <param name="Position">Where it is written; -1 where it was left out.</param>
public sealed record NamedOperand(string Name, Operand Operand, int Position = -1);

/// <summary>What a call is given.</summary>
public abstract record Operand
{
    /// <summary>A value of the function: an argument or the result of an earlier call.</summary>
    public sealed record Value(int Index) : Operand;

    /// <summary>A list of values of the function.</summary>
    /// <param name="Indexes">Which they are.</param>
    /// <param name="Positions">Where each is written; -1 where it is not written by itself.</param>
    public sealed record Values(EquatableArray<int> Indexes, EquatableArray<int> Positions) : Operand;

    /// <summary>One position of an axis, which is dropped: <c>^1</c>.</summary>
    public sealed record Element(AxisPosition Position) : Operand;

    /// <summary>The positions of an axis from one to before another: <c>1..^1</c>.</summary>
    public sealed record Range(AxisPosition Start, AxisPosition End) : Operand;

    /// <summary>A constant number; booleans are 0 and 1, enums their value.</summary>
    public sealed record Number(double Constant) : Operand;

    /// <summary>A constant list of integers: axes, a shape.</summary>
    public sealed record Integers(EquatableArray<int> Constants) : Operand
    {
        /// <summary>What stands for <c>Dim.Batch</c> in the shape of a reshape, where -1 stands for the size to be inferred.</summary>
        public const int Batch = int.MinValue;
    }

    /// <summary>A constant list of numbers: class weights.</summary>
    public sealed record Numbers(EquatableArray<double> Constants) : Operand;

    /// <summary>A constant string.</summary>
    public sealed record Text(string Constant) : Operand;

    /// <summary>A null or absent optional argument.</summary>
    public sealed record None : Operand;
}

/// <summary>A position along an axis, as <c>System.Index</c> has it: counted from the start, or from the end.</summary>
/// <param name="Value">How far it is from there.</param>
/// <param name="IsFromEnd">Whether it is counted from the end, where 0 is behind the last element.</param>
public readonly record struct AxisPosition(int Value, bool IsFromEnd)
{
    public static AxisPosition Start => new(0, IsFromEnd: false);

    public static AxisPosition End => new(0, IsFromEnd: true);

    /// <summary>The position on an axis of that size, which need not lie on it.</summary>
    public long On(int size) => IsFromEnd ? (long)size - Value : Value;

    public override string ToString() => IsFromEnd ? $"^{Value}" : $"{Value}";
}
