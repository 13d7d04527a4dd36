using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Operations;

/// <summary>
/// The product of two values with named axes, summed over the letters that both have and the result has not. A letter that both
/// have and the result keeps is an axis of a batch of matrices; one that only the left has, of their rows; one that only the right has, of their
/// columns. No letter that one value has alone is summed: that has been done before.
/// </summary>
internal static class EinsumProduct
{
    public static NamedAxes Of(GraphBuilder graph, NamedAxes left, NamedAxes right, string result)
    {
        // The batch must stay in front: among the matrices, the rows or what is summed, but not among the columns.
        if (right.Batch is { } batch && !left.Letters.Contains(batch))
        {
            (left, right) = (right, left);
        }

        string summed = Where(left.Letters, letter => right.Letters.Contains(letter) && !result.Contains(letter));
        string matrices = Where(result, letter => left.Letters.Contains(letter) && right.Letters.Contains(letter));
        string rows = Where(result, letter => left.Letters.Contains(letter) && !right.Letters.Contains(letter));
        string columns = Where(result, letter => !left.Letters.Contains(letter) && right.Letters.Contains(letter));
        bool isBatchSummed = left.Batch is { } samples && summed.Contains(samples);
        if (summed.Length == 0 || (rows.Length == 0 && columns.Length == 0) || (isBatchSummed && matrices.Length > 0))
        {
            return ElementByElement(graph, left, right, summed, result);
        }

        if (left.Batch is { } row && rows.Contains(row))
        {
            if (matrices.Length > 0)
            {
                // Matrices of every sample, of which the right has one for all.
                matrices = row + matrices;
                rows = rows.Substring(1);
                Dim[] repeated = [left.SizeOf(row), .. right.Node.Shape.Dims];
                right = new NamedAxes(graph.Broadcast(right.Node, new Shape(repeated)), row + right.Letters);
            }
        }
        else if (Precedes(columns, rows, result))
        {
            (left, right, rows, columns) = (right, left, columns, rows);
        }

        return MatMul(graph, left, right, matrices, rows, columns, result);
    }

    /// <summary>A product with broadcasting, of which some axes are summed.</summary>
    private static NamedAxes ElementByElement(GraphBuilder graph, NamedAxes left, NamedAxes right, string summed, string result)
    {
        string kept = Where(result, letter => left.Letters.Contains(letter) || right.Letters.Contains(letter));
        string all = left.Letters + Where(right.Letters, letter => !left.Letters.Contains(letter));
        if (summed.Length == 0)
        {
            all = kept;
        }

        NamedAxes product = new(graph.Product(left.Among(graph, all), right.Among(graph, all)), all);
        return summed.Length == 0
            ? product
            : new NamedAxes(graph.Reduce(ReduceFunction.Sum, product.Node, [.. summed.Select(letter => all.IndexOf(letter))]), all)
                .Only(graph, letter => !summed.Contains(letter))
                .Permuted(graph, kept);
    }

    /// <summary>[matrices, rows, summed] times [matrices, summed, columns], either side transposed where its axes already lie so.</summary>
    private static NamedAxes MatMul(GraphBuilder graph, NamedAxes left, NamedAxes right, string matrices, string rows, string columns, string result)
    {
        string others = matrices + rows + columns;
        (Side leftSide, Side rightSide) = new[] { left, right }
            .Select(operand => Where(operand.Letters, letter => !others.Contains(letter)))
            .Select(order => (Left: Side.Of(left, matrices, rows, order), Right: Side.Of(right, matrices, order, columns)))
            .OrderBy(sides => (sides.Left.IsPermuted ? 1 : 0) + (sides.Right.IsPermuted ? 1 : 0))
            .First();
        Dim[] sizes = [.. matrices.Select(left.SizeOf), .. rows.Select(left.SizeOf), .. columns.Select(right.SizeOf)];
        ShapeException.ThrowIfIllegal(new Shape(sizes));
        Node product = graph.MatMul(leftSide.ToMatrices(graph, left), rightSide.ToMatrices(graph, right), leftSide.IsTransposed, rightSide.IsTransposed);
        return new NamedAxes(graph.Reshape(product, new Shape(sizes)), others).Permuted(graph, Where(result, letter => others.Contains(letter)));
    }

    /// <summary>Whether the first axis of the result that is one of these is of the first kind.</summary>
    private static bool Precedes(string first, string second, string result) =>
        first.Length > 0 && second.Length > 0 && result.IndexOf(first[0]) < result.IndexOf(second[0]);

    private static string Where(string letters, Func<char, bool> isTaken) => string.Concat(letters.Where(isTaken));

    /// <summary>How an operand becomes matrices.</summary>
    /// <param name="Matrices">The letters of the batch of matrices.</param>
    /// <param name="First">The letters that are merged to the last axis but one, as the operand is read.</param>
    /// <param name="Second">Those of the last axis.</param>
    /// <param name="IsTransposed">Whether the product is of the transposed matrices.</param>
    /// <param name="IsPermuted">Whether the operand's axes lie in another order.</param>
    private readonly record struct Side(string Matrices, string First, string Second, bool IsTransposed, bool IsPermuted)
    {
        /// <summary>The way without a permutation, if there is one; else one that leaves the last axis where it is. The batch is in front.</summary>
        public static Side Of(NamedAxes x, string matrices, string first, string second)
        {
            char? batch = matrices.Length == 0 ? x.Batch : null;
            bool mustStay = batch is { } row && first.Contains(row);
            bool mustTurn = batch is { } column && second.Contains(column);
            bool lies = x.Letters == matrices + first + second;
            bool liesTurned = x.Letters == matrices + second + first;
            bool isTransposed = mustTurn || (!mustStay && !lies && (liesTurned || (x.Letters.Length > 0 && first.Contains(x.Letters[x.Letters.Length - 1]))));
            return isTransposed ? new Side(matrices, second, first, true, !liesTurned) : new Side(matrices, first, second, false, !lies);
        }

        public Node ToMatrices(GraphBuilder graph, NamedAxes x)
        {
            Dim first = Shape.Product(First.Select(x.SizeOf));
            Dim second = Shape.Product(Second.Select(x.SizeOf));
            return graph.Reshape(x.Permuted(graph, Matrices + First + Second).Node, new Shape([.. Matrices.Select(x.SizeOf), first, second]));
        }
    }
}
