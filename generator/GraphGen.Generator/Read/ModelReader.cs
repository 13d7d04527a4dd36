using GraphGen.Generator.Definition;
using GraphGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;

namespace GraphGen.Generator.Read;

/// <summary>The first stage, and the only one that knows Roslyn: reads a class marked [Model] into a <see cref="ModelReading"/>.</summary>
internal static class ModelReader
{
    public const string ModelAttribute = "GraphGen.ModelAttribute";

    /// <summary>The reading of the class, or <see langword="null"/> where its attribute is not that of the runtime library, stands on something that is neither class nor struct, or is repeated.</summary>
    public static ModelReading? Read(GeneratorAttributeSyntaxContext context, CancellationToken cancellation)
    {
        AttributeData attribute = context.Attributes[0];
        var model = (INamedTypeSymbol)context.TargetSymbol;
        if (attribute.AttributeClass is not { } attributeClass
            || KnownSymbols.From(attributeClass.ContainingAssembly) is not { } known
            || model.TypeKind is not (TypeKind.Class or TypeKind.Struct)
            || !IsFirstDeclaration(context, model))
        {
            return null;
        }

        ReadingContext reading = new(model, known, context.SemanticModel.Compilation, cancellation);
        try
        {
            return Read(reading);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            reading.Report(CompilerDiagnostics.Internal, model.Locations[0], model.Name, $"{failure.GetType().Name}: {failure.Message}");
            return new ModelReading(HintName(model), null, null, reading.ToDiagnostics(), reading.Positions.ToTable());
        }
    }

    private static ModelReading Read(ReadingContext context)
    {
        context.Positions.Add(context.Model.Locations[0]);
        ModelMembers members = MemberReader.Read(context);
        ClassReader.Check(context, members);
        LayerObjects.Check(context);
        IMethodSymbol? forward = SignatureReader.FindForward(context, members);
        LossMember? loss = SignatureReader.FindLoss(context, members);
        FunctionDefinition? forwardFunction = forward is null ? null : FunctionReader.ReadForward(context, members, forward);
        FunctionDefinition? lossFunction = loss is null ? null : FunctionReader.ReadLoss(context, members, loss, forward);

        ModelDefinition? definition = context.HasFailed || forwardFunction is null
            ? null
            : new ModelDefinition(
                ClassReader.Namespace(context.Model),
                ClassReader.Identifier(context.Model.Name),
                ClassReader.Declaration(context.Model),
                new(members.Definitions.ToImmutable()),
                members.Partials.Select(member => new PartialMember(member.Signature, member.Name, member.Accessors.Count > 0)).ToEquatableArray(),
                forwardFunction,
                lossFunction,
                loss?.IsReduced ?? true,
                ClassReader.NamesInTheWay(context));
        return new ModelReading(
            HintName(context.Model),
            definition,
            definition is null ? ClassReader.Outline(context, members, forward, loss) : null,
            context.ToDiagnostics(),
            context.Positions.ToTable());
    }

    /// <summary>The generated file's name: the class's full name, which no other model shares. Files' names cannot differ in case alone: there capitals are marked.</summary>
    internal static string HintName(INamedTypeSymbol model)
    {
        string name = model.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat.WithMemberOptions(SymbolDisplayMemberOptions.None))
            .Replace('<', '{').Replace('>', '}').Replace("@", "");
        return (HasTwin(model) ? string.Concat(name.Select(letter => char.IsUpper(letter) ? $"+{letter}" : letter.ToString())) : name) + ".g.cs";
    }

    /// <summary>Whether another type's full name differs from this one's in case alone.</summary>
    private static bool HasTwin(INamedTypeSymbol model)
    {
        INamespaceOrTypeSymbol symbol = model;
        while (((INamespaceOrTypeSymbol?)symbol.ContainingType ?? symbol.ContainingNamespace) is { } container)
        {
            if (container.GetMembers().Any(other => other.Name != symbol.Name && string.Equals(other.Name, symbol.Name, StringComparison.OrdinalIgnoreCase)))
            {
                return true;
            }

            symbol = container;
        }

        return false;
    }

    /// <summary>A class whose parts repeat [Model] does not compile; one file for it is enough.</summary>
    private static bool IsFirstDeclaration(GeneratorAttributeSyntaxContext context, INamedTypeSymbol model)
    {
        AttributeData first = model.GetAttributes().First(candidate =>
            SymbolEqualityComparer.Default.Equals(candidate.AttributeClass, context.Attributes[0].AttributeClass));
        return first.ApplicationSyntaxReference is { } reference
            && reference.SyntaxTree == context.TargetNode.SyntaxTree
            && context.TargetNode.Span.Contains(reference.Span);
    }
}
