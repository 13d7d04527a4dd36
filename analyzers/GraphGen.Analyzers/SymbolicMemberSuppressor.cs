using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace GraphGen.Analyzers;

/// <summary>
/// Silences what .NET's own analyzers say about the symbolic members of a model: that the private [Forward] method is never
/// called, that its parameters are unused, that a method could be static. The generator reads them; nothing calls them.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SymbolicMemberSuppressor : DiagnosticSuppressor
{
    private const string Justification = "GraphGen reads this member at build time; it is never run";

    private static readonly ImmutableDictionary<string, SuppressionDescriptor> ById = new[]
    {
        new SuppressionDescriptor("GGS0001", "IDE0051", Justification),
        new SuppressionDescriptor("GGS0002", "IDE0060", Justification),
        new SuppressionDescriptor("GGS0003", "CA1822", Justification),
    }.ToImmutableDictionary(descriptor => descriptor.SuppressedDiagnosticId);

    public override ImmutableArray<SuppressionDescriptor> SupportedSuppressions { get; } = [.. ById.Values];

    public override void ReportSuppressions(SuppressionAnalysisContext context)
    {
        if (ModelSymbols.From(context.Compilation) is not { } symbols)
        {
            return;
        }

        foreach (Diagnostic diagnostic in context.ReportedDiagnostics)
        {
            if (diagnostic.Location.SourceTree is { } tree
                && context.GetSemanticModel(tree).GetEnclosingSymbol(diagnostic.Location.SourceSpan.Start, context.CancellationToken) is { } enclosing
                && symbols.IsInModel(enclosing)
                && IsSymbolic(tree, diagnostic, context, symbols))
            {
                context.ReportSuppression(Suppression.Create(ById[diagnostic.Id], diagnostic));
            }
        }
    }

    /// <summary>Whether the member that the diagnostic is about returns or takes a symbol; a model's other members are judged like anybody's.</summary>
    private static bool IsSymbolic(SyntaxTree tree, Diagnostic diagnostic, SuppressionAnalysisContext context, ModelSymbols symbols)
    {
        SemanticModel model = context.GetSemanticModel(tree);
        SyntaxNode? node = tree.GetRoot(context.CancellationToken).FindNode(diagnostic.Location.SourceSpan);
        for (; node is not null; node = node.Parent)
        {
            switch (model.GetDeclaredSymbol(node, context.CancellationToken))
            {
                case IMethodSymbol method:
                    return symbols.IsDescription(method);
                case IPropertySymbol property:
                    return symbols.HoldsSymbols(property.Type);
                default:
                    break;
            }
        }

        return false;
    }
}
