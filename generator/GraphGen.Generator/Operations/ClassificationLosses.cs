using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Operations;

/// <summary>Losses of scores against classes: [n, classes] with labels [n], or [n, classes, d...] with labels [n, d...].</summary>
internal static class ClassificationLosses
{
    /// <summary>An index that no label has: nothing is ignored.</summary>
    private const int NoIndex = int.MinValue;

    /// <summary>
    /// torch.nn.CrossEntropyLoss. Of class labels, with q the smoothed one-hot target: w_y (1-e) (-log p_y) + e/C sum_c w_c (-log p_c);
    /// the mean divides by the sum of w_y over the rows kept. Of probabilities t: sum_c w_c ((1-e) t_c + e/C) (-log p_c); the mean
    /// divides by the number of rows.
    /// </summary>
    public static Node CrossEntropy(OperationContext context)
    {
        Node logits = context.Tensor(context.Has("logits") ? "logits" : "input");
        Node target = context.Tensor(context.Has("labels") ? "labels" : "target");
        float smoothing = context.Between("labelSmoothing", 0, 1);
        return target.Type == DataType.Int32
            ? OfLabels(context, logits, target, smoothing, scores => ReductionOperations.LogSoftmax(context.Graph, scores, scores.Shape.Rank - 1))
            : OfProbabilities(context, logits, target, smoothing);
    }

    /// <summary>torch.nn.NLLLoss, of log-probabilities: -w_y x_y; the mean divides by the sum of w_y over the rows kept.</summary>
    public static Node NegativeLogLikelihood(OperationContext context) =>
        OfLabels(context, context.Tensor("input"), context.Tensor("target"), smoothing: 0, scores => scores);

    /// <summary>torch.nn.MultiMarginLoss: w_y / C times the sum over the other classes c of max(0, margin - x_y + x_c)^p.</summary>
    public static Node MultiMargin(OperationContext context)
    {
        GraphBuilder graph = context.Graph;
        Node x = context.Tensor("input");
        Node labels = context.Tensor("target");
        RequireMatrix(context, x);
        RequireLabels(context, x, labels, new Shape(x.Shape[0]), NoIndex, "");
        int p = context.Integer("p");
        if (p is not (1 or 2))
        {
            throw context.RefuseOption("p", $"p must be 1 or 2 but is {p}");
        }

        int classes = x.Shape[1].Size;
        Node isLabel = OneHot(graph, labels, x.Shape); // [n, classes]
        Node own = graph.Reduce(ReduceFunction.Sum, graph.Product(isLabel, x), [1]); // [n, 1]
        Node lag = graph.Difference(graph.Binary(BinaryFunction.Add, x, (float)context.Number("margin")), graph.Broadcast(own, x.Shape));
        Node hinge = graph.Unary(UnaryFunction.Relu, lag);
        Node values = p == 1 ? hinge : graph.Product(hinge, hinge);
        if (ClassWeight(context, x.Shape) is { } weight)
        {
            Node ownWeight = graph.Reduce(ReduceFunction.Sum, graph.Product(isLabel, weight), [1]); // [n, 1]
            values = graph.Product(values, graph.Broadcast(ownWeight, x.Shape));
        }

        Node others = graph.Select(Comparison.Equal, isLabel, graph.Constant(1, x.Shape), graph.Constant(0, x.Shape), values);
        Node losses = graph.Product(graph.Reduce(ReduceFunction.Sum, others, [1]), 1f / classes);
        return LossReduction.Apply(context, graph.Reshape(losses, labels.Shape));
    }

