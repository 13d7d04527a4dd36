using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Nests;

/// <summary>Where elements lie: a value in memory, or memory of the kernel's own.</summary>
internal abstract record Place
{
    /// <summary>A value that is in memory, or, for <see cref="Op.AddToGradient"/>, the gradient of a parameter.</summary>
    public sealed record Value(Node Node) : Place;

    /// <summary>Memory of the kernel's own, by the suffix of its <see cref="Nests.Scratch"/>.</summary>
    public sealed record Scratch(string Suffix) : Place;

    /// <summary>The type of the elements.</summary>
    public DataType Type => this is Value value ? value.Node.Type : DataType.Float;
}

/// <summary>An element: a place, and how many elements it is from the first.</summary>
internal sealed record Address(Place Place, Integer Offset);

/// <summary>
/// A vector of a loop nest. Inside <see cref="Statement.Lanes"/> its lanes are neighbours of the loop, and those beyond its end do not
/// count; elsewhere all lanes are the same number.
/// </summary>
internal abstract record Vector
{
    /// <summary>What a statement has named.</summary>
    public sealed record Register(string Name) : Vector;

    public sealed record Number(float Value) : Vector;

    /// <summary>What an integer is as a float.</summary>
    public sealed record FromInteger(Integer Value) : Vector;

    /// <summary>1 / <paramref name="Divisor"/>.</summary>
    public sealed record Inverse(Integer Divisor) : Vector;

    /// <summary>An integer, exact: bits that are compared and moved, not computed with.</summary>
    public sealed record Whole(int Value) : Vector;

    /// <summary>Elements of memory. Lane i is <paramref name="Stride"/> · i elements from <paramref name="First"/>: with 0, all lanes are the same.</summary>
    public sealed record Load(Address First, int Stride) : Vector;

    /// <summary>Integers: <paramref name="First"/>, and <paramref name="Stride"/> more in each lane.</summary>
    public sealed record Positions(Integer First, int Stride) : Vector;

    /// <summary>Uniform numbers of a draw at the positions that <see cref="Positions"/> would have.</summary>
    public sealed record Uniform(int Draw, Integer First, int Stride) : Vector;

    /// <summary>1 / (factor · n).</summary>
    public sealed record InverseCount(int Factor) : Vector;

    public sealed record Unary(UnaryFunction Function, Vector X) : Vector;

    public sealed record Binary(BinaryFunction Function, Vector Left, Vector Right) : Vector;

    /// <summary>What a reduction makes of two vectors, lane by lane.</summary>
    public sealed record Combined(ReduceFunction Function, Vector Left, Vector Right) : Vector;

    /// <summary><paramref name="X"/> where <paramref name="A"/> compares so to <paramref name="B"/>, both of <paramref name="Type"/>, else <paramref name="Y"/>.</summary>
    public sealed record Select(Comparison Comparison, DataType Type, Vector A, Vector B, Vector X, Vector Y) : Vector;

    /// <summary>Where <paramref name="A"/> compares so to <paramref name="B"/>, floats both, for <see cref="Choice"/>.</summary>
    public sealed record Mask(Comparison Comparison, Vector A, Vector B) : Vector;

    /// <summary><paramref name="X"/> where the mask <paramref name="Where"/> is set, else <paramref name="Y"/>.</summary>
    public sealed record Choice(Vector Where, Vector X, Vector Y) : Vector;

    /// <summary><paramref name="Value"/>, added to what is at <paramref name="Target"/> where the gradient of that parameter has begun.</summary>
    public sealed record Accumulated(int Parameter, Address Target, Vector Value) : Vector;

    /// <summary>A sum of blocks with what rounding has lost of it put back (<c>CompensatedSum.Total</c>).</summary>
    public sealed record Total(string Sum, string Lost) : Vector;

    /// <summary>What the lanes come to, in every lane.</summary>
    public sealed record Across(ReduceFunction Function, Vector Lanes) : Vector;

    /// <summary>What the parts that slices of a row have left in memory come to, in every lane.</summary>
    public sealed record AcrossSlices(ReduceFunction Function, Address Parts, Integer Count) : Vector;

    /// <summary>The vectors that it is made of.</summary>
    public IEnumerable<Vector> Operands => this switch
    {
        Unary unary => [unary.X],
        Binary binary => [binary.Left, binary.Right],
        Combined combined => [combined.Left, combined.Right],
        Select select => [select.A, select.B, select.X, select.Y],
        Mask mask => [mask.A, mask.B],
        Choice choice => [choice.Where, choice.X, choice.Y],
        Accumulated accumulated => [accumulated.Value],
        Across across => [across.Lanes],
        Register or Number or FromInteger or Inverse or Whole or Load or Positions or Uniform or InverseCount or Total or AcrossSlices => [],
        _ => throw new InvalidOperationException($"{GetType().Name} is no vector of a nest."),
    };
}
