using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Fuse;

/// <summary>
/// What is legal after fusion: every value is stored once, by a kernel that runs before those that load it, and all that a
/// kernel computes is made of what it loads.
/// </summary>
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
                foreach (Node node in kernel.Loads)
                {
                    Require(stored.Contains(node), $"{Name(kernel)} loads {node}, which no kernel before it stores");
                }

                HashSet<Node> seen = [];
                foreach (Node node in kernel.Body)
                {
                    VerifyOperands(node, kernel, isBackward: pass.Role is PassRole.Backward or PassRole.LossBackward, seen);
                }

                if (kernel.Anchor is { Op: Op.Concat } whole)
                {
                    VerifyParts(kernel, whole);
                }

                foreach (Node node in kernel.Stores)
                {
                    Require(kernel.Body.Contains(node), $"{Name(kernel)} stores {node}, which it does not compute");
                    Require(stored.Add(node), $"{node} is stored twice");
                }
            }
        }
    }

    /// <summary>A part that another kernel stores in a concatenation is in place, and is there before.</summary>
    private static void VerifyParts(Kernel kernel, Node whole)
    {
        for (int i = 0; i < whole.Inputs.Length; i++)
        {
            if (kernel.Storage.PlacedPart(whole, i) is { } part)
            {
                Require(kernel.Storage.LiesInPlace(whole, i) && kernel.Loads.Contains(part), $"{Name(kernel)} does not find {part} in its place");
            }
        }
    }

    /// <summary>Looks through what is recomputed for a value that should have been loaded.</summary>
    private static void VerifyOperands(Node node, Kernel kernel, bool isBackward, HashSet<Node> seen)
    {
        Stack<Node> open = new([node]);
        while (open.Count > 0)
        {
            foreach (Node input in open.Pop().Inputs.Where(input => !kernel.Loads.Contains(input) && !kernel.Body.Contains(input)))
            {
                Require(!isBackward || input.Op is not Op.Input, $"{Name(kernel)} reads {input}, the caller's memory, after the call it was given in");
                if (input.Op.IsLeaf)
                {
                    continue;
                }

                Require(input.Op.IsElementwise || input.Op.IsView || input == kernel.Pooling, $"{Name(kernel)} needs {input}, which it neither computes nor loads");
                if (seen.Add(input))
                {
                    open.Push(input);
                }
            }
        }
    }

    private static string Name(Kernel kernel) => $"the {kernel.Kind} kernel of {kernel.Body[0]}";

    private static void Require(bool condition, string what)
    {
        if (!condition)
        {
            throw new InvalidOperationException(what + ".");
        }
    }
}
