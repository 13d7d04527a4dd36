using GraphGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;

namespace GraphGen.Generator.Read;

/// <summary>The refusals: which diagnostic each C# construct gets that a static graph cannot express.</summary>
internal static class UnsupportedConstructs
{
    /// <summary>The diagnostic of a statement that is not understood, and its arguments.</summary>
    public static (DiagnosticDescriptor Descriptor, string[] Arguments) OfStatement(IOperation statement) => statement switch
    {
        IWhileLoopOperation loop => (BodyDiagnostics.WhileLoop, [loop.ConditionIsTop ? "while" : "do"]),
        ITryOperation => (BodyDiagnostics.Exceptions, ["try"]),
        IThrowOperation => (BodyDiagnostics.Exceptions, ["throw"]),
        IBranchOperation or ILabeledOperation => (BodyDiagnostics.Goto, []),
        IUsingOperation or IUsingDeclarationOperation => (BodyDiagnostics.UnsupportedStatement, ["using"]),
        ILockOperation => (BodyDiagnostics.UnsupportedStatement, ["lock"]),
        IReturnOperation => (BodyDiagnostics.UnsupportedStatement, ["yield"]),
        _ => (BodyDiagnostics.UnsupportedStatement, [FirstToken(statement)]),
    };

    /// <summary>The diagnostic of an expression that is not understood, and its arguments.</summary>
    public static (DiagnosticDescriptor Descriptor, string[] Arguments) OfExpression(IOperation expression) => expression switch
    {
        IThrowOperation => (BodyDiagnostics.Exceptions, ["throw"]),
        IAnonymousFunctionOperation or IDelegateCreationOperation or IMethodReferenceOperation => (BodyDiagnostics.Lambda, []),
        IAwaitOperation => (BodyDiagnostics.Await, []),
        IObjectCreationOperation or ITypeParameterObjectCreationOperation or IAnonymousObjectCreationOperation =>
            (BodyDiagnostics.ObjectCreation, [expression.Type?.Name is { Length: > 0 } name ? name : "object"]),
        IArrayCreationOperation => (BodyDiagnostics.ObjectCreation, [expression.Type?.ToDisplayString() ?? "array"]),
        _ => (BodyDiagnostics.UnsupportedExpression, [SourceLine.Of(expression.Syntax)]),
    };

    /// <summary>Where a statement is reported: its keyword, because a statement may be as long as the method.</summary>
    public static Location LocationOf(IOperation statement) => statement.Syntax.GetFirstToken().GetLocation();

    private static string FirstToken(IOperation operation) => operation.Syntax.GetFirstToken().Text;
}
