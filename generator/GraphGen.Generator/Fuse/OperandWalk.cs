using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Fuse;

/// <summary>A value seen through views, from the inside out.</summary>
internal readonly record struct Sight(Node Value, EquatableArray<Node> Views)
{
    /// <summary>The shape it is seen with.</summary>
    public Shape Shape => Views.Count == 0 ? Value.Shape : Views[Views.Count - 1].Shape;

    /// <summary>Whether it is seen in the order of its elements.</summary>
    public bool IsInOrder => Views.All(view => view.Op is Op.Reshape);

    /// <summary>Its elements in memory, over the shape it is seen with, or <see langword="null"/> where no strides say where they are.</summary>
    public Strided? ElementsIn(Storage storage) => ViewStrides.Through(Value.Shape, storage.StridesOf(Value), Views);
}

/// <summary>
/// The way from an operand to what a kernel has of it in memory or in registers: through views, and through values that the kernel
/// makes itself. However many ways lead to a value, it is walked once, or once for each chain of views that it is seen through.
/// </summary>
/// <param name="seesThrough">Whether the kernel looks through a view: it is one, and does not lie in memory.</param>
/// <param name="makes">Whether the kernel makes a value, from its operands.</param>
internal sealed class OperandWalk(Func<Node, bool> seesThrough, Func<Node, bool> makes)
{
    /// <summary>Sights after which an operand is too intricate to be made in registers: views may double them at every step.</summary>
    private const int MostSights = 128;

    /// <summary>All that operands are made of, each once: the operands, the views and values on the way, and those at its ends.</summary>
    public IEnumerable<Node> Way(IEnumerable<Node> uses)
    {
        HashSet<Node> seen = [];
        Stack<Node> open = new(uses.Reverse());
        while (open.Count > 0)
        {
            Node node = open.Pop();
            if (seen.Add(node))
            {
                yield return node;
                if (GoesOn(node))
                {
                    for (int i = node.Inputs.Length - 1; i >= 0; i--)
                    {
                        open.Push(node.Inputs[i]);
                    }
                }
            }
        }
    }

    /// <summary>The values that operands are made of and the kernel does not make.</summary>
    public IEnumerable<Node> Sources(IEnumerable<Node> uses) => Way(uses).Where(node => !GoesOn(node));

    /// <summary>Whether something is made on the way.</summary>
    public bool GoesOn(Node node) => seesThrough(node) || makes(node);

    /// <summary>The value that the kernel finds behind a chain of views.</summary>
    public Sight Base(Node use) => Base(use, EquatableArray<Node>.Empty);

    /// <summary>
    /// The sources as the kernel sees them, or <see langword="null"/> where there are too many ways to see them. What
    /// <paramref name="isSource"/> accepts is not looked behind.
    /// </summary>
    public IReadOnlyList<Sight>? Sights(Node use, Func<Sight, bool>? isSource = null)
    {
        List<Sight> sources = [];
        HashSet<Sight> seen = [];
        Stack<(Node Use, EquatableArray<Node> Views)> open = new([(use, EquatableArray<Node>.Empty)]);
        while (open.Count > 0)
        {
            (Node next, EquatableArray<Node> views) = open.Pop();
            Sight sight = Base(next, views);
            if (!seen.Add(sight))
            {
                continue;
            }

            if (seen.Count > MostSights)
            {
                return null;
            }

            if (isSource?.Invoke(sight) == true || !makes(sight.Value))
            {
                sources.Add(sight);
                continue;
            }

            for (int i = sight.Value.Inputs.Length - 1; i >= 0; i--)
            {
                open.Push((sight.Value.Inputs[i], sight.Views));
            }
        }

        return sources;
    }

    private Sight Base(Node use, EquatableArray<Node> outerViews)
    {
        if (!seesThrough(use))
        {
            return new Sight(use, outerViews);
        }

        List<Node> views = [];
        for (; seesThrough(use); use = use.Inputs[0])
        {
            views.Add(use);
        }

        views.Reverse();
        views.AddRange(outerViews);
        return new Sight(use, new EquatableArray<Node>(views));
    }
}
