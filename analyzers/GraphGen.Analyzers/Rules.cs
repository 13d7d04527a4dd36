using Microsoft.CodeAnalysis;

namespace GraphGen.Analyzers;

/// <summary>What the analyzers report. The diagnostics of the generator, which reads the models themselves, are declared there.</summary>
internal static class Rules
{
    /// <summary>
    /// The class must be partial. An analyzer's and not the generator's, because editors offer code fixes only for what
    /// analyzers report; the generator reads such a class like any other and is silent about the modifier.
    /// </summary>
    public static readonly DiagnosticDescriptor ModelMustBePartial = new(
        "GG0001",
        "A model must be partial",
        "The model '{0}' must be partial, because GraphGen generates the other part of it; add the modifier 'partial'",
        "GraphGen.Declaration",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    /// <summary>A method that only describes, and throws when it is run, is used where it would be run.</summary>
    public static readonly DiagnosticDescriptor SymbolicCallOutsideModel = new(
        "GG2001",
        "A symbolic operation is called where it would be run",
        "'{0}' describes a part of a graph and throws when it is run; use it in a class marked [Model], or in a method that takes or returns a Tensor",
        "GraphGen.Usage",
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);
}
