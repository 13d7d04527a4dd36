using System.Globalization;
using GraphGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GraphGen.Generator.Read;

/// <summary>
/// Finds layers and losses that are written as objects, <c>new Linear(4, 3)</c>, as in PyTorch. There is no such
/// type, which the C# compiler says; what it cannot say is how a layer is declared.
/// </summary>
internal static class LayerObjects
{
    public static void Check(ReadingContext context)
    {
        foreach (SyntaxReference reference in context.Model.DeclaringSyntaxReferences)
        {
            // One report for each declaration or statement: 'Linear fc = new Linear(3)' names the type twice.
            foreach (var mistakes in reference.GetSyntax(context.Cancellation).DescendantNodes()
                .OfType<IdentifierNameSyntax>()
                .Where(name => Remedy(name) is not null && IsUnknownType(context, name))
                .GroupBy(name => name.FirstAncestorOrSelf<SyntaxNode>(node => node is StatementSyntax or MemberDeclarationSyntax)))
            {
                IdentifierNameSyntax first = mistakes.First();
                (string what, string declaration) = Remedy(first)!.Value;
                context.Report(BodyDiagnostics.LayerObject, first.GetLocation(), first.Identifier.ValueText, what, declaration);
            }
        }
    }

    private static bool IsUnknownType(ReadingContext context, IdentifierNameSyntax name) =>
        (SyntaxFacts.IsInTypeOnlyContext(name) || name.Parent is ObjectCreationExpressionSyntax)
        && name.Parent is not AttributeSyntax
        && context.Compilation.GetSemanticModel(name.SyntaxTree).GetSymbolInfo(name, context.Cancellation).Symbol is null;

    /// <summary>What a name stands for and how that is declared, with the user's own arguments; <see langword="null"/> for other names.</summary>
    private static (string What, string Declaration)? Remedy(IdentifierNameSyntax name)
    {
        string kind = name.Identifier.ValueText;
        string? declaration =
            AttributeTable.Layers.ContainsKey(kind) ? "private partial Tensor {0}(Tensor x);"
            : !AttributeTable.Losses.ContainsKey(kind) ? null
            : $"private partial {AttributeTable.Losses[kind].Write("Loss", "output")};";
        if (declaration is null)
        {
            return null;
        }

        SyntaxNode? statement = name.FirstAncestorOrSelf<SyntaxNode>(node => node is StatementSyntax or MemberDeclarationSyntax);
        BaseObjectCreationExpressionSyntax? creation = statement?.DescendantNodes().OfType<BaseObjectCreationExpressionSyntax>().FirstOrDefault();
        string arguments = creation?.ArgumentList is { } list ? SourceLine.Of(list) : "(...)";
        string what = AttributeTable.Layers.ContainsKey(kind) ? "a layer is an annotated partial method" : "a loss is an annotated partial method";
        return (what, $"[{kind}{arguments}] {string.Format(CultureInfo.InvariantCulture, declaration, MemberName(statement))}");
    }

    /// <summary>The user's name for it as a method's: <c>Fc</c> for <c>_fc</c>.</summary>
    private static string MemberName(SyntaxNode? declaration)
    {
        string? name = declaration switch
        {
            BaseFieldDeclarationSyntax field => field.Declaration.Variables[0].Identifier.ValueText,
            LocalDeclarationStatementSyntax local => local.Declaration.Variables[0].Identifier.ValueText,
            PropertyDeclarationSyntax property => property.Identifier.ValueText,
            _ => null,
        };
        string trimmed = name?.TrimStart('_') ?? "";
        return trimmed.Length == 0 ? "Name" : char.ToUpperInvariant(trimmed[0]) + trimmed.Substring(1);
    }
}
