using GraphGen.Generator.Definition;
using GraphGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;

namespace GraphGen.Generator.Read;

/// <summary>Reads the [Forward] method and the loss into functions.</summary>
internal static class FunctionReader
{
    public static FunctionDefinition? ReadForward(ReadingContext context, ModelMembers members, IMethodSymbol method)
    {
        if (ModelOutputs.IsLeftToCompiler(method))
        {
            context.Fail();
            return null;
        }

        string? problem = method switch
        {
            { IsAsync: true } => null,
            { IsPartialDefinition: true, PartialImplementationPart: null } => "has no body",
            { IsGenericMethod: true } => "is generic",
            { Parameters.Length: 0 } => "takes no input",
            _ => ModelOutputs.Problem(context, method) ?? ParametersProblem(context, method),
        };
        if (problem is not null)
        {
            string returned = method.ReturnType.IsTupleType ? "(Tensor Mean, Tensor Variance)" : "Tensor";
            context.Report(DeclarationDiagnostics.ForwardSignature, method.Locations[0], method.Name, problem, returned);
            return null;
        }

        // An asynchronous method returns a task, whatever its parameters; the body reader says so.
        return ReadBody(context, members, method, isLoss: false, method.IsAsync ? EquatableArray<ArgumentDefinition>.Empty : SignatureReader.Inputs(context, method));
    }

    public static FunctionDefinition? ReadLoss(ReadingContext context, ModelMembers members, LossMember loss, IMethodSymbol? forward)
    {
        if (forward is not null && (ModelOutputs.IsLeftToCompiler(forward) || (!forward.IsAsync && ModelOutputs.Problem(context, forward) is not null)))
        {
            // What is wrong with the outputs has been said, and the loss is of them.
            return null;
        }

        IMethodSymbol method = loss.Method;
        ModelOutputs outputs = ModelOutputs.Of(forward);
        if ((LossProblem(context, loss, outputs) ?? SharedName(method, forward, outputs)) is { } problem)
        {
            string body = loss.Kind is null ? "with a body" : "partial and without a body";
            string output = outputs.Names.Count == 0 ? "output" : Identifiers.Camel(outputs.Names[0]);
            string written = loss.Kind is null
                ? $"Tensor {method.Name}(Tensor {output}, [Shape(Batch, ...)] Tensor target)"
                : AttributeTable.Losses[loss.Kind].Write(method.Name, output);
            context.Report(DeclarationDiagnostics.LossSignature, method.Locations[0], method.Name, problem, written, body);
            return null;
        }

        EquatableArray<ArgumentDefinition>? arguments = method.IsAsync ? EquatableArray<ArgumentDefinition>.Empty : SignatureReader.LossArguments(context, method, outputs);
        return loss.Kind is null ? ReadBody(context, members, method, isLoss: true, arguments) : ReadAttributeLoss(context, members, loss, loss.Kind, arguments);
    }

    private static FunctionDefinition? ReadBody(ReadingContext context, ModelMembers members, IMethodSymbol method, bool isLoss, EquatableArray<ArgumentDefinition>? arguments) =>
        arguments is { } known ? BodyReader.Read(context, members, method, known, isLoss) : null;

    /// <summary>A loss that is declared by attribute is a function of one call.</summary>
    private static FunctionDefinition? ReadAttributeLoss(ReadingContext context, ModelMembers members, LossMember loss, string kind, EquatableArray<ArgumentDefinition>? arguments)
    {
        EquatableArray<NamedOperand>? attribute = AttributeReader.Read(context, loss.Attribute, AttributeTable.Losses[kind].Arguments);
        SyntaxNode? syntax = loss.Attribute.ApplicationSyntaxReference?.GetSyntax(context.Cancellation);
        if (attribute is not { } known || arguments is not { } read || syntax is null)
        {
            context.Fail();
            return null;
        }

        if (kind == AttributeTable.TripletWithDistance)
        {
            return BodyReader.ReadTripletWithDistance(context, members, loss.Method, read, known, DistanceOf(context, loss), syntax);
        }

        // What is given as a tensor stands in for the attribute's argument of that name.
        NamedOperand[] tensors = [.. Assign(loss.Method, kind)!.Select((operand, i) => new NamedOperand(operand.Name, new Operand.Value(i), read[i].Position))];
        IEnumerable<NamedOperand> operands = tensors.Concat(known.Where(argument => tensors.All(tensor => tensor.Name != argument.Name)));
        Call call = new(kind, Layer: null, operands.ToEquatableArray(), SourceLine.Of(syntax), context.Positions.Add(syntax.GetLocation()));
        return new FunctionDefinition(loss.Method.Name, read, new[] { call }.ToEquatableArray(), new[] { new ResultDefinition(Name: null, tensors.Length) }.ToEquatableArray());
    }