    /// <summary>
    /// torch.nn.MultiLabelMarginLoss: 1 / C times the sum, over the labels a of a row up to its first -1 and all classes c that are none of
    /// them, of max(0, 1 - (x_a - x_c)).
    /// </summary>
    public static Node MultiLabelMargin(OperationContext context)
    {
        GraphBuilder graph = context.Graph;
        Node x = context.Tensor("input");
        Node labels = context.Tensor("target");
        RequireMatrix(context, x);
        RequireLabels(context, x, labels, x.Shape, -1, "after the last label of a sample");
        Dim rows = x.Shape[0];
        int classes = x.Shape[1].Size;
        Shape square = new(rows, classes, classes);
        Node Zero(Shape shape) => graph.Constant(0, shape);
        Node AlongRow(Node value) => graph.Broadcast(graph.Reshape(value, new Shape(rows, 1, classes)), square); // its class is the last axis
        Node AlongColumn(Node value) => graph.Broadcast(graph.Reshape(value, new Shape(rows, classes, 1)), square); // its class is the middle axis
        Node positions = graph.Add(new Op.Iota(), new Shape(classes));
        Node column = graph.Broadcast(graph.Reshape(positions, new Shape(1, 1, classes)), square);
        Node row = graph.Broadcast(graph.Reshape(positions, new Shape(1, classes, 1)), square);

        // A place of the list counts if no place up to it is negative.
        Node negative = graph.Mask(Comparison.Greater, graph.IntegerConstant(0, square), AlongRow(labels));
        Node negativeBefore = graph.Select(Comparison.Greater, column, row, Zero(square), negative);
        Node ends = graph.Reduce(ReduceFunction.Max, negativeBefore, [2]); // [n, places, 1]
        Node counts = graph.Mask(Comparison.Equal, ends, Zero(ends.Shape));

        // How often each class is listed: rows of the square are classes, columns places.
        Node listed = graph.Select(Comparison.Equal, AlongRow(labels), row, AlongRow(counts), Zero(square));
        Node times = graph.Reduce(ReduceFunction.Sum, listed, [2]); // [n, classes, 1]

        // Rows are listed classes a, columns the others c.
        Node lag = graph.Sum(graph.Difference(graph.Constant(1, square), AlongColumn(x)), AlongRow(x));
        Node weighted = graph.Product(graph.Unary(UnaryFunction.Relu, lag), AlongColumn(times));
        Node pairs = graph.Select(Comparison.Equal, AlongRow(times), Zero(square), weighted, Zero(square));
        Node losses = graph.Product(graph.Reduce(ReduceFunction.Sum, pairs, [1, 2]), 1f / classes);
        return LossReduction.Apply(context, graph.Reshape(losses, new Shape(rows)));
    }

    /// <summary>-sum_c q_c s_c of the scores s that are made of what is given, with q the weighted one-hot target.</summary>
    private static Node OfLabels(OperationContext context, Node input, Node labels, float smoothing, Func<Node, Node> scoresOf)
    {
        GraphBuilder graph = context.Graph;
        RequireClasses(context, input, labels);
        int ignoreIndex = context.Integer("ignoreIndex");
        RequireLabels(context, input, labels, Rows(input.Shape), ignoreIndex, labels.Shape.Rank == 1 ? "for samples that do not count" : "for places that do not count");
        Node rows = ClassesLast(graph, input); // [n, d..., classes]
        int last = rows.Shape.Rank - 1;
        int classes = rows.Shape[last].Size;

        // An ignored row has no loss and no weight, and no gradient whatever it would be multiplied by: chosen, not multiplied by 0.
        Node OfKept(Node value) => graph.Select(
            Comparison.Equal, labels, graph.IntegerConstant(ignoreIndex, labels.Shape), graph.Constant(0, labels.Shape), graph.Reshape(value, labels.Shape)); // [n, d...]

        // The one-hot row is made in registers: 1 where the class is the label.
        Node hard = OneHot(graph, labels, rows.Shape);
        Node soft = graph.Constant(1, rows.Shape);
        Node rowWeight = graph.Constant(1, labels.Shape);
        if (ClassWeight(context, rows.Shape) is { } classWeight)
        {
            hard = graph.Product(hard, classWeight);
            soft = graph.Product(soft, classWeight);
            rowWeight = graph.Reduce(ReduceFunction.Sum, hard, [last]);
        }

        Node target = smoothing == 0
            ? hard
            : graph.Sum(graph.Product(hard, 1 - smoothing), graph.Product(soft, smoothing / classes));
        Node rowLosses = graph.Unary(UnaryFunction.Negate, graph.Reduce(ReduceFunction.Sum, graph.Product(target, scoresOf(rows)), [last]));
        Node losses = OfKept(Named(graph.Reshape(rowLosses, labels.Shape), "RowLoss"));
        return LossReduction.Weighted(context, losses, () =>
        {
            Node divisor = Named(graph.Reduce(ReduceFunction.Sum, OfKept(rowWeight), Enumerable.Range(0, labels.Shape.Rank)), "LabelWeight");

            // What smoothing adds is there also where the labels' weights are all 0, and is no more a number by their sum than the rest.
            return graph.Reshape(
                target != hard && rowWeight.Op is not Op.Constant
                    ? graph.Select(Comparison.Equal, divisor, graph.Constant(0, divisor.Shape), graph.Constant(float.NaN, divisor.Shape), divisor)
                    : divisor,
                new Shape(1));
        });
    }

