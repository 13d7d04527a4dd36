using GraphGen.Generator.Autodiff;
using GraphGen.Generator.Fuse;
using GraphGen.Generator.Graph;
using GraphGen.Generator.Simplify;

namespace GraphGen.Generator.Compile;

/// <summary>The passes of a model as fused kernels, and the values by which they hand over to each other.</summary>
internal sealed record PassSet(
    Pass Forward,
    Pass Predict,
    Pass? Loss,
    Pass? LossBackward,
    Pass? Evaluate,
    Pass Backward,
    PassValues Values)
{
    /// <summary>The training step, in order of time.</summary>
    public IEnumerable<Pass> Training => new[] { Forward, Loss, LossBackward, Backward }.OfType<Pass>();

    public IEnumerable<Pass> Inference => new[] { Predict, Evaluate }.OfType<Pass>();
}

/// <summary>Values that leave their pass.</summary>
/// <param name="TrainingOutputs">What Forward returns.</param>
/// <param name="InferenceOutputs">What Predict returns.</param>
/// <param name="Loss">The scalar, or the values of an unreduced loss.</param>
/// <param name="Evaluated">The same at inference.</param>
/// <param name="LossValues">One loss a sample.</param>
/// <param name="OutputGradients">The gradients of the loss by the outputs; of a model without a loss, those that the caller gives.</param>
internal sealed record PassValues(
    IReadOnlyList<Node> TrainingOutputs, IReadOnlyList<Node> InferenceOutputs, Node? Loss, Node? Evaluated, Node? LossValues, IReadOnlyList<Node> OutputGradients)
{
    /// <summary>The gradient of an unreduced loss, which the caller gives.</summary>
    public Node? LossGradient { get; init; }

    /// <summary>Those that are read after their pass, of a training step.</summary>
    public IEnumerable<Node> OfTraining => [.. TrainingOutputs, .. new[] { Loss, LossValues, LossGradient }.OfType<Node>(), .. OutputGradients];

    /// <summary>Those that are read after their pass, of inference.</summary>
    public IEnumerable<Node> OfInference => [.. InferenceOutputs, .. new[] { Evaluated }.OfType<Node>()];
}

/// <summary>From the typed model to fused passes: simplify, differentiate, simplify again, decide what to keep, fuse.</summary>
internal static class PassBuilder
{
    public static PassSet Build(TypedModel model)
    {
        GraphBuilder graph = model.Graph;

        // The forward pass takes its final shape before gradients are taken, so that both passes have the same one.
        GraphRewriter before = Simplifier.BeforeAutodiff(graph);
        List<Node> training = [.. model.Outputs.Select(output => before.Rewrite(output.Training))];
        List<Node> inference = [.. model.Outputs.Select(output => before.Rewrite(output.Inference))];
        Node? loss = model.Loss is { } typed ? before.Rewrite(typed.Value) : null;
        Node? evaluated = model.Loss is { } atInference ? before.Rewrite(atInference.Evaluated) : null;
        Node? losses = model.Loss?.PerSample is { } perSample ? before.Rewrite(perSample) : null;

        List<Node> parameters = [.. model.Parameters.Select((parameter, index) => graph.Add(new Op.Parameter(index), parameter.Shape))];
        List<Node> seeds = [.. model.Outputs.Select((output, i) => graph.Add(new Op.OutputGradient(i), output.Shape))];
        Dictionary<Node, Node> gradients = ReverseMode.Differentiate(graph, Seeded(training, seeds), parameters);
        AddZeros(graph, gradients, Seeded(model.Outputs.Select(output => output.Training), seeds), parameters);

        GraphRewriter after = Simplifier.AfterAutodiff(graph);
        training = [.. training.Select(output => Owned(graph, after.Rewrite(output)))];
        inference = [.. inference.Select(output => Owned(graph, after.Rewrite(output)))];
        Simplifier.ReadStoredLayouts(graph, after, training);
        List<Node> backward = [.. ToBlock(graph, parameters, gradients).Select(after.Rewrite)];

        HashSet<Node> kept = Kept(training, backward, FuseForward(training, []));
        Pass forward = FuseForward(training, kept);
        HashSet<Node> stored = Stored(forward);
        PassSet passes = new(
            forward,
            Fuser.Fuse(PassRole.Predict, [.. inference.Distinct()], []),
            null,
            null,
            null,
            Fuser.Fuse(PassRole.Backward, backward, stored),
            new PassValues(training, inference, null, null, null, seeds));
        return model.Loss is null ? passes : WithLoss(passes, graph, after, model.Loss, loss!, evaluated!, losses, parameters);
    }

