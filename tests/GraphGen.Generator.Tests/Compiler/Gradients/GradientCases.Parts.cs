namespace GraphGen.Generator.Tests.Compiler.Gradients;

/// <content>Parts of tensors, tensors side by side, and products by named axes.</content>
internal static partial class GradientCases
{
    private static IEnumerable<GradientCase> Parts() =>
    [
        new("Slice", Cube, "Slice(x, 2, 1, 4) * A") { Members = Parameter("A", 3, 3) },
        new("Slice with a step", Image, "Exp(Slice(x, 2, 1, -1, 2))"),
        new("Slice with a step that ends within a step", Image, "Slice(x, -1, 0, 6, 4) * Slice(x, -1, 2, step: 3)"),
        new("Slices of a tensor, added", Image, "Slice(x, 1, 1) * Slice(x, 1, 0, -1) + Slice(x, 1, 0, 3)"),
        new("Slice of one", Cube, "x * Slice(x, 1, 1, 2)"),
        new("Slice of a parameter", Cube, "x * Slice(A, 0, 1, 4)") { Members = Parameter("A", 5, 5) },
        new("Slice of a mask of positions", Image, "Slice(Dropout(x, 0.5), 1, 1, 3)"),
        new("Flip", Cube, "Flip(x, 2) * A") { Members = Parameter("A", 3, 5) },
        new("Flip of two axes", Image, "Flip(x, -1, 1) * x"),
        new("Flip of a Transpose of a Slice", Image, "Flip(Transpose(Slice(x, 2, 1, 6, 2), 1, 3), 1)"),
        new("Softmax of a Slice", Image, "Softmax(Slice(x, 3, 1, 6), 1)"),
        new("MatMul of Slices", Image, "MatMul(Slice(x, 2, 1, 7), Transpose(Slice(x, 2, 0, 2), 2, 3))"),
        new("MatMul of a Flip", Image, "MatMul(Flip(x, 1), A)") { Members = Parameter("A", 6, 3) },
        new("Conv2d of a Slice", Image, "Conv(Slice(x, 1, 1))") { Members = Conv("3, Kernel = 3") },
        new("Slice of a Conv2d", Image, "Slice(Conv(x), 1, 1, 3)") { Members = Conv("4, Kernel = 3, Padding = 1") },
        new("a range", Cube, "x[.., 1.., ..^1] * A") { Members = Parameter("A", 2, 4) },
        new("a range of an axis in the middle", Image, "Exp(x[.., 1..^1])"),
        new("an index, which drops its axis", Image, "x[.., 2, 1..] * x[.., ^1, ..^1]"),
        new("indices of all axes of a sample", Image, "x[.., 0, ^1, 3] * x[.., 1, 2, ^2]"),
        new("indices of a parameter", Cube, "x * A[1..4, ^1]") { Members = Parameter("A", 5, 2, 5) },
        new("Split by sizes", Cube, "Split(x, [1, 3, 1], 2)[1] * Split(x, [2, 3], -1)[1]"),
        new("Split by a size", Image, "Split(x, 3, 2)[^1] * Split(x, 1, 2)[2]"),
        new("Chunk", Image, "Chunk(x, 3, 2)[0] * Chunk(x, 3, 2)[1]"),
        new("gates of one product", Cube, "Sigmoid(Chunk(Fc(x), 3, -1)[0]) * Tanh(Chunk(Fc(x), 3, -1)[1]) + Chunk(Fc(x), 3, -1)[2]") { Members = Linear("Fc", "6") },
        new("labels from the second on", "[Shape(Batch, 5, 6)] Tensor x", "x")
        {
            Members = Loss("[Shape(Batch, 7)] IntTensor labels", "CrossEntropy(output, labels[.., 1..]) + CrossEntropy(output, Flip(Slice(labels, 1, 0, -1), 1))"),
            Labels = [4, 3, 0, 2, 1],
        },
    ];

