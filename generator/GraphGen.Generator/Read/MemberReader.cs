using GraphGen.Generator.Definition;
using GraphGen.Generator.Diagnostics;
using GraphGen.Generator.Emit;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GraphGen.Generator.Read;

/// <summary>Reads the annotated members of a model: layers, raw parameters, and which methods are [Forward] and the loss.</summary>
internal static class MemberReader
{
    private static readonly SymbolDisplayFormat TypeFormat = SymbolDisplayFormat.FullyQualifiedFormat
        .AddMiscellaneousOptions(SymbolDisplayMiscellaneousOptions.IncludeNullableReferenceTypeModifier);

    public static ModelMembers Read(ReadingContext context)
    {
        ModelMembers members = new();
        foreach (ISymbol member in context.Model.GetMembers())
        {
            context.Cancellation.ThrowIfCancellationRequested();
            List<(string Kind, AttributeData Attribute)> attributes = Attributes(context, member);
            if (attributes.Count == 0)
            {
                continue;
            }

            if (IsUnimplemented(member))
            {
                members.Partials.Add(new OutlineMember(Signature(member), member.Name, Accessors(member)));
            }

            if (attributes.Count > 1)
            {
                context.Report(DeclarationDiagnostics.SeveralKinds, member.Locations[0], member.Name);
                members.Layers[member] = null;
                continue;
            }

            ReadMember(context, members, member, attributes[0].Kind, attributes[0].Attribute);
        }

        CheckNames(context, members);
        return members;
    }

    private static void ReadMember(ReadingContext context, ModelMembers members, ISymbol member, string kind, AttributeData attribute)
    {
        switch (member)
        {
            case IMethodSymbol method when kind == "Forward":
                members.Forwards.Add(method);
                break;
            case IMethodSymbol method when kind == "Loss":
                members.Losses.Add(new LossMember(method, Kind: null, attribute));
                break;
            case IMethodSymbol method when AttributeTable.Losses.ContainsKey(kind):
                members.Losses.Add(new LossMember(method, kind, attribute));
                break;
            case IMethodSymbol method when AttributeTable.Layers.TryGetValue(kind, out AttributeArgument[]? arguments):
                if (LayerProblem(context, method) is { } problem)
                {
                    context.Report(DeclarationDiagnostics.LayerSignature, method.Locations[0], method.Name, problem, kind);
                    members.Layers[method] = null;
                    break;
                }

                if (AttributeReader.MissingOption(attribute, arguments) is { } missing)
                {
                    Location place = AttributeReader.LocationOf(attribute, method);
                    string written = AttributeReader.WithOption(attribute, missing, context.Cancellation);
                    context.Report(DeclarationDiagnostics.MissingOption, place, method.Name, missing, written);
                    members.Layers[method] = null;
                    break;
                }

                Define(context, members, method, kind, attribute, AttributeReader.Read(context, attribute, arguments));
                break;
            case IPropertySymbol property when AttributeTable.Parameters.TryGetValue(kind, out AttributeArgument[]? arguments):
                EquatableArray<NamedOperand>? read = AttributeReader.Read(context, attribute, arguments);
                if (ParameterProblem(context, property, read) is { } wrong)
                {
                    context.Report(DeclarationDiagnostics.ParameterSignature, property.Locations[0], property.Name, wrong);
                    members.Layers[property] = null;
                    break;
                }

                Define(context, members, property, kind, attribute, read);
                break;
            default:
                break;
        }
    }

    private static void Define(
        ReadingContext context, ModelMembers members, ISymbol member, string kind, AttributeData attribute, EquatableArray<NamedOperand>? arguments)
    {
        if (arguments is not { } known)
        {
            context.Fail();
            members.Layers[member] = null;
            return;
        }

        int attributePosition = context.Positions.Add(AttributeReader.LocationOf(attribute, member));
        LayerDefinition layer = new(member.Name, kind, known, context.Positions.Add(member.Locations[0]), attributePosition);
        members.Layers[member] = layer;
        members.Definitions.Add(layer);
    }

    private static string? LayerProblem(ReadingContext context, IMethodSymbol method) => method switch
    {
        { IsPartialDefinition: false } => "is not partial",
        { PartialImplementationPart: not null } => "has a body, but GraphGen implements it",
        { IsStatic: true } => "is static",
        { IsGenericMethod: true } => "is generic",
        _ when !context.Known.IsTensor(method.ReturnType) => "does not return a Tensor",
        { Parameters.Length: not 1 } => "does not take exactly one Tensor",
        _ when method.Parameters[0].RefKind != RefKind.None => "takes its input by reference",
        _ when !context.Known.IsTensor(method.Parameters[0].Type) => "does not take a Tensor",
        _ => null,
    };

