using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Operations;

/// <summary>How a parameter's values begin.</summary>
public enum ParameterInitializer
{
    /// <summary>Uniform in [-bound, bound].</summary>
    Uniform,
    Zeros,
    Ones,

    /// <summary>Standard normal.</summary>
    Normal,
}

/// <summary>A parameter of the model.</summary>
/// <param name="Name">Its name in state dicts: <c>conv1.weight</c>.</param>
/// <param name="Identifier">Its name in generated code: <c>Conv1Weight</c>.</param>
/// <param name="Shape">Its shape as PyTorch has it.</param>
/// <param name="Initializer">How it begins.</param>
/// <param name="Bound">The bound of the uniform initializer: PyTorch's kaiming-uniform with a = sqrt(5) is 1 / sqrt(fan-in).</param>
/// <param name="Offset">Where it starts in the blocks of values and gradients, in floats, a multiple of 16.</param>
public sealed record ParameterInfo(string Name, string Identifier, Shape Shape, ParameterInitializer Initializer, float Bound, int Offset)
{
    public int Length => Shape.Elements.Size;
}
