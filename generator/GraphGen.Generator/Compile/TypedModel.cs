using GraphGen.Generator.Definition;
using GraphGen.Generator.Graph;
using GraphGen.Generator.Operations;

namespace GraphGen.Generator.Compile;

/// <summary>The model after the shape stage: its functions as graphs of primitives whose every value has a shape.</summary>
/// <param name="Graph">Where its nodes live.</param>
/// <param name="Parameters">Its parameters, in the order of the block.</param>
/// <param name="Inputs">The arguments of the forward method.</param>
/// <param name="Outputs">What it returns.</param>
/// <param name="Loss">Its loss, if it has one.</param>
/// <param name="Labels">The arguments, of the forward method or the loss, that are class labels, and what they may be.</param>
/// <param name="Probabilities">The arguments that are probabilities.</param>
/// <param name="Layers">The lines of its summary.</param>
/// <param name="Warnings">What is legal but hardly meant.</param>
internal sealed record TypedModel(
    GraphBuilder Graph,
    IReadOnlyList<ParameterInfo> Parameters,
    IReadOnlyList<Node> Inputs,
    IReadOnlyList<TypedOutput> Outputs,
    TypedLoss? Loss,
    IReadOnlyList<LabelRange> Labels,
    IReadOnlyList<string> Probabilities,
    IReadOnlyList<LayerRow> Layers,
    IReadOnlyCollection<CompileError> Warnings)
{
    /// <summary>What the user calls the outputs; empty for a model that returns a tensor.</summary>
    public IReadOnlyList<string> OutputNames { get; } = [.. Outputs.Select(output => output.Name).OfType<string>()];
}

/// <summary>An output of the model after the shape stage.</summary>
/// <param name="Name">What the user calls it; <see langword="null"/> for the output of a model that returns a tensor.</param>
/// <param name="Training">The value in training: dropout drops.</param>
/// <param name="Inference">The value at inference.</param>
internal sealed record TypedOutput(string? Name, Node Training, Node Inference)
{
    public Shape Shape => Inference.Shape;
}

/// <summary>The loss after the shape stage.</summary>
/// <param name="Outputs">The model's outputs, as the loss sees them.</param>
/// <param name="Inputs">Its further arguments: targets.</param>
/// <param name="IsReduced">Whether it is one number; else it is one a sample, or more.</param>
/// <param name="Value">The scalar, or the values.</param>
/// <param name="Evaluated">The same at inference: dropout in the loss drops nothing there.</param>
/// <param name="PerSample">One value a sample, where the loss is a reduction of such.</param>
internal sealed record TypedLoss(IReadOnlyList<Node> Outputs, IReadOnlyList<Node> Inputs, bool IsReduced, Node Value, Node Evaluated, Node? PerSample)
{
    /// <summary>Where the gradients of the loss begin: at 1, or at what the caller gives.</summary>
    public Node Seed(GraphBuilder graph) => IsReduced ? graph.Constant(1, Shape.Scalar) : graph.Add(new Op.LossGradient(), Value.Shape);
}

/// <summary>A line of the summary: an operation of the forward method, and the shape it makes.</summary>
internal sealed record LayerRow(string Name, string Operation, Shape Output, int Parameters);

/// <summary>The shape stage.</summary>
internal static class Typing
{
    public static TypedModel Apply(ModelDefinition model)
    {
        GraphBuilder graph = new();
        ParameterTable parameters = new(model.Layers);
        DeclareParameters(model, graph, parameters);

        List<Node> inputs = [.. model.Forward.Arguments.Select(argument => Input(graph, argument, isPerSample: true))];
        List<LayerRow> layers = [];
        IReadOnlyList<Node> inference = Build(graph, parameters, model.Forward, inputs, training: false, layers);

        // Training keeps a copy of its inputs: the backward pass reads them after the caller may have changed them.
        IReadOnlyList<Node> training = Build(graph, parameters, model.Forward, [.. inputs.Select(input => Copy(graph, input))], training: true);
        List<TypedOutput> outputs = [.. model.Forward.Results.Select((result, i) => new TypedOutput(result.Name, training[i], inference[i]))];
        RequireBatch(model.Forward, outputs);

        WarnOfUnused(model, parameters);
        TypedLoss? loss = model.Loss is { } definition ? Loss(graph, parameters, definition, model.IsLossReduced, [.. outputs.Select(output => output.Shape)]) : null;
        return new TypedModel(graph, parameters.Parameters, inputs, outputs, loss, [.. parameters.Labels], [.. parameters.Probabilities], layers, parameters.Warnings);
    }

