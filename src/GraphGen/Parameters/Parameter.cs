namespace GraphGen;

/// <summary>A view of one parameter in its model's <see cref="ParameterBlock"/>.</summary>
public sealed class Parameter
{
    private readonly int[] _shape;

    internal Parameter(ParameterBlock block, int index, string name, int[] shape, int offset)
    {
        Block = block;
        Index = index;
        Name = name;
        Offset = offset;
        _shape = shape;
        Length = 1;
        foreach (int size in shape)
        {
            Length = checked(Length * size);
        }
    }

    /// <summary>The name in state dicts, as PyTorch would have it: <c>conv1.weight</c>.</summary>
    public string Name { get; }

    /// <summary>The sizes, as PyTorch has them: [out, in] for a linear layer, [out, in / groups, height, width] for a convolution.</summary>
    public ReadOnlySpan<int> Shape => _shape;

    /// <summary>Elements.</summary>
    public int Length { get; }

    /// <summary>Where it starts in its block's values and gradients, in floats; a multiple of 16.</summary>
    public int Offset { get; }

    /// <summary>Its place among its block's parameters.</summary>
    public int Index { get; }

    /// <summary>The block it is part of.</summary>
    public ParameterBlock Block { get; }

    /// <summary>The values, row-major.</summary>
    public Span<float> Values => Block.Values.Slice(Offset, Length);

    /// <summary>The gradient, row-major; empty where there is none.</summary>
    public Span<float> Gradients => HasGradient ? Block.Gradients.Slice(Offset, Length) : [];

    /// <summary>Whether a backward pass has reached it since its gradient was last emptied. Optimizers skip it otherwise.</summary>
    public bool HasGradient => Block.HasGradient(Index);

    /// <summary>Marks this gradient as empty.</summary>
    public void ZeroGrad() => Block.ClearGradient(Index);

    public override string ToString() => $"{Name} [{string.Join(", ", _shape)}]";
}