    private static Node OfProbabilities(OperationContext context, Node logits, Node target, float smoothing)
    {
        GraphBuilder graph = context.Graph;
        if (logits.Shape.Rank < 2 || target.Shape != logits.Shape)
        {
            throw LossOperands.RefuseTarget(context, logits, target, $"logits {logits.Shape} go with probabilities {logits.Shape} or with labels (IntTensor) {(logits.Shape.Rank < 2 ? "[n]" : Rows(logits.Shape))} but were given {target.Shape}");
        }

        Node rows = ClassesLast(graph, logits); // [n, d..., classes]
        Node probabilities = ClassesLast(graph, target);
        int last = rows.Shape.Rank - 1;
        if (smoothing != 0)
        {
            probabilities = graph.Binary(BinaryFunction.Add, graph.Product(probabilities, 1 - smoothing), smoothing / rows.Shape[last].Size);
        }

        if (ClassWeight(context, rows.Shape) is { } weight)
        {
            probabilities = graph.Product(probabilities, weight);
        }

        Node products = graph.Product(probabilities, ReductionOperations.LogSoftmax(graph, rows, last));
        Node losses = graph.Unary(UnaryFunction.Negate, graph.Reduce(ReduceFunction.Sum, products, [last]));
        return LossReduction.Apply(context, graph.Reshape(losses, Rows(logits.Shape)));
    }

    /// <summary>[n, classes, d...] as [n, d..., classes].</summary>
    private static Node ClassesLast(GraphBuilder graph, Node x) =>
        x.Shape.Rank == 2 ? x : graph.Permute(x, [0, .. Enumerable.Range(2, x.Shape.Rank - 2), 1]);

    /// <summary>The shape of the labels that go with scores [n, classes, d...]: [n, d...].</summary>
    private static Shape Rows(Shape scores) => new(scores.Dims.Where((_, axis) => axis != 1).ToArray());

    /// <summary>1 where the class, along the last axis, is the label of the row.</summary>
    private static Node OneHot(GraphBuilder graph, Node labels, Shape shape)
    {
        int classes = shape[shape.Rank - 1].Size;
        Shape row = shape.WithOnes(Enumerable.Range(0, shape.Rank - 1));
        return graph.Mask(
            Comparison.Equal,
            graph.Broadcast(graph.Reshape(graph.Add(new Op.Iota(), new Shape(classes)), row), shape),
            graph.Broadcast(graph.Reshape(labels, shape.WithOnes([shape.Rank - 1])), shape));
    }

    /// <summary>The weights of the classes, constants or a tensor [classes], along the last axis; <see langword="null"/> without.</summary>
    private static Node? ClassWeight(OperationContext context, Shape rows)
    {
        GraphBuilder graph = context.Graph;
        Node? weight = context.OptionalNumbers("weight") is { } numbers
            ? graph.Add(new Op.ConstantVector(numbers), new Shape(numbers.Count))
            : context.OptionalTensor("weight");
        if (weight is null)
        {
            return null;
        }

        int classes = rows[rows.Rank - 1].Size;
        return weight.Shape == new Shape(classes)
            ? graph.Broadcast(weight, rows)
            : throw context.RefuseOperand("weight", "GG1009", $"weight has {(weight.Shape.Rank == 1 && !weight.Shape.IsPerSample ? $"{weight.Shape[0]} classes" : $"the shape {weight.Shape}")}, logits {context.Tensor(context.Has("logits") ? "logits" : "input").Shape} have {classes} classes");
    }

    private static void RequireLabels(OperationContext context, Node input, Node labels, Shape expected, int ignoreIndex, string meaning)
    {
        if (labels.Shape != expected)
        {
            throw LossOperands.RefuseTarget(context, input, labels, $"logits {input.Shape} go with labels {expected} but were given {labels.Shape}");
        }

        context.RequireLabels(labels, input.Shape[1].Size, ignoreIndex, meaning);
    }

    /// <summary>Scores have their classes in the second dimension. What comes from a convolution has a class a pixel, whose labels are a number a pixel, or none, and needs an output layer.</summary>
    private static void RequireClasses(OperationContext context, Node input, Node labels)
    {
        Shape shape = input.Shape;
        if (shape.Rank == 2 || (shape.Rank > 2 && labels.Shape.Rank > 1))
        {
            return;
        }

        string remedy = shape.Rank < 2 ? ""
            : shape.Dims.Skip(2).All(size => size.IsOne)
                ? $"; make them two dimensions with 'Flatten(x)', which gives [{shape[0]}, {shape[1]}]"
                : "; end the network with a layer of one output a class, as in 'Output(Flatten(x))' with '[Linear(classes)] private partial Tensor Output(Tensor x);'";
        throw context.Refuse("GG1004", $"expects logits [n, classes], one row a sample, but was given {shape}{remedy}");
    }

    private static void RequireMatrix(OperationContext context, Node input)
    {
        if (input.Shape.Rank != 2)
        {
            throw context.Refuse("GG1004", $"expects scores [n, classes], one row a sample, but was given {input.Shape}");
        }
    }

    private static Node Named(Node node, string name)
    {
        node.Name ??= name;
        return node;
    }
}
