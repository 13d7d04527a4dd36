using GraphGen.Generator.Diagnostics;
using GraphGen.Generator.Emit;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GraphGen.Generator.Read;

/// <summary>
/// What concerns the class as a whole: its kind, its declaration and the members that would collide with generated ones.
/// A class that is not partial is read like any other: the analyzers report it (GG0001), and the generated part turns the
/// compiler's many complaints about partial members into the single one about the missing modifier.
/// </summary>
internal static class ClassReader
{
    private static readonly string[] GeneratedMembers = ["MaxBatch", "Parameters", "Forward", "Backward", "Predict", "ToString"];
    private static readonly string[] GeneratedWithLoss = ["Loss", "LossValues", "Evaluate"];

    /// <summary>Reports a class of the wrong kind, and members that the generated part declares too.</summary>
    public static void Check(ReadingContext context, ModelMembers members)
    {
        INamedTypeSymbol model = context.Model;
        if (UnsupportedKind(context, model) is { } kind)
        {
            context.Report(DeclarationDiagnostics.UnsupportedClass, model.Locations[0], model.Name, kind);
        }

        foreach (ISymbol member in Collisions(model, members))
        {
            string name = member is IMethodSymbol { MethodKind: MethodKind.Constructor }
                ? $"the constructor '{model.Name}({Parameters((IMethodSymbol)member)})'"
                : $"'{member.Name}'";
            context.Report(DeclarationDiagnostics.GeneratedMember, member.Locations[0], name);
        }
    }

    public static string? Namespace(INamedTypeSymbol model) =>
        model.ContainingNamespace.IsGlobalNamespace ? null : model.ContainingNamespace.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat);

    /// <summary>A name as it must be written: with an at sign where it is a keyword.</summary>
    public static string Identifier(string name) => SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None ? name : "@" + name;

    /// <summary>The partial declaration to repeat: <c>public sealed partial class FashionNet</c>.</summary>
    public static string Declaration(INamedTypeSymbol type)
    {
        string accessibility = SyntaxFacts.GetText(type.DeclaredAccessibility);
        string modifier = type.IsStatic ? "static " : type.TypeKind != TypeKind.Class ? "" : type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : "";
        string keyword = (type.TypeKind, type.IsRecord) switch
        {
            (TypeKind.Struct, true) => "record struct",
            (TypeKind.Struct, false) => "struct",
            (TypeKind.Interface, _) => "interface",
            (_, true) => "record",
            _ => "class",
        };
        string parameters = type.TypeParameters.IsEmpty ? "" : $"<{string.Join(", ", type.TypeParameters.Select(parameter => Identifier(parameter.Name)))}>";
        return $"{accessibility} {modifier}partial {keyword} {Identifier(type.Name)}{parameters}";
    }

    /// <summary>What the generated file must declare of a model that was not understood; <see langword="null"/> where no other file can add to it.</summary>
    public static ModelOutline? Outline(ReadingContext context, ModelMembers members, IMethodSymbol? forward, IMethodSymbol? loss)
    {
        INamedTypeSymbol model = context.Model;
        if (model.IsFileLocal)
        {
            return null;
        }

        Stack<string> containers = [];
        for (INamedTypeSymbol? container = model.ContainingType; container is not null; container = container.ContainingType)
        {
            containers.Push(Declaration(container));
        }

        IEnumerable<string> omitted = Collisions(model, members).Select(member => member.Name);
        if (model.IsStatic)
        {
            // None of the API can be declared in a static class.
            omitted = GeneratedMembers.Concat(GeneratedWithLoss).Append(".ctor");
        }

        return new ModelOutline(
            Namespace(model),
            containers.ToEquatableArray(),
            Declaration(model),
            Identifier(model.Name),
            BaseCall(context, model.BaseType),
            new(members.Partials.ToImmutable()),
            (forward is null ? [new OutlineArgument("input", IsInteger: false)] : Arguments(context, forward.Parameters)).ToEquatableArray(),
            loss is null ? null : Arguments(context, loss.Parameters.Skip(1)).ToEquatableArray(),
            omitted.Distinct().ToEquatableArray());
    }

    private static string? UnsupportedKind(ReadingContext context, INamedTypeSymbol model) => model switch
    {
        { IsStatic: true } => "static",
        { IsRecord: true } => "a record",
        { ContainingType: { } container } => $"nested in '{container.Name}'",
        { IsGenericType: true } => "generic",
        { IsFileLocal: true } => "local to its file",
        { IsAbstract: true } => "abstract",
        { BaseType: { SpecialType: not SpecialType.System_Object } parent } when IsModel(context, parent) || !HasConstructor(parent) =>
            $"derived from '{parent.Name}'",
        _ => null,
    };

    private static IEnumerable<ISymbol> Collisions(INamedTypeSymbol model, ModelMembers members) =>
        model.GetMembers().Where(member => !member.IsImplicitlyDeclared && member switch
        {
            IMethodSymbol { MethodKind: MethodKind.Constructor } constructor => IsPrimary(constructor) || IsGeneratedConstructor(constructor),
            IMethodSymbol method => IsGenerated(method.Name, members) && method.Parameters.All(parameter => IsSpan(parameter.Type)),
            _ => IsGenerated(member.Name, members),
        });

    private static bool IsGenerated(string name, ModelMembers members) =>
        GeneratedMembers.Contains(name) || (members.Losses.Count > 0 && GeneratedWithLoss.Contains(name));

    private static bool IsModel(ReadingContext context, INamedTypeSymbol type) =>
        type.GetAttributes().Any(attribute => context.Known.AttributeKind(attribute) == "Model");

    /// <summary>The constructor call for a base class that a model cannot have, so that its constructor compiles all the same.</summary>
    private static string BaseCall(ReadingContext context, INamedTypeSymbol? parent)
    {
        if (parent is not null && IsModel(context, parent))
        {
            return " : base(maxBatch, seed)";
        }

        return parent is null || HasConstructor(parent) || parent.InstanceConstructors.IsEmpty
            ? ""
            : $" : base({string.Join(", ", parent.InstanceConstructors[0].Parameters.Select(parameter =>
                $"default({parameter.Type.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat)})!"))})";
    }

    /// <summary>Whether the generated constructor can call one of the base class.</summary>
    private static bool HasConstructor(INamedTypeSymbol type) =>
        type.InstanceConstructors.Any(constructor => constructor.Parameters.IsEmpty && constructor.DeclaredAccessibility != Accessibility.Private);

    private static bool IsGeneratedConstructor(IMethodSymbol constructor) =>
        constructor.Parameters is { Length: 2 } parameters
        && parameters[0].Type.SpecialType == SpecialType.System_Int32
        && parameters[1].Type.SpecialType == SpecialType.System_Int64;

    private static bool IsPrimary(IMethodSymbol constructor) =>
        constructor.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax() is TypeDeclarationSyntax);

    private static bool IsSpan(ITypeSymbol type) => type is INamedTypeSymbol { Name: "ReadOnlySpan", TypeArguments.Length: 1 };

    private static string Parameters(IMethodSymbol method) => string.Join(", ", method.Parameters.Select(parameter => parameter.Type.ToDisplayString()));

    private static IEnumerable<OutlineArgument> Arguments(ReadingContext context, IEnumerable<IParameterSymbol> parameters) =>
        parameters.Select(parameter => new OutlineArgument(parameter.Name, context.Known.IsIntTensor(parameter.Type)));
}
