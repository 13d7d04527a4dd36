using System.Collections.Immutable;
using GraphGen.Generator.Definition;
using GraphGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GraphGen.Generator.Read;

/// <content>The calls: operations, layers and raw parameters become calls of the function; the model's own methods are run.</content>
internal sealed partial class BodyReader
{
    // A raw parameter is one value of the function however often it is named.
    private readonly Dictionary<string, SymbolicValue> _parameterValues = [];

    private SymbolicValue Invoke(IInvocationOperation invocation)
    {
        IMethodSymbol method = invocation.TargetMethod;
        if (method.MethodKind == MethodKind.DelegateInvoke)
        {
            // A lambda held by a local has been reported where it was written.
            return HasFailed(invocation.Instance) ? SymbolicValue.Failed : Refuse(BodyDiagnostics.Lambda, invocation.Syntax.GetLocation());
        }

        if (invocation.Arguments.FirstOrDefault(IsByReference) is { } reference)
        {
            return Refuse(BodyDiagnostics.ByReference, reference.Syntax.GetLocation(), SourceLine.Of(reference.Value.Syntax));
        }

        if (SymbolEqualityComparer.Default.Equals(method.ContainingType, _context.Known.Ops))
        {
            return Operation(invocation);
        }

        if (_context.Known.IsSymbolic(invocation.Instance?.Type))
        {
            return Refuse(BodyDiagnostics.TensorValue, invocation.Syntax.GetLocation(), SourceLine.Of(invocation.Syntax));
        }

        method = Callee(invocation);
        if (invocation.Instance is IInstanceReferenceOperation && _members.Layers.TryGetValue(method, out LayerDefinition? layer))
        {
            return CallLayer(invocation, layer);
        }

        if (IsMath(method))
        {
            return CallMath(invocation);
        }

        if (IsRead(method, invocation.Instance))
        {
            return HasSource(method)
                ? Inline(invocation, method)
                : Refuse(BodyDiagnostics.NoSource, invocation.Syntax.GetLocation(), Name(method), method.ContainingAssembly.Name);
        }

        return HasFailed(invocation.Instance)
            ? SymbolicValue.Failed
            : Refuse(BodyDiagnostics.UnknownCall, invocation.Syntax.GetLocation(), Name(method));
    }

    /// <summary>A method of <c>Ops</c>: its arguments in parameter order, by the names of its parameters.</summary>
    private SymbolicValue Operation(IInvocationOperation invocation)
    {
        string name = invocation.TargetMethod.Name;
        if (name == AttributeTable.TripletWithDistance)
        {
            return TripletMarginWithDistanceLoss(invocation);
        }

        var arguments = EvaluateArguments(invocation);
        if (arguments.Any(argument => IsFailed(argument.Value)))
        {
            return SymbolicValue.Failed;
        }

        var operands = ImmutableArray.CreateBuilder<NamedOperand>();
        foreach ((IParameterSymbol parameter, SymbolicValue value, IOperation source) in arguments.OrderBy(argument => argument.Parameter.Ordinal))
        {
            if (ToOperand(value, parameter, name, source) is not { } operand)
            {
                return SymbolicValue.Failed;
            }

            operands.Add(new NamedOperand(parameter.Name, operand, PositionOf(source, invocation)));
        }

        if (invocation.Type is IArrayTypeSymbol)
        {
            return PartsOf(name, operands, invocation);
        }

        return Append(name, layer: null, new(operands.ToImmutable()), invocation.Syntax);
    }

    /// <summary>Where an argument is written; -1 for one that is left out, which has the syntax of the call.</summary>
    private int PositionOf(IOperation argument, IInvocationOperation invocation) =>
        argument.Syntax == invocation.Syntax ? -1 : _context.Positions.Add(argument.Syntax.GetLocation());

