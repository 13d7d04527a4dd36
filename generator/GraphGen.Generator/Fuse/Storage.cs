using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Fuse;

/// <summary>Where a value lies that is not row-major in memory of its own.</summary>
/// <param name="Whole">The value in whose memory it lies: one that it is a part of, or itself.</param>
/// <param name="Offset">Elements from the whole's first to its own first.</param>
/// <param name="Strides">How far its elements are apart along each of its axes.</param>
internal sealed record Home(Node Whole, int Offset, EquatableArray<int> Strides);

/// <summary>
/// How the values of the passes that share an arena lie in memory. Most lie row-major in memory of their own. A part of a
/// concatenation lies in the memory of the whole from the start, so that nothing copies it there; a value that is used as a reshape
/// of its permutation lies permuted. What that takes (strides that suit all who read and store it) is known only when kernels are:
/// a value that cannot lie so is refused, and the passes are fused again without it.
/// </summary>
/// <param name="refused">The values that must lie row-major in memory of their own, as far as that is known.</param>
internal sealed class Storage(HashSet<Node> refused)
{
    private readonly Dictionary<Node, Home> _homes = [];
    private readonly HashSet<Node> _rowMajor = [];
    private readonly HashSet<Node> _shared = [];
    private readonly Dictionary<(Node Whole, int Index), Node> _placed = [];

    /// <summary>The values whose elements are strided, or lie in another value's memory.</summary>
    public Home? HomeOf(Node value) => _homes.TryGetValue(value, out Home? home) ? home : null;

    /// <summary>Whether other values lie in the memory of this one, or this one in another's.</summary>
    public bool IsShared(Node value) => _shared.Contains(value);

    /// <summary>How far a value's elements are apart in memory, along each of its axes.</summary>
    public int[] StridesOf(Node value) => HomeOf(value) is { } home ? [.. home.Strides] : value.Shape.Strides();

    /// <summary>
    /// Elements from a pixel of images [n, height, width, channels] to the next, if all pixels follow each other so: as many as there are
    /// channels, or, where they are a part of a concatenation, as that has.
    /// </summary>
    public int? PixelPitch(Node images)
    {
        Node value = images.BehindReshapes;
        int last = images.Shape.Rank - 1;
        if (HomeOf(value) is null)
        {
            return images.Shape[last].Size;
        }

        int[] strides = StridesOf(value);
        return value.Shape == images.Shape && (strides[last] == 1 || images.Shape[last].IsOne) && ViewStrides.Merge(images.Shape, strides, 0, last) is > 0 and var pitch ? pitch : null;
    }

    /// <summary>The elements of a part of a concatenation, counted from the concatenation's first.</summary>
    public Strided PartOf(Node whole, int index)
    {
        int axis = ((Op.Concat)whole.Op).Axis;
        int[] strides = StridesOf(whole);
        return new Strided(whole.Inputs.Take(index).Sum(part => part.Shape[axis].Size) * strides[axis], strides);
    }

    /// <summary>The value that is stored as a part of a concatenation; <see langword="null"/> for a part that the concatenation's own kernel stores.</summary>
    public Node? PlacedPart(Node whole, int index) => _placed.TryGetValue((whole, index), out Node? part) ? part : null;

    /// <summary>Whether a part that is stored in a concatenation lies where the concatenation has that part.</summary>
    public bool LiesInPlace(Node whole, int index) => PlacedPart(whole, index) is not { } part || HomeOf(part) == BehindPart(whole, index).Home;

    /// <summary>Keeps values row-major in memory of their own.</summary>
    public void KeepRowMajor(IEnumerable<Node> values) => _rowMajor.UnionWith(values.Select(value => value.BehindReshapes));

    /// <summary>Finds that a value has to lie row-major in memory of its own, after all.</summary>
    public void Refuse(Node value)
    {
        if (HomeOf(value) is null)
        {
            throw new InvalidOperationException($"{value} lies row-major and is not read.");
        }

        refused.Add(value);
    }

