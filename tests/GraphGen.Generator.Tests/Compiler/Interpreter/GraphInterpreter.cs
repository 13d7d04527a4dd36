using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Tests.Compiler.Interpreter;

/// <summary>
/// What every primitive means, in double precision and as plainly as it can be written: the reference that the rewritten
/// graphs, the gradients and the generated code are checked against. A value is its elements, row-major.
/// </summary>
internal sealed class GraphInterpreter(Bindings bindings)
{
    private readonly Dictionary<Node, double[]> _values = [];

    /// <summary>The elements of a value.</summary>
    public double[] Evaluate(Node root)
    {
        foreach (Node node in Node.Reachable([root], until: _values.ContainsKey))
        {
            if (!_values.ContainsKey(node))
            {
                double[] value = Compute(node, [.. node.Inputs.Select(input => _values[input])]);
                Assert.Equal(Count(node.Shape), value.Length);
                _values.Add(node, bindings.IsRounded ? [.. value.Select(element => (double)(float)element)] : value);
            }
        }

        return _values[root];
    }

    /// <summary>The sizes of a shape at this batch size.</summary>
    public int[] Sizes(Shape shape) => [.. shape.Dims.Select(dim => dim.PerSample ? dim.Size * bindings.Samples : dim.Size)];

    private int Count(Shape shape) => Sizes(shape).Aggregate(1, (product, size) => product * size);

    /// <summary>What a primitive makes of its operands' elements.</summary>
    public double[] Compute(Node node, double[][] x) => node.Op switch
    {
        Op.Input input => bindings.Inputs[input.Name],
        Op.Parameter parameter => bindings.Parameters[parameter.Index],
        Op.ForwardOutput output => bindings.ForwardOutputs[output.Index],
        Op.LossGradient => bindings.LossGradient,
        Op.OutputGradient output => bindings.OutputGradients[output.Index],
        Op.Constant constant => Fill(node, _ => constant.Value),
        Op.IntegerConstant constant => Fill(node, _ => constant.Value),
        Op.ConstantVector vector => [.. vector.Values.Select(value => (double)value)],
        Op.Iota => Fill(node, i => i % Sizes(node.Shape)[^1]),
        Op.InverseCount count => Fill(node, _ => 1.0 / (count.Factor * bindings.Samples)),
        Op.Uniform uniform => Fill(node, i => bindings.Uniform(uniform.Draw, i)),
        Op.Unary unary => Fill(node, i => unary.Function.Value(x[0][i])),
        Op.Binary binary => Fill(node, i => binary.Function.Value(x[0][i], x[1][i])),
        Op.Select select => Fill(node, i => select.Comparison.Holds(x[0][i], x[1][i]) ? x[2][i] : x[3][i]),
        Op.AddToGradient or Op.StraightThrough => x[0],
        Op.Reduce reduce => Reduce(node, reduce, x[0]),
        Op.Broadcast => Broadcast(node, x[0]),
        Op.Reshape => x[0],
        Op.Permute permute => Permute(node, permute.Order, x[0]),
        Op.Slice slice => Slice(node, slice, x[0]),
        Op.Concat concat => Concat(node, concat, x),
        Op.MatMul matMul => MatMul(node, matMul, x[0], x[1]),
        Op.Conv2d conv => Windows.Convolution(conv.Geometry, bindings.Samples, x[0], x[1]),
        Op.Conv2dInputGradient conv => Windows.InputGradient(conv.Geometry, bindings.Samples, x[0], x[1]),
        Op.Conv2dWeightGradient conv => Windows.WeightGradient(conv.Geometry, bindings.Samples, x[0], x[1]),
        Op.MaxPool2d pool => Windows.MaxPool(pool.Geometry, bindings.Samples, x[0]),
        Op.MaxPool2dWinners pool => Windows.Winners(pool.Geometry, bindings.Samples, x[0]),
        Op.MaxPool2dGradient pool => Windows.MaxPoolGradient(pool.Geometry, bindings.Samples, x[0], x[1]),
        Op.AveragePool2d pool => Windows.AveragePool(pool.Geometry, pool.CountIncludePad, bindings.Samples, x[0]),
        Op.AveragePool2dGradient pool => Windows.AveragePoolGradient(pool.Geometry, pool.CountIncludePad, bindings.Samples, x[0]),
        _ => throw new NotSupportedException($"The interpreter does not know {node}."),
    };

    private double[] Fill(Node node, Func<int, double> element) => [.. Enumerable.Range(0, Count(node.Shape)).Select(element)];

