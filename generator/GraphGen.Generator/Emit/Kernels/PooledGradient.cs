using GraphGen.Generator.Graph;
using GraphGen.Generator.Nests;

namespace GraphGen.Generator.Emit.Kernels;

/// <summary>
/// The gradient of a convolution's result as its gradients' kernels read it: the result's own, or the smaller one of the
/// pooling after it, of which each element belongs to the place in its window that won.
/// </summary>
/// <param name="Pointer">Its first element.</param>
/// <param name="Strides">Over [n, height, width, channels].</param>
/// <param name="Winners">The winners, a byte an element, or <see langword="null"/>.</param>
internal sealed record PooledGradient(string Pointer, int[] Strides, string? Winners)
{
    /// <summary>Vectors of work that are worth a branch: one that the processor guesses wrong costs as much as ten.</summary>
    private const int LeastSkipped = 8;

    public static PooledGradient Of(KernelContext context, Node gradient)
    {
        if (context.Kernel.Pooling is not { } pooling)
        {
            return new PooledGradient(context.ContiguousPointer(gradient), gradient.Shape.Strides(), null);
        }

        (string pointer, int[] strides) = context.StridedPointer(pooling.Inputs[0]);
        return new PooledGradient(pointer, strides, context.ContiguousPointer(pooling.Inputs[1]));
    }

    public bool IsPooled => Winners is not null;

    public string Parameters => IsPooled ? "float* gradient, byte* winners" : "float* gradient";

    /// <summary>Declares <c>gradient</c> (and <c>winners</c>) at a row of an image.</summary>
    public void EmitPointers(CodeWriter code, ConvolutionShape shape)
    {
        code.Line($"float* gradient = {Pointer} + ((long)image * {Strides[0]}) + (row * {Strides[1]});");
        if (IsPooled)
        {
            code.Line($"byte* winners = {Winners} + ((long)image * {shape.Plane * shape.OutChannels}) + (row * {shape.PooledWidth * shape.OutChannels});");
        }
    }

    /// <summary>Both at some column and channel, as arguments.</summary>
    public string Arguments(ConvolutionShape shape, string column, string channel)
    {
        string gradient = "gradient" + Term(column, Strides[2]) + Term(channel, Strides[3]);
        return IsPooled ? $"{gradient}, winners{Term(column, shape.OutChannels)}{Term(channel, 1)}" : gradient;
    }

    /// <summary>The channel's element, some channels on.</summary>
    public string Element(int channel) => $"gradient[{(long)channel * Strides[3]}]";

    /// <summary>Opens the block of what there is to do with a channel's element: where relu let nothing through it is 0, and there is nothing.</summary>
    public CodeWriter.Block? OpenUnlessZero(CodeWriter code, int channel, int vectors) =>
        vectors < LeastSkipped ? null : code.Open($"if ({Element(channel)} != 0)");

    /// <summary>To the next column.</summary>
    public void EmitColumnStep(CodeWriter code, ConvolutionShape shape)
    {
        code.Line($"gradient += {Strides[2]};");
        if (IsPooled)
        {
            code.Line($"winners += {shape.OutChannels};");
        }
    }

    /// <summary>To the next row of a block.</summary>
    public void EmitRowStep(CodeWriter code, ConvolutionShape shape)
    {
        code.Line($"gradient += {Strides[1]} - (columns * {Strides[2]});");
        if (IsPooled)
        {
            code.Line($"winners += ({shape.PooledWidth} - columns) * {shape.OutChannels};");
        }
    }

    private static string Term(string index, int stride) =>
        index == "0" || stride == 0 ? "" : stride == 1 ? $" + {index}" : $" + ({index} * {stride})";
}