    private SymbolicValue Operator(string name, IOperation expression, params (string Name, SymbolicValue Value, IOperation Source)[] operands)
    {
        var named = ImmutableArray.CreateBuilder<NamedOperand>();
        foreach ((string operandName, SymbolicValue value, IOperation source) in operands)
        {
            Operand? operand = value is SymbolicValue.Constant { Value: double number }
                ? ToNumber(number, source)
                : value is SymbolicValue.RunTime unknown
                    ? RefuseOperand(BodyDiagnostics.ConstantArgument, source, operandName, name, unknown.Source)
                    : ToTensor(value, source.Syntax.GetLocation()) is { } tensor ? new Operand.Value(tensor.Index) : null;
            if (operand is null)
            {
                return SymbolicValue.Failed;
            }

            named.Add(new NamedOperand(operandName, operand));
        }

        return Append(name, layer: null, new(named.ToImmutable()), expression.Syntax);
    }

    private SymbolicValue CallLayer(IInvocationOperation invocation, LayerDefinition? layer)
    {
        var arguments = EvaluateArguments(invocation);
        if (layer is null || arguments.Any(argument => IsFailed(argument.Value)))
        {
            // The declaration or the argument has been reported.
            return GiveUp();
        }

        if (_isLoss)
        {
            return Refuse(BodyDiagnostics.LayerInLoss, invocation.Syntax.GetLocation(), layer.Name);
        }

        if (ToTensor(arguments[0].Value, arguments[0].Source.Syntax.GetLocation()) is not { } input)
        {
            return SymbolicValue.Failed;
        }

        NamedOperand[] operands = [new NamedOperand("input", new Operand.Value(input.Index)), .. layer.Arguments];
        return Append(layer.Kind, layer.Name, operands.ToEquatableArray(), invocation.Syntax);
    }

    private SymbolicValue ReadParameter(IPropertyReferenceOperation property, LayerDefinition? parameter)
    {
        if (parameter is null)
        {
            return GiveUp();
        }

        if (property.Instance is not IInstanceReferenceOperation)
        {
            return Refuse(BodyDiagnostics.TensorState, property.Syntax.GetLocation(), Describe(property));
        }

        if (!_parameterValues.TryGetValue(parameter.Name, out SymbolicValue? value))
        {
            value = Append(parameter.Kind, parameter.Name, parameter.Arguments, property.Syntax);
            _parameterValues.Add(parameter.Name, value);
        }

        return value;
    }

    /// <summary>Runs a method of the project, or a local function, in place.</summary>
    private SymbolicValue Inline(IInvocationOperation invocation, IMethodSymbol method)
    {
        var arguments = EvaluateArguments(invocation);
        if (_running.Contains(method, SymbolEqualityComparer.Default))
        {
            return Refuse(BodyDiagnostics.Recursion, invocation.Syntax.GetLocation(), method.Name);
        }

        foreach ((IParameterSymbol parameter, SymbolicValue value, _) in arguments)
        {
            _variables[(method.PartialImplementationPart ?? method).Parameters[parameter.Ordinal]] = value;
        }

        return Run(method, invocation.Syntax.GetLocation());
    }

    /// <summary>
    /// The method that a call runs, as it is declared. A call of a virtual method runs the override that the model has or inherits.
    /// </summary>
    private IMethodSymbol Callee(IInvocationOperation invocation)
    {
        IMethodSymbol method = invocation.TargetMethod.OriginalDefinition;
        if (!invocation.IsVirtual || invocation.Instance is not IInstanceReferenceOperation)
        {
            return method;
        }

        for (INamedTypeSymbol? type = _context.Model; type is not null; type = type.BaseType)
        {
            foreach (IMethodSymbol candidate in type.GetMembers().OfType<IMethodSymbol>())
            {
                for (IMethodSymbol? overridden = candidate.OverriddenMethod; overridden is not null; overridden = overridden.OverriddenMethod)
                {
                    if (SymbolEqualityComparer.Default.Equals(overridden.OriginalDefinition, method))
                    {
                        return candidate.OriginalDefinition;
                    }
                }
            }
        }

        return method;
    }

