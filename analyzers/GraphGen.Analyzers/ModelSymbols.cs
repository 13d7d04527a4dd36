using Microsoft.CodeAnalysis;

namespace GraphGen.Analyzers;

/// <summary>The runtime library's symbols that the analyzers look for.</summary>
internal sealed class ModelSymbols
{
    private readonly INamedTypeSymbol _modelAttribute;

    private ModelSymbols(INamedTypeSymbol modelAttribute, INamedTypeSymbol ops, INamedTypeSymbol tensor)
    {
        _modelAttribute = modelAttribute;
        Ops = ops;
        Tensor = tensor;
    }

    public INamedTypeSymbol Ops { get; }

    public INamedTypeSymbol Tensor { get; }

    /// <summary>The symbols, or <see langword="null"/> in a compilation that does not use GraphGen.</summary>
    public static ModelSymbols? From(Compilation compilation) =>
        compilation.GetTypeByMetadataName("GraphGen.ModelAttribute") is { } attribute
        && compilation.GetTypeByMetadataName("GraphGen.Ops") is { } ops
        && compilation.GetTypeByMetadataName("GraphGen.Tensor") is { } tensor
            ? new ModelSymbols(attribute, ops, tensor)
            : null;

    public bool IsModel(INamedTypeSymbol type) =>
        type.GetAttributes().Any(attribute => SymbolEqualityComparer.Default.Equals(attribute.AttributeClass, _modelAttribute));

    /// <summary>Whether a symbol is a model, a member of one, or nested in one; or in a class that has layers, of which the generator says that it should be marked [Model].</summary>
    public bool IsInModel(ISymbol symbol)
    {
        for (INamedTypeSymbol? type = symbol as INamedTypeSymbol ?? symbol.ContainingType; type is not null; type = type.ContainingType)
        {
            if (IsModel(type) || type.GetMembers().Any(IsDescription))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a member has an attribute of GraphGen's, and so describes a graph.</summary>
    private bool IsDescription(ISymbol member) =>
        member.GetAttributes().Any(attribute => SymbolEqualityComparer.Default.Equals(attribute.AttributeClass?.ContainingAssembly, _modelAttribute.ContainingAssembly));
}
