namespace GraphGen;

/// <summary>How a parameter's values start.</summary>
/// <param name="Kind">The distribution.</param>
/// <param name="Scale">The bound of a uniform distribution or the standard deviation of a normal one; not used otherwise.</param>
public readonly record struct Initialization(Initializer Kind, float Scale);

/// <summary>What a <see cref="ParameterBlock"/> needs to know of a parameter to make it.</summary>
/// <param name="Name">The name, PyTorch's where there is one: <c>conv1.weight</c>. Unique in a block.</param>
/// <param name="Shape">The dimensions, outermost first, each at least 1; none for a scalar.</param>
/// <param name="Init">How the values start.</param>
public readonly record struct ParameterSpec(string Name, int[] Shape, Initialization Init)
{
    /// <summary>A parameter that starts uniform in [−<paramref name="bound"/>, <paramref name="bound"/>).</summary>
    /// <param name="name">The name.</param>
    /// <param name="shape">The dimensions.</param>
    /// <param name="bound">The bound: PyTorch's default for layers is 1/√fan_in.</param>
    public static ParameterSpec Uniform(string name, int[] shape, float bound) =>
        new(name, shape, new Initialization(Initializer.Uniform, bound));

    /// <summary>A parameter that starts as zeros.</summary>
    /// <param name="name">The name.</param>
    /// <param name="shape">The dimensions.</param>
    public static ParameterSpec Zeros(string name, int[] shape) => new(name, shape, new Initialization(Initializer.Zeros, 0f));

    /// <summary>A parameter that starts as ones.</summary>
    /// <param name="name">The name.</param>
    /// <param name="shape">The dimensions.</param>
    public static ParameterSpec Ones(string name, int[] shape) => new(name, shape, new Initialization(Initializer.Ones, 1f));

    /// <summary>A parameter that starts normally distributed around 0.</summary>
    /// <param name="name">The name.</param>
    /// <param name="shape">The dimensions.</param>
    /// <param name="standardDeviation">The standard deviation; 1 by default.</param>
    public static ParameterSpec Normal(string name, int[] shape, float standardDeviation = 1f) =>
        new(name, shape, new Initialization(Initializer.Normal, standardDeviation));
}