    private static IEnumerable<GradientCase> Joins() =>
    [
        new("Concat", Two, "Concat([x, y]) * A") { Members = Parameter("A", 6, 5) },
        new("Concat along the last axis", Two, "Concat([Exp(x), y, x], -1)"),
        new("Concat of a value and itself", Cube, "Exp(Concat([x, x, Tanh(x)], 1))"),
        new("Concat of Concats", Two, "Concat([Concat([x, y], 2), Concat([y, Concat([x[.., .., ..3], y[.., .., 3..]], 2)], 2)], 1)"),
        new("Concat of what is used elsewhere", Two, "Concat([Tanh(x), y], 2)[.., .., 2..7] * Tanh(x)"),
        new("Concat of parameters", Cube, "x * Concat([A, B], 0)") { Members = Parameter("A", 1, 5) + Parameter("B", 2, 5) },
        new("Softmax of a Concat", Two, "Softmax(Concat([x, y[.., 1..]], 1), 1)"),
        new("Stack", Two, "Stack([x, Exp(y)]) * A") { Members = Parameter("A", 2, 1, 5) },
        new("Stack along the last axis", Two, "Tanh(Stack([x, y, x * y], -1))"),
        new("Pad", Cube, "Exp(Pad(x, [1, 2]))"),
        new("Pad of several axes, some cut", Image, "Pad(x, [2, -1, -3, 1, 0, 2], 0.75) * A") { Members = Parameter("A", 6, 5, 7) },
        new("Pad of what is flipped", Cube, "Pad(Flip(x, 1), [0, 0, 1, 1]) * Pad(x, [0, 0, 2, 0], -0.3)"),
    ];

    private static IEnumerable<GradientCase> Equations() =>
    [
        new("Einsum of queries and keys", "[Shape(Batch, 3, 2, 5)] Tensor x, [Shape(Batch, 4, 2, 5)] Tensor y", "Einsum(\"nthd,nshd->nhts\", x, y)"),
        new("Einsum of scores and values", "[Shape(Batch, 2, 3, 4)] Tensor x, [Shape(Batch, 4, 2, 5)] Tensor y", "Einsum(\"nhts,nshd->nthd\", x, y)"),
        new("Einsum of a bilinear form", "[Shape(Batch, 3)] Tensor x, [Shape(Batch, 5)] Tensor y", "Einsum(\"ni,oij,nj->no\", x, A, y)") { Members = Parameter("A", 4, 3, 5) },
        new("Einsum of heads", "[Shape(Batch, 3, 5)] Tensor x", "Einsum(\"nhd,hde->nhe\", x, A)") { Members = Parameter("A", 3, 5, 2) },
        new("Einsum of a transposed matrix", Cube, "Einsum(\"oi,nti->not\", A, x)") { Members = Parameter("A", 4, 5) },
        new("Einsum of one operand", Image, "Einsum(\"nabc->nca\", x)"),
        new("Einsum without an arrow", "[Shape(Batch, 3)] Tensor x", "Einsum(\"Ni,ij\", x, A)") { Members = Parameter("A", 3, 4) },
        new("Einsum of an outer product", Vector, "Einsum(\"ni,j->nij\", x, A)") { Members = Parameter("A", 3) },
        new("Einsum of products of rows", Two, "Einsum(\"nij,nij->nj\", x, y)"),
        new("Einsum with an axis of one", "[Shape(Batch, 3, 1)] Tensor x, [Shape(Batch, 4, 5)] Tensor y", "Einsum(\"nij,nkj->nik\", x, y)"),
        new("Einsum of a row, repeated", "[Shape(Batch, 1, 5)] Tensor x, [Shape(Batch, 3, 5)] Tensor y", "Einsum(\"ntd,ntd->ntd\", x, y)"),
        new("Einsum over the batch", Cube, "x * Einsum(\"nij,nkj->ik\", x, Exp(x))[.., ..1]"),
        new("Einsum over the batch, for each column", Cube, "x * Einsum(\"nij,nij->ij\", x, Exp(x))"),
    ];
}
