using GraphGen.Generator.Emit;
using Microsoft.CodeAnalysis;

namespace GraphGen.Generator.Read;

/// <summary>What the [Forward] method returns, as its signature says: a tensor, or a tuple whose elements are named.</summary>
/// <param name="Names">The names of a tuple's elements; empty for a tensor.</param>
internal sealed record ModelOutputs(EquatableArray<string> Names)
{
    /// <summary>Names that C# gives no element of a tuple.</summary>
    private static readonly string[] Disallowed = ["CompareTo", "Deconstruct", nameof(Equals), nameof(GetHashCode), "Rest", nameof(ToString)];

    /// <summary>What the struct of the outputs has of its own, and all types have.</summary>
    private static readonly string[] Taken =
    [
        OutputsEmitter.ClassName, "Deconstruct",
        nameof(Equals), nameof(GetHashCode), nameof(GetType), nameof(MemberwiseClone), nameof(ReferenceEquals), nameof(ToString), "Finalize",
    ];

    /// <summary>The outputs of a model; of one without a [Forward] method, those that most models have.</summary>
    public static ModelOutputs Of(IMethodSymbol? forward) =>
        new(Tuple(forward) is { } tuple ? tuple.TupleElements.Select(element => element.Name).ToEquatableArray() : EquatableArray<string>.Empty);

    /// <summary>Names that properties can have, also where those of the outputs are refused.</summary>
    public EquatableArray<string> ToProperties()
    {
        Names scope = new(Taken);
        return Names.Select(name => scope.Unique(Identifiers.Pascal(name))).ToEquatableArray();
    }

    /// <summary>Whether the C# compiler refuses the name of an output.</summary>
    public static bool IsLeftToCompiler(IMethodSymbol forward) => Tuple(forward)?.TupleElements.Any(element => Disallowed.Contains(element.Name)) == true;

    /// <summary>What is wrong with the type that a [Forward] method returns; <see langword="null"/> where it is right.</summary>
    public static string? Problem(ReadingContext context, IMethodSymbol forward)
    {
        if (Tuple(forward) is not { } tuple)
        {
            return context.Known.IsTensor(forward.ReturnType) ? null : "does not return a Tensor";
        }

        HashSet<string> names = [];
        for (int i = 0; i < tuple.TupleElements.Length; i++)
        {
            IFieldSymbol element = tuple.TupleElements[i];
            string? problem = element switch
            {
                _ when !context.Known.IsTensor(element.Type) => $"returns a tuple whose element {i + 1} is no Tensor",
                { IsExplicitlyNamedTupleElement: false } => $"returns a tuple whose element {i + 1} has no name",
                _ when !char.IsLetter(element.Name.TrimStart('_').FirstOrDefault()) => $"returns an output called '{element.Name}', which makes no name of a property",
                _ when Taken.Contains(Identifiers.Pascal(element.Name)) => $"returns an output called '{element.Name}', which the struct of the outputs has for something else",
                _ when !names.Add(Identifiers.Pascal(element.Name)) => $"returns two outputs called '{Identifiers.Pascal(element.Name)}' (capitals and underscores in front make no difference)",
                _ => null,
            };
            if (problem is not null)
            {
                return problem;
            }
        }

        return null;
    }

    /// <summary>The output that a parameter of a loss stands for: the one of its name, or of a model with one output the first parameter.</summary>
    public int? Find(IParameterSymbol parameter)
    {
        if (Names.Count == 0)
        {
            return parameter.Ordinal == 0 ? 0 : null;
        }

        string name = Identifiers.Pascal(parameter.Name);
        for (int i = 0; i < Names.Count; i++)
        {
            if (Identifiers.Pascal(Names[i]) == name)
            {
                return i;
            }
        }

        return null;
    }

    private static INamedTypeSymbol? Tuple(IMethodSymbol? forward) => forward?.ReturnType is INamedTypeSymbol { IsTupleType: true } tuple ? tuple : null;
}
