using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using GraphGen.Generator.Definition;
using GraphGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GraphGen.Generator.Read;

/// <content>The expressions: constants and tensors, and what holds them.</content>
internal sealed partial class BodyReader
{
    private SymbolicValue Evaluate(IOperation expression)
    {
        // A generator that overflows the stack takes the editor with it.
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (expression.ConstantValue is { HasValue: true, Value: var constant })
        {
            return new SymbolicValue.Constant(constant);
        }

        switch (expression)
        {
            case ILocalReferenceOperation local:
                return _variables.TryGetValue(local.Local, out SymbolicValue? value) ? value : GiveUp();
            case IParameterReferenceOperation parameter:
                return _variables.TryGetValue(parameter.Parameter, out SymbolicValue? argument) ? argument : GiveUp();
            case IParenthesizedOperation parenthesized:
                return Evaluate(parenthesized.Operand);
            case IConversionOperation { OperatorMethod: null } conversion:
                return ConvertTo(Evaluate(conversion.Operand), conversion.Type, conversion.IsChecked, conversion);
            case IIsPatternOperation test when IsNullTest(test.Pattern) is { } whenNull:
                return CompareWithNull(test, test.Value, whenNull);
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals } comparison when ComparesTensors(comparison):
                return CompareTensors(comparison);
            case IBinaryOperation binary:
                return Combine(binary, binary.OperatorKind, binary.OperatorMethod, binary.LeftOperand, binary.RightOperand, binary.IsChecked);
            case ICompoundAssignmentOperation compound:
                SymbolicValue combined = Combine(
                    compound, compound.OperatorKind, compound.OperatorMethod, compound.Target, compound.Value, compound.IsChecked);
                return Assign(compound.Target, ConvertTo(combined, compound.Target.Type, compound.IsChecked, compound));
            case IUnaryOperation unary:
                return Apply(unary);
            case IIncrementOrDecrementOperation { OperatorMethod: null } step:
                return Step(step);
            case ISimpleAssignmentOperation { IsRef: false } assignment:
                return Assign(assignment.Target, Evaluate(assignment.Value));
            case IDeconstructionAssignmentOperation deconstruction:
                return Assign(deconstruction.Target, Evaluate(deconstruction.Value));
            case ICoalesceOperation coalesce:
                return Evaluate(coalesce.Value) is var first && first is SymbolicValue.Constant { Value: null } ? Evaluate(coalesce.WhenNull) : first;
            case IConditionalOperation { WhenFalse: not null } choice:
                return Choose(choice.Condition) is { } isTrue ? Evaluate(isTrue ? choice.WhenTrue : choice.WhenFalse) : SymbolicValue.Failed;
            case ITupleOperation tuple:
                return Gather(tuple.Elements, elements => new SymbolicValue.Tuple(elements));
            case IArrayCreationOperation { Initializer: { } initializer, DimensionSizes.Length: 1 }:
                return Gather(initializer.ElementValues, elements => new SymbolicValue.List(elements));
            case ICollectionExpressionOperation collection when !collection.Elements.Any(element => element is ISpreadOperation):
                return Gather(collection.Elements, elements => new SymbolicValue.List(elements));
            case IArrayElementReferenceOperation { Indices.Length: 1 } element:
                return Index(element);
            case IInvocationOperation invocation:
                return Invoke(invocation);
            case IPropertyReferenceOperation property:
                return Property(property);
            case IFieldReferenceOperation field:
                return Field(field);
            case IDiscardOperation or IInvalidOperation:
                return GiveUp();
            default:
                (DiagnosticDescriptor descriptor, string[] arguments) = UnsupportedConstructs.OfExpression(expression);
                return Refuse(descriptor, expression.Syntax.GetLocation(), arguments);
        }
    }

    private SymbolicValue Gather(ImmutableArray<IOperation> expressions, Func<ImmutableArray<SymbolicValue>, SymbolicValue> gather)
    {
        ImmutableArray<SymbolicValue> elements = expressions.Select(Evaluate).ToImmutableArray();
        return elements.Any(IsFailed) ? SymbolicValue.Failed : gather(elements);
    }

    private SymbolicValue Combine(
        IOperation expression, BinaryOperatorKind kind, IMethodSymbol? method, IOperation leftOperand, IOperation rightOperand, bool isChecked)
    {
        SymbolicValue left = Evaluate(leftOperand);
        if (left is SymbolicValue.Constant { Value: bool decided }
            && kind is BinaryOperatorKind.ConditionalAnd or BinaryOperatorKind.ConditionalOr
            && decided == (kind == BinaryOperatorKind.ConditionalOr))
        {
            return left;
        }

        SymbolicValue right = Evaluate(rightOperand);
        if (IsFailed(left) || IsFailed(right))
        {
            return SymbolicValue.Failed;
        }

        if (method is not null && _context.Known.IsTensor(method.ContainingType))
        {
            return Operator(kind.ToString(), expression, ("left", left, leftOperand), ("right", right, rightOperand));
        }

        return (left, right) switch
        {
            (SymbolicValue.Graph, _) or (_, SymbolicValue.Graph) =>
                Refuse(BodyDiagnostics.TensorValue, expression.Syntax.GetLocation(), SourceLine.Of(expression.Syntax)),
            (SymbolicValue.RunTime, _) => left,
            (_, SymbolicValue.RunTime) => right,
            (SymbolicValue.Constant { Value: { } a }, SymbolicValue.Constant { Value: { } b }) when method is null =>
                Fold(expression, () => ConstantFolder.Binary(kind, a, b, isChecked)),
            _ => Refuse(BodyDiagnostics.UnsupportedExpression, expression.Syntax.GetLocation(), SourceLine.Of(expression.Syntax)),
        };
    }

    private SymbolicValue Apply(IUnaryOperation unary)
    {
        SymbolicValue operand = Evaluate(unary.Operand);
        if (!IsFailed(operand) && unary.OperatorMethod is { } method && _context.Known.IsTensor(method.ContainingType))
        {
            return unary.OperatorKind == UnaryOperatorKind.Minus
                ? Operator("Negate", unary, ("input", operand, unary.Operand))
                : operand;
        }

        return operand switch
        {
            SymbolicValue.Constant { Value: { } value } => Fold(unary, () => ConstantFolder.Unary(unary.OperatorKind, value, unary.IsChecked)),
            SymbolicValue.RunTime => operand,
            _ when IsFailed(operand) => operand,
            _ => Refuse(BodyDiagnostics.UnsupportedExpression, unary.Syntax.GetLocation(), SourceLine.Of(unary.Syntax)),
        };
    }

    private SymbolicValue Step(IIncrementOrDecrementOperation step)
    {
        SymbolicValue before = Evaluate(step.Target);
        if (before is not SymbolicValue.Constant { Value: { } value })
        {
            return before is SymbolicValue.RunTime ? Assign(step.Target, before) : GiveUp();
        }

        BinaryOperatorKind kind = step.Kind == OperationKind.Increment ? BinaryOperatorKind.Add : BinaryOperatorKind.Subtract;
        SymbolicValue after = Fold(step, () => value switch
        {
            int or uint or long => ConstantFolder.Binary(kind, value, ConstantFolder.ConvertTo(1, step.Target.Type, isChecked: false)!, step.IsChecked),
            float or double => ConstantFolder.Binary(kind, value, ConstantFolder.ConvertTo(1, step.Target.Type, isChecked: false)!, step.IsChecked),
            _ => ConstantFolder.ConvertTo(
                ConstantFolder.Binary(kind, (int)ConstantFolder.ToDouble(value), 1, step.IsChecked), step.Target.Type, step.IsChecked),
        });
        Assign(step.Target, after);
        return step.IsPostfix ? before : after;
    }

    private SymbolicValue Assign(IOperation target, SymbolicValue value)
    {
        switch (target)
        {
            case ILocalReferenceOperation local:
                return _variables[local.Local] = value;
            case IParameterReferenceOperation { Parameter.RefKind: RefKind.None } parameter:
                return _variables[parameter.Parameter] = value;
            case IDeclarationExpressionOperation declaration:
                return Assign(declaration.Expression, value);
            case IDiscardOperation:
                return value;
            case ITupleOperation tuple when value is SymbolicValue.Tuple { Elements: var elements } && elements.Length == tuple.Elements.Length:
                for (int i = 0; i < elements.Length; i++)
                {
                    Assign(tuple.Elements[i], elements[i]);
                }

                return value;
            case ITupleOperation tuple when IsFailed(value):
                foreach (IOperation element in tuple.Elements)
                {
                    Assign(element, value);
                }

                return value;
            case ITupleOperation:
                return Refuse(BodyDiagnostics.UnsupportedExpression, target.Syntax.GetLocation(), SourceLine.Of(target.Syntax));
            case IInvalidOperation:
                return GiveUp();
            default:
                return Refuse(BodyDiagnostics.SideEffect, target.Syntax.GetLocation(), Describe(target));
        }
    }

    private SymbolicValue ConvertTo(SymbolicValue value, ITypeSymbol? type, bool isChecked, IOperation expression)
    {
        switch (value)
        {
            case SymbolicValue.Constant constant:
                return Fold(expression, () => ConstantFolder.ConvertTo(constant.Value, type, isChecked), mayBeNull: true);
            case SymbolicValue.Tuple tuple when type is INamedTypeSymbol { IsTupleType: true, TupleElements: var elements } && elements.Length == tuple.Elements.Length:
                return new SymbolicValue.Tuple(
                    tuple.Elements.Select((element, i) => ConvertTo(element, elements[i].Type, isChecked, expression)).ToImmutableArray());
            case SymbolicValue.Graph when !_context.Known.IsSymbolic(type):
                return Refuse(BodyDiagnostics.TensorValue, expression.Syntax.GetLocation(), SourceLine.Of(expression.Syntax));
            default:
                return value;
        }
    }

    private SymbolicValue Index(IArrayElementReferenceOperation element)
    {
        SymbolicValue array = Evaluate(element.ArrayReference);
        SymbolicValue index = Evaluate(element.Indices[0]);
        return (array, index) switch
        {
            (SymbolicValue.List list, SymbolicValue.Constant { Value: int at }) when at >= 0 && at < list.Elements.Length => list.Elements[at],
            (SymbolicValue.List list, SymbolicValue.Constant { Value: int at }) =>
                Refuse(BodyDiagnostics.ConstantArithmetic, element.Syntax.GetLocation(), $"index {at} of an array of {list.Elements.Length}"),
            (SymbolicValue.RunTime, _) => array,
            (_, SymbolicValue.RunTime) => index,
            _ when IsFailed(array) || IsFailed(index) => SymbolicValue.Failed,
            _ => Refuse(BodyDiagnostics.UnsupportedExpression, element.Syntax.GetLocation(), SourceLine.Of(element.Syntax)),
        };
    }

    private SymbolicValue Field(IFieldReferenceOperation field)
    {
        if (field is { Instance: { } holder, Field.ContainingType: { IsTupleType: true } type })
        {
            SymbolicValue tuple = Evaluate(holder);
            int index = type.TupleElements.IndexOf(field.Field, 0, SameTupleElement.Instance);
            return tuple is SymbolicValue.Tuple { Elements: var elements } && index >= 0 ? elements[index] : IsFailed(tuple) ? tuple : GiveUp();
        }

        if (HasFailed(field.Instance))
        {
            return SymbolicValue.Failed;
        }

        return _context.Known.IsSymbolic(field.Type)
            ? Refuse(BodyDiagnostics.TensorState, field.Syntax.GetLocation(), Describe(field))
            : new SymbolicValue.RunTime(Describe(field, isStart: false));
    }

    private SymbolicValue Property(IPropertyReferenceOperation property)
    {
        IPropertySymbol symbol = property.Property;
        if (_members.Layers.TryGetValue(symbol, out LayerDefinition? parameter))
        {
            return ReadParameter(property, parameter);
        }

        if (HasFailed(property.Instance))
        {
            return SymbolicValue.Failed;
        }

        if (symbol.Name == "Length" && property.Instance is { Type: IArrayTypeSymbol } array)
        {
            SymbolicValue list = Evaluate(array);
            return list is SymbolicValue.List { Elements.Length: var length } ? new SymbolicValue.Constant(length) : list;
        }

        if (_context.Known.IsSymbolic(property.Type))
        {
            return Refuse(BodyDiagnostics.TensorState, property.Syntax.GetLocation(), Describe(property));
        }

        return _context.Known.IsSymbolic(property.Instance?.Type)
            ? Refuse(BodyDiagnostics.TensorValue, property.Syntax.GetLocation(), SourceLine.Of(property.Syntax))
            : new SymbolicValue.RunTime(Describe(property, isStart: false));
    }

    /// <summary>Folds constants; a result of <see langword="null"/> is an operator that is not understood.</summary>
    private SymbolicValue Fold(IOperation expression, Func<object?> fold, bool mayBeNull = false)
    {
        try
        {
            return fold() is var value && (value is not null || mayBeNull)
                ? new SymbolicValue.Constant(value)
                : Refuse(BodyDiagnostics.UnsupportedExpression, expression.Syntax.GetLocation(), SourceLine.Of(expression.Syntax));
        }
        catch (ArithmeticException failure)
        {
            string reason = failure is DivideByZeroException ? "division by zero" : "the result does not fit its type";
            return Refuse(BodyDiagnostics.ConstantArithmetic, expression.Syntax.GetLocation(), reason);
        }
    }

    /// <summary>Whether what a member is taken from has been reported, so that the member need not be.</summary>
    private bool HasFailed(IOperation? instance) => instance is not null and not IInstanceReferenceOperation && IsFailed(Evaluate(instance));

    /// <summary>Whether both sides of a comparison are tensors or null; C# converts them to object.</summary>
    private bool ComparesTensors(IBinaryOperation comparison) =>
        _context.Known.IsSymbolic(Unconverted(comparison.LeftOperand).Type) || _context.Known.IsSymbolic(Unconverted(comparison.RightOperand).Type);

    /// <summary>Tensors cannot be compared, but whether an optional one was given is known.</summary>
    private SymbolicValue CompareTensors(IBinaryOperation comparison)
    {
        IOperation left = Unconverted(comparison.LeftOperand);
        IOperation right = Unconverted(comparison.RightOperand);
        bool whenNull = comparison.OperatorKind == BinaryOperatorKind.Equals;
        return right.ConstantValue is { HasValue: true, Value: null } ? CompareWithNull(comparison, left, whenNull)
            : left.ConstantValue is { HasValue: true, Value: null } ? CompareWithNull(comparison, right, whenNull)
            : Refuse(BodyDiagnostics.TensorValue, comparison.Syntax.GetLocation(), SourceLine.Of(comparison.Syntax));
    }

    private SymbolicValue CompareWithNull(IOperation comparison, IOperation operand, bool whenNull) => Evaluate(operand) switch
    {
        SymbolicValue.Constant constant => new SymbolicValue.Constant((constant.Value is null) == whenNull),
        SymbolicValue.RunTime unknown => unknown,
        SymbolicValue.Graph or SymbolicValue.Tuple or SymbolicValue.List => new SymbolicValue.Constant(!whenNull),
        var failed when IsFailed(failed) => failed,
        _ => Refuse(BodyDiagnostics.UnsupportedExpression, comparison.Syntax.GetLocation(), SourceLine.Of(comparison.Syntax)),
    };

    /// <summary>Whether a pattern is <c>null</c> (true) or <c>not null</c> (false).</summary>
    private static bool? IsNullTest(IPatternOperation pattern) => pattern switch
    {
        IConstantPatternOperation { Value.ConstantValue: { HasValue: true, Value: null } } => true,
        INegatedPatternOperation negated => !IsNullTest(negated.Pattern),
        _ => null,
    };

    private static IOperation Unconverted(IOperation operation) =>
        operation is IConversionOperation { IsImplicit: true } conversion ? Unconverted(conversion.Operand) : operation;

    private static string Describe(IOperation member, bool isStart = true)
    {
        string what = member switch
        {
            IFieldReferenceOperation { Field.ContainingType.IsTupleType: true } => $"tuple element '{SourceLine.Of(member.Syntax)}'",
            IFieldReferenceOperation field => $"field '{field.Field.Name}'",
            IPropertyReferenceOperation { Property.IsIndexer: true } => $"element '{SourceLine.Of(member.Syntax)}'",
            IPropertyReferenceOperation property => $"property '{property.Property.Name}'",
            IArrayElementReferenceOperation => $"array element '{SourceLine.Of(member.Syntax)}'",
            _ => $"expression '{SourceLine.Of(member.Syntax)}'",
        };
        return (isStart ? "The " : "the ") + what;
    }

    /// <summary>Tuple elements are equal by their place, whatever they are called.</summary>
    private sealed class SameTupleElement : IEqualityComparer<IFieldSymbol>
    {
        public static readonly SameTupleElement Instance = new();

        public bool Equals(IFieldSymbol left, IFieldSymbol right) => Place(left).Name == Place(right).Name;

        public int GetHashCode(IFieldSymbol field) => Place(field).Name.GetHashCode();

        private static IFieldSymbol Place(IFieldSymbol field) => field.CorrespondingTupleField ?? field;
    }
}
