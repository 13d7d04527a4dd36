using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Operations;

/// <summary>
/// Losses. Each is a composition whose last step reduces one value a sample; that vector is what the generated
/// <c>LossValues</c> shows, and is marked for it by its name.
/// </summary>
internal static class LossOperations
{
    /// <summary>The name of the node that holds one loss a sample.</summary>
    public const string PerSampleName = "LossValues";

    private const int ReductionSum = 1;

    /// <summary>
    /// torch.nn.CrossEntropyLoss with class indices. With q the smoothed one-hot target, the loss of a row is
    /// w_y (1-e) (-log p_y) + e/C sum_c w_c (-log p_c); the mean divides by the sum of w_y over the rows kept.
    /// </summary>
    public static Node CrossEntropy(OperationContext context)
    {
        GraphBuilder graph = context.Graph;
        bool isAttribute = context.Call.Operation == "CrossEntropyLoss";
        Node logits = context.Tensor(isAttribute ? "input" : "logits");
        Node labels = context.Tensor(isAttribute ? "target" : "labels");
        float smoothing = (float)context.Number("labelSmoothing");
        if (smoothing is not (>= 0 and <= 1))
        {
            throw context.RefuseOption($"labelSmoothing must be in [0, 1] but is {smoothing}");
        }

        RequireLogits(context, logits);
        Dim rows = logits.Shape[0];
        int classes = logits.Shape[1].Size;
        if (labels.Shape != new Shape(rows))
        {
            throw RefuseTarget(context, logits, labels, $"logits {logits.Shape} go with labels [{rows}] but were given {labels.Shape}");
        }

        // An ignored row has no loss and no weight, and no gradient whatever it would be multiplied by: chosen, not multiplied by 0.
        Node OfKept(Node value) => graph.Select(
            Comparison.Equal, labels, graph.Constant(context.Integer("ignoreIndex"), labels.Shape), graph.Constant(0, labels.Shape), graph.Reshape(value, labels.Shape)); // [n]

        // The one-hot row is made in registers: 1 where the class is the label.
        Node hard = graph.Select(
            Comparison.Equal,
            graph.Broadcast(graph.Reshape(graph.Add(new Op.Iota(), new Shape(classes)), new Shape(1, classes)), logits.Shape),
            graph.Broadcast(graph.Reshape(labels, new Shape(rows, 1)), logits.Shape),
            graph.Constant(1, logits.Shape),
            graph.Constant(0, logits.Shape));
        Node soft = graph.Constant(1, logits.Shape);
        Node rowWeight = graph.Constant(1, labels.Shape);
        if (context.OptionalNumbers("weight") is { } weight)
        {
            if (weight.Count != classes)
            {
                throw context.Refuse("GG1009", $"weight has {weight.Count} classes, logits {logits.Shape} have {classes}");
            }

            Node classWeight = graph.Broadcast(graph.Add(new Op.ConstantVector(weight), new Shape(classes)), logits.Shape);
            hard = graph.Product(hard, classWeight);
            soft = graph.Product(soft, classWeight);
            rowWeight = graph.Reduce(ReduceFunction.Sum, hard, [1]);
        }

        Node target = smoothing == 0
            ? hard
            : graph.Sum(graph.Product(hard, 1 - smoothing), graph.Product(soft, smoothing / classes));
        Node logProbabilities = ReductionOperations.LogSoftmax(graph, logits, 1);
        Node rowLosses = graph.Unary(UnaryFunction.Negate, graph.Reduce(ReduceFunction.Sum, graph.Product(target, logProbabilities), [1]));
        Node losses = OfKept(Named(graph.Reshape(rowLosses, labels.Shape), "RowLoss"));
        losses.Name ??= PerSampleName;
        Node sum = graph.Reduce(ReduceFunction.Sum, losses, [0]);
        sum.Name ??= "LossSum";
        if (context.Integer("reduction") == ReductionSum)
        {
            return graph.Reshape(sum, Shape.Scalar);
        }

        Node divisor = Named(graph.Reduce(ReduceFunction.Sum, OfKept(rowWeight), [0]), "LabelWeight");
        if (target != hard && rowWeight.Op is not Op.Constant)
        {
            // What smoothing adds is there also where the labels' weights are all 0, and is no more a number by their sum than the rest.
            divisor = graph.Select(Comparison.Equal, divisor, graph.Constant(0, divisor.Shape), graph.Constant(float.NaN, divisor.Shape), divisor);
        }

        return graph.Reshape(graph.Quotient(sum, divisor), Shape.Scalar);
    }

