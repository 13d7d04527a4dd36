namespace GraphGen;

// Parts of tensors, and tensors that are laid side by side.
public static partial class Ops
{
    /// <summary>
    /// Part of an axis: the elements from <paramref name="start"/> to before <paramref name="end"/>, each <paramref name="step"/>-th, as
    /// PyTorch's <c>input[start:end:step]</c>. It is read where it lies, without a copy. Without a step, <c>input[.., 1..^1]</c> says the same.
    /// </summary>
    /// <param name="input">Any shape with that axis.</param>
    /// <param name="dim">The axis; −1 is the last. It cannot be the batch.</param>
    /// <param name="start">The first position; one below 0 counts from the end of the axis.</param>
    /// <param name="end">The position after the last; one below 0 counts from the end. Without it, the end of the axis.</param>
    /// <param name="step">How far positions are apart: at least 1.</param>
    /// <remarks>PyTorch cuts what reaches out of the axis to what there is; here it is an error.</remarks>
    public static Tensor Slice(Tensor input, int dim, int start, int end = int.MaxValue, int step = 1) => throw Symbol.NeverRuns();

    /// <inheritdoc cref="Slice(Tensor, int, int, int, int)"/>
    public static IntTensor Slice(IntTensor input, int dim, int start, int end = int.MaxValue, int step = 1) => throw Symbol.NeverRuns();

    /// <summary>The elements of some axes in reverse order.</summary>
    /// <param name="input">Any shape with those axes.</param>
    /// <param name="dims">The axes, each once; −1 is the last. None can be the batch.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.flip.html">torch.flip</see>.</remarks>
    public static Tensor Flip(Tensor input, params int[] dims) => throw Symbol.NeverRuns();

    /// <inheritdoc cref="Flip(Tensor, int[])"/>
    public static IntTensor Flip(IntTensor input, params int[] dims) => throw Symbol.NeverRuns();

    /// <summary>The parts of an axis, of sizes that are given: [n, 7], by [3, 4] → [n, 3] and [n, 4].</summary>
    /// <param name="input">Any shape with that axis.</param>
    /// <param name="splitSizes">The sizes of the parts, in order; each is at least 1, and together they are the axis.</param>
    /// <param name="dim">The axis; −1 is the last. It cannot be the batch, which is PyTorch's default, 0; here it is 1, the first of a sample.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.split.html">torch.split</see>.</remarks>
    public static Tensor[] Split(Tensor input, int[] splitSizes, int dim = 1) => throw Symbol.NeverRuns();

    /// <summary>The parts of an axis, of one size but the last, which is what is left: [n, 7], by 3 → [n, 3], [n, 3] and [n, 1].</summary>
    /// <param name="input">Any shape with that axis.</param>
    /// <param name="splitSize">The size of a part, at least 1.</param>
    /// <param name="dim">The axis; −1 is the last. It cannot be the batch, which is PyTorch's default, 0; here it is 1, the first of a sample.</param>
    /// <returns>Parts that are taken by a constant index. How many there are follows from the shape, which a body cannot ask for: to loop over
    /// them, give their sizes, or use <see cref="Chunk"/>.</returns>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.split.html">torch.split</see>.</remarks>
    public static Tensor[] Split(Tensor input, int splitSize, int dim = 1) => throw Symbol.NeverRuns();

    /// <summary>A number of parts of an axis, of one size but the last, which may be smaller: [n, 7], 3 → [n, 3], [n, 3] and [n, 1].</summary>
    /// <param name="input">Any shape with that axis.</param>
    /// <param name="chunks">The number of parts. PyTorch gives fewer where parts of one size make fewer, as of 6 in 4; here that is an error.</param>
    /// <param name="dim">The axis; −1 is the last. It cannot be the batch, which is PyTorch's default, 0; here it is 1, the first of a sample.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.chunk.html">torch.chunk</see>.</remarks>
    public static Tensor[] Chunk(Tensor input, int chunks, int dim = 1) => throw Symbol.NeverRuns();

    /// <summary>Tensors one after the other along an axis: [n, a, c] and [n, b, c] → [n, a + b, c].</summary>
    /// <param name="tensors">An array, a span or <c>[x, y]</c>: one tensor at least, with the same sizes along all other axes.</param>
    /// <param name="dim">The axis; −1 is the last. It cannot be the batch, which is PyTorch's default, 0; here it is 1, the first of a sample:
    /// channels of images, features of rows.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.cat.html">torch.cat</see>, or torch.concat.</remarks>
    public static Tensor Concat(ReadOnlySpan<Tensor> tensors, int dim = 1) => throw Symbol.NeverRuns();

    /// <summary>Tensors of one shape one after the other along a new axis: k times [n, a] → [n, k, a].</summary>
    /// <param name="tensors">An array, a span or <c>[x, y]</c>: one tensor at least, all of one shape.</param>
    /// <param name="dim">The new axis of the result; −1 is the last. It cannot come before the batch, which is PyTorch's default, 0; here it is 1.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.stack.html">torch.stack</see>.</remarks>
    public static Tensor Stack(ReadOnlySpan<Tensor> tensors, int dim = 1) => throw Symbol.NeverRuns();

    /// <summary>Makes axes longer by elements of one value: [n, h, w], by [1, 1, 2, 0] → [n, h + 2, w + 2].</summary>
    /// <param name="input">Any shape with those axes.</param>
    /// <param name="pad">Pairs, from the last axis on: how many come before and how many after. Below zero, so many are taken away; something
    /// must be left. The batch cannot be made longer.</param>
    /// <param name="value">What the new elements are, 0 by default.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.pad.html">torch.nn.functional.pad</see>, mode constant.</remarks>
    public static Tensor Pad(Tensor input, int[] pad, double value = 0) => throw Symbol.NeverRuns();

    /// <summary>
    /// The sum of a product over named axes: <c>Einsum("nthd,nshd->nhts", q, k)</c> is the product of all queries with all keys of each head.
    /// Two operands are one matrix product, without copies; more are multiplied from the left.
    /// </summary>
    /// <param name="equation">A letter for each axis of each operand, and after <c>-></c> those of the result, in order; the others are summed.
    /// Without <c>-></c>, the result has the letters that stand once, in alphabetical order, capitals first. Axes of one letter have one size, or 1. A letter
    /// stands once in an operand: diagonals, and <c>...</c>, are not understood.</param>
    /// <param name="operands">The tensors. The batch must be in front of the result, if it is in it.</param>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.einsum.html">torch.einsum</see>.</remarks>
    public static Tensor Einsum(string equation, params ReadOnlySpan<Tensor> operands) => throw Symbol.NeverRuns();
}
