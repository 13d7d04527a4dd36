namespace GraphGen.Generator.Graph;

/// <content>Movement: views of the same elements, or copies where no kernel can read them as they lie.</content>
public abstract partial record Op
{
    /// <summary>The same elements, seen in another way.</summary>
    public abstract record View : Op
    {
        internal sealed override OpRole Role => OpRole.View;

        internal sealed override DataType TypeOf(IReadOnlyList<Node> inputs) => inputs[0].Type;
    }

    /// <summary>Repeats along axes of size 1 and along new leading axes.</summary>
    public sealed record Broadcast : View
    {
        /// <summary>The sum over the repeats.</summary>
        internal override Node?[] Gradients(GraphBuilder graph, Node y, Node g) => [graph.SumTo(g, y.Inputs[0].Shape)];
    }

    public sealed record Reshape : View
    {
        internal override Node?[] Gradients(GraphBuilder graph, Node y, Node g) => [graph.Reshape(g, y.Inputs[0].Shape)];
    }

    public sealed record Permute(EquatableArray<int> Order) : View
    {
        /// <summary>The order that undoes it.</summary>
        public int[] Inverse
        {
            get
            {
                int[] inverse = new int[Order.Count];
                for (int axis = 0; axis < inverse.Length; axis++)
                {
                    inverse[Order[axis]] = axis;
                }

                return inverse;
            }
        }

        internal override Node?[] Gradients(GraphBuilder graph, Node y, Node g) => [graph.Permute(g, Inverse)];
    }

    /// <summary>Of one axis the elements at <paramref name="Start"/>, <paramref name="Start"/> + <paramref name="Step"/>, ...; as many as the shape says. A negative step walks backwards.</summary>
    public sealed record Slice(int Axis, int Start, int Step) : View
    {
        /// <summary>What was not read has no part in the result.</summary>
        internal override Node?[] Gradients(GraphBuilder graph, Node y, Node g) => [graph.AmongZeros(g, this, y.Inputs[0].Shape[Axis].Size)];
    }

    /// <summary>Its operands one after the other along an axis.</summary>
    public sealed record Concat(int Axis) : Op
    {
        internal override OpRole Role => OpRole.Parts;

        internal override DataType TypeOf(IReadOnlyList<Node> inputs) => inputs[0].Type;

        /// <summary>Each operand has its own part of the gradient.</summary>
        internal override Node?[] Gradients(GraphBuilder graph, Node y, Node g)
        {
            Node[] gradients = new Node[y.Inputs.Length];
            int start = 0;
            for (int i = 0; i < gradients.Length; i++)
            {
                int size = y.Inputs[i].Shape[Axis].Size;
                gradients[i] = graph.Slice(g, Axis, start, size);
                start += size;
            }

            return gradients;
        }
    }
}
