namespace GraphGen.Generator.Graph;

/// <content>Pooling.</content>
public abstract partial record Op
{
    /// <summary>x [n, h, w, c] to [n, oh, ow, c]; padding counts as minus infinity.</summary>
    public sealed record MaxPool2d(PoolGeometry Geometry) : Op
    {
        internal override OpRole Role => OpRole.MaxPooling;

        /// <summary>The gradient goes to the place of the window that won.</summary>
        internal override Node?[] Gradients(GraphBuilder graph, Node y, Node g) =>
            [graph.MaxPool2dGradient(g, graph.MaxPool2dWinners(y.Inputs[0], Geometry), Geometry)];
    }

    /// <summary>Which place of its window won (row-major, the first of equals, the last NaN if there is one), a byte an element.</summary>
    public sealed record MaxPool2dWinners(PoolGeometry Geometry) : Op
    {
        internal override OpRole Role => OpRole.Winners;

        internal override DataType TypeOf(IReadOnlyList<Node> inputs) => DataType.Byte;

        internal override Node?[] Gradients(GraphBuilder graph, Node y, Node g) => [null];
    }

    /// <summary>(gradient [n, oh, ow, c], winners) to the gradient of x.</summary>
    public sealed record MaxPool2dGradient(PoolGeometry Geometry) : Op
    {
        internal override OpRole Role => OpRole.MaxPoolingGradient;

        internal override Node?[] Gradients(GraphBuilder graph, Node y, Node g) => OfTheWayBack(y);
    }

    public sealed record AveragePool2d(PoolGeometry Geometry, bool CountIncludePad) : Op
    {
        internal override OpRole Role => OpRole.AveragePooling;

        internal override Node?[] Gradients(GraphBuilder graph, Node y, Node g) => [graph.AveragePool2dGradient(g, Geometry, CountIncludePad)];
    }

    public sealed record AveragePool2dGradient(PoolGeometry Geometry, bool CountIncludePad) : Op
    {
        internal override OpRole Role => OpRole.AveragePoolingGradient;

        internal override Node?[] Gradients(GraphBuilder graph, Node y, Node g) => OfTheWayBack(y);
    }
}