    /// <summary>Logits are [n, classes]. What comes from a convolution has a class a pixel or none, and needs an output layer.</summary>
    private static void RequireLogits(OperationContext context, Node logits)
    {
        Shape shape = logits.Shape;
        if (shape.Rank == 2)
        {
            return;
        }

        string remedy = shape.Rank < 2 ? ""
            : shape.Dims.Skip(2).All(size => size.IsOne)
                ? $"; make them two dimensions with 'Flatten(x)', which gives [{shape[0]}, {shape[1]}]"
                : "; end the network with a layer of one output a class, as in 'Output(Flatten(x))' with '[Linear(classes)] private partial Tensor Output(Tensor x);'";
        throw context.Refuse("GG1004", $"expects logits [n, classes], one row a sample, but was given {shape}{remedy}");
    }

    /// <summary>torch.nn.MSELoss: (x - t)^2.</summary>
    public static Node MeanSquaredError(OperationContext context) =>
        Elementwise(context, difference => context.Graph.Product(difference, difference));

    /// <summary>torch.nn.L1Loss: |x - t|.</summary>
    public static Node AbsoluteError(OperationContext context) =>
        Elementwise(context, difference => context.Graph.Unary(UnaryFunction.Abs, difference));

    /// <summary>The error of a target that does not fit: at its declaration, where it is the loss's own parameter and stands against the model's output.</summary>
    private static CompileException RefuseTarget(OperationContext context, Node input, Node target, string sentence) =>
        context.RefuseAt(input.Op is Op.ForwardOutput && target.Op is Op.Input ? target.Position : context.Call.Position, "GG1009", sentence);

    /// <summary>A shape as users declare it.</summary>
    private static string Written(Shape shape) => $"[Shape({string.Join(", ", shape.Dims.Select(dim => dim == Dim.Batch ? "Batch" : dim.ToString()))})]";

    private static Node Named(Node node, string name)
    {
        node.Name ??= name;
        return node;
    }

    private static Node Elementwise(OperationContext context, Func<Node, Node> of)
    {
        GraphBuilder graph = context.Graph;
        Node input = context.Tensor("input");
        Node target = context.Tensor("target");
        if (input.Shape != target.Shape)
        {
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

            // PyTorch broadcasts without a word, which is hardly ever meant.
            context.Warn("GG1101", $"the input {input.Shape} and the target {target.Shape} differ and are broadcast to {shape}");
        }

        // One value a sample first, then over the batch: the reduction of all of them.
        Node values = of(graph.Difference(input, target));
        bool isSum = context.Integer("reduction") == ReductionSum;
        int[] rest = [.. Enumerable.Range(1, Math.Max(0, values.Shape.Rank - 1))];
        Node losses = graph.Reshape(graph.Reduce(ReduceFunction.Sum, values, rest), new Shape(values.Shape.Rank == 0 ? 1 : values.Shape[0]));
        if (!isSum)
        {
            losses = graph.Product(losses, 1f / Shape.Product(values.Shape.Dims.Skip(1)).Size);
        }

        losses.Name ??= PerSampleName;
        Node sum = graph.Reduce(ReduceFunction.Sum, losses, [0]);
        return graph.Reshape(isSum ? sum : ReductionOperations.Mean(graph, losses, sum, [0]), Shape.Scalar);
    }
}
