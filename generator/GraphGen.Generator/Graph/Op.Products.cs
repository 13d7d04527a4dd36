namespace GraphGen.Generator.Graph;

/// <content>Contractions.</content>
public abstract partial record Op
{
    /// <summary>[..., m, k] times [..., k, n], either side transposed in its last two axes.</summary>
    public sealed record MatMul(bool TransposeLeft, bool TransposeRight) : Op
    {
        internal override OpRole Role => OpRole.Product;

        /// <summary>
        /// With Y = A B: dA = G B^T and dB = A^T G; where an operand was given transposed, its gradient is transposed too,
        /// which only exchanges the factors.
        /// </summary>
        internal override Node?[] Gradients(GraphBuilder graph, Node y, Node g)
        {
            (Node a, Node b) = (y.Inputs[0], y.Inputs[1]);
            return
            [
                TransposeLeft ? graph.MatMul(b, g, TransposeRight, true) : graph.MatMul(g, b, false, !TransposeRight),
                TransposeRight ? graph.MatMul(g, a, true, TransposeLeft) : graph.MatMul(a, g, !TransposeLeft, false),
            ];
        }
    }

    /// <summary>(x [n, h, w, c], weight [o, c/groups, kh, kw]) to [n, oh, ow, o].</summary>
    public sealed record Conv2d(ConvolutionGeometry Geometry) : Op
    {
        internal override OpRole Role => OpRole.Convolution;

        internal override Node?[] Gradients(GraphBuilder graph, Node y, Node g) =>
            [graph.Conv2dInputGradient(g, y.Inputs[1], Geometry), graph.Conv2dWeightGradient(y.Inputs[0], g, Geometry)];
    }

    /// <summary>(gradient [n, oh, ow, o], weight) to the gradient of x.</summary>
    public sealed record Conv2dInputGradient(ConvolutionGeometry Geometry) : Op
    {
        internal override OpRole Role => OpRole.ConvolutionInputGradient;

        internal override Node?[] Gradients(GraphBuilder graph, Node y, Node g) => OfTheWayBack(y);
    }

    /// <summary>(x, gradient [n, oh, ow, o]) to the gradient of weight.</summary>
    public sealed record Conv2dWeightGradient(ConvolutionGeometry Geometry) : Op
    {
        internal override OpRole Role => OpRole.ConvolutionWeightGradient;

        internal override Node?[] Gradients(GraphBuilder graph, Node y, Node g) => OfTheWayBack(y);
    }
}
