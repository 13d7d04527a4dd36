using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Autodiff;

/// <summary>The derivatives: one rule a primitive. Each gives what flows to the operands from the gradient <c>g</c> of the result.</summary>
internal static class Gradients
{
    /// <summary>The gradient of each operand of <paramref name="y"/>, <see langword="null"/> where none flows.</summary>
    public static Node?[] Of(GraphBuilder graph, Node y, Node g) => y.Op switch
    {
        // Elementwise functions and reductions have theirs in their rows.
        Op.Unary unary => [unary.Function.Gradient(graph, y.Inputs[0], y, g)],
        Op.Binary binary => Both(binary.Function.Gradient(graph, y.Inputs[0], y.Inputs[1], y, g)),
        Op.Reduce reduce => [reduce.Function.Gradient(graph, y.Inputs[0], y, g, reduce.Axes)],

        // y = c ? u : v:  du = c ? g : 0,  dv = c ? 0 : g
        Op.Select => [null, null, Choose(graph, y, g, Zeros(graph, y)), Choose(graph, y, Zeros(graph, y), g)],

        // To the path, whatever the value was made of.
        Op.StraightThrough => [null, g],

        // The gradient of a repetition is the sum over the repeats; of a renaming, the renaming back.
        Op.Broadcast => [graph.SumTo(g, y.Inputs[0].Shape)],
        Op.Reshape => [graph.Reshape(g, y.Inputs[0].Shape)],
        Op.Permute permute => [graph.Permute(g, permute.Inverse)],

        // What was not read has no part in the result; of parts laid side by side, each has its own.
        Op.Slice slice => [graph.AmongZeros(g, slice, y.Inputs[0].Shape[slice.Axis].Size)],
        Op.Concat concat => OfConcat(graph, concat, y, g),

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

    private static Node?[] Both((Node A, Node B) gradients) => [gradients.A, gradients.B];

    /// <summary>
    /// With Y = A B: dA = G B^T and dB = A^T G; where an operand was given transposed, its gradient is transposed too,
    /// which only exchanges the factors.
    /// </summary>
    private static Node[] OfMatMul(GraphBuilder graph, Op.MatMul op, Node a, Node b, Node g) =>
    [
        op.TransposeLeft ? graph.MatMul(b, g, op.TransposeRight, true) : graph.MatMul(g, b, false, !op.TransposeRight),
        op.TransposeRight ? graph.MatMul(g, a, true, op.TransposeLeft) : graph.MatMul(a, g, !op.TransposeLeft, false),
    ];

    private static Node[] OfConcat(GraphBuilder graph, Op.Concat concat, Node y, Node g)
    {
        Node[] gradients = new Node[y.Inputs.Length];
        int start = 0;
        for (int i = 0; i < gradients.Length; i++)
        {
            int size = y.Inputs[i].Shape[concat.Axis].Size;
            gradients[i] = graph.Slice(g, concat.Axis, start, size);
            start += size;
        }

        return gradients;
    }

    private static Node Choose(GraphBuilder graph, Node select, Node whenTrue, Node whenFalse) =>
        graph.Add(select.Op, select.Shape, select.Inputs[0], select.Inputs[1], whenTrue, whenFalse);

    private static Node Zeros(GraphBuilder graph, Node like) => graph.Constant(0, like.Shape);
}
