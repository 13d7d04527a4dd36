using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Autodiff;

/// <summary>The derivatives: one rule a primitive. Each gives what flows to the operands from the gradient <c>g</c> of the result.</summary>
internal static class Gradients
{
    /// <summary>The gradient of each operand of <paramref name="y"/>, <see langword="null"/> where none flows.</summary>
    public static Node?[] Of(GraphBuilder graph, Node y, Node g) => y.Op switch
    {
        Op.Unary unary => [OfUnary(graph, unary.Function, y.Inputs[0], y, g)],
        Op.Binary binary => OfBinary(graph, binary.Function, y.Inputs[0], y.Inputs[1], y, g),

        // y = c ? u : v:  du = c ? g : 0,  dv = c ? 0 : g
        Op.Select => [null, null, Choose(graph, y, g, Zeros(graph, y)), Choose(graph, y, Zeros(graph, y), g)],

        // To the path, whatever the value was made of.
        Op.StraightThrough => [null, g],

        // y = sum x:  dx = g, repeated
        Op.Reduce { Function: ReduceFunction.Sum } => [graph.Broadcast(g, y.Inputs[0].Shape)],
        Op.Reduce { Function: ReduceFunction.Max } reduce => [OfMax(graph, reduce, y.Inputs[0], y, g)],

        // The gradient of a repetition is the sum over the repeats; of a renaming, the renaming back.
        Op.Broadcast => [graph.SumTo(g, y.Inputs[0].Shape)],
        Op.Reshape => [graph.Reshape(g, y.Inputs[0].Shape)],
        Op.Permute permute => [graph.Permute(g, Inverse(permute.Order))],

        Op.MatMul matMul => OfMatMul(graph, matMul, y.Inputs[0], y.Inputs[1], g),

        Op.Conv2d { Geometry: var geometry } =>
            [graph.Conv2dInputGradient(g, y.Inputs[1], geometry), graph.Conv2dWeightGradient(y.Inputs[0], g, geometry)],

        // The gradient goes to the place of the window that won.
        Op.MaxPool2d { Geometry: var geometry } => [graph.MaxPool2dGradient(g, graph.MaxPool2dWinners(y.Inputs[0], geometry), geometry)],
        Op.AveragePool2d average => [graph.AveragePool2dGradient(g, average.Geometry, average.CountIncludePad)],

        Op.MaxPool2dWinners => [null],
        _ when y.Op.IsLeaf => [],
        _ => throw new InvalidOperationException($"No gradient rule for {y}."),
    };

    /// <summary>The order that undoes a permutation.</summary>
    public static int[] Inverse(IReadOnlyList<int> order)
    {
        int[] inverse = new int[order.Count];
        for (int axis = 0; axis < order.Count; axis++)
        {
            inverse[order[axis]] = axis;
        }

        return inverse;
    }

    private static Node? OfUnary(GraphBuilder graph, UnaryFunction function, Node x, Node y, Node g) => function switch
    {
        UnaryFunction.Negate => graph.Unary(UnaryFunction.Negate, g),

        // d exp x = exp x
        UnaryFunction.Exp => graph.Product(g, y),

        // d log x = 1 / x
        UnaryFunction.Log => graph.Quotient(g, x),

        // d sqrt x = 1 / (2 sqrt x)
        UnaryFunction.Sqrt => graph.Quotient(graph.Product(g, 0.5f), y),

        // d tanh x = 1 - tanh^2 x
        UnaryFunction.Tanh => graph.Product(g, graph.Difference(graph.Constant(1, y.Shape), graph.Product(y, y))),

        // d sigmoid x = s (1 - s)
        UnaryFunction.Sigmoid => graph.Product(g, graph.Product(y, graph.Difference(graph.Constant(1, y.Shape), y))),

        // d erf x = 2 / sqrt(pi) exp(-x^2)
        UnaryFunction.Erf => graph.Product(g, graph.Product(graph.Unary(UnaryFunction.Exp, graph.Unary(UnaryFunction.Negate, graph.Product(x, x))), 1.1283791671f)),

        // d |x| = sign x, 0 at 0
        UnaryFunction.Abs => graph.Select(
            Comparison.Greater, x, Zeros(graph, x), g, graph.Select(Comparison.Greater, Zeros(graph, x), x, graph.Unary(UnaryFunction.Negate, g), Zeros(graph, x))),

        // d max(x, 0) = 0 where the result is 0, which is as low as it gets; 1 elsewhere, also where it is NaN
        UnaryFunction.Relu => graph.Select(Comparison.Equal, y, Zeros(graph, y), Zeros(graph, y), g),
        UnaryFunction.Copy => g,
        UnaryFunction.Detach => null,
        _ => throw new InvalidOperationException($"No gradient rule for {function}."),
    };

    private static Node?[] OfBinary(GraphBuilder graph, BinaryFunction function, Node a, Node b, Node y, Node g)
    {
        switch (function)
        {
            case BinaryFunction.Add:
                return [g, g];
            case BinaryFunction.Subtract:
                return [g, graph.Unary(UnaryFunction.Negate, g)];

            // d(a b) = b da + a db
            case BinaryFunction.Multiply:
                return [graph.Product(g, b), graph.Product(g, a)];

            // d(a / b) = da / b - (a / b) / b db
            case BinaryFunction.Divide:
                Node da = graph.Quotient(g, b);
                return [da, graph.Unary(UnaryFunction.Negate, graph.Product(da, y))];

            // Not to the smaller (larger) operand; equals share it, and where one is NaN, each gets all of it, as in PyTorch.
            default:
                Node zero = Zeros(graph, y);
                Node shared = graph.Select(Comparison.Equal, a, b, graph.Product(g, 0.5f), g);
                (Node first, Node second) = function == BinaryFunction.Maximum ? (a, b) : (b, a);
                return [graph.Select(Comparison.Greater, second, first, zero, shared), graph.Select(Comparison.Greater, first, second, zero, shared)];
        }
    }

    /// <summary>To the places that equal the maximum, shared evenly among them (torch.amax).</summary>
    private static Node OfMax(GraphBuilder graph, Op.Reduce reduce, Node x, Node y, Node g)
    {
        Node isMax = graph.Select(Comparison.Equal, x, graph.Broadcast(y, x.Shape), graph.Constant(1, x.Shape), Zeros(graph, x));
        Node count = graph.Reduce(ReduceFunction.Sum, isMax, reduce.Axes);
        return graph.Product(isMax, graph.Broadcast(graph.Quotient(g, count), x.Shape));
    }

    /// <summary>
    /// With Y = A B: dA = G B^T and dB = A^T G; where an operand was given transposed, its gradient is transposed too,
    /// which only exchanges the factors.
    /// </summary>
    private static Node[] OfMatMul(GraphBuilder graph, Op.MatMul op, Node a, Node b, Node g) =>
    [
        op.TransposeLeft ? graph.MatMul(b, g, op.TransposeRight, true) : graph.MatMul(g, b, false, !op.TransposeRight),
        op.TransposeRight ? graph.MatMul(g, a, true, op.TransposeLeft) : graph.MatMul(a, g, !op.TransposeLeft, false),
    ];

    private static Node Choose(GraphBuilder graph, Node select, Node whenTrue, Node whenFalse) =>
        graph.Add(select.Op, select.Shape, select.Inputs[0], select.Inputs[1], whenTrue, whenFalse);

    private static Node Zeros(GraphBuilder graph, Node like) => graph.Constant(0, like.Shape);
}
