using System.Reflection;
using GraphGen.Generator.Definition;
using GraphGen.Generator.Operations;
using GraphGen.Generator.Tests.Compiler.Losses;
using GraphGen.Generator.Tests.Harness;

namespace GraphGen.Generator.Tests.Compiler.Gradients;

/// <summary>Nothing that users can write is unknown to the compiler, and nothing the compiler knows is without a gradient test.</summary>
public sealed class CoverageTests
{
    [Fact]
    public void Every_operation_has_a_gradient_test()
    {
        IEnumerable<string> tested = GradientCases.All.Select(@case => @case.Source)
            .Concat(LossCase.All.Select(@case => @case.Source("Net")))
            .Select(ReaderProbe.Read)
            .SelectMany(model => new[] { model.Forward, model.Loss }.OfType<FunctionDefinition>())
            .SelectMany(function => function.Calls)
            .Select(call => call.Operation);

        Assert.Equal([], OperationCatalog.Operations.Keys.Except(tested));
    }

    [Fact]
    public void Every_function_users_can_call_is_an_operation()
    {
        IEnumerable<string> functions = typeof(Ops)
            .GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
            .Select(method => method.Name);

        Assert.Equal([], functions.Except(OperationCatalog.Operations.Keys));
    }

    [Fact]
    public void Every_operator_is_an_operation()
    {
        Dictionary<string, string> operations = new()
        {
            ["op_Addition"] = "Add",
            ["op_Subtraction"] = "Subtract",
            ["op_Multiply"] = "Multiply",
            ["op_Division"] = "Divide",
            ["op_UnaryNegation"] = "Negate",
        };
        string[] operators = [.. typeof(Tensor).GetMethods(BindingFlags.Public | BindingFlags.Static).Where(method => method.IsSpecialName).Select(method => method.Name).Distinct()];

        Assert.NotEmpty(operators);
        Assert.All(operators, name => Assert.Contains(operations[name], OperationCatalog.Operations));
    }

    [Fact]
    public void Every_layer_and_loss_attribute_is_an_operation()
    {
        Type[] structure = [typeof(ForwardAttribute), typeof(LossAttribute)];
        string[] attributes =
        [
            .. typeof(ModelAttribute).Assembly.GetExportedTypes()
                .Except(structure)
                .Where(type => type.GetCustomAttribute<AttributeUsageAttribute>() is { } usage && (usage.ValidOn & (AttributeTargets.Method | AttributeTargets.Property)) != 0)
                .Select(type => type.Name[..^"Attribute".Length]),
        ];

        Assert.Contains("Linear", attributes);
        Assert.Contains("Parameter", attributes);
        Assert.Equal([], attributes.Except(OperationCatalog.Operations.Keys));
    }

    [Fact]
    public void No_two_cases_have_one_name() =>
        Assert.Equal(GradientCases.All.Count, GradientCases.All.Select(@case => @case.Name).Distinct().Count());
}
