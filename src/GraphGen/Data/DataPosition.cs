namespace GraphGen;

/// <summary>A place in the epochs over a <see cref="Dataset"/>.</summary>
/// <param name="Epoch">The epoch, from 0.</param>
/// <param name="Batch">How many of its batches have been given.</param>
public readonly record struct DataPosition(int Epoch, int Batch);