    /// <summary>Parameters take their place in the block in the order of the declarations, not of their use: layers with inferred sizes follow on use.</summary>
    private static void DeclareParameters(ModelDefinition model, GraphBuilder graph, ParameterTable parameters)
    {
        // A dry run over a scratch graph finds every layer's shapes; the block is then laid out in order of declaration.
        GraphBuilder scratch = new();
        ParameterTable found = new(model.Layers);
        List<Node> inputs = [.. model.Forward.Arguments.Select(argument => Input(scratch, argument, isPerSample: true))];
        IReadOnlyList<Node> outputs = Build(scratch, found, model.Forward, inputs, training: false);
        if (model.Loss is { } loss)
        {
            Build(scratch, found, loss, LossArguments(scratch, loss, OutputsOf(scratch, [.. outputs.Select(output => output.Shape)])), training: false);
        }

        foreach (LayerDefinition layer in model.Layers)
        {
            string prefix = layer.Kind == "Parameter" ? layer.Name : Identifiers.Camel(layer.Name) + ".";
            foreach (ParameterInfo parameter in found.Parameters.Where(p => layer.Kind == "Parameter" ? p.Name == prefix : p.Name.StartsWith(prefix, StringComparison.Ordinal)))
            {
                parameters.Declare(graph, parameter);
            }
        }
    }

    private static IReadOnlyList<Node> Build(GraphBuilder graph, ParameterTable parameters, FunctionDefinition function, IReadOnlyList<Node> arguments, bool training, List<LayerRow>? rows = null)
    {
        List<Node> values = [.. arguments];
        List<string?> subjects = [.. arguments.Select(argument => argument.Name)];
        foreach (Call call in function.Calls)
        {
            OperationContext context = new(graph, parameters, call, values, training);
            Node value = Apply(context);
            // Values are named after the last layer they passed and what was done since: Conv1MaxPool2d.
            string? subject = call.Layer is { } layer ? Identifiers.Pascal(layer) : call.Values.Select(value => subjects[value]).FirstOrDefault();
            if (!value.Op.IsLeaf)
            {
                value.Name ??= call.Layer is not null ? subject : subject + call.Operation;
            }

            subjects.Add(subject);
            rows?.Add(new LayerRow(call.Layer ?? "", call.Operation, value.Shape, call.Layer is null ? 0 : LengthOf(call.Layer, parameters)));
            value.Position = value.Position < 0 ? call.Position : value.Position;
            values.Add(value);
        }

        return [.. function.Results.Select(result => values[result.Value])];
    }

    private static Node Apply(OperationContext context)
    {
        if (!OperationCatalog.Operations.TryGetValue(context.Call.Operation, out Func<OperationContext, Node>? operation))
        {
            throw context.Refuse("GG1999", $"the compiler does not know the operation {context.Call.Operation}");
        }

        try
        {
            return operation(context);
        }
        catch (ShapeException exception)
        {
            throw context.Refuse(exception);
        }
    }

    private static TypedLoss Loss(GraphBuilder graph, ParameterTable parameters, FunctionDefinition definition, bool isReduced, IReadOnlyList<Shape> shapes)
    {
        List<Node> outputs = OutputsOf(graph, shapes);
        List<Node> arguments = LossArguments(graph, definition, outputs);
        Node value = Build(graph, parameters, definition, arguments, training: true)[0];
        Node evaluated = Build(graph, parameters, definition, arguments, training: false)[0];
        RequireReduction(definition, isReduced, value.Shape);
        Node? perSample = !isReduced ? null : Node.Reachable([value]).LastOrDefault(node => node.Name == LossReduction.PerSampleName && node.Shape == new Shape(Dim.Batch));
        value.Name ??= "LossValue";
        evaluated.Name ??= "LossValue";
        List<Node> inputs = [.. arguments.Where(argument => argument.Op is Op.Input)];
        (value, evaluated) = isReduced
            ? (graph.Reshape(value, Shape.Scalar), graph.Reshape(evaluated, Shape.Scalar))
            : (OfCopies(graph, [value], inputs)[0], evaluated); // its gradient is given later than the targets are
        return new TypedLoss(outputs, inputs, isReduced, value, evaluated, perSample);
    }

    /// <summary>Values with copies in the place of some inputs.</summary>
    private static IReadOnlyList<Node> OfCopies(GraphBuilder graph, IReadOnlyList<Node> values, IEnumerable<Node> inputs)
    {
        GraphRewriter copies = new(graph, []);
        foreach (Node input in inputs)
        {
            copies.Replace(input, Copy(graph, input));
        }

        return [.. values.Select(copies.Rewrite)];
    }

    private static void RequireReduction(FunctionDefinition loss, bool isReduced, Shape shape)
    {
        bool isRight = isReduced ? shape.Elements.IsOne : shape.Rank > 0 && shape[0] == Dim.Batch;
        if (!isRight)
        {
            int position = loss.Calls.Count > 0 ? loss.Calls[loss.Calls.Count - 1].Position : -1;
            bool canBeUnreduced = shape.Rank > 0 && shape[0] == Dim.Batch;
            string sentence = isReduced
                ? $"a loss is one number, so reduce it with Sum or Mean{(canBeUnreduced ? ", or mark it as [Loss(Unreduced = true)]" : "")}"
                : "a loss that is not reduced has a value for each sample, [n] or [n, ...]";
            throw new CompileException("GG1012", position, loss.Name, $"returns {shape}; {sentence}");
        }
    }

