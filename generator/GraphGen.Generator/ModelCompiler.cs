namespace GraphGen.Generator;

/// <summary>What compiling a model gives: the file to add, and the errors found on the way.</summary>
/// <param name="HintName">The generated file's name.</param>
/// <param name="Source">The generated file; where there are errors, the class with members that throw.</param>
/// <param name="Errors">Errors and warnings by descriptor id, with positions into the model's table.</param>
public sealed record CompiledModel(string HintName, string Source, EquatableArray<CompileError> Errors);

/// <summary>One diagnostic of the compiler: the id of its descriptor, the position it is about, and the arguments of its message.</summary>
public sealed record CompileError(string Id, int Position, EquatableArray<string> Arguments);
