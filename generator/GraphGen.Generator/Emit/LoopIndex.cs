using System.Globalization;
using GraphGen.Generator.Fuse;
using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Emit;

/// <summary>A loop of a kernel: its variable, and how many elements it walks.</summary>
internal sealed record LoopIndex(string Variable, Dim Size)
{
    /// <summary>
    /// The offset of the element at the loops' position in memory with these strides, as an expression without the last
    /// loop's share, and that loop's stride. Loops may each walk several axes of the shape.
    /// </summary>
    public static (string Outer, string Full, int InnerStride) Offset(Shape shape, int[] strides, IReadOnlyList<LoopIndex> loops)
    {
        List<string> outer = [];
        string? inner = null;
        int innerStride = 0;
        int axis = 0;
        for (int i = 0; i < loops.Count; i++)
        {
            int end = EndOf(shape, axis, loops[i].Size, isLast: i == loops.Count - 1);
            bool isInner = i == loops.Count - 1;
            if (ViewStrides.Merge(shape, strides, axis, end) is { } stride)
            {
                if (isInner)
                {
                    innerStride = stride;
                    inner = Term(loops[i].Variable, stride);
                }
                else if (Term(loops[i].Variable, stride) is { } term)
                {
                    outer.Add(term);
                }
            }
            else if (isInner)
            {
                throw new InvalidOperationException($"The elements of {shape} are not evenly spaced along {loops[i].Variable}.");
            }
            else if (loops[i].Variable != "0")
            {
                outer.AddRange(Decomposed(shape, strides, axis, end, loops[i].Variable));
            }

            axis = end;
        }

        string prefix = string.Join(" + ", outer);
        string full = inner is null ? prefix : outer.Count == 0 ? inner : prefix + " + " + inner;
        return (prefix.Length == 0 ? "0" : prefix, full.Length == 0 ? "0" : full, innerStride);
    }

    private static string? Term(string variable, int stride) => stride switch
    {
        _ when variable == "0" => null,
        0 => null,
        1 => variable,
        _ => $"({variable} * {stride.ToString(CultureInfo.InvariantCulture)})",
    };

    /// <summary>An index over several axes taken apart by division: constants, which the JIT turns into multiplications.</summary>
    private static IEnumerable<string> Decomposed(Shape shape, int[] strides, int first, int end, string variable)
    {
        int inner = 1;
        List<string> terms = [];
        for (int axis = end - 1; axis >= first; axis--)
        {
            if (strides[axis] != 0 && !shape[axis].IsOne)
            {
                string index = inner == 1 ? variable : $"{variable} / {inner}";
                bool isOutermost = axis == first || Enumerable.Range(first, axis - first).All(other => shape[other].IsOne);
                string coordinate = isOutermost ? index : $"{index} % {shape[axis].Size}";
                terms.Insert(0, $"({coordinate}) * {strides[axis]}");
            }

            inner *= shape[axis].Size;
        }

        return terms;
    }

    private static int EndOf(Shape shape, int first, Dim size, bool isLast)
    {
        if (isLast)
        {
            return shape.Rank;
        }

        Dim product = 1;
        int end = first;
        while (end < shape.Rank && product != size)
        {
            product = Shape.Product([product, shape[end++]]);
        }

        return product == size ? end : throw new InvalidOperationException($"A loop of {size} does not walk axes of {shape}.");
    }
}
