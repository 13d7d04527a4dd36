using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace GraphGen.Generator.Read;

/// <summary>What every part of the reader shares while it reads one class: the symbols, the position numbers and the diagnostics found.</summary>
internal sealed class ReadingContext(INamedTypeSymbol model, KnownSymbols known, Compilation compilation, CancellationToken cancellation)
{
    private readonly ImmutableArray<LocatedDiagnostic>.Builder _diagnostics = ImmutableArray.CreateBuilder<LocatedDiagnostic>();
    private readonly HashSet<LocatedDiagnostic> _reported = [];

    public INamedTypeSymbol Model { get; } = model;

    public KnownSymbols Known { get; } = known;

    public Compilation Compilation { get; } = compilation;

    public CancellationToken Cancellation { get; } = cancellation;

    public PositionTable Positions { get; } = new();

    /// <summary>Whether the class cannot be a model: reported here, or by the C# compiler for code that does not compile.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Reports an error, once for each place: an unrolled loop meets the same one many times.</summary>
    public void Report(DiagnosticDescriptor descriptor, Location location, params string[] arguments)
    {
        Fail();
        LocatedDiagnostic diagnostic = new(descriptor.Id, SourcePosition.Of(location), arguments.ToEquatableArray());
        if (_reported.Add(diagnostic))
        {
            _diagnostics.Add(diagnostic);
        }
    }

    /// <summary>Gives the model up without a word, because the C# compiler has the word already.</summary>
    public void Fail() => HasFailed = true;

    public EquatableArray<LocatedDiagnostic> ToDiagnostics() => new(_diagnostics.ToImmutable());
}
