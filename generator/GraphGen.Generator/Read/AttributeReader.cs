using GraphGen.Generator.Definition;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace GraphGen.Generator.Read;

/// <summary>Reads an attribute into operands: every argument by its camel-case name, in the table's order, defaults filled in.</summary>
internal static class AttributeReader
{
    /// <summary>Where an attribute stands; the member's name where it has no syntax.</summary>
    public static Location LocationOf(AttributeData attribute, ISymbol member) =>
        attribute.ApplicationSyntaxReference is { } reference ? Location.Create(reference.SyntaxTree, reference.Span) : member.Locations[0];

    /// <summary>The arguments, or <see langword="null"/> where the attribute does not compile (the C# compiler says why).</summary>
    public static EquatableArray<NamedOperand>? Read(ReadingContext context, AttributeData attribute, AttributeArgument[] arguments)
    {
        if (Given(attribute) is not { } given)
        {
            return null;
        }

        Dictionary<string, Location> written = Written(attribute, context.Cancellation);
        return arguments
            .Select(argument => new NamedOperand(
                argument.Name,
                given.TryGetValue(argument.Name, out TypedConstant value) ? ToOperand(value) : argument.Default ?? new Operand.None(),
                written.TryGetValue(argument.Name, out Location? place) ? context.Positions.Add(place) : -1))
            .ToEquatableArray();
    }

    /// <summary>The property that an attribute must set and does not, such as <c>Kernel</c>; <see langword="null"/> where none is missing, or the attribute does not compile.</summary>
    public static string? MissingOption(AttributeData attribute, AttributeArgument[] arguments) =>
        Given(attribute) is { } given && arguments.FirstOrDefault(argument => argument.Default is null && !given.ContainsKey(argument.Name)) is { } missing
            ? char.ToUpperInvariant(missing.Name[0]) + missing.Name.Substring(1)
            : null;

    /// <summary>The attribute as it could be written with an option that is missing: <c>Conv2d(1, 8, Kernel = 3)</c>.</summary>
    public static string WithOption(AttributeData attribute, string option, CancellationToken cancellation)
    {
        string written = attribute.ApplicationSyntaxReference is { } reference ? SourceLine.Of(reference.GetSyntax(cancellation)) : "";
        return written.EndsWith(")", StringComparison.Ordinal) ? $"{written.Substring(0, written.Length - 1)}, {option} = 3)" : $"{written}({option} = 3)";
    }

    /// <summary>A list of integers given to a <c>params int[]</c> constructor; empty where there is none.</summary>
    public static EquatableArray<int> Integers(TypedConstant constant) =>
        constant is { Kind: TypedConstantKind.Array, IsNull: false }
            ? constant.Values.Select(value => value.Value is int number ? number : 0).ToEquatableArray()
            : EquatableArray<int>.Empty;

    /// <summary>What the attribute says, by camel-case names; <see langword="null"/> where it does not compile.</summary>
    private static Dictionary<string, TypedConstant>? Given(AttributeData attribute)
    {
        if (attribute.AttributeConstructor is not { } constructor)
        {
            return null;
        }

        Dictionary<string, TypedConstant> given = [];
        for (int i = 0; i < constructor.Parameters.Length && i < attribute.ConstructorArguments.Length; i++)
        {
            given[constructor.Parameters[i].Name] = attribute.ConstructorArguments[i];
        }

        foreach (KeyValuePair<string, TypedConstant> named in attribute.NamedArguments)
        {
            given[Identifiers.Camel(named.Key)] = named.Value;
        }

        return given.Values.Any(value => value.Kind == TypedConstantKind.Error) ? null : given;
    }

    /// <summary>Where the values stand that the attribute is written with, by camel-case names; of an argument of several values, the last.</summary>
    private static Dictionary<string, Location> Written(AttributeData attribute, CancellationToken cancellation)
    {
        Dictionary<string, Location> written = [];
        if (attribute is { AttributeConstructor.Parameters: var parameters, ApplicationSyntaxReference: { } reference }
            && reference.GetSyntax(cancellation) is AttributeSyntax { ArgumentList.Arguments: var arguments })
        {
            for (int i = 0; i < arguments.Count; i++)
            {
                string? name = arguments[i].NameEquals is { } property ? Identifiers.Camel(property.Name.Identifier.ValueText)
                    : arguments[i].NameColon is { } parameter ? parameter.Name.Identifier.ValueText
                    : parameters.Length > 0 ? parameters[Math.Min(i, parameters.Length - 1)].Name
                    : null;
                if (name is not null)
                {
                    written[name] = arguments[i].Expression.GetLocation();
                }
            }
        }

        return written;
    }

    private static Operand ToOperand(TypedConstant constant)
    {
        if (constant.IsNull)
        {
            return new Operand.None();
        }

        if (constant.Kind == TypedConstantKind.Array)
        {
            return constant.Type is IArrayTypeSymbol { ElementType.SpecialType: SpecialType.System_Int32 }
                ? new Operand.Integers(Integers(constant))
                : new Operand.Numbers(constant.Values.Select(value => ConstantFolder.ToDouble(value.Value)).ToEquatableArray());
        }

        return constant.Value is string text ? new Operand.Text(text) : new Operand.Number(ConstantFolder.ToDouble(constant.Value));
    }
}
