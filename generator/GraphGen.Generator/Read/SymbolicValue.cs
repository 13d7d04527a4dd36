using System.Collections.Immutable;

namespace GraphGen.Generator.Read;

/// <summary>What an expression of a body stands for while it is read.</summary>
internal abstract record SymbolicValue
{
    /// <summary>The result of something already reported: absorbs whatever is done with it without another word.</summary>
    public static readonly SymbolicValue Failed = new FailedValue();

    /// <summary>A tensor: a value of the function that is being built.</summary>
    public sealed record Graph(int Index) : SymbolicValue;

    /// <summary>A number, boolean, string or null known now, as C# would box it; enums as their underlying number.</summary>
    public sealed record Constant(object? Value) : SymbolicValue;

    /// <summary>A C# tuple.</summary>
    public sealed record Tuple(ImmutableArray<SymbolicValue> Elements) : SymbolicValue;

    /// <summary>An array or collection.</summary>
    public sealed record List(ImmutableArray<SymbolicValue> Elements) : SymbolicValue;

    /// <summary>Something that C# only knows at run time, such as a field; wrong only where a graph needs a constant.</summary>
    /// <param name="Source">What it is, for the message: <c>field '_depth'</c>.</param>
    public sealed record RunTime(string Source) : SymbolicValue;

    private sealed record FailedValue : SymbolicValue;
}
