using Microsoft.CodeAnalysis;

namespace GraphGen.Generator.Read;

/// <summary>The types of the runtime library that the reader recognises, from the assembly that declares [Model].</summary>
internal sealed class KnownSymbols
{
    private KnownSymbols(INamedTypeSymbol tensor, INamedTypeSymbol intTensor, INamedTypeSymbol ops)
    {
        Tensor = tensor;
        IntTensor = intTensor;
        Ops = ops;
    }

    public INamedTypeSymbol Tensor { get; }

    public INamedTypeSymbol IntTensor { get; }

    public INamedTypeSymbol Ops { get; }

    /// <summary>The symbols of the runtime library, or <see langword="null"/> where the assembly is not the one that belongs to this generator.</summary>
    public static KnownSymbols? From(IAssemblySymbol runtime) =>
        runtime.GetTypeByMetadataName("GraphGen.Tensor") is { } tensor
        && runtime.GetTypeByMetadataName("GraphGen.IntTensor") is { } intTensor
        && runtime.GetTypeByMetadataName("GraphGen.Ops") is { } ops
            ? new KnownSymbols(tensor, intTensor, ops)
            : null;

    public bool IsTensor(ITypeSymbol? type) => SymbolEqualityComparer.Default.Equals(type, Tensor);

    public bool IsIntTensor(ITypeSymbol? type) => SymbolEqualityComparer.Default.Equals(type, IntTensor);

    public bool IsSymbolic(ITypeSymbol? type) => IsTensor(type) || IsIntTensor(type);

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