    /// <summary>
    /// Whether a method is read as part of the body that calls it: one of the model's own or inherited, a local function, and a static
    /// method that is in the project or describes something. What .NET's and other libraries' methods do is not for a graph.
    /// </summary>
    private bool IsRead(IMethodSymbol method, IOperation? instance) => method switch
    {
        { MethodKind: MethodKind.LocalFunction } => true,
        { IsAbstract: true } or { IsExtern: true } => false,
        _ when _members.Losses.Any(loss => loss.Kind is not null && SymbolEqualityComparer.Default.Equals(loss.Method, method)) => false,
        { IsStatic: true } => HasSource(method) || _context.Known.HoldsSymbols(method.ReturnType) || method.Parameters.Any(parameter => _context.Known.HoldsSymbols(parameter.Type)),
        _ => instance is IInstanceReferenceOperation && method.ContainingType.SpecialType == SpecialType.None,
    };

    /// <summary>Whether the compilation has the text of a method; one of a referenced project may have a text, but of another compilation.</summary>
    private bool HasSource(IMethodSymbol method) =>
        method.DeclaringSyntaxReferences.Any(reference => _context.Compilation.ContainsSyntaxTree(reference.SyntaxTree));

    private SymbolicValue CallMath(IInvocationOperation invocation)
    {
        var arguments = EvaluateArguments(invocation).OrderBy(argument => argument.Parameter.Ordinal).Select(argument => argument.Value).ToArray();
        if (arguments.FirstOrDefault(argument => argument is not SymbolicValue.Constant) is { } unknown)
        {
            return unknown is SymbolicValue.RunTime { Derived: var derived } ? derived : unknown;
        }

        object[] constants = [.. arguments.Select(argument => ((SymbolicValue.Constant)argument).Value ?? 0)];
        return ConstantFolder.MathFunction(invocation.TargetMethod.Name, constants) is { } result
            ? Fold(invocation, () => ConstantFolder.ConvertTo(result, invocation.Type, isChecked: false))
            : Refuse(BodyDiagnostics.UnknownCall, invocation.Syntax.GetLocation(), Name(invocation.TargetMethod));
    }

    private List<(IParameterSymbol Parameter, SymbolicValue Value, IOperation Source)> EvaluateArguments(IInvocationOperation invocation) =>
        [.. invocation.Arguments
            .Where(argument => argument.Parameter is not null)
            .Select(argument => (argument.Parameter!, Evaluate(argument.Value), argument.Value))];

    private SymbolicValue Append(string operation, string? layer, EquatableArray<NamedOperand> operands, SyntaxNode syntax)
    {
        if (_calls.Count >= MaximumCalls)
        {
            _isTooLarge = true;
            return Refuse(BodyDiagnostics.TooLarge, syntax.GetLocation(), $"{MaximumCalls} operations");
        }

        _context.Cancellation.ThrowIfCancellationRequested();
        _calls.Add(new Call(operation, layer, operands, SourceLine.Of(syntax), _context.Positions.Add(syntax.GetLocation())));
        return new SymbolicValue.Graph(_argumentCount + _calls.Count - 1);
    }

    /// <summary>The operand for an argument of an operation, or <see langword="null"/> where it is reported.</summary>
    private Operand? ToOperand(SymbolicValue value, IParameterSymbol parameter, string operation, IOperation source)
    {
        switch (value)
        {
            case SymbolicValue.Graph tensor:
                return new Operand.Value(tensor.Index);
            case SymbolicValue.Constant { Value: null, Source: var origin }
                when origin is not null || (_context.Known.HoldsSymbols(parameter.Type) && parameter.NullableAnnotation != NullableAnnotation.Annotated):
                return RefuseOperand(BodyDiagnostics.NullTensor, source, origin ?? "null");
            case SymbolicValue.Constant { Value: null }:
                return new Operand.None();
            case SymbolicValue.Constant { Value: string text }:
                return new Operand.Text(text);
            case SymbolicValue.Constant { Value: double number }:
                return ToNumber(number, source);
            case SymbolicValue.Constant { Value: var number }:
                return new Operand.Number(ConstantFolder.ToDouble(number));
            case SymbolicValue.List list when parameter.Name == "shape" && list.Elements.All(IsDimension):
                return new Operand.Integers(list.Elements.Select(element =>
                    element is SymbolicValue.Constant { Value: int size } ? size : Operand.Integers.Batch).ToEquatableArray());
            case SymbolicValue.List list when HoldsTensors(parameter):
                return ToTensors(list, source);
            case SymbolicValue.Parts parts:
                return RefuseOperand(BodyDiagnostics.ConstantArgument, source, parameter.Name, operation, parts.Count.Source);
            case SymbolicValue.List list when list.Elements.All(element => element is SymbolicValue.Constant):
                IEnumerable<double> numbers = list.Elements.Select(element => ConstantFolder.ToDouble(((SymbolicValue.Constant)element).Value));
                return ElementType(parameter.Type)?.SpecialType == SpecialType.System_Int32
                    ? new Operand.Integers(numbers.Select(number => (int)number).ToEquatableArray())
                    : new Operand.Numbers(numbers.ToEquatableArray());
            case SymbolicValue.List list when list.Elements.FirstOrDefault(element => element is SymbolicValue.RunTime) is SymbolicValue.RunTime unknown:
                return RefuseOperand(BodyDiagnostics.ConstantArgument, source, parameter.Name, operation, unknown.Source);
            case SymbolicValue.RunTime unknown:
                return RefuseOperand(BodyDiagnostics.ConstantArgument, source, parameter.Name, operation, unknown.Source);
            default:
                return RefuseOperand(BodyDiagnostics.UnsupportedExpression, source, SourceLine.Of(source.Syntax));
        }
    }

