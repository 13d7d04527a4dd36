using GraphGen.Generator.Definition;
using Microsoft.CodeAnalysis;

namespace GraphGen.Generator.Read;

/// <summary>Reads an attribute into operands: every argument by its camel-case name, in the table's order, defaults filled in.</summary>
internal static class AttributeReader
{
    /// <summary>The arguments, or <see langword="null"/> where the attribute does not compile (the C# compiler says why).</summary>
    public static EquatableArray<NamedOperand>? Read(AttributeData attribute, AttributeArgument[] arguments)
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
            given[CamelCase(named.Key)] = named.Value;
        }

        if (given.Values.Any(value => value.Kind == TypedConstantKind.Error))
        {
            return null;
        }

        return arguments
            .Select(argument => new NamedOperand(
                argument.Name,
                given.TryGetValue(argument.Name, out TypedConstant value) ? ToOperand(value) : argument.Default ?? new Operand.None()))
            .ToEquatableArray();
    }

    /// <summary>A list of integers given to a <c>params int[]</c> constructor; empty where there is none.</summary>
    public static EquatableArray<int> Integers(TypedConstant constant) =>
        constant is { Kind: TypedConstantKind.Array, IsNull: false }
            ? constant.Values.Select(value => value.Value is int number ? number : 0).ToEquatableArray()
            : EquatableArray<int>.Empty;

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

    private static string CamelCase(string name) => char.ToLowerInvariant(name[0]) + name.Substring(1);
}
