using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Simplify;

/// <summary>Rules that hold for numbers.</summary>
internal static class ArithmeticRules
{
    /// <summary>x + 0, x - 0, x * 1, x / 1 are x; -(-x) is x; 0 - x is -x.</summary>
    public static Node? Identities(GraphBuilder graph, Node node) => node.Op switch
    {
        Op.Binary { Function: { RightIdentity: { } identity } } when IsConstant(node.Inputs[1], identity) => node.Inputs[0],
        Op.Binary { Function: { LeftIdentity: { } identity } } when IsConstant(node.Inputs[0], identity) => node.Inputs[1],
        Op.Binary binary when binary.Function == BinaryFunction.Subtract && IsConstant(node.Inputs[0], 0) => graph.Unary(UnaryFunction.Negate, node.Inputs[1]),
        Op.Unary when IsNegation(node) && IsNegation(node.Inputs[0]) => node.Inputs[0].Inputs[0],
        _ => null,
    };

    /// <summary>A sum of negated elements is their sum, negated; a + -b is a - b.</summary>
    public static Node? Negations(GraphBuilder graph, Node node) => node.Op switch
    {
        Op.Reduce reduce when reduce.Function == ReduceFunction.Sum && IsNegation(node.Inputs[0]) =>
            graph.Unary(UnaryFunction.Negate, graph.Reduce(reduce.Function, node.Inputs[0].Inputs[0], reduce.Axes)),
        Op.Broadcast when IsNegation(node.Inputs[0]) => graph.Unary(UnaryFunction.Negate, graph.Broadcast(node.Inputs[0].Inputs[0], node.Shape)),
        Op.Binary binary when binary.Function == BinaryFunction.Add && IsNegation(node.Inputs[1]) => graph.Difference(node.Inputs[0], node.Inputs[1].Inputs[0]),
        Op.Binary binary when binary.Function == BinaryFunction.Multiply && IsNegation(node.Inputs[0]) =>
            graph.Unary(UnaryFunction.Negate, graph.Product(node.Inputs[0].Inputs[0], node.Inputs[1])),
        _ => null,
    };

    /// <summary>Arithmetic on constants is done here and now.</summary>
    public static Node? FoldConstants(GraphBuilder graph, Node node)
    {
        if (node.Inputs.Length == 0 || !node.Inputs.All(input => input.Op is Op.Constant))
        {
            return null;
        }

        float Value(int operand) => ((Op.Constant)node.Inputs[operand].Op).Value;
        return node.Op switch
        {
            Op.Binary binary => graph.Constant((float)binary.Function.Value(Value(0), Value(1)), node.Shape),
            Op.Unary { Function.IsInternal: false } unary => graph.Constant((float)unary.Function.Value(Value(0)), node.Shape),
            Op.Broadcast or Op.Reshape or Op.Slice => graph.Constant(Value(0), node.Shape),
            _ => null,
        };
    }

    /// <summary>Once gradients are taken, what only kept them from flowing, or said where to, can go.</summary>
    public static Node? DropDetach(GraphBuilder graph, Node node) =>
        node.Op.IsDetach || node.Op is Op.StraightThrough ? node.Inputs[0] : null;

    private static bool IsNegation(Node node) => node.Op is Op.Unary unary && unary.Function == UnaryFunction.Negate;

    private static bool IsConstant(Node node, float value) => node.Op is Op.Constant constant && constant.Value == value;
}
