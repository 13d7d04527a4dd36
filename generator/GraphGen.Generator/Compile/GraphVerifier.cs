using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Compile;

/// <summary>What is legal after the shape stage: checked, because every later stage takes it for granted. <see cref="GraphBuilder.Add"/> holds shapes to what is legal.</summary>
internal static class GraphVerifier
{
    public static void Verify(TypedModel model)
    {
        Node[] roots = [.. model.Outputs.SelectMany(output => new[] { output.Training, output.Inference }), .. model.Loss is { } loss ? new[] { loss.Value, loss.Evaluated } : []];
        foreach (Node node in Node.Reachable(roots))
        {
            Require(node.Shape.Dims.All(dim => dim.Size > 0), node, "a size is not positive");
            Require(HasFittingTypes(node), node, $"its operands are {string.Join(", ", node.Inputs.Select(input => input.Type))}");
            switch (node.Op)
            {
                case Op.Binary or Op.Unary or Op.Select:
                    Require(node.Inputs.All(input => input.Shape == node.Shape), node, "its operands have other shapes");
                    break;
                case Op.Reshape:
                    Require(node.Inputs[0].Shape.Elements == node.Shape.Elements, node, $"its operand {node.Inputs[0].Shape} has another number of elements");
                    break;
                case Op.Slice slice:
                    int last = slice.Start + (slice.Step * (node.Shape[slice.Axis].Size - 1));
                    Require(Math.Min(slice.Start, last) >= 0 && Math.Max(slice.Start, last) < node.Inputs[0].Shape[slice.Axis].Size && !node.Shape[slice.Axis].PerSample, node, $"it reaches out of {node.Inputs[0].Shape}");
                    break;
                case Op.Concat concat:
                    Require(node.Inputs.All(input => input.Shape.WithOnes([concat.Axis]) == node.Shape.WithOnes([concat.Axis])) && node.Inputs.Sum(input => input.Shape[concat.Axis].Size) == node.Shape[concat.Axis].Size, node, "its operands do not fit beside each other");
                    break;
                case Op.Broadcast:
                    Require(Shape.Broadcast(node.Inputs[0].Shape, node.Shape) == node.Shape, node, $"its operand {node.Inputs[0].Shape} does not broadcast to it");
                    break;
            }
        }
    }

    /// <summary>Arithmetic is on floats. Integers are moved, copied and compared; bytes are what pooling makes for its own gradient.</summary>
    private static bool HasFittingTypes(Node node) => node.Op switch
    {
        Op.Select => node.Inputs[0].Type == node.Inputs[1].Type && node.Inputs[2].Type == node.Inputs[3].Type && node.Inputs.All(input => input.Type != DataType.Byte),
        Op.MaxPool2dGradient => node.Inputs[0].Type == DataType.Float && node.Inputs[1].Type == DataType.Byte,
        Op.Concat => node.Inputs.All(input => input.Type == node.Type && input.Type != DataType.Byte),
        _ when node.Op.IsView || node.Op.IsCopy || node.Op.IsDetach => node.Inputs[0].Type != DataType.Byte,
        _ => node.Inputs.All(input => input.Type == DataType.Float),
    };

    private static void Require(bool condition, Node node, string what)
    {
        if (!condition)
        {
            throw new InvalidOperationException($"{node}: {what}.");
        }
    }
}
