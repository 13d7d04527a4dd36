using GraphGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GraphGen.Generator.Read;

/// <content>Assignments, and the arrays whose elements they may be to.</content>
internal sealed partial class BodyReader
{
    private SymbolicValue Assign(IOperation target, IOperation value)
    {
        Place place = PlaceOf(target);
        return place.Write(Evaluate(value));
    }

    private SymbolicValue Assign(ICompoundAssignmentOperation compound)
    {
        Place place = PlaceOf(compound.Target);
        SymbolicValue combined = Combine(
            compound, compound.OperatorKind, compound.OperatorMethod, place.Read(), compound.Target, compound.Value, compound.IsChecked);
        return place.Write(ConvertTo(combined, compound.Target.Type, compound.IsChecked, compound));
    }

    private SymbolicValue Step(IIncrementOrDecrementOperation step)
    {
        Place place = PlaceOf(step.Target);
        SymbolicValue before = place.Read();
        if (before is not SymbolicValue.Constant { Value: { } value })
        {
            return before is SymbolicValue.RunTime unknown ? place.Write(unknown.Derived) : GiveUp();
        }

        BinaryOperatorKind kind = step.Kind == OperationKind.Increment ? BinaryOperatorKind.Add : BinaryOperatorKind.Subtract;
        SymbolicValue after = Fold(step, () => value switch
        {
            int or uint or long => ConstantFolder.Binary(kind, value, ConstantFolder.ConvertTo(1, step.Target.Type, isChecked: false)!, step.IsChecked),
            float or double => ConstantFolder.Binary(kind, value, ConstantFolder.ConvertTo(1, step.Target.Type, isChecked: false)!, step.IsChecked),
            _ => ConstantFolder.ConvertTo(
                ConstantFolder.Binary(kind, (int)ConstantFolder.ToDouble(value), 1, step.IsChecked), step.Target.Type, step.IsChecked),
        });
        place.Write(after);
        return step.IsPostfix ? before : after;
    }

    /// <summary>What an expression on the left of an assignment stands for, found before the value is computed, as in C#.</summary>
    private Place PlaceOf(IOperation target)
    {
        switch (target)
        {
            case ILocalReferenceOperation local:
                return new(() => Evaluate(local), value => _variables[local.Local] = value);
            case IParameterReferenceOperation { Parameter.RefKind: RefKind.None } parameter:
                return new(() => Evaluate(parameter), value => _variables[parameter.Parameter] = value);
            case IDeclarationExpressionOperation declaration:
                return PlaceOf(declaration.Expression);
            case IArrayElementReferenceOperation element:
                return ElementOf(element);
            case IPropertyReferenceOperation { Property.IsIndexer: true, Instance: { } list } element when IsList(list.Type):
                return ElementOf(element, list, element.Arguments[0].Value);
            case IImplicitIndexerReferenceOperation element:
                return ElementOf(element, element.Instance, element.Argument);
            case IDiscardOperation:
                return new(GiveUp, value => value);
            case ITupleOperation tuple:
                Place[] places = [.. tuple.Elements.Select(PlaceOf)];
                return new(GiveUp, value => WriteAll(tuple, places, value));
            case IInvalidOperation:
                return new(GiveUp, _ => GiveUp());
            default:
                return new(() => Evaluate(target), _ => RefuseAssignment(target));
        }
    }

    private SymbolicValue WriteAll(ITupleOperation tuple, Place[] places, SymbolicValue value)
    {
        if (!IsFailed(value) && !(value is SymbolicValue.Tuple { Elements.Length: var length } && length == places.Length))
        {
            return Refuse(BodyDiagnostics.UnsupportedExpression, tuple.Syntax.GetLocation(), SourceLine.Of(tuple.Syntax));
        }

        for (int i = 0; i < places.Length; i++)
        {
            places[i].Write(value is SymbolicValue.Tuple { Elements: var elements } ? elements[i] : value);
        }

        return value;
    }

    /// <summary><c>new Tensor[3]</c>: as in C#, elements are 0, false or null until they are assigned.</summary>
    private SymbolicValue NewArray(IArrayCreationOperation array)
    {
        ITypeSymbol elementType = ((IArrayTypeSymbol)array.Type!).ElementType;
        IOperation size = array.DimensionSizes[0];
        switch (Evaluate(size))
        {
            case SymbolicValue.Constant { Value: int or uint or long or ulong } constant:
                double length = ConstantFolder.ToDouble(constant.Value);
                if (length < 0)
                {
                    return Refuse(BodyDiagnostics.ConstantArithmetic, size.Syntax.GetLocation(), $"an array of {constant.Value} elements");
                }

                string source = $"an element of '{SourceLine.Of(array.Syntax)}' that was never assigned";
                return length > MaximumCalls
                    ? Refuse(BodyDiagnostics.TooLarge, array.Syntax.GetLocation(), $"{MaximumCalls} elements")
                    : new SymbolicValue.List([.. Enumerable.Repeat(Default(elementType, source), (int)length)]);
            case SymbolicValue.RunTime unknown:
                return Refuse(BodyDiagnostics.ConstantArgument, size.Syntax.GetLocation(), "length", SourceLine.Of(array.Syntax), unknown.Source);
            default:
                return GiveUp();
        }
    }

    private static SymbolicValue Default(ITypeSymbol type, string source) => type switch
    {
        INamedTypeSymbol { IsTupleType: true } tuple => new SymbolicValue.Tuple([.. tuple.TupleElements.Select(element => Default(element.Type, source))]),
        { SpecialType: SpecialType.System_Boolean } => new SymbolicValue.Constant(false),
        { SpecialType: SpecialType.System_Decimal } => new SymbolicValue.Constant(0m),
        { TypeKind: TypeKind.Enum } or { SpecialType: >= SpecialType.System_Char and <= SpecialType.System_Double } =>
            new SymbolicValue.Constant(ConstantFolder.ConvertTo(0, type, isChecked: false)),
        _ => new SymbolicValue.Constant(null, type.NullableAnnotation == NullableAnnotation.Annotated ? null : source),
    };

    private SymbolicValue RefuseAssignment(IOperation target) => Refuse(BodyDiagnostics.SideEffect, target.Syntax.GetLocation(), Describe(target));

    private SymbolicValue RefuseNullArray(SymbolicValue.Constant nothing, IOperation array) =>
        Refuse(BodyDiagnostics.ConstantArithmetic, array.Syntax.GetLocation(), $"the array is {nothing.Source ?? "null"}");

    private static Place Always(SymbolicValue value) => new(() => value, _ => value);

    /// <summary>Something that can be assigned: a variable, an element of an array, or a tuple of such.</summary>
    /// <param name="Read">The value it has.</param>
    /// <param name="Write">Gives it a value, and returns that.</param>
    private readonly record struct Place(Func<SymbolicValue> Read, Func<SymbolicValue, SymbolicValue> Write);
}
