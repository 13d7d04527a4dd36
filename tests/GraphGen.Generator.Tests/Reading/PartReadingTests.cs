using GraphGen.Generator.Tests.Harness;

namespace GraphGen.Generator.Tests.Reading;

/// <summary>C#'s indices and ranges of tensors, and operations that take or make lists of tensors.</summary>
public sealed class PartReadingTests
{
    [Fact]
    public void An_index_for_each_axis() => Reads(
        "return x[.., 1..^1] + x[..][.., ^1, 2] + x[.., ^3.., ..];",
        """
        %1 = Index(input: %0, 0: 0..^0, 1: 1..^1)
        %2 = Index(input: %0, 0: 0..^0)
        %3 = Index(input: %2, 0: 0..^0, 1: ^1, 2: 2)
        %4 = Add(left: %1, right: %3)
        %5 = Index(input: %0, 0: 0..^0, 1: ^3..^0, 2: 0..^0)
        %6 = Add(left: %4, right: %5)
        return %6
        """);

    [Fact]
    public void Indices_are_constants_of_any_kind() => Reads(
        """
        const int Two = 2;
        Index last = ^1;
        Range middle = Two..last;
        Tensor y = Part(x, middle, last);
        for (int i = 0; i < 2; i++)
        {
            y += x[.., i, i + 1, ^(i + 1)];
        }

        return y;
        """,
        """
        %1 = Index(input: %0, 0: 0..^0, 1: 2..^1, 2: ^1)
        %2 = Index(input: %0, 0: 0..^0, 1: 0, 2: 1, 3: ^1)
        %3 = Add(left: %1, right: %2)
        %4 = Index(input: %0, 0: 0..^0, 1: 1, 2: 2, 3: ^2)
        %5 = Add(left: %3, right: %4)
        return %5
        """,
        "private static Tensor Part(Tensor t, Range range, Index index) => t[.., range, index];");

    [Fact]
    public void Lists_of_tensors_are_arrays_spans_and_collection_expressions() => Reads(
        """
        Tensor[] three = [x, Exp(x), Log(x)];
        ReadOnlySpan<Tensor> two = three[1..];
        Tensor y = Concat([x, two[0]]) + Concat(three, -1) + Concat(two[..^1]) + Stack(two, dim: 2) + Concat([.. three, .. two, two[^1]]);
        return Einsum("ab,bc", two) + Einsum("ab,bc", x, three[^1]) * two.Length;
        """,
        """
        %1 = Exp(input: %0)
        %2 = Log(input: %0)
        %3 = Concat(tensors: [%0, %1], dim: 1)
        %4 = Concat(tensors: [%0, %1, %2], dim: -1)
        %5 = Add(left: %3, right: %4)
        %6 = Concat(tensors: [%1], dim: 1)
        %7 = Add(left: %5, right: %6)
        %8 = Stack(tensors: [%1, %2], dim: 2)
        %9 = Add(left: %7, right: %8)
        %10 = Concat(tensors: [%0, %1, %2, %1, %2, %2], dim: 1)
        %11 = Add(left: %9, right: %10)
        %12 = Einsum(equation: "ab,bc", operands: [%1, %2])
        %13 = Einsum(equation: "ab,bc", operands: [%0, %2])
        %14 = Multiply(left: %13, right: 2)
        %15 = Add(left: %12, right: %14)
        return %15
        """);

    [Fact]
    public void Lists_that_are_filled_step_by_step() => Reads(
        """
        Tensor[] parts = new Tensor[2];
        for (int i = 0; i < parts.Length; i++)
        {
            parts[i] = x * i;
        }

        return Concat(parts, 2);
        """,
        """
        %1 = Multiply(left: %0, right: 0)
        %2 = Multiply(left: %0, right: 1)
        %3 = Concat(tensors: [%1, %2], dim: 2)
        return %3
        """);

    [Fact]
    public void Parts_whose_number_is_known_are_an_array() => Reads(
        """
        Tensor y = x;
        foreach (Tensor part in Split(x, [1, 2]))
        {
            y += part;
        }

        Tensor[] gates = Chunk(y, 2, -1);
        gates[0] = gates[^1];
        return Concat(gates) * gates.Length;
        """,
        """
        %1 = Split(input: %0, splitSizes: [1, 2], dim: 1, index: 0)
        %2 = Split(input: %0, splitSizes: [1, 2], dim: 1, index: 1)
        %3 = Add(left: %0, right: %1)
        %4 = Add(left: %3, right: %2)
        %5 = Chunk(input: %4, chunks: 2, dim: -1, index: 0)
        %6 = Chunk(input: %4, chunks: 2, dim: -1, index: 1)
        %7 = Concat(tensors: [%6, %6], dim: 1)
        %8 = Multiply(left: %7, right: 2)
        return %8
        """);

    [Fact]
    public void Parts_whose_number_is_not_known_are_calls_where_they_are_read() => Reads(
        """
        Tensor[] parts = Split(x, 2, 1);
        return parts[^1] + Second(parts) + parts[1];
        """,
        """
        %1 = Split(input: %0, splitSize: 2, dim: 1, index: -1)
        %2 = Split(input: %0, splitSize: 2, dim: 1, index: 1)
        %3 = Add(left: %1, right: %2)
        %4 = Add(left: %3, right: %2)
        return %4
        """,
        "private static Tensor Second(Tensor[] parts) => parts[1];");

    private static void Reads(string body, string expected, string members = "") => ReaderProbe.AssertBody(body, expected, members);
}
