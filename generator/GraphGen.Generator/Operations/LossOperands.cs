using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Operations;

/// <summary>The operands of losses, checked against each other.</summary>
internal static class LossOperands
{
    /// <summary>An input and a target whose shapes are equal, or broadcast with a warning: what PyTorch does without a word is hardly ever meant.</summary>
    public static (Node Input, Node Target) Broadcast(OperationContext context)
    {
        Node input = context.Tensor("input");
        Node target = context.Tensor("target");
        if (input.Shape == target.Shape)
        {
            return (input, target);
        }

        if (Shape.Broadcast(input.Shape, target.Shape) is not { } shape)
        {
            throw RefuseTarget(context, input, target, $"the input {input.Shape} and the target {target.Shape} differ");
        }

        if (!shape.HasBatchOnlyInFront)
        {
            throw RefuseTarget(
                context,
                input,
                target,
                $"the input {input.Shape} and the target {target.Shape} would be broadcast to {shape}, every sample against every other; give the target the shape of the input, {Written(input.Shape)}");
        }

        context.Warn("GG1101", $"the input {input.Shape} and the target {target.Shape} differ and are broadcast to {shape}");
        return (context.Graph.Broadcast(input, shape), context.Graph.Broadcast(target, shape));
    }

    /// <summary>An input and a target of the same shape.</summary>
    public static (Node Input, Node Target) Same(OperationContext context)
    {
        Node input = context.Tensor("input");
        return (input, Same(context, "target", input));
    }

    /// <summary>An operand of the same shape as the first.</summary>
    public static Node Same(OperationContext context, string name, Node input)
    {
        Node operand = context.Tensor(name);
        return operand.Shape == input.Shape
            ? operand
            : throw RefuseTarget(context, input, operand, $"the {name} {operand.Shape} must have the shape of the input, {Written(input.Shape)}");
    }

    /// <summary>The operand of that name, broadcast to the input's shape; <see langword="null"/> without one. It may be a tensor or a constant vector, along the last axis.</summary>
    public static Node? Weight(OperationContext context, string name, Node input)
    {
        GraphBuilder graph = context.Graph;
        Node? weight = context.OptionalTensor(name);
        if (context.OptionalNumbers(name) is { } numbers)
        {
            if (input.Shape.Rank == 0 || numbers.Count is var count && count != 1 && input.Shape[input.Shape.Rank - 1] != count)
            {
                throw context.RefuseOperand(name, "GG1009", $"{name} has {numbers.Count} values, the last dimension of {input.Shape} has another size");
            }

            weight = graph.Add(new Op.ConstantVector(numbers), new Shape(numbers.Count));
        }

        return weight is null ? null
            : Shape.Broadcast(weight.Shape, input.Shape) == input.Shape ? graph.Broadcast(weight, input.Shape)
            : throw context.RefuseOperand(name, "GG1009", $"{name} {weight.Shape} does not broadcast to {input.Shape}");
    }

    /// <summary>The error of a target that does not fit: at its declaration, where it is the loss's own parameter and stands against the model's output.</summary>
    public static CompileException RefuseTarget(OperationContext context, Node input, Node target, string sentence) =>
        context.RefuseAt(input.Op is Op.ForwardOutput && target.Op is Op.Input ? target.Position : context.Call.Position, "GG1009", sentence);

    /// <summary>A shape as users declare it.</summary>
    private static string Written(Shape shape) => $"[Shape({string.Join(", ", shape.Dims.Select(dim => dim == Dim.Batch ? "Batch" : dim.ToString()))})]";
}
