using System.Globalization;
using System.Text;
using GraphGen.Generator.Definition;

namespace GraphGen.Generator.Tests.Harness;

/// <summary>Prints what the reader makes, a line a call, for people and for comparison.</summary>
internal static class ModelPrinter
{
    public static string Print(ModelDefinition model)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{model.Declaration} in {model.Namespace ?? "(global)"}\n");
        foreach (LayerDefinition layer in model.Layers)
        {
            text.Append(CultureInfo.InvariantCulture, $"{layer.Name}: {layer.Kind}({Operands(layer.Arguments)})\n");
        }

        foreach (PartialMember member in model.Members)
        {
            text.Append(CultureInfo.InvariantCulture, $"implement {(member.IsProperty ? "property" : "method")} {member.Signature}\n");
        }

        text.Append(Print(model.Forward));
        return (model.Loss is null ? text : text.Append(Print(model.Loss))).ToString();
    }

    /// <summary>A function: its arguments, <c>%1 = Relu(input: %0)</c> for each call, and what it returns.</summary>
    public static string Print(FunctionDefinition function)
    {
        StringBuilder text = new();
        string arguments = string.Join(", ", function.Arguments.Select((argument, i) =>
            $"%{i} {argument.Name}: {(argument.IsInteger ? "int" : "float")}{(argument.Shape is { } shape ? $"[{string.Join(", ", shape)}]" : "")}{(argument.Output is { } output ? $" (output {output})" : "")}"));
        text.Append(CultureInfo.InvariantCulture, $"{function.Name}({arguments})\n");
        for (int i = 0; i < function.Calls.Count; i++)
        {
            Call call = function.Calls[i];
            string layer = call.Layer is null ? "" : $" {call.Layer}";
            text.Append(CultureInfo.InvariantCulture, $"    %{function.Arguments.Count + i} = {call.Operation}{layer}({Operands(call.Operands)})\n");
        }

        return text.Append(CultureInfo.InvariantCulture, $"    return {string.Join(", ", function.Results.Select(result => $"{(result.Name is null ? "" : result.Name + ": ")}%{result.Value}"))}\n").ToString();
    }

    private static string Operands(IEnumerable<NamedOperand> operands) =>
        string.Join(", ", operands.Select(operand => $"{operand.Name}: {Print(operand.Operand)}"));

    private static string Print(Operand operand) => operand switch
    {
        Operand.Value value => $"%{value.Index}",
        Operand.Values values => $"[{string.Join(", ", values.Indexes.Select(index => $"%{index}"))}]",
        Operand.Element element => $"{element.Position}",
        Operand.Range range => $"{range.Start}..{range.End}",
        Operand.Number number => ((float)number.Constant).ToString(CultureInfo.InvariantCulture),
        Operand.Integers integers => $"[{string.Join(", ", integers.Constants.Select(number => number == Operand.Integers.Batch ? "Batch" : $"{number}"))}]",
        Operand.Numbers numbers => $"[{string.Join(", ", numbers.Constants.Select(number => ((float)number).ToString(CultureInfo.InvariantCulture)))}]f",
        Operand.Text text => $"\"{text.Constant}\"",
        Operand.None => "none",
        _ => throw new ArgumentException($"unknown operand {operand}", nameof(operand)),
    };
}
