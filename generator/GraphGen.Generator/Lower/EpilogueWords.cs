using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Lower;

/// <summary>What a kernel does to its result, in words.</summary>
internal static class EpilogueWords
{
    /// <summary>An operation in a word, with the parameter it reads.</summary>
    public static string Of(Node node) => node.Op switch
    {
        Op.Unary unary => unary.Function.Name.ToLowerInvariant(),
        Op.Binary binary => binary.Function == BinaryFunction.Add ? "+ " + OperandName(node) : binary.Function.Name.ToLowerInvariant(),
        Op.Select => "masked",
        Op.AddToGradient => "(added)",
        Op.MaxPool2d => "max-pooled",
        Op.MaxPool2dWinners => "with winners",
        Op.Permute => "transposed",
        _ => node.Op.GetType().Name,
    };

    private static string OperandName(Node node)
    {
        Node operand = node.Inputs[1];
        while (operand.Op.IsView)
        {
            operand = operand.Inputs[0];
        }

        return operand.Name ?? "value";
    }
}
