using GraphGen.Generator.Definition;
using GraphGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GraphGen.Generator.Read;

/// <content>Functions that are arguments of operations: a lambda or a method, run in place where the operation would call it.</content>
internal sealed partial class BodyReader
{
    /// <summary>The loss by attribute, whose method has no body: what the attribute says of three tensors.</summary>
    /// <param name="context">The model.</param>
    /// <param name="members">Its members.</param>
    /// <param name="method">The loss: anchor, positive and negative.</param>
    /// <param name="arguments">Its parameters.</param>
    /// <param name="attribute">The arguments of the attribute.</param>
    /// <param name="distance">The distance; <see langword="null"/> for that by the default norm.</param>
    /// <param name="syntax">The attribute.</param>
    public static FunctionDefinition? ReadTripletWithDistance(
        ReadingContext context,
        ModelMembers members,
        IMethodSymbol method,
        EquatableArray<ArgumentDefinition> arguments,
        EquatableArray<NamedOperand> attribute,
        IMethodSymbol? distance,
        SyntaxNode syntax)
    {
        BodyReader reader = new(context, members, isLoss: true, arguments.Count);
        SymbolicValue[] tensors = [.. Enumerable.Range(0, arguments.Count).Select(i => new SymbolicValue.Graph(i))];
        return reader.ToFunction(
            () => reader.OfDistances(
                tensors,
                isSwapped: attribute.Any(argument => argument is { Name: "swap", Operand: Operand.Number { Constant: 1 } }),
                (first, second) => distance is null
                    ? reader.PairwiseDistance(first, second, syntax, tensor => arguments[tensor].Position)
                    : reader.Invoke(distance, first, second, syntax.GetLocation()),
                attribute.Where(argument => argument.Name is "margin" or "reduction"),
                syntax,
                syntax.GetLocation()),
            method,
            arguments);
    }

    /// <summary>The triplet loss by a distance of the user's, called as a function.</summary>
    private SymbolicValue TripletMarginWithDistanceLoss(IInvocationOperation invocation)
    {
        Dictionary<string, IArgumentOperation> given = invocation.Arguments
            .Where(argument => argument.Parameter is not null)
            .ToDictionary(argument => argument.Parameter!.Name);
        SymbolicValue[] tensors = [Evaluate(given["anchor"].Value), Evaluate(given["positive"].Value), Evaluate(given["negative"].Value)];
        bool isSwapped = Evaluate(given["swap"].Value) is SymbolicValue.Constant { Value: true };
        List<NamedOperand> options = [];
        foreach (string name in new[] { "margin", "reduction" })
        {
            if (ToOperand(Evaluate(given[name].Value), given[name].Parameter!, invocation.TargetMethod.Name, given[name].Value) is not { } operand)
            {
                return SymbolicValue.Failed;
            }

            options.Add(new NamedOperand(name, operand, PositionOf(given[name].Value, invocation)));
        }

        IOperation distance = given["distance"].Value;
        return OfDistances(tensors, isSwapped, (first, second) => Apply(distance, first, second, invocation), options, invocation.Syntax, distance.Syntax.GetLocation());
    }

    /// <summary>The triplet loss of three tensors: its distances become calls, and the operation is of their results.</summary>
    private SymbolicValue OfDistances(
        SymbolicValue[] tensors,
        bool isSwapped,
        Func<SymbolicValue, SymbolicValue, SymbolicValue> distance,
        IEnumerable<NamedOperand> options,
        SyntaxNode syntax,
        Location distanceLocation)
    {
        List<NamedOperand> operands = [];
        return tensors.Any(IsFailed)
            || !AddDistance("positiveDistance", tensors[0], tensors[1])
            || !AddDistance("negativeDistance", tensors[0], tensors[2])
            || (isSwapped && !AddDistance("swappedDistance", tensors[1], tensors[2]))
                ? SymbolicValue.Failed
                : Append(nameof(TripletMarginWithDistanceLoss), layer: null, operands.Concat(options).ToEquatableArray(), syntax);

        bool AddDistance(string name, SymbolicValue first, SymbolicValue second)
        {
            if (ToTensor(distance(first, second), distanceLocation) is not { } result)
            {
                return false;
            }

            operands.Add(new NamedOperand(name, new Operand.Value(result.Index)));
            return true;
        }
    }

    /// <summary>What a function of two tensors makes of them; without one, their distance by the default norm.</summary>
    private SymbolicValue Apply(IOperation function, SymbolicValue first, SymbolicValue second, IInvocationOperation invocation)
    {
        while (function is IConversionOperation conversion)
        {
            function = conversion.Operand;
        }

        switch (function)
        {
            case { ConstantValue: { HasValue: true, Value: null } } or IDefaultValueOperation:
                return PairwiseDistance(first, second, invocation.Syntax, _ => -1);
            case IDelegateCreationOperation { Target: IAnonymousFunctionOperation { Symbol: { IsAsync: false } lambda } anonymous }:
                _variables[lambda.Parameters[0]] = first;
                _variables[lambda.Parameters[1]] = second;
                return RunBody(lambda, anonymous.Body);
            case IDelegateCreationOperation { Target: IMethodReferenceOperation { Method: var method, Instance: var instance } } when IsRead(method, instance) && HasSource(method):
                return Invoke(method, first, second, function.Syntax.GetLocation());
            default:
                return Refuse(BodyDiagnostics.Lambda, function.Syntax.GetLocation());
        }
    }

    private SymbolicValue Invoke(IMethodSymbol method, SymbolicValue first, SymbolicValue second, Location location)
    {
        IMethodSymbol implementation = method.PartialImplementationPart ?? method;
        _variables[implementation.Parameters[0]] = first;
        _variables[implementation.Parameters[1]] = second;
        return Run(method, location);
    }

    private SymbolicValue PairwiseDistance(SymbolicValue first, SymbolicValue second, SyntaxNode syntax, Func<int, int> positionOf)
    {
        int x1 = ((SymbolicValue.Graph)first).Index;
        int x2 = ((SymbolicValue.Graph)second).Index;
        NamedOperand[] operands =
        [
            new("x1", new Operand.Value(x1), positionOf(x1)),
            new("x2", new Operand.Value(x2), positionOf(x2)),
            new("p", new Operand.Number(2)),
            new("eps", new Operand.Number(1e-6)),
            new("keepDim", new Operand.Number(0)),
        ];
        return Append("PairwiseDistance", layer: null, operands.ToEquatableArray(), syntax);
    }
}
