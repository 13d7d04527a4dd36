using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using Microsoft.CodeAnalysis.Operations;

namespace GraphGen.Analyzers;

/// <summary>GG2001: a method of <c>Ops</c>, or an operator of <c>Tensor</c>, is used outside a model, where it would be run and throw.</summary>
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
                    OperationKind.CompoundAssignment);
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
            _ => null,
        };
        if (method is null || !IsSymbolic(method, symbols) || symbols.IsInModel(context.ContainingSymbol))
        {
            return;
        }

        string name = method.MethodKind == MethodKind.UserDefinedOperator
            ? method.ToDisplayString(SymbolDisplayFormat.CSharpShortErrorMessageFormat)
            : $"{method.ContainingType.Name}.{method.Name}";
        context.ReportDiagnostic(Diagnostic.Create(Rules.SymbolicCallOutsideModel, context.Operation.Syntax.GetLocation(), name));
    }

    private static bool IsSymbolic(IMethodSymbol method, ModelSymbols symbols) =>
        SymbolEqualityComparer.Default.Equals(method.ContainingType, symbols.Ops)
        || (method.MethodKind == MethodKind.UserDefinedOperator && SymbolEqualityComparer.Default.Equals(method.ContainingType, symbols.Tensor));
}