    /// <summary>A list of tensors, each where it is written.</summary>
    private Operand.Values? ToTensors(SymbolicValue.List list, IOperation source)
    {
        IOperation[] written = ElementsOf(source);
        List<int> indexes = [];
        List<int> positions = [];
        for (int i = 0; i < list.Elements.Length; i++)
        {
            Location? location = written.Length == list.Elements.Length ? written[i].Syntax.GetLocation() : null;
            if (ToTensor(list.Elements[i], location ?? source.Syntax.GetLocation()) is not { } tensor)
            {
                return null;
            }

            indexes.Add(tensor.Index);
            positions.Add(location is null ? -1 : _context.Positions.Add(location));
        }

        return new Operand.Values(indexes.ToEquatableArray(), positions.ToEquatableArray());
    }

    private bool HoldsTensors(IParameterSymbol parameter) => _context.Known.IsSymbolic(ElementType(parameter.Type));

    /// <summary>A number beside a tensor or in an option: whatever its type in C#, it ends as a 32-bit float, in which it must fit.</summary>
    private Operand? ToNumber(double number, IOperation source) =>
        !double.IsInfinity(number) && float.IsInfinity((float)number)
            ? RefuseOperand(BodyDiagnostics.ConstantArithmetic, source, $"{SourceLine.Of(source.Syntax)} is too large for a 32-bit float")
            : new Operand.Number(number);

    private static bool IsDimension(SymbolicValue value) => value is SymbolicValue.Constant { Value: int } or SymbolicValue.RunTime { IsBatch: true };

    private SymbolicValue.Graph? ToTensor(SymbolicValue value, Location location)
    {
        switch (value)
        {
            case SymbolicValue.Graph tensor:
                return tensor;
            case SymbolicValue.Constant { Value: null, Source: var origin }:
                Refuse(BodyDiagnostics.NullTensor, location, origin ?? "null");
                return null;
            case SymbolicValue.Constant:
                Refuse(BodyDiagnostics.NullTensor, location, "a constant");
                return null;
            default:
                GiveUp();
                return null;
        }
    }

    private Operand? RefuseOperand(DiagnosticDescriptor descriptor, IOperation source, params string[] arguments)
    {
        Refuse(descriptor, source.Syntax.GetLocation(), arguments);
        return null;
    }

    private static bool IsByReference(IArgumentOperation argument) => argument.Parameter?.RefKind is RefKind.Ref or RefKind.Out;

    private static ITypeSymbol? ElementType(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => array.ElementType,
        INamedTypeSymbol { TypeArguments.Length: 1 } generic => generic.TypeArguments[0],
        _ => null,
    };

    private static bool IsMath(IMethodSymbol method) =>
        method.ContainingType is { Name: "Math" or "MathF", ContainingNamespace: { Name: "System", ContainingNamespace.IsGlobalNamespace: true } };

    private static string Name(IMethodSymbol method) => $"{method.ContainingType.Name}.{method.Name}";
}