    private double[] Reduce(Node node, Op.Reduce reduce, double[] x)
    {
        int[] sizes = Sizes(node.Inputs[0].Shape);
        double[] result = Fill(node, _ => reduce.Function.Neutral);
        int[] strides = Strides(Sizes(node.Shape));
        for (int i = 0; i < x.Length; i++)
        {
            // An axis that is reduced has size 1 in the result: its position there is 0.
            int[] position = Position(i, sizes);
            int to = 0;
            for (int axis = 0; axis < sizes.Length; axis++)
            {
                to += reduce.Axes.Contains(axis) ? 0 : position[axis] * strides[axis];
            }

            result[to] = reduce.Function.Combine(result[to], x[i]);
        }

        return result;
    }

    private double[] Broadcast(Node node, double[] x)
    {
        int[] sizes = Sizes(node.Shape);
        int[] from = Sizes(node.Inputs[0].Shape);
        int[] strides = Strides(from);
        int extra = sizes.Length - from.Length;
        return Fill(node, i =>
        {
            int[] position = Position(i, sizes);
            int at = 0;
            for (int axis = 0; axis < from.Length; axis++)
            {
                at += from[axis] == 1 ? 0 : position[axis + extra] * strides[axis];
            }

            return x[at];
        });
    }

    private double[] Permute(Node node, IReadOnlyList<int> order, double[] x)
    {
        int[] sizes = Sizes(node.Shape);
        int[] strides = Strides(Sizes(node.Inputs[0].Shape));
        return Fill(node, i =>
        {
            int[] position = Position(i, sizes);
            return x[position.Select((p, axis) => p * strides[order[axis]]).Sum()];
        });
    }

    private double[] Slice(Node node, Op.Slice slice, double[] x)
    {
        int[] sizes = Sizes(node.Shape);
        int[] strides = Strides(Sizes(node.Inputs[0].Shape));
        return Fill(node, i => x[Position(i, sizes).Select((p, axis) => (axis == slice.Axis ? slice.Start + (p * slice.Step) : p) * strides[axis]).Sum()]);
    }

    private double[] Concat(Node node, Op.Concat concat, double[][] x)
    {
        int[] sizes = Sizes(node.Shape);
        return Fill(node, i =>
        {
            int[] position = Position(i, sizes);
            int part = 0;
            for (; position[concat.Axis] >= node.Inputs[part].Shape[concat.Axis].Size; part++)
            {
                position[concat.Axis] -= node.Inputs[part].Shape[concat.Axis].Size;
            }

            int[] strides = Strides(Sizes(node.Inputs[part].Shape));
            return x[part][position.Select((p, axis) => p * strides[axis]).Sum()];
        });
    }

    private double[] MatMul(Node node, Op.MatMul op, double[] a, double[] b)
    {
        int[] left = Sizes(node.Inputs[0].Shape);
        int[] right = Sizes(node.Inputs[1].Shape);
        (int m, int k) = op.TransposeLeft ? (left[^1], left[^2]) : (left[^2], left[^1]);
        (int inner, int n) = op.TransposeRight ? (right[^1], right[^2]) : (right[^2], right[^1]);
        Assert.Equal(k, inner);
        Assert.Equal(left[..^2], right[..^2]);
        double[] result = new double[Count(node.Shape)];
        for (int matrix = 0; matrix < result.Length / (m * n); matrix++)
        {
            for (int i = 0; i < m; i++)
            {
                for (int j = 0; j < n; j++)
                {
                    double sum = 0;
                    for (int p = 0; p < k; p++)
                    {
                        double l = a[(matrix * m * k) + (op.TransposeLeft ? (p * m) + i : (i * k) + p)];
                        double r = b[(matrix * k * n) + (op.TransposeRight ? (j * k) + p : (p * n) + j)];
                        sum += l * r;
                    }

                    result[(matrix * m * n) + (i * n) + j] = sum;
                }
            }
        }

        return result;
    }

    private static int[] Strides(int[] sizes)
    {
        int[] strides = new int[sizes.Length];
        int stride = 1;
        for (int axis = sizes.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = stride;
            stride *= sizes[axis];
        }

        return strides;
    }

    private static int[] Position(int index, int[] sizes)
    {
        int[] position = new int[sizes.Length];
        for (int axis = sizes.Length - 1; axis >= 0; axis--)
        {
            (index, position[axis]) = Math.DivRem(index, sizes[axis]);
        }

        return position;
    }
}