    private static PassSet WithLoss(PassSet passes, GraphBuilder graph, GraphRewriter after, TypedLoss typed, Node loss, Node evaluated, Node? losses, List<Node> parameters)
    {
        Node seed = typed.Seed(graph);
        Dictionary<Node, Node> gradients = ReverseMode.Differentiate(graph, [(loss, seed)], [.. typed.Outputs, .. parameters]);
        AddZeros(graph, gradients, [(typed.Value, seed)], parameters);
        Node value = Owned(graph, after.Rewrite(loss));
        Node atInference = Owned(graph, after.Rewrite(evaluated));
        Node? values = losses is null ? null : after.Rewrite(losses);
        IEnumerable<Node> ofOutputs = typed.Outputs.Select(output =>
            gradients.TryGetValue(output, out Node? gradient) ? after.Rewrite(gradient) : graph.Constant(0, output.Shape));
        List<Node> outputGradients = InMemoryOfTheirOwn(graph, ofOutputs, [value, values]);
        Dictionary<Node, Node> penalties = gradients
            .Where(pair => pair.Key.Op is Op.Parameter)
            .ToDictionary(pair => pair.Key, pair => after.Rewrite(graph.Unary(UnaryFunction.Copy, pair.Value)));
        List<Node> penaltyRoots = [.. ToBlock(graph, parameters, penalties)];

        // A loss that is one number is differentiated while it is computed: what it sends to parameters is only added by Backward.
        // The gradient of a loss that is many is given to Backward.
        HashSet<Node> ofForward = Stored(passes.Forward);
        List<Node> lossRoots = [value, .. values is null ? [] : new[] { values }];
        List<Node> backwardRoots = penaltyRoots;
        if (typed.IsReduced)
        {
            lossRoots = [.. lossRoots, .. outputGradients, .. penalties.Values];
        }
        else
        {
            backwardRoots = [.. outputGradients, .. penaltyRoots];
            lossRoots = [.. lossRoots, .. Kept(lossRoots, backwardRoots, Fuser.Fuse(PassRole.Loss, lossRoots, ofForward)).OrderBy(node => node.Id)];
        }

        Pass lossPass = Fuser.Fuse(PassRole.Loss, [.. lossRoots.Distinct()], ofForward);
        return passes with
        {
            Loss = lossPass,
            LossBackward = backwardRoots.Count == 0 ? null : Fuser.Fuse(PassRole.LossBackward, backwardRoots, [.. ofForward, .. Stored(lossPass)]),
            Evaluate = Fuser.Fuse(PassRole.Evaluate, [atInference], Stored(passes.Predict)),
            Values = passes.Values with
            {
                Loss = value,
                Evaluated = atInference,
                LossValues = values,
                OutputGradients = outputGradients,
                LossGradient = typed.IsReduced ? null : seed,
            },
        };
    }

    private static (Node Output, Node Seed)[] Seeded(IEnumerable<Node> outputs, IEnumerable<Node> seeds) => [.. outputs.Zip(seeds, (output, seed) => (output, seed))];

