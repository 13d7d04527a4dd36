using System.Collections.Immutable;
using GraphGen.Generator.Definition;
using GraphGen.Generator.Emit;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Text;

namespace GraphGen.Generator.Read;

/// <summary>
/// What the first stage makes of one class: the model, or the reasons why there is none. Holds no symbol, syntax node or
/// compilation. Only <see cref="Model"/> goes on to the later stages; the rest changes with every line that moves.
/// </summary>
/// <param name="HintName">The name of the file that will be generated: unique among models, so it also serves as the key.</param>
/// <param name="Model">The model, or <see langword="null"/> when the class cannot be read as one.</param>
/// <param name="Outline">What the generated file must declare whatever happens; <see langword="null"/> where no file can add to the class.</param>
/// <param name="Diagnostics">What is wrong with the declaration or the bodies.</param>
/// <param name="Positions">Where each position number of the model stands.</param>
public sealed record ModelReading(
    string HintName,
    ModelDefinition? Model,
    ModelOutline? Outline,
    EquatableArray<LocatedDiagnostic> Diagnostics,
    EquatableArray<SourcePosition> Positions)
{
    /// <summary>The same class in a project that cannot have models: its members are declared, and nothing is said of them.</summary>
    public ModelReading Unsupported() => this with
    {
        Model = null,
        Outline = Outline ?? (Model is null ? null : ModelOutline.Of(Model)),
        Diagnostics = EquatableArray<LocatedDiagnostic>.Empty,
    };
}

/// <summary>A diagnostic by its descriptor's id, with the place it is reported at.</summary>
public sealed record LocatedDiagnostic(string Id, SourcePosition Position, EquatableArray<string> Arguments);

/// <summary>A place in the user's source that keeps nothing of the compilation alive.</summary>
public sealed record SourcePosition(string FilePath, TextSpan Span, LinePositionSpan Lines)
{
    public static SourcePosition Of(Location location) =>
        new(location.SourceTree?.FilePath ?? "", location.SourceSpan, location.GetLineSpan().Span);

    /// <summary>The location in the compilation's own tree, where <c>#pragma warning</c> and .editorconfig reach it.</summary>
    public Location ToLocation(Compilation compilation, CancellationToken cancellation)
    {
        foreach (SyntaxTree tree in compilation.SyntaxTrees)
        {
            cancellation.ThrowIfCancellationRequested();
            if (tree.FilePath == FilePath && Span.End <= tree.Length)
            {
                return Location.Create(tree, Span);
            }
        }

        return Location.Create(FilePath, Span, Lines);
    }
}

/// <summary>Hands out the position numbers of a model. The same place always gets the same number; 0 is the class's name.</summary>
internal sealed class PositionTable
{
    private readonly ImmutableArray<SourcePosition>.Builder _positions = ImmutableArray.CreateBuilder<SourcePosition>();
    private readonly Dictionary<SourcePosition, int> _numbers = [];

    public int Add(Location location)
    {
        SourcePosition position = SourcePosition.Of(location);
        if (!_numbers.TryGetValue(position, out int number))
        {
            number = _positions.Count;
            _positions.Add(position);
            _numbers.Add(position, number);
        }

        return number;
    }

    public EquatableArray<SourcePosition> ToTable() => new(_positions.ToImmutable());
}
