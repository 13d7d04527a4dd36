using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace GraphGen.Analyzers;

/// <summary>
/// GG2001: a description is used where it would be run. Descriptions are the methods of <c>Ops</c>, the operators and indexers of tensors, and
/// whatever takes or returns a symbol, wherever it stands: no tensor exists at run time, so such a method is there to be read. In
/// their bodies, and in models, descriptions call each other; anywhere else calling one runs it, and it throws.
/// </summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class SymbolicCallAnalyzer : DiagnosticAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [Rules.SymbolicCallOutsideModel];

    public override void Initialize(AnalysisContext context)
    {
        context.EnableConcurrentExecution();
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.RegisterCompilationStartAction(start =>
        {
            if (ModelSymbols.From(start.Compilation) is { } symbols)
            {
                start.RegisterOperationAction(
                    action => Analyze(action, symbols),
                    OperationKind.Invocation,
                    OperationKind.MethodReference,
                    OperationKind.Binary,
                    OperationKind.Unary,
                    OperationKind.CompoundAssignment,
                    OperationKind.PropertyReference);
            }
        });
    }

    private static void Analyze(OperationAnalysisContext context, ModelSymbols symbols)
    {
        IMethodSymbol? method = context.Operation switch
        {
            IInvocationOperation invocation => invocation.TargetMethod,
            IMethodReferenceOperation reference => reference.Method,
            IBinaryOperation binary => binary.OperatorMethod,
            IUnaryOperation unary => unary.OperatorMethod,
            ICompoundAssignmentOperation compound => compound.OperatorMethod,
            IPropertyReferenceOperation { Property: { IsIndexer: true, GetMethod: { } indexer } } => indexer,
            _ => null,
        };
        if (method is null || !symbols.IsDescription(method) || symbols.IsInModel(context.ContainingSymbol) || IsInDescription(context, symbols))
        {
            return;
        }

        string name = method switch
        {
            { MethodKind: MethodKind.UserDefinedOperator } => method.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat),
            { AssociatedSymbol: IPropertySymbol indexer } => indexer.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat),
            _ => $"{method.ContainingType.Name}.{method.Name}",
        };
        context.ReportDiagnostic(Diagnostic.Create(Rules.SymbolicCallOutsideModel, context.Operation.Syntax.GetLocation(), name));
    }

    /// <summary>Whether the operation is in the body of a description: the member's, or that of a local function or lambda in it.</summary>
    private static bool IsInDescription(OperationAnalysisContext context, ModelSymbols symbols)
    {
        for (IOperation? operation = context.Operation.Parent; operation is not null; operation = operation.Parent)
        {
            IMethodSymbol? function = operation switch
            {
                ILocalFunctionOperation local => local.Symbol,
                IAnonymousFunctionOperation lambda => lambda.Symbol,
                _ => null,
            };
            if (function is not null && symbols.IsDescription(function))
            {
                return true;
            }
        }

        return context.ContainingSymbol is IMethodSymbol method && symbols.IsDescription(method);
    }
}
