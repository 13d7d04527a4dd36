using GraphGen.Generator.Definition;
using GraphGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;

namespace GraphGen.Generator.Read;

/// <summary>Reads the [Forward] method and the loss into functions.</summary>
internal static class FunctionReader
{
    public static FunctionDefinition? ReadForward(ReadingContext context, ModelMembers members, IMethodSymbol method)
    {
        string? problem = method switch
        {
            { IsAsync: true } => null,
            { IsPartialDefinition: true, PartialImplementationPart: null } => "has no body",
            { IsGenericMethod: true } => "is generic",
            { Parameters.Length: 0 } => "takes no input",
            _ when !context.Known.IsTensor(method.ReturnType) => "does not return a Tensor",
            _ => ParametersProblem(context, method),
        };
        if (problem is not null)
        {
            context.Report(DeclarationDiagnostics.ForwardSignature, method.Locations[0], method.Name, problem);
            return null;
        }

        return ReadBody(context, members, method, isLoss: false);
    }

    public static FunctionDefinition? ReadLoss(ReadingContext context, ModelMembers members, LossMember loss, IMethodSymbol? forward)
    {
        IMethodSymbol method = loss.Method;
        if ((LossProblem(context, loss) ?? SharedName(method, forward)) is { } problem)
        {
            string target = loss.Kind is not null && AttributeTable.LossesOfLabels.Contains(loss.Kind) ? "IntTensor" : "Tensor";
            string body = loss.Kind is null ? "with a body" : "partial and without a body";
            context.Report(DeclarationDiagnostics.LossSignature, method.Locations[0], method.Name, problem, target, body);
            return null;
        }

        return loss.Kind is null ? ReadBody(context, members, method, isLoss: true) : ReadAttributeLoss(context, loss, loss.Kind);
    }

    private static FunctionDefinition? ReadBody(ReadingContext context, ModelMembers members, IMethodSymbol method, bool isLoss)
    {
        // An asynchronous method returns a task, whatever its parameters; the body reader says so.
        EquatableArray<ArgumentDefinition>? arguments = method.IsAsync
            ? EquatableArray<ArgumentDefinition>.Empty
            : SignatureReader.Arguments(context, method, outputs: isLoss ? 1 : 0);
        return arguments is { } known ? BodyReader.Read(context, members, method, known, isLoss) : null;
    }

    /// <summary>A loss that is declared by attribute is a function of one call.</summary>
    private static FunctionDefinition? ReadAttributeLoss(ReadingContext context, LossMember loss, string kind)
    {
        EquatableArray<NamedOperand>? attribute = AttributeReader.Read(loss.Attribute, AttributeTable.Losses[kind]);
        EquatableArray<ArgumentDefinition>? arguments = SignatureReader.Arguments(context, loss.Method, outputs: 1);
        SyntaxNode? syntax = loss.Attribute.ApplicationSyntaxReference?.GetSyntax(context.Cancellation);
        if (attribute is not { } known || arguments is not { } read || syntax is null)
        {
            context.Fail();
            return null;
        }

        NamedOperand[] operands =
            [new NamedOperand("input", new Operand.Value(0)), new NamedOperand("target", new Operand.Value(1)), .. known];
        Call call = new(kind, Layer: null, operands.ToEquatableArray(), SourceLine.Of(syntax), context.Positions.Add(syntax.GetLocation()));
        return new FunctionDefinition(loss.Method.Name, read, new[] { call }.ToEquatableArray(), Result: 2);
    }

    private static string? LossProblem(ReadingContext context, LossMember loss)
    {
        IMethodSymbol method = loss.Method;
        return method switch
        {
            { IsAsync: true } when loss.Kind is null => null,
            { IsGenericMethod: true } => "is generic",
            { IsPartialDefinition: false } when loss.Kind is not null => "is not partial",
            { PartialImplementationPart: not null } when loss.Kind is not null => "has a body, but GraphGen implements it",
            { IsPartialDefinition: true, PartialImplementationPart: null } when loss.Kind is null => "has no body",
            { IsStatic: true } when loss.Kind is not null => "is static",
            { Parameters.Length: 0 } => "takes no output of the model",
            { Parameters.Length: not 2 } when loss.Kind is not null => "does not take an output and a target",
            _ when !context.Known.IsTensor(method.ReturnType) => "does not return a Tensor",
            _ when !context.Known.IsTensor(method.Parameters[0].Type) => "does not take the model's output, a Tensor, first",
            _ when loss.Kind is not null && AttributeTable.LossesOfLabels.Contains(loss.Kind) != context.Known.IsIntTensor(method.Parameters[1].Type) =>
                "takes another kind of target",
            _ => ParametersProblem(context, method),
        };
    }

    /// <summary>Inputs and targets are arguments of one method, <c>Evaluate</c>.</summary>
    private static string? SharedName(IMethodSymbol loss, IMethodSymbol? forward) =>
        loss.Parameters.Skip(1).FirstOrDefault(target => forward?.Parameters.Any(input => input.Name == target.Name) == true) is { } shared
            ? $"calls a target '{shared.Name}' as the [Forward] method calls an input"
            : null;

    private static string? ParametersProblem(ReadingContext context, IMethodSymbol method)
    {
        foreach (IParameterSymbol parameter in method.Parameters)
        {
            if (!context.Known.IsSymbolic(parameter.Type))
            {
                return $"takes '{parameter.Name}', which is no Tensor or IntTensor";
            }

            if (parameter.RefKind != RefKind.None)
            {
                return $"takes '{parameter.Name}' by reference";
            }
        }

        return null;
    }
}
