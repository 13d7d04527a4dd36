using Microsoft.CodeAnalysis;

namespace GraphGen.Generator.Diagnostics;

/// <summary>What the stages after the reader find. Argument 0 is the layer or operation, argument 1 a sentence with both shapes.</summary>
internal static class CompilerDiagnostics
{
    public static readonly DiagnosticDescriptor Broadcast = new(
        "GG1001",
        "Operands do not broadcast",
        "'{0}' cannot combine its operands: {1}",
        Categories.Compiler,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor MatMulSizes = new(
        "GG1002",
        "Inner sizes of a matrix product differ",
        "'{0}' cannot multiply its operands: {1}",
        Categories.Compiler,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor LayerInput = new(
        "GG1003",
        "A layer expects another input",
        "'{0}' cannot take this input: {1}",
        Categories.Compiler,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor Rank = new(
        "GG1004",
        "A tensor has the wrong number of dimensions",
        "'{0}' cannot take a tensor of this rank: {1}",
        Categories.Compiler,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor Axis = new(
        "GG1005",
        "An axis is out of range",
        "'{0}' is given an axis that does not exist: {1}",
        Categories.Compiler,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor Reshape = new(
        "GG1006",
        "A reshape changes the number of elements",
        "'{0}' cannot reshape its input: {1}",
        Categories.Compiler,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor Window = new(
        "GG1007",
        "A window does not fit its input",
        "'{0}' cannot slide its window over this input: {1}",
        Categories.Compiler,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor Groups = new(
        "GG1008",
        "Groups do not divide the channels",
        "'{0}' cannot split its channels: {1}",
        Categories.Compiler,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor LossShapes = new(
        "GG1009",
        "A loss's input and target do not match",
        "'{0}' cannot compare its input and target: {1}",
        Categories.Compiler,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor BatchDimension = new(
        "GG1010",
        "The batch dimension is misused",
        "'{0}' would not keep the samples of a batch apart: {1}",
        Categories.Compiler,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor ArgumentValue = new(
        "GG1011",
        "An argument has an invalid value",
        "'{0}' is given an invalid argument: {1}",
        Categories.Compiler,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor LossShape = new(
        "GG1012",
        "A loss of the wrong shape",
        "The loss '{0}' {1}",
        Categories.Compiler,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor ForwardOutput = new(
        "GG1013",
        "The output has lost the batch dimension",
        "The output of '{0}' must keep the batch in front: {1}",
        Categories.Compiler,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor SliceRange = new(
        "GG1014",
        "A slice reaches out of its tensor",
        "'{0}' takes what is not there: {1}",
        Categories.Compiler,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor JoinedShapes = new(
        "GG1015",
        "Tensors do not fit side by side",
        "'{0}' cannot lay its tensors side by side: {1}",
        Categories.Compiler,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor EinsumEquation = new(
        "GG1016",
        "An einsum equation does not fit its operands",
        "'{0}' cannot follow its equation: {1}",
        Categories.Compiler,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor SilentBroadcast = new(
        "GG1101",
        "A loss broadcasts its target",
        "'{0}' compares tensors of different shapes, which broadcasts them to more elements than either has: {1}",
        Categories.Compiler,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor UnusedLayer = new(
        "GG1102",
        "A layer that is never called",
        "'{0}' is declared but never {1}; the network does not have it, and a state dict has no parameters for it: {2} it or remove it",
        Categories.Compiler,
        DiagnosticSeverity.Warning,
        isEnabledByDefault: true);

    public static readonly DiagnosticDescriptor Internal = new(
        "GG1999",
        "GraphGen failed",
        "GraphGen failed to compile '{0}', which is a bug in GraphGen and not in the model; please report it with the model: {1}",
        Categories.Compiler,
        DiagnosticSeverity.Error,
        isEnabledByDefault: true);
}
