using GraphGen.Generator.Diagnostics;
using GraphGen.Generator.Emit;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GraphGen.Generator.Read;

/// <summary>
/// Finds classes that are written like a model but lack [Model]. Such a class gets the one message about that, and what a
/// model with errors gets: members that throw, so that the compiler does not complain of each that is missing.
/// </summary>
internal static class UnmarkedClassReader
{
    private static readonly HashSet<string> Kinds =
        [.. AttributeTable.Layers.Keys, .. AttributeTable.Parameters.Keys, .. AttributeTable.Losses.Keys, "Forward", "Loss"];

    /// <summary>Whether a declaration looks as if it were one: asked of every type in the project, so by names alone.</summary>
    public static bool IsCandidate(SyntaxNode node, CancellationToken cancellation) =>
        node is TypeDeclarationSyntax type
        && !HasAttribute(type, kind => kind == "Model")
        && type.Members.Any(member => HasAttribute(member, Kinds.Contains));

    /// <summary>The reading of such a class, from the first of its declarations that looks like one; <see langword="null"/> for other classes.</summary>
    public static ModelReading? Read(GeneratorSyntaxContext context, CancellationToken cancellation)
    {
        var declaration = (TypeDeclarationSyntax)context.Node;
        Compilation compilation = context.SemanticModel.Compilation;
        if (compilation.GetTypeByMetadataName(ModelReader.ModelAttribute)?.ContainingAssembly is not { } runtime
            || KnownSymbols.From(runtime) is not { } known
            || context.SemanticModel.GetDeclaredSymbol(declaration, cancellation) is not INamedTypeSymbol { TypeKind: TypeKind.Class or TypeKind.Struct } type
            || type.GetAttributes().Any(attribute => known.AttributeKind(attribute) == "Model")
            || type.DeclaringSyntaxReferences.Select(reference => reference.GetSyntax(cancellation)).First(node => IsCandidate(node, cancellation)) != declaration
            || FirstLayer(type, known) is not { } layer)
        {
            return null;
        }

        // What else is wrong with its members can wait until it is a model.
        ReadingContext scratch = new(type, known, compilation, cancellation);
        ModelMembers members = MemberReader.Read(scratch);
        ModelOutline? outline = ClassReader.Outline(scratch, members, members.Forwards.FirstOrDefault(), members.Losses.FirstOrDefault());

        ReadingContext reading = new(type, known, compilation, cancellation);
        reading.Report(DeclarationDiagnostics.NoModel, declaration.Identifier.GetLocation(), type.Name, layer.Member.Name, layer.Kind);
        return new ModelReading(ModelReader.HintName(type), null, outline, reading.ToDiagnostics(), reading.Positions.ToTable());
    }

    private static (ISymbol Member, string Kind)? FirstLayer(INamedTypeSymbol type, KnownSymbols known)
    {
        foreach (ISymbol member in type.GetMembers())
        {
            if (member.GetAttributes().Select(known.AttributeKind).FirstOrDefault(kind => kind is not null && Kinds.Contains(kind)) is { } kind)
            {
                return (member, kind);
            }
        }

        return null;
    }

    private static bool HasAttribute(MemberDeclarationSyntax member, Func<string, bool> isWanted) =>
        member.AttributeLists.Any(list => list.Attributes.Any(attribute => isWanted(KindOf(attribute.Name))));

    /// <summary>An attribute's name without namespace and suffix.</summary>
    private static string KindOf(NameSyntax name)
    {
        const string Suffix = "Attribute";
        string text = name switch
        {
            QualifiedNameSyntax qualified => qualified.Right.Identifier.ValueText,
            AliasQualifiedNameSyntax alias => alias.Name.Identifier.ValueText,
            SimpleNameSyntax simple => simple.Identifier.ValueText,
            _ => "",
        };
        return text.EndsWith(Suffix, StringComparison.Ordinal) ? text.Substring(0, text.Length - Suffix.Length) : text;
    }
}
