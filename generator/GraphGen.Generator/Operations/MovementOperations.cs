using System.Globalization;
using GraphGen.Generator.Definition;
using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Operations;

/// <summary>Operations that only rename where elements are: all of them are in the result, and each once.</summary>
internal static class MovementOperations
{
    /// <summary>
    /// PyTorch's reshape: one size may be -1, which is inferred. Batch, in front, is the number of samples; the -1 beside it is what each
    /// of them has left. Without it the number of samples is part of what is inferred.
    /// </summary>
    public static Node Reshape(OperationContext context)
    {
        Node x = context.Tensor("input");
        IReadOnlyList<int> sizes = context.Integers("shape");
        Dim elements = x.Shape.Elements;
        bool hasBatch = sizes.Contains(Operand.Integers.Batch);
        int inferred = sizes.Count(size => size == -1);
        string wanted = "[" + string.Join(", ", sizes.Select(size => size == Operand.Integers.Batch ? "Batch" : size.ToString(CultureInfo.InvariantCulture))) + "]";
        if (sizes.Any(size => size is 0 or < -1 and not Operand.Integers.Batch) || inferred > 1 || sizes.Count(size => size == Operand.Integers.Batch) > 1)
        {
            throw context.Refuse("GG1006", $"{wanted} is no shape: sizes are positive, one may be -1, and Batch may stand in front");
        }

        if (hasBatch && !elements.PerSample)
        {
            throw context.Refuse("GG1006", $"{x.Shape} has no batch, which {wanted} asks for");
        }

        Shape given = new(sizes.Where(size => size > 0).Select(size => (Dim)size).ToArray());
        int known = given.IsCountable ? given.ElementsPerSample : int.MaxValue; // more than any tensor has
        bool isUnequal = inferred == 0 && (elements.Size != known || elements.PerSample != hasBatch);
        if (elements.Size % known != 0 || isUnequal)
        {
            throw context.Refuse("GG1006", $"{x.Shape} has {elements} elements, which {wanted} cannot hold");
        }

        if (elements.PerSample && sizes[0] != (hasBatch ? Operand.Integers.Batch : -1))
        {
            throw context.Refuse("GG1010", $"the batch must stay the first dimension of {x.Shape}: write Batch first in {wanted}");
        }

        Dim rest = new(elements.Size / known, elements.PerSample && !hasBatch);
        return context.Graph.Reshape(x, new Shape(sizes.Select(size => size == Operand.Integers.Batch ? Dim.Batch : size == -1 ? rest : size).ToArray()));
    }

    /// <summary>PyTorch's flatten, from the second dimension on by default.</summary>
    public static Node Flatten(OperationContext context)
    {
        Node x = context.Tensor("input");
        int start = context.Axis(context.Integer("startDim"), x);
        int end = context.Axis(context.Integer("endDim"), x);
        if (start > end)
        {
            throw context.Refuse("GG1005", $"startDim {start} comes after endDim {end} of {x.Shape}");
        }

        Dim middle = Shape.Product(x.Shape.Dims.Skip(start).Take(end - start + 1));
        Dim[] dims = [.. x.Shape.Dims.Take(start), middle, .. x.Shape.Dims.Skip(end + 1)];
        return context.Graph.Reshape(x, new Shape(dims));
    }

    public static Node Transpose(OperationContext context)
    {
        Node x = context.Tensor("input");
        int first = context.Axis(context.Integer("dim0"), x);
        int second = context.Axis(context.Integer("dim1"), x);
        int[] order = [.. Enumerable.Range(0, x.Shape.Rank)];
        (order[first], order[second]) = (second, first);
        return Permute(context, x, order);
    }

    public static Node Permute(OperationContext context)
    {
        Node x = context.Tensor("input");
        int[] order = [.. context.Integers("dims").Select(axis => context.Axis(axis, x))];
        return order.Length == x.Shape.Rank && order.Distinct().Count() == order.Length
            ? Permute(context, x, order)
            : throw context.Refuse("GG1005", $"[{string.Join(", ", order)}] is not an order of the {x.Shape.Rank} axes of {x.Shape}");
    }

    private static Node Permute(OperationContext context, Node x, int[] order) =>
        x.Shape.IsPerSample && order[0] != 0
            ? throw context.Refuse("GG1010", $"the batch must stay the first dimension, but the result would be {x.Shape.Permuted(order)}")
            : context.Graph.Permute(x, order);
}
