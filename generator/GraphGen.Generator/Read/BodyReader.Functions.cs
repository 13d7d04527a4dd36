using System.Collections.Immutable;
using GraphGen.Generator.Definition;
using GraphGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GraphGen.Generator.Read;

/// <content>Functions that are arguments of operations: a lambda or a method, run in place where the operation would call it.</content>
internal sealed partial class BodyReader
{
    private const string TripletWithDistance = nameof(TripletMarginWithDistanceLoss);

    /// <summary>The triplet loss by a distance of the user's: its distances become calls, and the operation is of their results.</summary>
    private SymbolicValue TripletMarginWithDistanceLoss(IInvocationOperation invocation)
    {
        Dictionary<string, IArgumentOperation> given = invocation.Arguments
            .Where(argument => argument.Parameter is not null)
            .ToDictionary(argument => argument.Parameter!.Name);
        SymbolicValue anchor = Evaluate(given["anchor"].Value);
        SymbolicValue positive = Evaluate(given["positive"].Value);
        SymbolicValue negative = Evaluate(given["negative"].Value);
        SymbolicValue swap = Evaluate(given["swap"].Value);
        IOperation distance = given["distance"].Value;
        var operands = ImmutableArray.CreateBuilder<NamedOperand>();
        if (!AddDistance("positiveDistance", anchor, positive)
            || !AddDistance("negativeDistance", anchor, negative)
            || (swap is SymbolicValue.Constant { Value: true } && !AddDistance("swappedDistance", positive, negative)))
        {
            return SymbolicValue.Failed;
        }

        foreach (string name in new[] { "margin", "reduction" })
        {
            if (ToOperand(Evaluate(given[name].Value), given[name].Parameter!, invocation.TargetMethod.Name, given[name].Value) is not { } operand)
            {
                return SymbolicValue.Failed;
            }

            operands.Add(new NamedOperand(name, operand));
        }

        return Append(TripletWithDistance, layer: null, new(operands.ToImmutable()), invocation.Syntax);

        bool AddDistance(string name, SymbolicValue first, SymbolicValue second)
        {
            if (IsFailed(first) || IsFailed(second)
                || ToTensor(Apply(distance, first, second, invocation), distance.Syntax.GetLocation()) is not { } result)
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
                return Append(
                    "PairwiseDistance",
                    layer: null,
                    new NamedOperand[]
                    {
                        new("x1", new Operand.Value(((SymbolicValue.Graph)first).Index)),
                        new("x2", new Operand.Value(((SymbolicValue.Graph)second).Index)),
                        new("p", new Operand.Number(2)),
                        new("eps", new Operand.Number(1e-6)),
                        new("keepDim", new Operand.Number(0)),
                    }.ToEquatableArray(),
                    invocation.Syntax);
            case IDelegateCreationOperation { Target: IAnonymousFunctionOperation { Symbol: { IsAsync: false } lambda } anonymous }:
                _variables[lambda.Parameters[0]] = first;
                _variables[lambda.Parameters[1]] = second;
                return RunBody(lambda, anonymous.Body);
            case IDelegateCreationOperation { Target: IMethodReferenceOperation { Method: var method, Instance: var instance } } when IsRead(method, instance) && HasSource(method):
                IMethodSymbol implementation = method.PartialImplementationPart ?? method;
                _variables[implementation.Parameters[0]] = first;
                _variables[implementation.Parameters[1]] = second;
                return Run(method, function.Syntax.GetLocation());
            default:
                return Refuse(BodyDiagnostics.Lambda, function.Syntax.GetLocation());
        }
    }
}
