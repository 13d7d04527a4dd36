using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Operations;

/// <summary>A value whose axes have names, each a letter.</summary>
internal sealed record NamedAxes(Node Node, string Letters)
{
    /// <summary>The letter of the batch, if it has one.</summary>
    public char? Batch => Letters.Length > 0 && Node.Shape[0].PerSample ? Letters[0] : null;

    /// <summary>An operand without the axes of size 1 that others have at their full size: what it is multiplied with repeats it.</summary>
    public static NamedAxes Of(GraphBuilder graph, Node node, string letters, Dictionary<char, Dim> sizes)
    {
        HashSet<char> repeated = [.. letters.Where((letter, axis) => node.Shape[axis] != sizes[letter])];
        return new NamedAxes(node, letters).Only(graph, letter => !repeated.Contains(letter));
    }

    /// <summary>The size of a letter's axis.</summary>
    public Dim SizeOf(char letter) => Node.Shape[Letters.IndexOf(letter)];

    /// <summary>The value with some of its letters; the axes of the others have size 1.</summary>
    public NamedAxes Only(GraphBuilder graph, Func<char, bool> isKept)
    {
        int[] axes = [.. Enumerable.Range(0, Letters.Length).Where(axis => isKept(Letters[axis]))];
        return new NamedAxes(
            graph.Reshape(Node, new Shape([.. axes.Select(axis => Node.Shape[axis])])), string.Concat(axes.Select(axis => Letters[axis])));
    }

    /// <summary>The value with its axes in another order.</summary>
    public NamedAxes Permuted(GraphBuilder graph, string letters) => letters == Letters
        ? this
        : new NamedAxes(graph.Permute(Node, [.. letters.Select(letter => Letters.IndexOf(letter))]), letters);

    /// <summary>The value with axes of size 1 for the letters that it lacks, in the order of them all.</summary>
    public Node Among(GraphBuilder graph, string all)
    {
        NamedAxes ordered = Permuted(graph, string.Concat(all.Where(letter => Letters.Contains(letter))));
        return graph.Reshape(ordered.Node, new Shape([.. all.Select(letter => Letters.Contains(letter) ? SizeOf(letter) : 1)]));
    }
}
