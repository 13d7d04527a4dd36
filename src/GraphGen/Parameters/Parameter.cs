namespace GraphGen;

/// <summary>A named view of one parameter of a model: a range of its <see cref="ParameterBlock"/>.</summary>
public sealed class Parameter
{
    private readonly int[] _shape;

    internal Parameter(ParameterBlock block, int index, string name, int[] shape, int length, int offset)
    {
        _shape = shape;
        Block = block;
        Index = index;
        Name = name;
        Length = length;
        Offset = offset;
    }

    /// <summary>The name, PyTorch's where there is one: <c>conv1.weight</c>.</summary>
    public string Name { get; }

    /// <summary>The dimensions, outermost first, as PyTorch has them: [out, in] for Linear, [out, in/groups, kh, kw] for Conv2d.</summary>
    public ReadOnlySpan<int> Shape => _shape;

    /// <summary>How many floats: the product of the dimensions.</summary>
    public int Length { get; }

    /// <summary>The first float's place in the block of values and in that of gradients: a multiple of 16.</summary>
    public int Offset { get; }

    /// <summary>The place among the parameters of the block.</summary>
    public int Index { get; }

    /// <summary>The block that holds the floats.</summary>
    public ParameterBlock Block { get; }

    /// <summary>The values, in C order of <see cref="Shape"/>; they may be changed between passes.</summary>
    public Span<float> Values => Block.Values.Slice(Offset, Length);

    /// <summary>
    /// The gradients, in the order of <see cref="Values"/>. Empty if the parameter has no gradient: it has had part in no
    /// backward pass since <see cref="ParameterBlock.ZeroGrad"/>. That is not a gradient of zeros: optimizers skip it.
    /// </summary>
    public Span<float> Gradients => HasGradient ? Block.Gradients.Slice(Offset, Length) : [];

    /// <summary>Whether a backward pass since the last <see cref="ParameterBlock.ZeroGrad"/> has given it a gradient.</summary>
    public bool HasGradient => Block.HasGradient(Index);

    /// <summary>Forgets this parameter's gradient, as <see cref="ParameterBlock.ZeroGrad"/> does for all.</summary>
    public void ZeroGrad() => Block.ForgetGradient(Index);

    /// <summary>Name and shape: <c>fc1.weight [128, 784]</c>.</summary>
    public override string ToString() => $"{Name} [{string.Join(", ", _shape)}]";
}