    /// <summary>What each parameter of a loss by attribute is: first those that it must have, in order, then optional ones by their names. <see langword="null"/> where they do not fit.</summary>
    private static List<LossOperand>? Assign(IMethodSymbol method, string kind)
    {
        LossSyntax syntax = AttributeTable.Losses[kind];
        List<LossOperand> operands = [.. syntax.Required];
        if (method.Parameters.Length < operands.Count)
        {
            return null;
        }

        foreach (IParameterSymbol parameter in method.Parameters.Skip(operands.Count))
        {
            if (syntax.Operands.FirstOrDefault(operand => operand.IsOptional && operand.Name == parameter.Name) is not { } optional)
            {
                return null;
            }

            operands.Add(optional);
        }

        return operands;
    }

    private static string? LossProblem(ReadingContext context, LossMember loss, ModelOutputs outputs)
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
            _ when loss.Kind is not null && Assign(method, loss.Kind) is null => $"does not take {AttributeTable.Losses[loss.Kind].Tensors}",
            _ when !context.Known.IsTensor(method.ReturnType) => "does not return a Tensor",
            _ when OutputProblem(context, method, outputs) is { } problem => problem,
            _ when loss.Kind is not null && Misplaced(method, loss.Kind) is { } misplaced => misplaced,
            _ when loss.Kind is not null && GivenTwice(loss, loss.Kind) is { } twice => $"takes '{twice}', which its attribute gives too",
            _ when ParametersProblem(context, method) is { } problem => problem,
            _ when DistanceName(loss) is { } name && DistanceOf(context, loss) is null => $"measures by '{name}', which is no method of the model, with a body, that makes a Tensor of two Tensors",
            _ when loss.Kind is not null && Assign(method, loss.Kind)!.Where((operand, i) =>
                operand.Element is { } element && (element == "IntTensor") != context.Known.IsIntTensor(method.Parameters[i].Type)).Any() => "takes another kind of target",
            _ => null,
        };
    }

    /// <summary>The distance that an attribute names; <see langword="null"/> where it names none.</summary>
    private static IMethodSymbol? DistanceOf(ReadingContext context, LossMember loss) =>
        DistanceName(loss) is not { } name ? null : context.Compilation.GetSemanticModel(loss.Attribute.ApplicationSyntaxReference!.SyntaxTree)
            .LookupSymbols(loss.Attribute.ApplicationSyntaxReference.Span.Start, context.Model, name)
            .OfType<IMethodSymbol>()
            .FirstOrDefault(method => IsDistance(context, method));

    private static bool IsDistance(ReadingContext context, IMethodSymbol method) =>
        method is { IsGenericMethod: false, IsAbstract: false, IsExtern: false, Parameters.Length: 2 }
        && method.DeclaringSyntaxReferences.Any(reference => context.Compilation.ContainsSyntaxTree(reference.SyntaxTree))
        && context.Known.IsTensor(method.ReturnType)
        && method.Parameters.All(parameter => context.Known.IsTensor(parameter.Type) && parameter.RefKind == RefKind.None);

    private static string? DistanceName(LossMember loss) =>
        loss.Attribute.NamedArguments.FirstOrDefault(argument => argument.Key == "Distance").Value.Value as string;

    /// <summary>A parameter that is called as another operand than the one in whose place it stands.</summary>
    private static string? Misplaced(IMethodSymbol method, string kind) =>
        Assign(method, kind)!
            .Zip(method.Parameters, (operand, parameter) => (operand, parameter))
            .Where(pair => pair.operand.Name != pair.parameter.Name && AttributeTable.Losses[kind].Operands.Any(other => other.Name == pair.parameter.Name))
            .Select(pair => $"takes '{pair.parameter.Name}' in the place of '{pair.operand.Name}'")
            .FirstOrDefault();

    /// <summary>What both a parameter and the attribute give.</summary>
    private static string? GivenTwice(LossMember loss, string kind) =>
        Assign(loss.Method, kind)!.Select(operand => operand.Name).FirstOrDefault(name => loss.Attribute.NamedArguments.Any(argument => Identifiers.Camel(argument.Key) == name));

    /// <summary>What is wrong with the parameters that stand for outputs of the model.</summary>
    private static string? OutputProblem(ReadingContext context, IMethodSymbol method, ModelOutputs outputs)
    {
        IParameterSymbol[] taken = [.. method.Parameters.Where(parameter => outputs.Find(parameter) is not null)];
        return taken.Length == 0
            ? $"takes no output of the model ({string.Join(", ", outputs.Names)})"
            : taken.FirstOrDefault(parameter => !context.Known.IsTensor(parameter.Type)) is not { } other ? null
            : outputs.Names.Count == 0 ? "does not take the model's output, a Tensor, first" : $"takes the output '{other.Name}' as something else than a Tensor";
    }

    /// <summary>Inputs and targets are arguments of one method, <c>Evaluate</c>.</summary>
    private static string? SharedName(IMethodSymbol loss, IMethodSymbol? forward, ModelOutputs outputs) =>
        loss.Parameters.Where(parameter => outputs.Find(parameter) is null).FirstOrDefault(target => forward?.Parameters.Any(input => input.Name == target.Name) == true) is { } shared
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
