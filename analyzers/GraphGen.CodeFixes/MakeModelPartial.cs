using System.Collections.Immutable;
using System.Composition;
using GraphGen.Analyzers;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeActions;
using Microsoft.CodeAnalysis.CodeFixes;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Editing;

namespace GraphGen.CodeFixes;

/// <summary>Fixes GG0001: adds the modifier <c>partial</c> to a model.</summary>
[ExportCodeFixProvider(LanguageNames.CSharp)]
[Shared]
public sealed class MakeModelPartial : CodeFixProvider
{
    private const string Title = "Make partial";

    public override ImmutableArray<string> FixableDiagnosticIds { get; } = [Rules.ModelMustBePartial.Id];

    public override FixAllProvider GetFixAllProvider() => WellKnownFixAllProviders.BatchFixer;

    public override async Task RegisterCodeFixesAsync(CodeFixContext context)
    {
        SyntaxNode? root = await context.Document.GetSyntaxRootAsync(context.CancellationToken).ConfigureAwait(false);
        if (root?.FindNode(context.Span).FirstAncestorOrSelf<TypeDeclarationSyntax>() is { } declaration)
        {
            context.RegisterCodeFix(
                CodeAction.Create(Title, cancellation => AddPartialAsync(context.Document, declaration, cancellation), equivalenceKey: Title),
                context.Diagnostics);
        }
    }

    private static async Task<Document> AddPartialAsync(Document document, TypeDeclarationSyntax declaration, CancellationToken cancellation)
    {
        DocumentEditor editor = await DocumentEditor.CreateAsync(document, cancellation).ConfigureAwait(false);
        editor.SetModifiers(declaration, editor.Generator.GetModifiers(declaration).WithPartial(true));
        return editor.GetChangedDocument();
    }
}
