using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Nests;

/// <summary>Memory of a kernel's own.</summary>
/// <param name="Suffix">Its name after the kernel's: <c>PackedWeight</c>.</param>
/// <param name="Description">What it holds, with its shape.</param>
/// <param name="Floats">Its size in floats, for each sample or in all.</param>
/// <param name="PerSample">Whether the size is for each sample.</param>
/// <param name="IsWorthKeeping">Whether the kernel, run again with the same parameters, is done sooner if it finds what it left there.</param>
internal sealed record Scratch(string Suffix, string Description, long Floats, bool PerSample, bool IsWorthKeeping = false);

/// <summary>A routine that runs once a task.</summary>
/// <param name="Suffix">Its name after the kernel's; empty for the last.</param>
/// <param name="Tasks">How many tasks there are. They may run at the same time, and none writes what another reads or writes.</param>
/// <param name="WorkPerTask">Floating-point operations of a task, about.</param>
/// <param name="Body">What a task does; <see cref="Integer.Task"/> is its number.</param>
internal sealed record Routine(string Suffix, Integer Tasks, Integer WorkPerTask, EquatableArray<Statement> Body)
{
    /// <summary>All statements, each before those inside it.</summary>
    public IEnumerable<Statement> Statements => Within(Body);

    /// <summary>Statements, each before those inside it.</summary>
    public static IEnumerable<Statement> Within(IEnumerable<Statement> body)
    {
        foreach (Statement statement in body)
        {
            yield return statement;
            foreach (Statement inner in Within(statement.Inner.SelectMany(inner => inner)))
            {
                yield return inner;
            }
        }
    }
}

/// <summary>A kernel as loops: what it reads and writes, and in which order, is told by these and by nothing else.</summary>
/// <param name="Loops">What the loops are, in words: <c>n rows of 10, 4 sweeps</c>.</param>
/// <param name="Scratch">Memory it needs while it runs.</param>
/// <param name="Routines">What it runs, each when the one before is done.</param>
/// <param name="CallsFunctions">Whether functions that are no instruction are called; else they are inlined.</param>
internal sealed record Nest(string Loops, EquatableArray<Scratch> Scratch, EquatableArray<Routine> Routines, bool CallsFunctions)
{
    /// <summary>What becomes of the results of a matrix product or a convolution; <see langword="null"/> for other kernels.</summary>
    public Epilogue? Epilogue { get; init; }

    /// <summary>The values that it reads from memory.</summary>
    public IEnumerable<Node> Loads => Statements.SelectMany(LoadsOf).Select(address => address.Place).OfType<Place.Value>().Select(place => place.Node).Distinct();

    /// <summary>The values that it leaves in memory.</summary>
    public IEnumerable<Node> Stores => Statements.SelectMany(StoresOf).Select(address => address.Place).OfType<Place.Value>().Select(place => place.Node).Distinct();

    /// <summary>All statements of all routines.</summary>
    public IEnumerable<Statement> Statements => Routines.SelectMany(routine => routine.Statements).Concat(Epilogue is null ? [] : Routine.Within(Epilogue.Body));

    /// <summary>The lists of statements that run one after the other: those of routines and those inside statements.</summary>
    public IEnumerable<EquatableArray<Statement>> Bodies => Routines.Select(routine => routine.Body).Concat(Epilogue is null ? [] : new[] { Epilogue.Body }).Concat(Statements.SelectMany(statement => statement.Inner));

    /// <summary>What a statement, but for those inside it, writes to memory; of panels and images the first element.</summary>
    public static IEnumerable<Address> StoresOf(Statement statement) => statement switch
    {
        Statement.Store store => [store.Target],
        Statement.StorePlanes store => [store.Target],
        Statement.Pack pack => [pack.Panels],
        Statement.LayOut layOut => [layOut.To],
        Statement.PackWeights pack => [pack.Panels],
        _ => [],
    };

    /// <summary>What a statement, but for those inside it, reads from memory; of a product's sides, of images and weights the first elements.</summary>
    public static IEnumerable<Address> LoadsOf(Statement statement)
    {
        switch (statement)
        {
            case Statement.Multiply multiply:
                yield return multiply.Left.First;
                yield return multiply.Right.First;
                break;
            case Statement.Pack pack:
                yield return pack.Right.First;
                break;
            case Statement.LayOut layOut:
                yield return layOut.From;
                break;
            case Statement.PackWeights pack:
                yield return pack.Weight;
                break;
            case Statement.Convolve convolve:
                yield return convolve.Input;
                yield return convolve.Panels;
                break;
        }

        Stack<Vector> open = new(statement.Computed is { } computed ? [computed] : []);
        while (open.Count > 0)
        {
            Vector vector = open.Pop();
            if (vector is Vector.Load load)
            {
                yield return load.First;
            }
            else if (vector is Vector.AcrossSlices slices)
            {
                yield return slices.Parts;
            }

            foreach (Vector operand in vector.Operands)
            {
                open.Push(operand);
            }
        }
    }
}