    /// <summary>
    /// Gradients of zero, by parameters that take part as the model is written but that no element of the result depends on: a slice may leave
    /// none of what was made of them. An optimizer decays them like others; it skips those without a gradient.
    /// </summary>
    private static void AddZeros(GraphBuilder graph, Dictionary<Node, Node> gradients, (Node Output, Node Seed)[] written, List<Node> parameters)
    {
        HashSet<Node> reached = [.. Node.Reachable(written.Select(pair => pair.Output))];
        List<Node> missing = [.. parameters.Where(parameter => !gradients.ContainsKey(parameter) && reached.Contains(parameter))];
        if (missing.Count > 0)
        {
            foreach (Node parameter in ReverseMode.Differentiate(graph, written, missing).Keys)
            {
                gradients.Add(parameter, graph.Constant(0, parameter.Shape));
            }
        }
    }

    /// <summary>The gradients of the loss by the outputs, each in memory that is nothing else's: the caller can give others in their place.</summary>
    private static List<Node> InMemoryOfTheirOwn(GraphBuilder graph, IEnumerable<Node> gradients, IEnumerable<Node?> others)
    {
        HashSet<Node> taken = [.. others.OfType<Node>().Select(other => other.BehindReshapes)];
        List<Node> owned = [];
        foreach (Node gradient in gradients)
        {
            Node own = Owned(graph, gradient);
            while (!taken.Add(own.BehindReshapes))
            {
                own = graph.Unary(UnaryFunction.Copy, own);
            }

            own.Name ??= "LossGradient";
            owned.Add(own);
        }

        return owned;
    }

    /// <summary>A result in memory of the model's own: a copy, where it is in the caller's, or a parameter.</summary>
    private static Node Owned(GraphBuilder graph, Node result) => result.BehindReshapes.Op.IsStoredLeaf ? graph.Unary(UnaryFunction.Copy, result) : result;

    /// <summary>The nodes that add each gradient to the block of gradients.</summary>
    private static IEnumerable<Node> ToBlock(GraphBuilder graph, List<Node> parameters, Dictionary<Node, Node> gradients)
    {
        for (int index = 0; index < parameters.Count; index++)
        {
            if (gradients.TryGetValue(parameters[index], out Node? gradient))
            {
                Node sink = graph.Add(new Op.AddToGradient(index), gradient.Shape, gradient);
                sink.Name = parameters[index].Name + "Gradient";
                yield return sink;
            }
        }
    }

    private static Pass FuseForward(List<Node> outputs, HashSet<Node> kept) => Fuser.Fuse(PassRole.Forward, [.. outputs.Concat(kept.OrderBy(node => node.Id)).Distinct()], []);

    private static HashSet<Node> Stored(Pass pass) => [.. pass.Kernels.SelectMany(kernel => kernel.Stores)];

    /// <summary>
    /// What a pass forward has to keep for the way back: of the values needed there, those that the pass has in memory anyway, and
    /// those that cannot be recomputed from such by elementwise work.
    /// </summary>
    private static HashSet<Node> Kept(List<Node> outputs, List<Node> backward, Pass forward)
    {
        HashSet<Node> computed = [.. Node.Reachable(outputs)];
        HashSet<Node> stored = Stored(forward);
        HashSet<Node> recomputable = [];
        foreach (Node node in Node.Reachable(backward))
        {
            if (stored.Contains(node)
                || (node.Op.IsLeaf && node.Op is not Op.Input)
                || ((node.Op.IsView || (node.Op.IsElementwise && !node.Op.IsCopy)) && node.Inputs.All(recomputable.Contains)))
            {
                recomputable.Add(node);
            }
        }

        HashSet<Node> kept = [];
        HashSet<Node> seen = [];
        Stack<Node> open = new(backward);
        while (open.Count > 0)
        {
            Node node = open.Pop();
            if (!seen.Add(node))
            {
                continue;
            }

            bool isForwardValue = (computed.Contains(node) && !node.Op.IsLeaf && !node.Op.IsView) || stored.Contains(node) || node.Op is Op.MaxPool2dWinners;
            if (isForwardValue && (stored.Contains(node) || !recomputable.Contains(node)))
            {
                kept.Add(node);
                continue;
            }

            foreach (Node input in node.Inputs)
            {
                open.Push(input);
            }
        }

        return kept;
    }
}
