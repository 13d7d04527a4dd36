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
    Pass? Penalty,
    Pass? Evaluate,
    Pass Backward,
    PassValues Values)
{
    /// <summary>The training step, in order of time.</summary>
    public IEnumerable<Pass> Training => new[] { Forward, Loss, Penalty, Backward }.OfType<Pass>();

    public IEnumerable<Pass> Inference => new[] { Predict, Evaluate }.OfType<Pass>();
}

/// <summary>Values that leave their pass.</summary>
/// <param name="TrainingOutput">What Forward returns.</param>
/// <param name="InferenceOutput">What Predict returns.</param>
/// <param name="Loss">The scalar.</param>
/// <param name="Evaluated">The scalar at inference.</param>
/// <param name="LossValues">One loss a sample.</param>
/// <param name="OutputGradient">The gradient of the loss by the output.</param>
internal sealed record PassValues(Node TrainingOutput, Node InferenceOutput, Node? Loss, Node? Evaluated, Node? LossValues, Node? OutputGradient)
{
    /// <summary>Those that are read after their pass, of a training step.</summary>
    public IEnumerable<Node> OfTraining => new[] { TrainingOutput, Loss, LossValues, OutputGradient }.OfType<Node>();

    /// <summary>Those that are read after their pass, of inference.</summary>
    public IEnumerable<Node> OfInference => new[] { InferenceOutput, Evaluated }.OfType<Node>();
}

/// <summary>From the typed model to fused passes: simplify, differentiate, simplify again, decide what to keep, fuse.</summary>
internal static class PassBuilder
{
    public static PassSet Build(TypedModel model)
    {
        GraphBuilder graph = model.Graph;

        // The forward pass takes its final shape before gradients are taken, so that both passes have the same one.
        GraphRewriter before = Simplifier.BeforeAutodiff(graph);
        Node training = before.Rewrite(model.TrainingOutput);
        Node inference = before.Rewrite(model.InferenceOutput);
        Node? loss = model.Loss is { } typed ? before.Rewrite(typed.Value) : null;
        Node? evaluated = model.Loss is { } atInference ? before.Rewrite(atInference.Evaluated) : null;
        Node? losses = model.Loss?.PerSample is { } perSample ? before.Rewrite(perSample) : null;

        List<Node> parameters = [.. model.Parameters.Select((parameter, index) => graph.Add(new Op.Parameter(index), parameter.Shape))];
        Node seed = graph.Add(new Op.OutputGradient(), model.OutputShape);
        Dictionary<Node, Node> gradients = ReverseMode.Differentiate(graph, training, seed, parameters);

        GraphRewriter after = Simplifier.AfterAutodiff(graph);
        training = Owned(graph, after.Rewrite(training));
        inference = Owned(graph, after.Rewrite(inference));
        Simplifier.ReadStoredLayouts(graph, after, [training]);
        List<Node> backward = [.. ToBlock(graph, parameters, gradients).Select(after.Rewrite)];

        HashSet<Node> kept = Kept(training, backward, FuseForward(training, []));
        Pass forward = FuseForward(training, kept);
        HashSet<Node> stored = Stored(forward);
        PassSet passes = new(
            forward,
            Fuser.Fuse(PassRole.Predict, [inference], []),
            null,
            null,
            null,
            Fuser.Fuse(PassRole.Backward, backward, stored),
            new PassValues(training, inference, null, null, null, seed));
        return model.Loss is null ? passes : WithLoss(passes, graph, after, model.Loss, loss!, evaluated!, losses, parameters);
    }

    private static PassSet WithLoss(PassSet passes, GraphBuilder graph, GraphRewriter after, TypedLoss typed, Node loss, Node evaluated, Node? losses, List<Node> parameters)
    {
        Dictionary<Node, Node> gradients = ReverseMode.Differentiate(graph, loss, graph.Constant(1, Shape.Scalar), [typed.Output, .. parameters]);
        Node value = Owned(graph, after.Rewrite(loss));
        Node atInference = Owned(graph, after.Rewrite(evaluated));
        Node? values = losses is null ? null : after.Rewrite(losses);
        Node outputGradient = Owned(graph, after.Rewrite(gradients.TryGetValue(typed.Output, out Node? gradient) ? gradient : graph.Constant(0, typed.Output.Shape)));
        outputGradient.Name ??= "LossGradient";

        // What the loss sends to parameters directly is made with the loss, and added to their gradients by Backward.
        Dictionary<Node, Node> penalties = gradients.Where(pair => pair.Key != typed.Output).ToDictionary(pair => pair.Key, pair => after.Rewrite(graph.Unary(UnaryFunction.Copy, pair.Value)));
        Node[] lossRoots = [value, .. values is null ? [] : new[] { values }, outputGradient, .. penalties.Values];
        Pass lossPass = Fuser.Fuse(PassRole.Loss, lossRoots, []);
        List<Node> penaltyRoots = [.. ToBlock(graph, parameters, penalties)];
        return passes with
        {
            Loss = lossPass,
            Penalty = penaltyRoots.Count == 0 ? null : Fuser.Fuse(PassRole.Penalty, penaltyRoots, Stored(lossPass)),
            Evaluate = Fuser.Fuse(PassRole.Evaluate, [atInference], []),
            Values = passes.Values with { Loss = value, Evaluated = atInference, LossValues = values, OutputGradient = outputGradient },
        };
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

    private static Pass FuseForward(Node output, HashSet<Node> kept) => Fuser.Fuse(PassRole.Forward, [output, .. kept.OrderBy(node => node.Id)], []);

    private static HashSet<Node> Stored(Pass pass) => [.. pass.Kernels.SelectMany(kernel => kernel.Stores)];

    /// <summary>
    /// What the forward pass has to keep for the backward pass: of the values needed there, those that the forward pass
    /// has in memory anyway, and those that cannot be recomputed from such by elementwise work.
    /// </summary>
    private static HashSet<Node> Kept(Node output, List<Node> backward, Pass forward)
    {
        HashSet<Node> computed = [.. Node.Reachable([output])];
        HashSet<Node> stored = Stored(forward);
        HashSet<Node> recomputable = [];
        foreach (Node node in Node.Reachable(backward))
        {
            if (stored.Contains(node)
                || (node.Op.IsLeaf && node.Op is not Op.Input)
                || ((node.Op.IsView || (node.Op.IsElementwise && node.Op is not Op.Unary { Function: UnaryFunction.Copy })) && node.Inputs.All(recomputable.Contains)))
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
