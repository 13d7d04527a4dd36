using GraphGen.Generator.Fuse;
using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Plan;

/// <summary>Which results take the place of what they are made of, such as the gradient of an activation that of the activation.</summary>
internal static class InPlace
{
    /// <summary>
    /// The value whose memory a kernel can give its result, of some that nothing reads after it: one of the result's size, of
    /// which each element is read only to make the element of the result that takes its place.
    /// </summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="dying">Those of the values it loads that no other kernel loads later.</param>
    public static Node? OverwrittenBy(Kernel kernel, IEnumerable<Node> dying)
    {
        // A second store would follow the first, and read elements that are gone.
        Node[] targets = [.. kernel.Body.Where(node => kernel.Stores.Contains(node) || node.Op is Op.AddToGradient)];
        Node target = targets[0];
        if (targets.Length > 1 || target.Op is not (Op.Unary or Op.Binary or Op.Select) || target.Shape.Elements != kernel.ResultShape.Elements || !LoadsBeforeItStores(kernel))
        {
            return null;
        }

        return dying
            .Where(value => value.Type == target.Type && value.Shape.Elements == target.Shape.Elements && ReadsElementByElement(kernel, value))
            .OrderBy(value => value.Id)
            .FirstOrDefault();
    }

    /// <summary>
    /// Whether the loops come to each element of the result once, load what they need for it and then store it. Kernels with
    /// several sweeps over a row come more than once.
    /// </summary>
    private static bool LoadsBeforeItStores(Kernel kernel) => kernel.Kind switch
    {
        KernelKind.Rows => kernel.Body.All(node => node.Op.IsElementwise || node.Op is Op.Reshape),
        KernelKind.MatMul or KernelKind.Convolution or KernelKind.ConvolutionInputGradient => true,
        _ => false,
    };

    /// <summary>Whether all ways from the kernel's nodes to the value are elementwise, through nothing but reshapes.</summary>
    private static bool ReadsElementByElement(Kernel kernel, Node value)
    {
        HashSet<(Node Use, bool IsSameElement)> seen = [];
        Stack<(Node Use, bool IsSameElement)> open = new(kernel.Body.SelectMany(node => node.Inputs.Select(input => (input, KeepsElements(node)))));
        while (open.Count > 0)
        {
            (Node use, bool isSameElement) = open.Pop();
            if (use == value)
            {
                if (!isSameElement)
                {
                    return false;
                }
            }
            else if (!kernel.Body.Contains(use) && !kernel.Loads.Contains(use) && seen.Add((use, isSameElement)))
            {
                foreach (Node input in use.Inputs)
                {
                    open.Push((input, isSameElement && KeepsElements(use)));
                }
            }
        }

        return true;

        static bool KeepsElements(Node node) => node.Op.IsElementwise || node.Op is Op.Reshape;
    }
}
