using System.Collections.Immutable;
using GraphGen.Generator.Definition;
using Microsoft.CodeAnalysis;

namespace GraphGen.Generator.Read;

/// <summary>What an expression of a body stands for while it is read.</summary>
internal abstract record SymbolicValue
{
    /// <summary>The result of something already reported: absorbs whatever is done with it without another word.</summary>
    public static readonly SymbolicValue Failed = new FailedValue();

    /// <summary>A tensor: a value of the function that is being built.</summary>
    public sealed record Graph(int Index) : SymbolicValue;

    /// <summary>A number, boolean, string or null known now, as C# would box it; enums as their underlying number.</summary>
    /// <param name="Value">The value.</param>
    /// <param name="Source">What a null is, for the message, where it is not one that was written: <c>an element of 'new Tensor[3]' that was never assigned</c>.</param>
    public sealed record Constant(object? Value, string? Source = null) : SymbolicValue;

    /// <summary>A C# tuple.</summary>
    public sealed record Tuple(ImmutableArray<SymbolicValue> Elements) : SymbolicValue;

    /// <summary>An array or collection: one object, whose elements can be assigned, for all that hold it.</summary>
    public sealed record List(SymbolicValue[] Elements) : SymbolicValue;

    /// <summary>The parts of a tensor, where how many there are depends on its shape. A part is a call, made when it is first read.</summary>
    /// <param name="Source">What makes them, for the message: <c>Split(x, 2, 1)</c>.</param>
    /// <param name="Read">The part of an index, which counts from the last below zero, where an expression reads it.</param>
    public sealed record Parts(string Source, Func<int, IOperation, SymbolicValue> Read) : SymbolicValue
    {
        /// <summary>How many there are.</summary>
        public RunTime Count => new($"the number of parts of '{Source}'");
    }

    /// <summary>A <c>System.Index</c>.</summary>
    public sealed record Position(AxisPosition At) : SymbolicValue;

    /// <summary>A <c>System.Range</c>.</summary>
    public sealed record Range(AxisPosition Start, AxisPosition End) : SymbolicValue;

    /// <summary>Something that C# only knows at run time, such as a field; wrong only where a graph needs a constant.</summary>
    /// <param name="Source">What it is, for the message: <c>field '_depth'</c>.</param>
    /// <param name="IsBatch">Whether it is <c>Dim.Batch</c> itself, which may be a dimension; what is computed from it may not.</param>
    public sealed record RunTime(string Source, bool IsBatch = false) : SymbolicValue
    {
        /// <summary>What is computed from it: as unknown, for the same reason.</summary>
        public RunTime Derived => IsBatch ? this with { IsBatch = false } : this;
    }

    private sealed record FailedValue : SymbolicValue;
}
