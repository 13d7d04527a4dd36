using Microsoft.CodeAnalysis;

namespace GraphGen.Generator.Diagnostics;

/// <summary>Finds descriptors by their id, which is all that passes between the stages.</summary>
public static class Descriptors
{
    private static readonly Dictionary<string, DiagnosticDescriptor> ById =
        new[] { typeof(DeclarationDiagnostics), typeof(BodyDiagnostics), typeof(CompilerDiagnostics) }
            .SelectMany(group => group.GetFields())
            .Select(field => (DiagnosticDescriptor)field.GetValue(null))
            .ToDictionary(descriptor => descriptor.Id);

    /// <summary>Every diagnostic that the generator can report.</summary>
    public static IEnumerable<DiagnosticDescriptor> All => ById.Values;

    /// <summary>The descriptor with an id.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public static DiagnosticDescriptor Get(string id) => ById[id];
}

/// <summary>The categories that the generator's diagnostics are filed under.</summary>
internal static class Categories
{
    public const string Declaration = "GraphGen.Declaration";
    public const string Body = "GraphGen.Body";
    public const string Compiler = "GraphGen.Compiler";
}
