using System.ComponentModel;

namespace GraphGen.Runtime;

/// <summary>A parameter as generated code declares it: name, shape and how its values begin.</summary>
/// <param name="Name">Its name in state dicts.</param>
/// <param name="Shape">Its sizes; empty for a scalar.</param>
/// <param name="Initializer">How it begins.</param>
/// <param name="Bound">The bound of the uniform initializer.</param>
[EditorBrowsable(EditorBrowsableState.Never)]
public readonly record struct ParameterSpec(string Name, int[] Shape, Initializer Initializer, float Bound)
{
    /// <summary>Uniform in [-bound, bound]. PyTorch's kaiming_uniform_ with a = sqrt(5) is the bound 1 / sqrt(fan-in).</summary>
    public static ParameterSpec Uniform(string name, int[] shape, float bound) => new(name, shape, Initializer.Uniform, bound);

    public static ParameterSpec Zeros(string name, int[] shape) => new(name, shape, Initializer.Zeros, 0);

    public static ParameterSpec Ones(string name, int[] shape) => new(name, shape, Initializer.Ones, 0);

    /// <summary>Standard normal.</summary>
    public static ParameterSpec Normal(string name, int[] shape) => new(name, shape, Initializer.Normal, 0);
}
