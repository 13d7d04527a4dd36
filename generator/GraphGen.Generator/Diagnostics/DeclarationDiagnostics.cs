using Microsoft.CodeAnalysis;

namespace GraphGen.Generator.Diagnostics;

/// <summary>What can be wrong with the declaration of a model: its class, its members' signatures and attributes. GG0001 (the class must be partial) is the analyzers', so that editors offer its fix.</summary>
internal static class DeclarationDiagnostics
{
    public static readonly DiagnosticDescriptor UnsupportedClass = new(
        "GG0002",
        "A model must be an ordinary class",
        "The model '{0}' cannot be compiled because it is {1}; declare it as a top-level, non-generic, non-static class",
        Categories.Declaration,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor NoForward = new(
        "GG0003",
        "A model needs a [Forward] method",
        "The model '{0}' has no [Forward] method; mark the method that takes the input and returns the output",
        Categories.Declaration,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor SeveralForwards = new(
        "GG0004",
        "A model has one [Forward] method",
        "The model '{0}' has more than one [Forward] method; keep one and call the other methods from it",
        Categories.Declaration,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor SeveralLosses = new(
        "GG0005",
        "A model has at most one loss",
        "The model '{0}' declares more than one loss; keep one, or combine them in one [Loss] method",
        Categories.Declaration,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor ForwardSignature = new(
        "GG0006",
        "The signature of a [Forward] method",
        "The [Forward] method '{0}' {1}; write it as 'private {2} {0}([Shape(Batch, ...)] Tensor x)' with a body",
        Categories.Declaration,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor InvalidShape = new(
        "GG0007",
        "A tensor needs a valid [Shape]",
        "The parameter '{0}' {1}; write its dimensions as positive constants, as in '[Shape(Batch, 1, 28, 28)]', with Batch only in front",
        Categories.Declaration,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor LayerSignature = new(
        "GG0008",
        "The signature of a layer",
        "The layer '{0}' {1}; write it as '[{2}(...)] private partial Tensor {0}(Tensor x);'",
        Categories.Declaration,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor ParameterSignature = new(
        "GG0009",
        "The signature of a raw parameter",
        "The parameter '{0}' {1}; write it as '[Parameter(...)] private partial Tensor {0} {{ get; }}' with positive dimensions",
        Categories.Declaration,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor LossSignature = new(
        "GG0010",
        "The signature of a loss",
        "The loss '{0}' {1}; write it as '{2}', {3}",
        Categories.Declaration,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor SeveralKinds = new(
        "GG0011",
        "A member is one layer",
        "The member '{0}' has more than one layer or loss attribute; declare one member for each",
        Categories.Declaration,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor GeneratedMember = new(
        "GG0012",
        "The member is generated",
        "The model declares {0} itself, which GraphGen generates; rename or remove it",
        Categories.Declaration,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor SameName = new(
        "GG0013",
        "Layers need different names",
        "The layer '{0}' has the same name in a state dict as '{1}'; rename one of them",
        Categories.Declaration,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor LanguageVersion = new(
        "GG0014",
        "The project's C# version is too old",
        "GraphGen needs C# {0}, but this project is compiled as C# {1}; remove LangVersion from the project, or set it to {0} or later",
        Categories.Declaration,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor UnchainedConstructor = new(
        "GG0016",
        "A constructor must call the generated one",
        "The constructor '{0}' does not call the one that GraphGen generates, which makes the parameters and the memory; declare it with ': this(maxBatch, seed)'",
        Categories.Declaration,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor NoModel = new(
        "GG0017",
        "A class with layers is not marked [Model]",
        "'{0}' declares '{1}' with [{2}], but is not marked [Model], so nothing is generated for it; mark it [Model]",
        Categories.Declaration,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor MissingOption = new(
        "GG0018",
        "A layer lacks an option",
        "The layer '{0}' lacks '{1}', which has no default; give it, as in '[{2}]'",
        Categories.Declaration,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);
}
