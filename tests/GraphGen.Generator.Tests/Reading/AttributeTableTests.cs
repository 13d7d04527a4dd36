using System.Reflection;
using GraphGen.Generator.Definition;
using GraphGen.Generator.Read;

namespace GraphGen.Generator.Tests.Reading;

/// <summary>The reader's table of attributes says what the runtime library's attribute classes say.</summary>
public sealed class AttributeTableTests
{
    public static TheoryData<string> Kinds => [.. Table.Keys];

    private static Dictionary<string, AttributeArgument[]> Table =>
        AttributeTable.Layers.Concat(AttributeTable.Parameters).Concat(AttributeTable.Losses.Select(loss => KeyValuePair.Create(loss.Key, loss.Value.Arguments))).ToDictionary(entry => entry.Key, entry => entry.Value);

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Every_argument_has_its_name_and_default(string kind)
    {
        Type type = typeof(Tensor).Assembly.GetType($"GraphGen.{kind}Attribute", throwOnError: true)!;
        PropertyInfo[] properties = type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly);

        Assert.Equal(
            properties.Select(property => property.Name.ToLowerInvariant()).Order(StringComparer.Ordinal),
            Table[kind].Select(argument => argument.Name.ToLowerInvariant()).Order(StringComparer.Ordinal));

        // The shortest constructor leaves the most to defaults: what it demands has none in the table.
        ConstructorInfo constructor = type.GetConstructors().OrderBy(candidate => candidate.GetParameters().Count(Demanded)).First();
        object?[] arguments =
        [
            .. constructor.GetParameters().Select(parameter =>
                parameter.HasDefaultValue ? parameter.DefaultValue : parameter.ParameterType.IsArray ? new[] { 7 } : 7),
        ];
        object attribute = constructor.Invoke(arguments);
        foreach (AttributeArgument argument in Table[kind])
        {
            if (constructor.GetParameters().Any(parameter => parameter.Name == argument.Name && Demanded(parameter)))
            {
                Assert.Null(argument.Default);
                continue;
            }

            object? value = properties.Single(property => property.Name.Equals(argument.Name, StringComparison.OrdinalIgnoreCase)).GetValue(attribute);
            if (argument.Default is null)
            {
                // An option that must be given: left out it has no value that a layer could have.
                Assert.Equal((argument.Name, value), ("kernel", 0));
                continue;
            }

            Assert.Equal((argument.Name, ToOperand(value)), (argument.Name, argument.Default));
        }
    }

    [Fact]
    public void Every_attribute_of_the_library_is_in_the_table()
    {
        string[] structural = ["Model", "Forward", "Loss", "Shape"];
        IEnumerable<string> declared = typeof(Tensor).Assembly.GetExportedTypes()
            .Where(type => type.IsSubclassOf(typeof(Attribute)) && type.Namespace == "GraphGen")
            .Select(type => type.Name[..^"Attribute".Length]);

        Assert.Equal(structural.Concat(Table.Keys).Order(StringComparer.Ordinal), declared.Order(StringComparer.Ordinal));
    }

    private static bool Demanded(ParameterInfo parameter) => !parameter.HasDefaultValue;

    private static Operand ToOperand(object? value) => value switch
    {
        null => new Operand.None(),
        bool flag => new Operand.Number(flag ? 1 : 0),
        Enum named => new Operand.Number(Convert.ToInt32(named, provider: null)),
        _ => new Operand.Number(Convert.ToDouble(value, provider: null)),
    };
}
