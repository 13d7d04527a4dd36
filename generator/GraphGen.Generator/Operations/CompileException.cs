namespace GraphGen.Generator.Operations;

/// <summary>A model that cannot be compiled: carries the one diagnostic that says why, at the user's expression.</summary>
internal sealed class CompileException(string id, int position, params string[] arguments)
    : Exception($"{id}: {string.Join(" ", arguments)}")
{
    public CompileError Error { get; } = new(id, position, arguments.ToEquatableArray());
}
