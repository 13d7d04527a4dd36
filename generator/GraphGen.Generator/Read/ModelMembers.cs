using System.Collections.Immutable;
using GraphGen.Generator.Definition;
using GraphGen.Generator.Emit;
using Microsoft.CodeAnalysis;

namespace GraphGen.Generator.Read;

/// <summary>The annotated members of a model class, sorted by what they are.</summary>
internal sealed class ModelMembers
{
    /// <summary>Layers and raw parameters by their symbol; <see langword="null"/> for one whose declaration is wrong, so that its uses are not reported again.</summary>
    public Dictionary<ISymbol, LayerDefinition?> Layers { get; } = new(SymbolEqualityComparer.Default);

    /// <summary>The layers and raw parameters whose declarations are right, in source order.</summary>
    public ImmutableArray<LayerDefinition>.Builder Definitions { get; } = ImmutableArray.CreateBuilder<LayerDefinition>();

    /// <summary>The methods marked [Forward].</summary>
    public List<IMethodSymbol> Forwards { get; } = [];

    /// <summary>The methods marked [Loss], and the partial methods with the attribute of a loss.</summary>
    public List<LossMember> Losses { get; } = [];

    /// <summary>The partial members that the generated file has to implement.</summary>
    public ImmutableArray<OutlineMember>.Builder Partials { get; } = ImmutableArray.CreateBuilder<OutlineMember>();
}

/// <summary>A loss of a model.</summary>
/// <param name="Method">The method.</param>
/// <param name="Kind">The loss attribute's name without suffix, or <see langword="null"/> for a [Loss] method with a body.</param>
/// <param name="Attribute">The attribute.</param>
internal sealed record LossMember(IMethodSymbol Method, string? Kind, AttributeData Attribute)
{
    /// <summary>GraphGen.Reduction.None.</summary>
    private const int None = 2;

    /// <summary>Whether the loss is to be one number; else it is one a sample, or more.</summary>
    public bool IsReduced => !Attribute.NamedArguments.Any(argument => argument.Key switch
    {
        "Reduction" => argument.Value.Value is None,
        "Unreduced" => argument.Value.Value is true,
        _ => false,
    });
}
