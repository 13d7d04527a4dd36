namespace GraphGen;

/// <summary>What did not meet when a state dict was loaded.</summary>
/// <param name="MissingKeys">Parameters that the state dict does not have: they are as they were.</param>
/// <param name="UnexpectedKeys">Tensors that the model has no parameter for.</param>
public sealed record IncompatibleKeys(IReadOnlyList<string> MissingKeys, IReadOnlyList<string> UnexpectedKeys);
