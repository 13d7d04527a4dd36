using GraphGen.Generator.Definition;
using GraphGen.Generator.Diagnostics;
using Microsoft.CodeAnalysis;

namespace GraphGen.Generator.Read;

/// <summary>Finds the [Forward] method and the loss, and reads their parameters.</summary>
internal static class SignatureReader
{
    /// <summary>The one [Forward] method; <see langword="null"/> where there is none, which is reported.</summary>
    public static IMethodSymbol? FindForward(ReadingContext context, ModelMembers members)
    {
        if (members.Forwards.Count == 0)
        {
            context.Report(DeclarationDiagnostics.NoForward, context.Model.Locations[0], context.Model.Name);
            return null;
        }

        foreach (IMethodSymbol extra in members.Forwards.Skip(1))
        {
            context.Report(DeclarationDiagnostics.SeveralForwards, extra.Locations[0], context.Model.Name);
        }

        return members.Forwards[0];
    }

    /// <summary>The one loss, or <see langword="null"/> for a model without.</summary>
    public static LossMember? FindLoss(ReadingContext context, ModelMembers members)
    {
        foreach (LossMember extra in members.Losses.Skip(1))
        {
            context.Report(DeclarationDiagnostics.SeveralLosses, extra.Method.Locations[0], context.Model.Name);
        }

        return members.Losses.FirstOrDefault();
    }

    /// <summary>The parameters of a forward method, or <see langword="null"/> where one is reported.</summary>
    public static EquatableArray<ArgumentDefinition>? Inputs(ReadingContext context, IMethodSymbol forward) => Arguments(context, forward, _ => null, hint: null);

    /// <summary>The parameters of a loss, or <see langword="null"/> where one is reported. Outputs of the model need no [Shape].</summary>
    public static EquatableArray<ArgumentDefinition>? LossArguments(ReadingContext context, IMethodSymbol loss, ModelOutputs outputs) =>
        Arguments(context, loss, outputs.Find, hint: outputs.Names.Count == 0 ? null : $"no output of the model has that name ({string.Join(", ", outputs.Names)})");

    private static EquatableArray<ArgumentDefinition>? Arguments(ReadingContext context, IMethodSymbol method, Func<IParameterSymbol, int?> outputOf, string? hint)
    {
        List<ArgumentDefinition> arguments = [];
        foreach (IParameterSymbol parameter in method.Parameters)
        {
            int? output = outputOf(parameter);
            if (Shape(context, parameter, isOutput: output is not null, hint) is not { } shape)
            {
                continue;
            }

            arguments.Add(new ArgumentDefinition(
                parameter.Name,
                context.Known.IsIntTensor(parameter.Type),
                shape.Count == 0 ? null : shape,
                output,
                context.Positions.Add(parameter.Locations[0])));
        }

        return arguments.Count == method.Parameters.Length ? arguments.ToEquatableArray() : null;
    }

    /// <summary>The shape of a parameter; empty for the model's output where it has none; <see langword="null"/> where it is wrong.</summary>
    private static EquatableArray<int>? Shape(ReadingContext context, IParameterSymbol parameter, bool isOutput, string? hint)
    {
        AttributeData? attribute = parameter.GetAttributes().FirstOrDefault(candidate => context.Known.AttributeKind(candidate) == "Shape");
        if (attribute is null)
        {
            if (isOutput)
            {
                return EquatableArray<int>.Empty;
            }

            context.Report(DeclarationDiagnostics.InvalidShape, parameter.Locations[0], parameter.Name, hint is null ? "has no [Shape]" : $"has no [Shape], and {hint}");
            return null;
        }

        if (isOutput && hint is not null)
        {
            context.Report(DeclarationDiagnostics.InvalidShape, parameter.Locations[0], parameter.Name, "has a [Shape], as a target has, and the name of an output of the model, which has none");
            return null;
        }

        TypedConstant dimensions = attribute.ConstructorArguments.FirstOrDefault();
        if (dimensions.Kind != TypedConstantKind.Array
            || (!dimensions.IsNull && dimensions.Values.Any(value => value.Kind == TypedConstantKind.Error)))
        {
            context.Fail();
            return null;
        }

        EquatableArray<int> shape = AttributeReader.Integers(dimensions);
        if (shape.Count == 0 || shape.Where((size, axis) => size <= 0 && !(size == -1 && axis == 0)).Any())
        {
            string written = string.Join(", ", shape.Select(size => size == -1 ? "Batch" : size.ToString()));
            context.Report(DeclarationDiagnostics.InvalidShape, parameter.Locations[0], parameter.Name, $"has the shape [{written}]");
            return null;
        }

        return shape;
    }
}
