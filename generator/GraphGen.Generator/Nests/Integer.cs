using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Nests;

/// <summary>An integer of a loop nest: an offset in elements, the bound of a loop, a number of tasks. Equal expressions are equal values.</summary>
internal abstract record Integer
{
    /// <summary>A number.</summary>
    public sealed record Literal(long Value) : Integer;

    /// <summary>The samples of the batch, n.</summary>
    public sealed record Samples : Integer;

    /// <summary>The lanes of a vector.</summary>
    public sealed record Width : Integer;

    /// <summary>What a loop or a definition of the routine says; <see cref="Task"/> is the number of the task.</summary>
    public sealed record Variable(string Name) : Integer;

    public sealed record Sum(Integer Left, Integer Right) : Integer;

    public sealed record Difference(Integer Left, Integer Right) : Integer;

    public sealed record Product(Integer Left, Integer Right) : Integer;

    /// <summary>Division that rounds down; both sides are positive.</summary>
    public sealed record Quotient(Integer Left, Integer Right) : Integer;

    public sealed record Remainder(Integer Left, Integer Right) : Integer;

    public sealed record Minimum(Integer Left, Integer Right) : Integer;

    public sealed record Maximum(Integer Left, Integer Right) : Integer;

    /// <summary><paramref name="Then"/> where <paramref name="Left"/> is greater than <paramref name="Right"/>, else <paramref name="Else"/>.</summary>
    public sealed record IfGreater(Integer Left, Integer Right, Integer Then, Integer Else) : Integer;

    /// <summary>Where part <paramref name="Part"/> of <paramref name="Whole"/> cut in <paramref name="Parts"/> begins.</summary>
    public sealed record Share(Integer Whole, Integer Part, int Parts) : Integer;

    /// <summary>How many slices a long row is cut in (<c>RowSlices.Count</c>).</summary>
    public sealed record Slices(Integer Length, int Most) : Integer;

    /// <summary>Elements of a slice (<c>RowSlices.Length</c>).</summary>
    public sealed record SliceLength(Integer Length, int Most) : Integer;

    public static Integer Zero { get; } = new Literal(0);

    public static Integer N { get; } = new Samples();

    public static Integer Lanes { get; } = new Width();

    /// <summary>The number of the task that runs the routine.</summary>
    public static Integer Task { get; } = new Variable("task");

    public static implicit operator Integer(long value) => new Literal(value);

    public static implicit operator Integer(Dim dim) => dim.PerSample ? dim.Size * N : dim.Size;

    public static Integer operator +(Integer left, Integer right) => (left, right) switch
    {
        (Literal a, Literal b) => a.Value + b.Value,
        (Literal { Value: 0 }, _) => right,
        (_, Literal { Value: 0 }) => left,
        _ => new Sum(left, right),
    };

    public static Integer operator -(Integer left, Integer right) => (left, right) switch
    {
        (Literal a, Literal b) => a.Value - b.Value,
        (_, Literal { Value: 0 }) => left,
        _ => new Difference(left, right),
    };

    public static Integer operator *(Integer left, Integer right) => (left, right) switch
    {
        (Literal a, Literal b) => a.Value * b.Value,
        (Literal { Value: 0 }, _) or (_, Literal { Value: 0 }) => Zero,
        (Literal { Value: 1 }, _) => right,
        (_, Literal { Value: 1 }) => left,
        (Literal a, Product { Left: Literal b } product) => a.Value * b.Value * product.Right,
        (Product { Left: Literal a } product, Literal b) => a.Value * b.Value * product.Right,
        _ => new Product(left, right),
    };

    public static Integer operator /(Integer left, Integer right) => (left, right) switch
    {
        (Literal a, Literal b) => a.Value / b.Value,
        (_, Literal { Value: 1 }) => left,
        _ => new Quotient(left, right),
    };

    public static Integer operator %(Integer left, Integer right) => (left, right) switch
    {
        (Literal a, Literal b) => a.Value % b.Value,
        (_, Literal { Value: 1 }) => Zero,
        _ => new Remainder(left, right),
    };

    public static Integer Min(Integer left, Integer right) =>
        (left, right) is (Literal a, Literal b) ? Math.Min(a.Value, b.Value) : new Minimum(left, right);

    public static Integer Max(Integer left, Integer right) =>
        (left, right) is (Literal a, Literal b) ? Math.Max(a.Value, b.Value) : new Maximum(left, right);

    /// <summary>How many pieces of a size cover a length.</summary>
    public static Integer Pieces(Integer length, int size) => size == 1 ? length : (length + (size - 1)) / size;

    /// <summary>The same with a variable replaced.</summary>
    public Integer With(string variable, Integer value)
    {
        return this switch
        {
            Variable v => v.Name == variable ? value : this,
            Sum s => On(s.Left) + On(s.Right),
            Difference d => On(d.Left) - On(d.Right),
            Product p => On(p.Left) * On(p.Right),
            Quotient q => On(q.Left) / On(q.Right),
            Remainder r => On(r.Left) % On(r.Right),
            Minimum m => Min(On(m.Left), On(m.Right)),
            Maximum m => Max(On(m.Left), On(m.Right)),
            IfGreater c => new IfGreater(On(c.Left), On(c.Right), On(c.Then), On(c.Else)),
            Share s => s with { Whole = On(s.Whole), Part = On(s.Part) },
            Slices s => s with { Length = On(s.Length) },
            SliceLength s => s with { Length = On(s.Length) },
            Literal or Samples or Width => this,
            _ => throw new InvalidOperationException($"{GetType().Name} is no integer of a nest."),
        };

        Integer On(Integer part) => part.With(variable, value);
    }
}
