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
            return OfBatch(expression) ?? new SymbolicValue.Constant(constant);
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
            case IConversionOperation { OperatorMethod: { } conversion, Operand: var converted } when KeepsItsValue(conversion):
                return Evaluate(converted);
            case IIsPatternOperation test:
                return Match(test.Pattern, Evaluate(test.Value));
            case IIsTypeOperation { IsNegated: false } test when IsOfType(test.ValueOperand.Type, test.TypeOperand):
                return CompareWithNull(test.ValueOperand, whenNull: false);
            case ISwitchExpressionOperation choice:
                return Choose(choice);
            case IBinaryOperation { OperatorKind: BinaryOperatorKind.Equals or BinaryOperatorKind.NotEquals } comparison when ComparesTensors(comparison):
                return CompareTensors(comparison);
            case IBinaryOperation binary:
                return Combine(
                    binary, binary.OperatorKind, binary.OperatorMethod, Evaluate(binary.LeftOperand), binary.LeftOperand, binary.RightOperand, binary.IsChecked);
            case ICompoundAssignmentOperation compound:
                return Assign(compound);
            case IUnaryOperation { OperatorKind: UnaryOperatorKind.Hat } hat:
                return PositionOf(hat.Operand, isFromEnd: true);
            case IRangeOperation range:
                return RangeOf(range);
            case IUnaryOperation unary:
                return Apply(unary);
            case IIncrementOrDecrementOperation { OperatorMethod: null } step:
                return Step(step);
            case ISimpleAssignmentOperation { IsRef: false } assignment:
                return Assign(assignment.Target, assignment.Value);
            case IDeconstructionAssignmentOperation deconstruction:
                return Assign(deconstruction.Target, deconstruction.Value);
            case ICoalesceOperation coalesce:
                return Evaluate(coalesce.Value) is var first && first is SymbolicValue.Constant { Value: null } ? Evaluate(coalesce.WhenNull) : first;
            case IConditionalOperation { WhenFalse: not null } choice:
                return Choose(choice.Condition) is { } isTrue ? Evaluate(isTrue ? choice.WhenTrue : choice.WhenFalse) : SymbolicValue.Failed;
            case ITupleOperation tuple:
                return Gather(tuple.Elements, elements => new SymbolicValue.Tuple(elements));
            case IArrayCreationOperation { Initializer: { } initializer, DimensionSizes.Length: 1 }:
                return Gather(initializer.ElementValues, elements => new SymbolicValue.List([.. elements]));
            case IArrayCreationOperation { Initializer: null, DimensionSizes.Length: 1 } array:
                return NewArray(array);
            case ICollectionExpressionOperation collection:
                return ListOf(collection);
            case IArrayElementReferenceOperation element:
                return ElementOf(element).Read();
            case IImplicitIndexerReferenceOperation element:
                return ElementOf(element, element.Instance, element.Argument).Read();
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
        IOperation expression, BinaryOperatorKind kind, IMethodSymbol? method, SymbolicValue left, IOperation leftOperand, IOperation rightOperand, bool isChecked)
    {
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

        if (expression.Type is { TypeKind: TypeKind.Error })
        {
            // C# has no such operator, and says so; what it does not say is how a number is written.
            IOperation? number = new[] { leftOperand, rightOperand }.FirstOrDefault(operand => operand.Type?.SpecialType == SpecialType.System_Decimal);
            return number is not null && (left is SymbolicValue.Graph || right is SymbolicValue.Graph)
                ? Refuse(BodyDiagnostics.DecimalOperand, number.Syntax.GetLocation(), SourceLine.Of(number.Syntax))
                : GiveUp();
        }

        if (method is not null && _context.Known.IsTensor(method.ContainingType))
        {
            return Operator(kind.ToString(), expression, ("left", left, leftOperand), ("right", right, rightOperand));
        }

        return (left, right) switch
        {
            (SymbolicValue.Graph, _) or (_, SymbolicValue.Graph) =>
                Refuse(BodyDiagnostics.TensorValue, expression.Syntax.GetLocation(), SourceLine.Of(expression.Syntax)),
            (SymbolicValue.RunTime unknown, _) => unknown.Derived,
            (_, SymbolicValue.RunTime unknown) => unknown.Derived,
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
            SymbolicValue.RunTime unknown => unknown.Derived,
            _ when IsFailed(operand) => operand,
            _ => Refuse(BodyDiagnostics.UnsupportedExpression, unary.Syntax.GetLocation(), SourceLine.Of(unary.Syntax)),
        };
    }

    private SymbolicValue ConvertTo(SymbolicValue value, ITypeSymbol? type, bool isChecked, IOperation expression)
    {
        switch (value)
        {
            case SymbolicValue.Constant constant:
                return constant.Value is null
                    ? constant
                    : Fold(expression, () => ConstantFolder.ConvertTo(constant.Value, type, isChecked), mayBeNull: true);
            case SymbolicValue.Tuple tuple when type is INamedTypeSymbol { IsTupleType: true, TupleElements: var elements } && elements.Length == tuple.Elements.Length:
                return new SymbolicValue.Tuple(
                    tuple.Elements.Select((element, i) => ConvertTo(element, elements[i].Type, isChecked, expression)).ToImmutableArray());
            case SymbolicValue.Graph when !_context.Known.IsSymbolic(type):
                return Refuse(BodyDiagnostics.TensorValue, expression.Syntax.GetLocation(), SourceLine.Of(expression.Syntax));
            default:
                return value;
        }
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

        if (field.Field is { IsStatic: true, IsReadOnly: true } && CanBeConstant(field.Type))
        {
            return Refuse(BodyDiagnostics.StaticReadOnly, field.Syntax.GetLocation(), field.Field.Name);
        }

        return _context.Known.IsSymbolic(field.Type)
            ? Refuse(BodyDiagnostics.TensorState, field.Syntax.GetLocation(), Describe(field))
            : new SymbolicValue.RunTime(Describe(field, isStart: false));
    }

    /// <summary>Whether C# allows <c>const</c> for a type, other than for its null.</summary>
    private static bool CanBeConstant(ITypeSymbol? type) =>
        type is { TypeKind: TypeKind.Enum } or { SpecialType: >= SpecialType.System_Boolean and <= SpecialType.System_String };

    private SymbolicValue Property(IPropertyReferenceOperation property)
    {
        IPropertySymbol symbol = property.Property;
        if (_members.Layers.TryGetValue(symbol, out LayerDefinition? parameter))
        {
            return ReadParameter(property, parameter);
        }

        if (IsList(property.Instance?.Type) && symbol.IsIndexer)
        {
            return ElementOf(property, property.Instance!, property.Arguments[0].Value).Read();
        }

        if (symbol.IsIndexer && _context.Known.IsSymbolic(symbol.ContainingType))
        {
            return Index(property);
        }

        if (symbol.Name == "Length" && property.Instance is { } array && IsList(array.Type))
        {
            SymbolicValue list = Evaluate(array);
            return list switch
            {
                SymbolicValue.List { Elements.Length: var length } => new SymbolicValue.Constant(length),
                SymbolicValue.Parts parts => parts.Count,
                SymbolicValue.RunTime unknown => unknown.Derived,
                SymbolicValue.Constant nothing => RefuseNullArray(nothing, array),
                _ => SymbolicValue.Failed,
            };
        }

        if (HasFailed(property.Instance))
        {
            return SymbolicValue.Failed;
        }

        if (_context.Known.IsSymbolic(property.Type))
        {
            return Refuse(BodyDiagnostics.TensorState, property.Syntax.GetLocation(), Describe(property));
        }

        return _context.Known.IsSymbolic(property.Instance?.Type)
            ? Refuse(BodyDiagnostics.TensorValue, property.Syntax.GetLocation(), SourceLine.Of(property.Syntax))
            : new SymbolicValue.RunTime(Describe(property, isStart: false));
    }

    /// <summary>
    /// The value of a constant expression that speaks of <c>Dim.Batch</c>, or <see langword="null"/> for any other. C# takes it for
    /// the number that stands for it; here it is what it stands for, which is known only at run time.
    /// </summary>
    private SymbolicValue? OfBatch(IOperation expression)
    {
        if (Unconverted(expression) is IFieldReferenceOperation { Field: var field } && _context.Known.IsBatch(field))
        {
            return new SymbolicValue.RunTime("'Batch', the number of samples of a call", IsBatch: true);
        }

        return expression is not INameOfOperation && expression.ChildOperations.Select(OfBatch).OfType<SymbolicValue.RunTime>().FirstOrDefault() is { } part
            ? part.Derived
            : null;
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
        return right.ConstantValue is { HasValue: true, Value: null } ? CompareWithNull(left, whenNull)
            : left.ConstantValue is { HasValue: true, Value: null } ? CompareWithNull(right, whenNull)
            : Refuse(BodyDiagnostics.TensorValue, comparison.Syntax.GetLocation(), SourceLine.Of(comparison.Syntax));
    }

    private SymbolicValue CompareWithNull(IOperation operand, bool whenNull) => Evaluate(operand) switch
    {
        SymbolicValue.RunTime unknown => unknown.Derived,
        var failed when IsFailed(failed) => failed,
        var value => new SymbolicValue.Constant(IsNull(value) == whenNull),
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
