using GraphGen.Generator.Autodiff;
using GraphGen.Generator.Fuse;
using GraphGen.Generator.Graph;
using GraphGen.Generator.Simplify;

namespace GraphGen.Generator.Compile;

/// <summary>From the typed model to fused passes: simplify, differentiate, simplify again, decide what to keep, fuse.</summary>
internal static class PassBuilder
{
    /// <summary>Vector operations that take less time than a vector takes to memory and back, which a pass forward and one backward share.</summary>
    private const int MostRecomputed = 48;

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

        // What a kernel cannot store or read where it should lie lies row-major in the next attempt.
        HashSet<Node> rowMajor = [];
        while (true)
        {
            int known = rowMajor.Count;
            Storage inTraining = new(rowMajor);
            Storage inInference = new(rowMajor);
            inTraining.KeepRowMajor(training);
            inInference.KeepRowMajor(inference);
            HashSet<Node> kept = Kept(training, backward, FuseForward(training, [], inTraining));
            Pass forward = FuseForward(training, kept, inTraining);
            PassSet passes = new(
                forward,
                Fuser.Fuse(PassRole.Predict, [.. inference.Distinct()], [], inInference),
                null,
                null,
                null,
                Fuser.Fuse(PassRole.Backward, backward, Stored(forward), inTraining),
                new PassValues(training, inference, null, null, null, seeds));
            if (model.Loss is not null)
            {
                passes = WithLoss(passes, graph, after, model.Loss, loss!, evaluated!, losses, parameters, inTraining, inInference);
            }

            if (rowMajor.Count == known)
            {
                return passes;
            }
        }
    }

    private static PassSet WithLoss(
        PassSet passes, GraphBuilder graph, GraphRewriter after, TypedLoss typed, Node loss, Node evaluated, Node? losses, List<Node> parameters, Storage inTraining, Storage inInference)
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
        inTraining.KeepRowMajor([value, .. outputGradients, .. values is null ? [] : new[] { values }]);
        inInference.KeepRowMajor([atInference]);
        List<Node> lossRoots = [value, .. values is null ? [] : new[] { values }];
        List<Node> backwardRoots = penaltyRoots;
        if (typed.IsReduced)
        {
            lossRoots = [.. lossRoots, .. outputGradients, .. penalties.Values];
        }
        else
        {
            backwardRoots = [.. outputGradients, .. penaltyRoots];
            lossRoots = [.. lossRoots, .. Kept(lossRoots, backwardRoots, Fuser.Fuse(PassRole.Loss, lossRoots, ofForward, inTraining)).OrderBy(node => node.Id)];
        }

        Pass lossPass = Fuser.Fuse(PassRole.Loss, [.. lossRoots.Distinct()], ofForward, inTraining);
        return passes with
        {
            Loss = lossPass,
            LossBackward = backwardRoots.Count == 0 ? null : Fuser.Fuse(PassRole.LossBackward, backwardRoots, [.. ofForward, .. Stored(lossPass)], inTraining),
            Evaluate = Fuser.Fuse(PassRole.Evaluate, [atInference], Stored(passes.Predict), inInference),
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

    private static Pass FuseForward(List<Node> outputs, HashSet<Node> kept, Storage storage) =>
        Fuser.Fuse(PassRole.Forward, [.. outputs.Concat(kept.OrderBy(node => node.Id)).Distinct()], [], storage);

    private static HashSet<Node> Stored(Pass pass) => [.. pass.Kernels.SelectMany(kernel => kernel.Stores)];

    /// <summary>
    /// What a pass forward has to keep for the way back: of the values needed there, those that the pass has in memory anyway, and
    /// those that cannot be recomputed by elementwise work from such or from others that are kept.
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

        foreach (Node node in kept.Where(node => node.Op.IsElementwise && !node.Op.IsCopy && !stored.Contains(node)).OrderByDescending(node => node.Id).ToList())
        {
            kept.Remove(node);
            if (!IsCheap(node, value => kept.Contains(value) || stored.Contains(value)))
            {
                kept.Add(node);
            }
        }

        return kept;
    }

    /// <summary>Whether an elementwise value is made of others by less work than it takes to write and read it.</summary>
    private static bool IsCheap(Node root, Func<Node, bool> isThere)
    {
        int cost = 0;
        foreach (Node node in Node.Reachable([root], until: isThere))
        {
            if (!isThere(node) && (node.Op is Op.Input || !(node.Op.IsLeaf || node.Op.IsView || (node.Op.IsElementwise && !node.Op.IsCopy))))
            {
                return false;
            }

            cost += isThere(node) ? 0 : node.Op.Cost;
        }

        return cost <= MostRecomputed;
    }
}
