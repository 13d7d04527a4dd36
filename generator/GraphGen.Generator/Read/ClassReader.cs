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
    /// <summary>Reports a class of the wrong kind, and members that the generated part declares too.</summary>
    public static void Check(ReadingContext context, ModelMembers members)
    {
        INamedTypeSymbol model = context.Model;
        if (UnsupportedKind(context, model) is { } kind)
        {
            context.Report(DeclarationDiagnostics.UnsupportedClass, model.Locations[0], model.Name, kind);
        }

        else
        {
            CheckConstructors(context);
        }

        foreach (ISymbol member in Collisions(context, members))
        {
            (string name, Location place) = member switch
            {
                IMethodSymbol { MethodKind: MethodKind.Constructor } constructor => ($"the constructor '{model.Name}({Parameters(constructor)})'", member.Locations[0]),
                _ when SymbolEqualityComparer.Default.Equals(member, model) => ($"a class called '{member.Name}'", model.Locations[0]),
                _ when !SymbolEqualityComparer.Default.Equals(member.ContainingType, model) => ($"'{member.ContainingType.Name}.{member.Name}'", model.Locations[0]),
                _ => ($"'{member.Name}'", member.Locations[0]),
            };
            context.Report(DeclarationDiagnostics.GeneratedMember, place, name);
        }
    }

    public static string? Namespace(INamedTypeSymbol model) =>
        model.ContainingNamespace.IsGlobalNamespace ? null : model.ContainingNamespace.ToDisplayString(SymbolDisplayFormat.CSharpErrorMessageFormat);

    /// <summary>A name as it must be written: with an at sign where it is a keyword.</summary>
    public static string Identifier(string name) =>
        SyntaxFacts.GetKeywordKind(name) == SyntaxKind.None && SyntaxFacts.GetContextualKeywordKind(name) == SyntaxKind.None ? name : "@" + name;

    /// <summary>What private names of the generated part could meet: members, inherited ones too, and what is in the same namespace.</summary>
    public static EquatableArray<string> NamesInTheWay(ReadingContext context)
    {
        INamedTypeSymbol model = context.Model;
        IEnumerable<ISymbol> neighbours = context.Compilation.GetCompilationNamespace(model.ContainingNamespace)?.GetMembers() ?? [];
        return Ancestry(model)
            .SelectMany(type => type.GetMembers())
            .Concat(neighbours)
            .Select(symbol => symbol.Name)
            .Where(name => ApiNames.IsInTheWay(name, model.Name))
            .Distinct()
            .OrderBy(name => name, StringComparer.Ordinal)
            .ToEquatableArray();
    }

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
    public static ModelOutline? Outline(ReadingContext context, ModelMembers members, IMethodSymbol? forward, LossMember? loss)
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

        ModelOutputs outputs = ModelOutputs.Of(forward);
        List<string> omitted = [.. Collisions(context, members).Select(member => member.Name)];
        if (model.IsStatic)
        {
            // None of the API can be declared in a static class.
            omitted = [.. GeneratedNames.Of(hasLoss: true, hasLossValues: true, hasOutputs: true).All, ".ctor"];
        }

        return new ModelOutline(
            Namespace(model),
            containers.ToEquatableArray(),
            Declaration(model),
            Identifier(model.Name),
            BaseCall(context, model.BaseType),
            new(members.Partials.ToImmutable()),
            (forward is null ? [new OutlineArgument("input", IsInteger: false)] : Arguments(context, forward.Parameters)).ToEquatableArray(),
            omitted.Contains(OutputsEmitter.ClassName) ? EquatableArray<string>.Empty : outputs.ToProperties(),
            loss is null ? null : Arguments(context, loss.Method.Parameters.Where(parameter => outputs.Find(parameter) is null)).ToEquatableArray(),
            loss?.IsReduced ?? true,
            omitted.Distinct().ToEquatableArray());
    }

    /// <summary>Reports constructors that would make a model without parameters and memory.</summary>
    private static void CheckConstructors(ReadingContext context)
    {
        foreach (IMethodSymbol constructor in context.Model.InstanceConstructors.Where(IsUnchained))
        {
            if (!IsGeneratedConstructor(constructor))
            {
                context.Report(DeclarationDiagnostics.UnchainedConstructor, constructor.Locations[0], $"{context.Model.Name}({Parameters(constructor)})");
            }
        }
    }

    private static string? UnsupportedKind(ReadingContext context, INamedTypeSymbol model) => model switch
    {
        { IsStatic: true } => "static",
        { IsRecord: true } => "a record",
        { TypeKind: TypeKind.Struct } => "a struct",
        { ContainingType: { } container } => $"nested in '{container.Name}'",
        { IsGenericType: true } => "generic",
        { IsFileLocal: true } => "local to its file",
        { IsAbstract: true } => "abstract",
        { BaseType: { SpecialType: not SpecialType.System_Object } parent } when IsModel(context, parent) || !HasConstructor(parent) =>
            $"derived from '{parent.Name}'",
        _ => null,
    };

    /// <summary>Members of the class that the generated part declares too, inherited ones it would hide, and the class itself where it has such a name.</summary>
    private static IEnumerable<ISymbol> Collisions(ReadingContext context, ModelMembers members)
    {
        INamedTypeSymbol model = context.Model;
        GeneratedNames generated = GeneratedNames.Of(
            hasLoss: members.Losses.Count > 0,
            hasLossValues: members.Losses.FirstOrDefault() is { IsReduced: true },
            hasOutputs: ModelOutputs.Of(members.Forwards.FirstOrDefault()).Names.Count > 0);
        IEnumerable<ISymbol> inherited = Ancestry(model).Skip(1)
            .Where(type => type.SpecialType != SpecialType.System_Object)
            .SelectMany(type => type.GetMembers())
            .Where(member => context.Compilation.IsSymbolAccessibleWithin(member, model) && member is not IMethodSymbol { MethodKind: MethodKind.Constructor })
            .Where(member => member.Name != "ToString" || member.IsSealed);
        return model.GetMembers().Concat(inherited)
            .Where(member => !member.IsImplicitlyDeclared && IsCollision(member))
            .Concat(generated.All.Contains(model.Name) ? [model] : []);

        bool IsCollision(ISymbol member) => member switch
        {
            IMethodSymbol { MethodKind: MethodKind.Constructor } constructor => IsPrimary(constructor) || IsGeneratedConstructor(constructor),
            IMethodSymbol method => generated.Alone.Contains(method.Name) || (generated.Methods.Contains(method.Name) && TakesWhatIsGenerated(method)),
            _ => generated.All.Contains(member.Name),
        };
    }

    /// <summary>Overloads are free that take something else than spans of numbers, or than the predictor's capacity.</summary>
    private static bool TakesWhatIsGenerated(IMethodSymbol method) =>
        method.Arity == 0
        && method.Parameters.All(parameter => parameter.RefKind == RefKind.None)
        && (method.Name == "CreatePredictor"
            ? method.Parameters is { Length: 1 } parameters && parameters[0].Type.SpecialType == SpecialType.System_Int32
            : method.Parameters.All(parameter => IsSpan(parameter.Type)));

    private static IEnumerable<INamedTypeSymbol> Ancestry(INamedTypeSymbol model)
    {
        for (INamedTypeSymbol? type = model; type is not null; type = type.BaseType)
        {
            yield return type;
        }
    }

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

    /// <summary>
    /// Whether a constructor of the user's goes past the generated one. A call of <c>this(...)</c> is of the generated one, which is not
    /// there yet, or of another of the user's, which answers for itself. Primary constructors are collisions.
    /// </summary>
    private static bool IsUnchained(IMethodSymbol constructor) =>
        constructor.DeclaringSyntaxReferences.Any(reference =>
            reference.GetSyntax() is ConstructorDeclarationSyntax { Initializer: not { RawKind: (int)SyntaxKind.ThisConstructorInitializer } });

    private static bool IsPrimary(IMethodSymbol constructor) =>
        constructor.DeclaringSyntaxReferences.Any(reference => reference.GetSyntax() is TypeDeclarationSyntax);

    private static bool IsSpan(ITypeSymbol type) =>
        type is INamedTypeSymbol { Name: "ReadOnlySpan", TypeArguments.Length: 1 } span
        && span.TypeArguments[0].SpecialType is SpecialType.System_Single or SpecialType.System_Int32;

    private static string Parameters(IMethodSymbol method) => string.Join(", ", method.Parameters.Select(parameter => parameter.Type.ToDisplayString()));

    private static IEnumerable<OutlineArgument> Arguments(ReadingContext context, IEnumerable<IParameterSymbol> parameters) =>
        parameters.Select(parameter => new OutlineArgument(parameter.Name, context.Known.IsIntTensor(parameter.Type)));

    /// <summary>The names of the members that are generated.</summary>
    /// <param name="Alone">Properties and types, which share their names with nothing.</param>
    /// <param name="Methods">Methods, beside which there can be overloads.</param>
    private sealed record GeneratedNames(IReadOnlyList<string> Alone, IReadOnlyList<string> Methods)
    {
        public IEnumerable<string> All => Alone.Concat(Methods);

        public static GeneratedNames Of(bool hasLoss, bool hasLossValues, bool hasOutputs)
        {
            List<string> alone = ["MaxBatch", "Parameters", "RandomState", PredictorEmitter.ClassName];
            List<string> methods = ["Forward", "Backward", "Predict", "CreatePredictor", "ToString"];
            if (hasLoss)
            {
                methods.AddRange(["Loss", "Evaluate"]);
            }

            if (hasLossValues)
            {
                alone.Add("LossValues");
            }

            if (hasOutputs)
            {
                alone.Add(OutputsEmitter.ClassName);
            }

            return new GeneratedNames(alone, methods);
        }
    }
}