    /// <summary>What the forward pass returned, as the loss sees it.</summary>
    private static List<Node> OutputsOf(GraphBuilder graph, IReadOnlyList<Shape> shapes) => [.. shapes.Select((shape, i) => graph.Add(new Op.ForwardOutput(i), shape))];

    private static List<Node> LossArguments(GraphBuilder graph, FunctionDefinition definition, List<Node> outputs) =>
        [.. definition.Arguments.Select(argument => argument.Output is { } output ? OfShape(outputs[output], argument) : Input(graph, argument, isPerSample: false))];

    /// <summary>An output of the model, whose shape a loss may repeat.</summary>
    private static Node OfShape(Node output, ArgumentDefinition argument)
    {
        Shape? declared = argument.Shape is { } sizes ? ToShape(sizes) : null;
        return declared is null || declared == output.Shape
            ? output
            : throw new CompileException("GG1009", argument.Position, argument.Name, $"the output is {output.Shape} but its [Shape] says {declared}");
    }

    private static Shape ToShape(EquatableArray<int> sizes) => new(sizes.Select(size => size == -1 ? Dim.Batch : size).ToArray());

    /// <summary>What the caller gives. A loss can be given what belongs to no sample, such as weights of classes.</summary>
    private static Node Input(GraphBuilder graph, ArgumentDefinition argument, bool isPerSample)
    {
        if (argument.Shape is not { } sizes)
        {
            throw new CompileException("GG1004", argument.Position, argument.Name, "needs a [Shape], such as [Shape(Batch, 1, 28, 28)]");
        }

        if (sizes.Count == 0 || (isPerSample && sizes[0] != -1) || sizes.Skip(1).Any(size => size < 1))
        {
            throw new CompileException("GG1010", argument.Position, argument.Name, $"has the shape [{string.Join(", ", sizes)}]: Batch must be its first dimension, and only that");
        }

        Shape shape = ToShape(sizes);
        if (!shape.IsCountable)
        {
            throw new CompileException("GG1011", argument.Position, argument.Name, $"a sample of {shape} has more than {Shape.MaximumElements} elements, the most that a tensor can have");
        }

        Node input = Named(graph.Add(new Op.Input(argument.Name, argument.IsInteger ? DataType.Int32 : DataType.Float), shape), argument.Name);
        input.Position = argument.Position;
        return input;
    }

    /// <summary>A layer has parameters only where it is called: without, those of the PyTorch model that it was copied from have no place.</summary>
    private static void WarnOfUnused(ModelDefinition model, ParameterTable parameters)
    {
        HashSet<string?> used = [.. model.Forward.Calls.Concat(model.Loss?.Calls ?? []).Select(call => call.Layer)];
        foreach (LayerDefinition layer in model.Layers.Where(layer => !used.Contains(layer.Name)))
        {
            (string done, string todo) = layer.Kind == "Parameter" ? ("read", "read") : ("called", "call");
            parameters.Warnings.Add(new CompileError("GG1102", layer.Position, new[] { layer.Name, done, todo }.ToEquatableArray()));
        }
    }

    private static void RequireBatch(FunctionDefinition forward, IReadOnlyList<TypedOutput> outputs)
    {
        for (int i = 0; i < outputs.Count; i++)
        {
            Shape shape = outputs[i].Shape;
            if (shape.Rank == 0 || shape[0] != Dim.Batch)
            {
                int call = forward.Results[i].Value - forward.Arguments.Count;
                string name = outputs[i].Name is { } given ? $" as '{given}'" : "";
                throw new CompileException("GG1013", call < 0 ? -1 : forward.Calls[call].Position, forward.Name, $"returns {shape}{name}; the first dimension of a model's output is Batch");
            }
        }
    }

    /// <summary>The number of values in a layer's parameters.</summary>
    private static int LengthOf(string layer, ParameterTable parameters)
    {
        string prefix = Identifiers.Camel(layer) + ".";
        return parameters.Parameters.Where(parameter => parameter.Name == layer || parameter.Name.StartsWith(prefix, StringComparison.Ordinal)).Sum(parameter => parameter.Length);
    }

    /// <summary>What the caller gives, in memory of the model's own.</summary>
    private static Node Copy(GraphBuilder graph, Node input) => Named(graph.Unary(UnaryFunction.Copy, input), ((Op.Input)input.Op).Name);

    private static Node Named(Node node, string name)
    {
        node.Name ??= Identifiers.Pascal(name);
        return node;
    }
}