    /// <summary>Decides for the values that a pass makes, in order.</summary>
    public void Arrange(IReadOnlyList<Node> nodes)
    {
        HashSet<Node> made = [.. nodes.Where(CanLieAnywhere)];

        // Users before what they use: where a whole lies is known before its parts lie in it, and parts of parts lie in its memory too.
        foreach (Node node in nodes.Reverse())
        {
            if (node.Op is Op.Concat)
            {
                PlaceParts(made, node);
            }
            else if (node.Op is Op.Reshape && !_rowMajor.Contains(node.BehindReshapes))
            {
                PlacePermuted(made, node);
            }
        }
    }

    private void PlaceParts(HashSet<Node> made, Node whole)
    {
        for (int i = 0; i < whole.Inputs.Length; i++)
        {
            if (BehindPart(whole, i) is (var part, { } home) && TryPlace(made, part, home))
            {
                _placed[(whole, i)] = part;
                _shared.Add(home.Whole);
                _shared.Add(part);
            }
        }
    }

    /// <summary>The value behind a part of a concatenation, and where it has to lie for the part to be in place; <see langword="null"/> where no strides say it.</summary>
    private (Node Value, Home? Home) BehindPart(Node whole, int index)
    {
        Strided place = PartOf(whole, index);
        (Node root, int offset) = HomeOf(whole) is { } outer ? (outer.Whole, outer.Offset) : (whole, 0);
        (Node value, Strided? elements) = BehindViews(whole.Inputs[index], place with { Offset = offset + place.Offset });
        return (value, elements is { } found ? new Home(root, found.Offset, new EquatableArray<int>(found.Strides)) : null);
    }

    /// <summary>Where strides reach a view of a value only if the value lies as the view needs it, lets it lie so.</summary>
    private void PlacePermuted(HashSet<Node> made, Node view)
    {
        if (BehindViews(view, new Strided(0, view.Shape.Strides())) is (var value, { } elements) && ViewStrides.Through(value.Shape, value.Shape.Strides(), ViewsFrom(view)) is null)
        {
            TryPlace(made, value, new Home(value, elements.Offset, new EquatableArray<int>(elements.Strides)));
        }
    }

    private bool TryPlace(HashSet<Node> made, Node value, Home home)
    {
        if (!made.Contains(value) || _homes.ContainsKey(value) || !HasNeighboursInLanes(value.Shape, home.Strides))
        {
            return false;
        }

        _homes.Add(value, home);
        return true;
    }

    private bool CanLieAnywhere(Node node) =>
        !refused.Contains(node)
        && !_rowMajor.Contains(node)
        && (node.Op is Op.Unary or Op.Binary or Op.Select or Op.Reduce or Op.MatMul or Op.Concat or Op.Conv2d or Op.MaxPool2d);

    /// <summary>Whether neighbours along the last axis are neighbours in memory: vectors are stored whole.</summary>
    private static bool HasNeighboursInLanes(Shape shape, EquatableArray<int> strides)
    {
        int axis = shape.Rank - 1;
        return axis < 0 || shape[axis].IsOne || strides[axis] == 1;
    }

    /// <summary>The value behind permutations and reshapes, and where its elements are so that those of the view are where they are.</summary>
    private static (Node Value, Strided? Elements) BehindViews(Node view, Strided elements)
    {
        int[]? strides = elements.Strides;
        for (; strides is not null && view.Op is Op.Permute or Op.Reshape; view = view.Inputs[0])
        {
            strides = view.Op is Op.Permute permute ? [.. permute.Inverse.Select(axis => strides[axis])] : ViewStrides.Reshaped(view.Shape, strides, view.Inputs[0].Shape);
        }

        return (view, strides is null ? null : elements with { Strides = strides });
    }

    /// <summary>The permutations and reshapes that lead to a view, from the inside out.</summary>
    private static List<Node> ViewsFrom(Node view)
    {
        List<Node> views = [];
        for (; view.Op is Op.Permute or Op.Reshape; view = view.Inputs[0])
        {
            views.Insert(0, view);
        }

        return views;
    }
}
