namespace GraphGen.Generator.Tests.Compiler.Interpreter;

/// <summary>What the leaves of a graph stand for in one evaluation.</summary>
internal sealed record Bindings
{
    /// <summary>The number of samples, n.</summary>
    public required int Samples { get; init; }

    /// <summary>The arguments of the forward and loss methods, by name, row-major.</summary>
    public Dictionary<string, double[]> Inputs { get; init; } = [];

    /// <summary>The parameters, by their place in the block.</summary>
    public IReadOnlyList<double[]> Parameters { get; init; } = [];

    /// <summary>What the forward pass returned, for a loss.</summary>
    public IReadOnlyList<double[]> ForwardOutputs { get; init; } = [];

    /// <summary>The gradients of the loss by the outputs, for a backward pass.</summary>
    public IReadOnlyList<double[]> OutputGradients { get; init; } = [];

    /// <summary>The gradient of an unreduced loss.</summary>
    public double[] LossGradient { get; init; } = [];

    /// <summary>Whether every value is rounded to single precision: how far that moves a result is how well it can be known.</summary>
    public bool IsRounded { get; init; }

    /// <summary>The uniform numbers in [0, 1) of a draw, by the number of the draw and the element's position.</summary>
    public Func<int, int, double> Uniform { get; init; } = (_, _) => throw new InvalidOperationException("No random numbers were given.");
}
