using System.Collections.Immutable;
using GraphGen.Generator.Definition;
using GraphGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GraphGen.Generator.Read;

/// <content>Lists and what is taken from them by C#'s indices and ranges: arrays and spans, parts of tensors, and the axes of a tensor.</content>
internal sealed partial class BodyReader
{
    /// <summary>An index that a part is known by, where the number of parts is not.</summary>
    private const string PartIndex = "index";

    /// <summary>Arrays and spans: what a <see cref="SymbolicValue.List"/> stands for.</summary>
    private static bool IsList(ITypeSymbol? type) => type is IArrayTypeSymbol or INamedTypeSymbol
    {
        Name: "Span" or "ReadOnlySpan",
        TypeArguments.Length: 1,
        ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true },
    };

    /// <summary>Whether a conversion changes the type and nothing else: a number to a position, an array to a span.</summary>
    private bool KeepsItsValue(IMethodSymbol conversion) =>
        IsList(conversion.ContainingType)
        || conversion.ContainingType is { Name: "Index", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } }
        || SymbolEqualityComparer.Default.Equals(conversion.ContainingType, _context.Known.TensorIndex);

    private SymbolicValue ListOf(ICollectionExpressionOperation collection)
    {
        List<SymbolicValue> elements = [];
        foreach (IOperation written in collection.Elements)
        {
            switch (written)
            {
                case ISpreadOperation { Operand: var operand }:
                    switch (Evaluate(operand))
                    {
                        case SymbolicValue.List list:
                            elements.AddRange(list.Elements);
                            break;
                        case var other:
                            return RefuseList(other, operand, collection);
                    }

                    break;
                default:
                    elements.Add(Evaluate(written));
                    break;
            }
        }

        return elements.Any(IsFailed) ? SymbolicValue.Failed : new SymbolicValue.List([.. elements]);
    }

    private SymbolicValue RefuseList(SymbolicValue value, IOperation operand, IOperation collection) => value switch
    {
        SymbolicValue.Parts parts => Refuse(BodyDiagnostics.ConstantArgument, operand.Syntax.GetLocation(), "length", SourceLine.Of(operand.Syntax), parts.Count.Source),
        SymbolicValue.Constant nothing => RefuseNullArray(nothing, operand),
        _ when IsFailed(value) => value,
        _ => Refuse(BodyDiagnostics.UnsupportedExpression, collection.Syntax.GetLocation(), SourceLine.Of(collection.Syntax)),
    };

    /// <summary>The expressions of a list that is written in place; none for any other.</summary>
    private static IOperation[] ElementsOf(IOperation list) => list switch
    {
        IConversionOperation conversion => ElementsOf(conversion.Operand),
        IArrayCreationOperation { Initializer: { } initializer } => [.. initializer.ElementValues],
        ICollectionExpressionOperation collection => [.. collection.Elements],
        _ => [],
    };

    private Place ElementOf(IArrayElementReferenceOperation element) => element.Indices.Length == 1
        ? ElementOf(element, element.ArrayReference, element.Indices[0])
        : Always(IsFailed(Evaluate(element.ArrayReference))
            ? SymbolicValue.Failed
            : Refuse(BodyDiagnostics.UnsupportedExpression, element.Syntax.GetLocation(), SourceLine.Of(element.Syntax)));

    /// <summary>An element of an array or span, or a range of its elements.</summary>
    private Place ElementOf(IOperation expression, IOperation holder, IOperation index)
    {
        switch (Evaluate(holder))
        {
            case SymbolicValue.List { Elements: var elements }:
                return ElementOf(expression, holder, index, elements);
            case SymbolicValue.Parts parts:
                return PartOf(expression, holder, index, parts);
            case SymbolicValue.RunTime unknown:
                return new(() => unknown.Derived, _ => RefuseAssignment(expression));
            case SymbolicValue.Constant nothing:
                return Always(RefuseNullArray(nothing, holder));
            default:
                return Always(GiveUp());
        }
    }

    private Place ElementOf(IOperation expression, IOperation holder, IOperation index, SymbolicValue[] elements)
    {
        switch (Evaluate(index))
        {
            case SymbolicValue.Constant { Value: int or uint or long or ulong } constant:
                return At(ConstantFolder.ToDouble(constant.Value), $"{constant.Value}");
            case SymbolicValue.Position { At: var position }:
                return At(position.On(elements.Length), $"{position}");
            case SymbolicValue.Range range:
                long start = range.Start.On(elements.Length);
                long end = range.End.On(elements.Length);
                return Always(start >= 0 && start <= end && end <= elements.Length
                    ? new SymbolicValue.List(elements.AsSpan((int)start, (int)(end - start)).ToArray())
                    : Outside($"range {range.Start}..{range.End}"));
            case var other:
                return Always(RefuseIndex(other, expression, holder, index));
        }

        Place At(double at, string written) => at >= 0 && at < elements.Length
            ? new(() => elements[(int)at], value => elements[(int)at] = value)
            : Always(Outside($"index {written}"));

        SymbolicValue Outside(string what) =>
            Refuse(BodyDiagnostics.ConstantArithmetic, expression.Syntax.GetLocation(), $"{what} of an array of {elements.Length}");
    }

    /// <summary>A part of which only the shape stage knows whether it exists.</summary>
    private Place PartOf(IOperation expression, IOperation holder, IOperation index, SymbolicValue.Parts parts)
    {
        SymbolicValue part = Evaluate(index) switch
        {
            SymbolicValue.Constant { Value: int and >= 0 and var at } => parts.Read(at, expression),
            SymbolicValue.Position { At: { IsFromEnd: false, Value: >= 0 and var at } } => parts.Read(at, expression),
            SymbolicValue.Position { At: { IsFromEnd: true, Value: > 0 and var at } } => parts.Read(-at, expression),
            SymbolicValue.Constant { Value: int or uint or long or ulong } or SymbolicValue.Position =>
                Refuse(BodyDiagnostics.ConstantArithmetic, expression.Syntax.GetLocation(), $"index {SourceLine.Of(index.Syntax)} of an array"),
            SymbolicValue.Range => Refuse(BodyDiagnostics.ConstantArgument, index.Syntax.GetLocation(), "length", SourceLine.Of(holder.Syntax), parts.Count.Source),
            var other => RefuseIndex(other, expression, holder, index),
        };
        return new(() => part, _ => RefuseAssignment(expression));
    }

    private SymbolicValue RefuseIndex(SymbolicValue index, IOperation expression, IOperation holder, IOperation written) => index switch
    {
        SymbolicValue.RunTime unknown => Refuse(BodyDiagnostics.ConstantArgument, written.Syntax.GetLocation(), "index", SourceLine.Of(holder.Syntax), unknown.Source),
        _ when IsFailed(index) => index,
        _ => Refuse(BodyDiagnostics.UnsupportedExpression, expression.Syntax.GetLocation(), SourceLine.Of(expression.Syntax)),
    };

    /// <summary>A number as a position, which C# converts it to.</summary>
    private SymbolicValue PositionOf(IOperation number, bool isFromEnd) => Evaluate(number) switch
    {
        SymbolicValue.Constant { Value: int value } => new SymbolicValue.Position(new AxisPosition(value, isFromEnd)),
        SymbolicValue.Position position => position,
        SymbolicValue.RunTime unknown => unknown.Derived,
        _ => GiveUp(),
    };

    private SymbolicValue RangeOf(IRangeOperation range)
    {
        SymbolicValue start = range.LeftOperand is null ? new SymbolicValue.Position(AxisPosition.Start) : PositionOf(range.LeftOperand, isFromEnd: false);
        SymbolicValue end = range.RightOperand is null ? new SymbolicValue.Position(AxisPosition.End) : PositionOf(range.RightOperand, isFromEnd: false);
        return (start, end) switch
        {
            (SymbolicValue.Position first, SymbolicValue.Position last) => new SymbolicValue.Range(first.At, last.At),
            _ when IsFailed(start) || IsFailed(end) => SymbolicValue.Failed,
            _ => start is SymbolicValue.RunTime ? start : end,
        };
    }

    /// <summary>A tensor by indices and ranges of its axes.</summary>
    private SymbolicValue Index(IPropertyReferenceOperation property)
    {
        if (ToTensor(Evaluate(property.Instance!), property.Instance!.Syntax.GetLocation()) is not { } tensor)
        {
            return SymbolicValue.Failed;
        }

        IOperation list = property.Arguments[0].Value;
        SymbolicValue indices = Evaluate(list);
        if (indices is not SymbolicValue.List { Elements: var elements })
        {
            return RefuseIndex(indices, property, property.Instance, list);
        }

        IOperation[] written = ElementsOf(list);
        List<NamedOperand> operands = [new("input", new Operand.Value(tensor.Index))];
        for (int axis = 0; axis < elements.Length; axis++)
        {
            IOperation source = written.Length == elements.Length ? written[axis] : list;
            Operand? operand = elements[axis] switch
            {
                SymbolicValue.Constant { Value: int value } => new Operand.Element(new AxisPosition(value, IsFromEnd: false)),
                SymbolicValue.Position position => new Operand.Element(position.At),
                SymbolicValue.Range range => new Operand.Range(range.Start, range.End),
                _ => null,
            };
            if (operand is null)
            {
                return RefuseIndex(elements[axis], property, property.Instance, source);
            }

            operands.Add(new NamedOperand($"{axis}", operand, _context.Positions.Add(source.Syntax.GetLocation())));
        }

        return Append("Index", layer: null, operands.ToEquatableArray(), property.Syntax);
    }

    /// <summary>The result of an operation that makes several tensors: a call a part.</summary>
    private SymbolicValue PartsOf(string name, ImmutableArray<NamedOperand>.Builder operands, IInvocationOperation invocation)
    {
        NamedOperand[] given = [.. operands];
        int? count = given.Select(operand => operand switch
        {
            { Operand: Operand.Integers sizes } => sizes.Constants.Count,
            { Name: "chunks", Operand: Operand.Number { Constant: var chunks } } => (int)chunks,
            _ => (int?)null,
        }).FirstOrDefault(known => known is not null);
        if (count is not { } parts)
        {
            Dictionary<int, SymbolicValue> read = [];
            return new SymbolicValue.Parts(SourceLine.Of(invocation.Syntax), (index, expression) =>
                read.TryGetValue(index, out SymbolicValue? part) ? part : read[index] = Part(index, expression.Syntax, PositionOfIndex(expression)));
        }

        if (parts > MaximumCalls)
        {
            return Refuse(BodyDiagnostics.TooLarge, invocation.Syntax.GetLocation(), $"{MaximumCalls} operations");
        }

        // A number of parts that is none is refused by the call of the first.
        SymbolicValue[] elements = [.. Enumerable.Range(0, Math.Max(1, parts)).Select(i => Part(i, invocation.Syntax, position: -1))];
        return elements.Any(IsFailed) ? SymbolicValue.Failed : new SymbolicValue.List(elements);

        SymbolicValue Part(int index, SyntaxNode syntax, int position) =>
            Append(name, layer: null, given.Append(new NamedOperand(PartIndex, new Operand.Number(index), position)).ToEquatableArray(), syntax);
    }

    private int PositionOfIndex(IOperation element) => _context.Positions.Add(element switch
    {
        IArrayElementReferenceOperation array => array.Indices[0].Syntax.GetLocation(),
        _ => element.Syntax.GetLocation(),
    });
}
