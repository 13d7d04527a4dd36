using Microsoft.CodeAnalysis;

namespace GraphGen.Analyzers;

/// <summary>The runtime library's symbols that the analyzers look for.</summary>
internal sealed class ModelSymbols
{
    private readonly INamedTypeSymbol _modelAttribute;
    private readonly INamedTypeSymbol _tensor;
    private readonly INamedTypeSymbol _intTensor;

    private ModelSymbols(INamedTypeSymbol modelAttribute, INamedTypeSymbol tensor, INamedTypeSymbol intTensor)
    {
        _modelAttribute = modelAttribute;
        _tensor = tensor;
        _intTensor = intTensor;
    }

    /// <summary>The symbols, or <see langword="null"/> in a compilation that does not use GraphGen.</summary>
    public static ModelSymbols? From(Compilation compilation) =>
        compilation.GetTypeByMetadataName("GraphGen.ModelAttribute") is { } attribute
        && compilation.GetTypeByMetadataName("GraphGen.Tensor") is { } tensor
        && compilation.GetTypeByMetadataName("GraphGen.IntTensor") is { } intTensor
            ? new ModelSymbols(attribute, tensor, intTensor)
            : null;

    public bool IsModel(INamedTypeSymbol type) =>
        type.GetAttributes().Any(attribute => SymbolEqualityComparer.Default.Equals(attribute.AttributeClass, _modelAttribute));

    /// <summary>Whether a symbol is a model, a member of one, or nested in one; or in a class that has layers, of which the generator says that it should be marked [Model].</summary>
    public bool IsInModel(ISymbol symbol)
    {
        for (INamedTypeSymbol? type = symbol as INamedTypeSymbol ?? symbol.ContainingType; type is not null; type = type.ContainingType)
        {
            if (IsModel(type) || type.GetMembers().Any(IsDeclared))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a member has an attribute of GraphGen's, as layers, parameters and losses have.</summary>
    private bool IsDeclared(ISymbol member) =>
        member.GetAttributes().Any(attribute => SymbolEqualityComparer.Default.Equals(attribute.AttributeClass?.ContainingAssembly, _modelAttribute.ContainingAssembly));

    /// <summary>Whether a method is declared to take or return symbols, so that it describes a part of a graph. All of <c>Ops</c> and the operators and indexers of tensors do.</summary>
    public bool IsDescription(IMethodSymbol method) =>
        HoldsSymbols(method.OriginalDefinition.ReturnType) || method.OriginalDefinition.Parameters.Any(parameter => HoldsSymbols(parameter.Type));

    /// <summary>Whether a type is a symbol, or an array, tuple or generic type of such.</summary>
    public bool HoldsSymbols(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => HoldsSymbols(array.ElementType),
        INamedTypeSymbol { TypeArguments: { IsEmpty: false } arguments } => arguments.Any(HoldsSymbols),
        _ => SymbolEqualityComparer.Default.Equals(type, _tensor) || SymbolEqualityComparer.Default.Equals(type, _intTensor),
    };
}
