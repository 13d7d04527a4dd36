using GraphGen.Generator.Compile;
using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Fuse;

/// <summary>What is legal after fusion: every value is stored once, by a kernel that runs before those that read it.</summary>
internal static class KernelVerifier
{
    public static void Verify(PassSet passes)
    {
        Verify(passes.Training);
        Verify(passes.Inference);
    }

    private static void Verify(IEnumerable<Pass> passes)
    {
        HashSet<Node> stored = [];
        foreach (Pass pass in passes)
        {
            foreach (Kernel kernel in pass.Kernels)
            {
                HashSet<Node> seen = [];
                foreach (Node node in kernel.Body)
                {
                    Require(
                        pass.Role is not (PassRole.Backward or PassRole.Penalty) || !node.Inputs.Any(input => input.Op is Op.Input),
                        $"{node} reads the caller's memory after the call it was given in");
                    Read(node, kernel, stored, seen, isBody: true);
                }

                foreach (Node node in kernel.Stores)
                {
                    Require(stored.Add(node), $"{node} is stored twice");
                }
            }
        }
    }

    /// <summary>Looks through what is recomputed for a value that should have been in memory.</summary>
    private static void Read(Node node, Kernel kernel, HashSet<Node> stored, HashSet<Node> seen, bool isBody)
    {
        if (!seen.Add(node) || node.Op.IsLeaf || (!isBody && stored.Contains(node)))
        {
            return;
        }

        bool isPooledGradient = node == kernel.Pooling;
        Require(isBody || isPooledGradient || kernel.Body.Contains(node) || node.Op.IsElementwise || node.Op.IsView, $"the {kernel.Kind} kernel of {kernel.Body[0]} reads {node}, which no kernel before it stores");
        foreach (Node input in node.Inputs)
        {
            Read(input, kernel, stored, seen, kernel.Body.Contains(input) && !stored.Contains(input));
        }
    }

    private static void Require(bool condition, string what)
    {
        if (!condition)
        {
            throw new InvalidOperationException(what + ".");
        }
    }
}
