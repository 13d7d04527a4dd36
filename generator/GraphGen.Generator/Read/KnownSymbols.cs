using Microsoft.CodeAnalysis;

namespace GraphGen.Generator.Read;

/// <summary>The types of the runtime library that the reader recognises, from the assembly that declares [Model].</summary>
internal sealed class KnownSymbols
{
    private KnownSymbols(INamedTypeSymbol tensor, INamedTypeSymbol intTensor, INamedTypeSymbol tensorIndex, INamedTypeSymbol ops)
    {
        Tensor = tensor;
        IntTensor = intTensor;
        TensorIndex = tensorIndex;
        Ops = ops;
    }

    public INamedTypeSymbol Tensor { get; }

    public INamedTypeSymbol IntTensor { get; }

    public INamedTypeSymbol TensorIndex { get; }

    public INamedTypeSymbol Ops { get; }

    /// <summary>The symbols of the runtime library, or <see langword="null"/> where the assembly is not the one that belongs to this generator.</summary>
    public static KnownSymbols? From(IAssemblySymbol runtime) =>
        runtime.GetTypeByMetadataName("GraphGen.Tensor") is { } tensor
        && runtime.GetTypeByMetadataName("GraphGen.IntTensor") is { } intTensor
        && runtime.GetTypeByMetadataName("GraphGen.TensorIndex") is { } tensorIndex
        && runtime.GetTypeByMetadataName("GraphGen.Ops") is { } ops
            ? new KnownSymbols(tensor, intTensor, tensorIndex, ops)
            : null;

    public bool IsTensor(ITypeSymbol? type) => SymbolEqualityComparer.Default.Equals(type, Tensor);

    public bool IsIntTensor(ITypeSymbol? type) => SymbolEqualityComparer.Default.Equals(type, IntTensor);

    public bool IsSymbolic(ITypeSymbol? type) => IsTensor(type) || IsIntTensor(type);

    /// <summary>Whether a type is a symbol, or an array, tuple or generic type of such.</summary>
    public bool HoldsSymbols(ITypeSymbol? type) => type switch
    {
        IArrayTypeSymbol array => HoldsSymbols(array.ElementType),
        INamedTypeSymbol { TypeArguments: { IsEmpty: false } arguments } => arguments.Any(HoldsSymbols),
        _ => IsSymbolic(type),
    };

    /// <summary>Whether a field is <c>Dim.Batch</c>.</summary>
    public bool IsBatch(IFieldSymbol field) =>
        field is { Name: "Batch", ContainingType: { Name: "Dim", ContainingNamespace: { Name: "GraphGen", ContainingNamespace.IsGlobalNamespace: true } } container }
        && SymbolEqualityComparer.Default.Equals(container.ContainingAssembly, Tensor.ContainingAssembly);

    /// <summary>The name of a GraphGen attribute without its suffix (<c>Conv2d</c>), or <see langword="null"/> for anybody else's.</summary>
    public string? AttributeKind(AttributeData attribute)
    {
        const string Suffix = "Attribute";
        return attribute.AttributeClass is { } type
            && SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, Tensor.ContainingAssembly)
            && type.Name.EndsWith(Suffix, StringComparison.Ordinal)
                ? type.Name.Substring(0, type.Name.Length - Suffix.Length)
                : null;
    }
}
