namespace GraphGen.Generator.Graph;

/// <content>What is made element by element, operands and result of one shape; and reductions.</content>
public abstract partial record Op
{
    public sealed record Unary(UnaryFunction Function) : Op
    {
        internal override OpRole Role => OpRole.Elementwise;

        internal override int Cost => Function.Cost;

        internal override DataType TypeOf(IReadOnlyList<Node> inputs) => IsCopy || IsDetach ? inputs[0].Type : DataType.Float;

        internal override Node?[] Gradients(GraphBuilder graph, Node y, Node g) => [Function.Gradient(graph, y.Inputs[0], y, g)];
    }

    public sealed record Binary(BinaryFunction Function) : Op
    {
        internal override OpRole Role => OpRole.Elementwise;

        internal override int Cost => 2;

        internal override Node?[] Gradients(GraphBuilder graph, Node y, Node g)
        {
            (Node left, Node right) = Function.Gradient(graph, y.Inputs[0], y.Inputs[1], y, g);
            return [left, right];
        }
    }

    /// <summary><c>(a, b, x, y)</c>: x where a compares so to b, else y. What is compared may be integers.</summary>
    public sealed record Select(Comparison Comparison) : Op
    {
        internal override OpRole Role => OpRole.Elementwise;

        internal override int Cost => 2;

        internal override DataType TypeOf(IReadOnlyList<Node> inputs) => inputs[2].Type;

        /// <summary>y = c ? u : v: du = c ? g : 0, dv = c ? 0 : g.</summary>
        internal override Node?[] Gradients(GraphBuilder graph, Node y, Node g)
        {
            Node zeros = graph.Constant(0, y.Shape);
            return
            [
                null,
                null,
                graph.Select(Comparison, y.Inputs[0], y.Inputs[1], g, zeros),
                graph.Select(Comparison, y.Inputs[0], y.Inputs[1], zeros, g),
            ];
        }
    }

    /// <summary><c>(value, path)</c>: the value, whose gradient is the path's. For functions whose gradient is not what their composition gives.</summary>
    public sealed record StraightThrough : Op
    {
        internal override OpRole Role => OpRole.Elementwise;

        internal override Node?[] Gradients(GraphBuilder graph, Node y, Node g) => [null, g];
    }

    /// <summary>Its operand, added to the gradient of a parameter (or written there when that gradient is empty).</summary>
    public sealed record AddToGradient(int Index) : Op
    {
        internal override OpRole Role => OpRole.Elementwise;

        internal override int Cost => 2;

        internal override Node?[] Gradients(GraphBuilder graph, Node y, Node g) => OfTheWayBack(y);
    }

    /// <summary>Reduces over axes, which stay with size 1.</summary>
    public sealed record Reduce(ReduceFunction Function, EquatableArray<int> Axes) : Op
    {
        internal override OpRole Role => OpRole.Reduction;

        internal override Node?[] Gradients(GraphBuilder graph, Node y, Node g) => [Function.Gradient(graph, y.Inputs[0], y, g, Axes)];
    }
}
