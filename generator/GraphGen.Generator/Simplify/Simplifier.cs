using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Simplify;

/// <summary>Which rules hold when.</summary>
internal static class Simplifier
{
    private static readonly RewriteRule[] Common =
    [
        ArithmeticRules.FoldConstants,
        ArithmeticRules.Identities,
        MovementRules.MergeViews,
        MovementRules.PermuteOfBroadcast,
        MovementRules.TransposeProduct,
        MovementRules.SinkReshape,
        SliceRules.SliceOfView,
        SliceRules.MergeParts,
        SliceRules.ConcatOfPermutes,
        SliceRules.PermuteOfConcat,
        SliceRules.JoinAmongZeros,
        MovementRules.ReduceOfPermute,
        MovementRules.SplitSum,
    ];

    /// <summary>Before gradients are taken: the shape of the forward pass decides the shape of the backward pass.</summary>
    private static readonly RewriteRule[] BeforeGradients = [.. Common, MovementRules.CopyLast, MovementRules.SinkPermuteAndMasks, MovementRules.PoolBeforeActivation];

    private static readonly RewriteRule[] AfterGradients = [.. Common, MovementRules.SinkPermute, MovementRules.SplitMaximum, MovementRules.AddReshaped, ArithmeticRules.DropDetach, ArithmeticRules.Negations];

    public static GraphRewriter BeforeAutodiff(GraphBuilder graph) => new(graph, BeforeGradients);

    public static GraphRewriter AfterAutodiff(GraphBuilder graph) => new(graph, AfterGradients);

    /// <summary>
    /// Lets the backward pass read what the forward pass stores. Where a value leaves its kernel only through a
    /// permutation (a convolution whose result is flattened), that permutation is what lies in memory: users of the value
    /// itself read it through the inverse, which then sinks through the backward pass like any other.
    /// </summary>
    public static void ReadStoredLayouts(GraphBuilder graph, GraphRewriter rewriter, IEnumerable<Node> forwardRoots)
    {
        List<Node> forward = Node.Reachable(forwardRoots);
        ILookup<Node, Node> users = forward.SelectMany(node => node.Inputs.Distinct().Select(input => (input, node))).ToLookup(pair => pair.input, pair => pair.node);
        foreach (Node permuted in forward)
        {
            if (permuted.Op is Op.Permute permute && !permuted.Inputs[0].Op.IsLeaf && users[permuted.Inputs[0]].Count() == 1)
            {
                rewriter.Replace(permuted.Inputs[0], graph.Permute(permuted, permute.Inverse));
            }
        }

        // What only gradients are made of, such as the path of a value that has a gradient of its own, was made of the values themselves.
        rewriter.ForgetReplaced();
    }
}