    private static string? ParameterProblem(ReadingContext context, IPropertySymbol property, EquatableArray<NamedOperand>? arguments) => property switch
    {
        { IsPartialDefinition: false } => "is not a partial property",
        { PartialImplementationPart: not null } => "has a body, but GraphGen implements it",
        { IsStatic: true } => "is static",
        { SetMethod: not null } or { GetMethod: null } or { IsIndexer: true } => "is not get-only",
        _ when !context.Known.IsTensor(property.Type) => "is not a Tensor",
        _ when arguments is { } known && known[0].Operand is Operand.Integers { Constants: var shape } && (shape.Count == 0 || shape.Any(size => size <= 0)) =>
            $"has the shape [{string.Join(", ", shape)}]",
        _ => null,
    };

    /// <summary>Parameters are named after their layer, in PyTorch's spelling, which must tell them apart.</summary>
    private static void CheckNames(ReadingContext context, ModelMembers members)
    {
        Dictionary<string, ISymbol> names = new(StringComparer.OrdinalIgnoreCase);
        foreach (ISymbol member in members.Layers.Keys.OrderBy(member => member.Locations[0].SourceSpan.Start))
        {
            if (names.TryGetValue(member.Name, out ISymbol? other))
            {
                context.Report(DeclarationDiagnostics.SameName, member.Locations[0], member.Name, other.Name);
            }
            else
            {
                names.Add(member.Name, member);
            }
        }
    }

    private static List<(string Kind, AttributeData Attribute)> Attributes(ReadingContext context, ISymbol member)
    {
        List<(string, AttributeData)> attributes = [];
        foreach (AttributeData attribute in member.GetAttributes())
        {
            if (context.Known.AttributeKind(attribute) is { } kind)
            {
                attributes.Add((kind, attribute));
            }
        }

        return attributes;
    }

    private static bool IsUnimplemented(ISymbol member) => member switch
    {
        IMethodSymbol method => method is { IsPartialDefinition: true, PartialImplementationPart: null },
        IPropertySymbol property => property is { IsPartialDefinition: true, PartialImplementationPart: null },
        _ => false,
    };

    /// <summary>The signature to repeat. The modifiers come from the user's declaration, which the other part must match word for word.</summary>
    private static string Signature(ISymbol member)
    {
        var syntax = (MemberDeclarationSyntax)member.DeclaringSyntaxReferences[0].GetSyntax();
        string modifiers = string.Join(" ", syntax.Modifiers.Select(modifier => modifier.Text));
        if (member is IPropertySymbol property)
        {
            return $"{modifiers} {property.Type.ToDisplayString(TypeFormat)} {ClassReader.Identifier(property.Name)}";
        }

        var method = (IMethodSymbol)member;
        string typeParameters = method.IsGenericMethod ? $"<{string.Join(", ", method.TypeParameters.Select(type => type.Name))}>" : "";
        string parameters = string.Join(", ", method.Parameters.Select(parameter =>
            $"{RefKindOf(parameter)}{parameter.Type.ToDisplayString(TypeFormat)} {ClassReader.Identifier(parameter.Name)}"));
        return $"{modifiers} {method.ReturnType.ToDisplayString(TypeFormat)} {ClassReader.Identifier(method.Name)}{typeParameters}({parameters})";
    }

    private static EquatableArray<string> Accessors(ISymbol member) =>
        member.DeclaringSyntaxReferences[0].GetSyntax() is PropertyDeclarationSyntax { AccessorList: { } list }
            ? list.Accessors.Select(accessor => string.Join(" ", accessor.Modifiers.Add(accessor.Keyword).Select(token => token.Text))).ToEquatableArray()
            : EquatableArray<string>.Empty;

    private static string RefKindOf(IParameterSymbol parameter) => parameter.RefKind switch
    {
        RefKind.Ref => "ref ",
        RefKind.Out => "out ",
        RefKind.In => "in ",
        RefKind.RefReadOnlyParameter => "ref readonly ",
        _ => parameter.IsParams ? "params " : "",
    };
}
