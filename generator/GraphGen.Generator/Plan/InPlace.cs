using GraphGen.Generator.Fuse;
using GraphGen.Generator.Graph;
using GraphGen.Generator.Nests;

namespace GraphGen.Generator.Plan;

/// <summary>Which results take the place of what they are made of, such as the gradient of an activation that of the activation.</summary>
internal static class InPlace
{
    /// <summary>
    /// The value whose memory a kernel can give its result, of some that nothing reads after it: one of the result's size, of
    /// which each element is read only to make the element of the result that takes its place.
    /// </summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="nest">Its loops; <see langword="null"/> for a kind that is written as text.</param>
    /// <param name="dying">Those of the values it loads that no other kernel loads later.</param>
    public static Node? OverwrittenBy(Kernel kernel, Nest? nest, IEnumerable<Node> dying)
    {
        // A second store would follow the first, and read elements that are gone.
        Node[] targets = [.. kernel.Stored];
        Node target = targets[0];
        return targets.Length > 1 || target.Op is Op.AddToGradient || kernel.Storage.IsShared(target)
            ? null
            : dying
                .Where(value => !kernel.Storage.IsShared(value) && value.Type == target.Type && value.Shape.Elements == target.Shape.Elements)
                .Where(value => nest is null ? ReadsElementByElement(kernel, target, value) : TakesThePlaceOf(nest, target, value))
                .OrderBy(value => value.Id)
                .FirstOrDefault();
    }

    /// <summary>
    /// Whether the nest stores the target once, and all that it loads of the value it loads before, in the same body, from where it then
    /// stores. Where there are several routines that body is the epilogue, which is done once with each element.
    /// </summary>
    private static bool TakesThePlaceOf(Nest nest, Node target, Node value)
    {
        EquatableArray<Statement>[] bodies = [.. nest.Bodies.Where(body => body.Any(StoresTarget))];
        if (bodies.Length != 1 || bodies[0].Count(StoresTarget) != 1 || (nest.Routines.Count > 1 && bodies[0] != nest.Epilogue?.Body))
        {
            return false;
        }

        Statement[] upToTheStore = [.. bodies[0].TakeWhile(statement => !StoresTarget(statement)), bodies[0].Single(StoresTarget)];
        Address place = ((Statement.Store)upToTheStore[upToTheStore.Length - 1]).Target;
        return LoadsOfValue(nest.Statements).Count() == LoadsOfValue(upToTheStore).Count(load => load.Offset == place.Offset);

        bool StoresTarget(Statement statement) => statement is Statement.Store store && store.Target.Place == new Place.Value(target);

        IEnumerable<Address> LoadsOfValue(IEnumerable<Statement> statements) => statements.SelectMany(Nest.LoadsOf).Where(load => load.Place == new Place.Value(value));
    }

    /// <summary>Whether a kernel that is written as text has the result in registers, element by element, and reads each element of the value only for that of the result.</summary>
    private static bool ReadsElementByElement(Kernel kernel, Node target, Node value) =>
        kernel.Kind is KernelKind.ConvolutionInputGradient
        && target.Op is Op.Unary or Op.Binary or Op.Select
        && target.Shape.Elements == kernel.ResultShape.Elements
        && ReadsElementByElement(kernel, value);

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
