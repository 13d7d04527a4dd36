using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Operations;

/// <summary>Sums of products over named axes: one operand by itself, two as a matrix product, more by pairs from the left.</summary>
internal static class EinsumOperations
{
    public static Node Einsum(OperationContext context)
    {
        IReadOnlyList<Node> operands = context.Tensors("operands");
        string text = context.Text("equation");
        if (EinsumEquation.Parse(text, out string problem) is not { } equation)
        {
            throw context.RefuseOperand("equation", "GG1016", $"in '{text}' {problem}");
        }

        if (equation.Operands.Count != operands.Count)
        {
            throw context.RefuseOperand("equation", "GG1016", $"'{text}' is of {equation.Operands.Count} operands, and there are {operands.Count}");
        }

        Dictionary<char, Dim> sizes = SizesOf(context, equation, operands);
        if (equation.Result.Skip(1).Any(letter => sizes[letter].PerSample))
        {
            throw context.Refuse("GG1010", $"'{equation.Result}' would be {new Shape([.. equation.Result.Select(letter => sizes[letter])])}, and only the first dimension can be the batch");
        }

        GraphBuilder graph = context.Graph;
        Queue<NamedAxes> waiting = new(operands.Select((operand, i) => NamedAxes.Of(graph, operand, equation.Operands[i], sizes)));
        NamedAxes result = waiting.Dequeue();
        while (waiting.Count > 0)
        {
            NamedAxes next = waiting.Dequeue();
            string kept = waiting.Count == 0 ? equation.Result : string.Concat(BatchFirst(
                result.Letters.Union(next.Letters).Where(letter => equation.Result.Contains(letter) || waiting.Any(later => later.Letters.Contains(letter))), sizes));
            result = EinsumProduct.Of(graph, Summed(graph, result, next.Letters + kept), Summed(graph, next, result.Letters + kept), kept);
        }

        return Summed(graph, result, equation.Result).Permuted(graph, equation.Result).Node;
    }

    /// <summary>The size of each letter. As in any product, an axis of size 1 is repeated.</summary>
    private static Dictionary<char, Dim> SizesOf(OperationContext context, EinsumEquation equation, IReadOnlyList<Node> operands)
    {
        Dictionary<char, (Dim Size, int Operand)> found = [];
        for (int i = 0; i < operands.Count; i++)
        {
            string letters = equation.Operands[i];
            Shape shape = operands[i].Shape;
            if (letters.Length != shape.Rank)
            {
                throw context.RefuseElement("operands", i, "GG1016", $"'{letters}' names {letters.Length} axes, but {shape} has {shape.Rank}");
            }

            for (int axis = 0; axis < letters.Length; axis++)
            {
                char letter = letters[axis];
                if (!found.TryGetValue(letter, out var earlier) || earlier.Size.IsOne)
                {
                    found[letter] = (shape[axis], i);
                }
                else if (shape[axis] != earlier.Size && !shape[axis].IsOne)
                {
                    throw context.RefuseElement(
                        "operands", i, "GG1016", $"'{letter}' is {shape[axis]} in '{letters}' {shape}, but {earlier.Size} in '{equation.Operands[earlier.Operand]}' {operands[earlier.Operand].Shape}");
                }
            }
        }

        return found.ToDictionary(pair => pair.Key, pair => pair.Value.Size);
    }

    /// <summary>The sum over all axes but those of some letters.</summary>
    private static NamedAxes Summed(GraphBuilder graph, NamedAxes x, string kept)
    {
        int[] axes = [.. Enumerable.Range(0, x.Letters.Length).Where(axis => !kept.Contains(x.Letters[axis]))];
        return axes.Length == 0 ? x : new NamedAxes(graph.Reduce(ReduceFunction.Sum, x.Node, axes), x.Letters).Only(graph, letter => kept.Contains(letter));
    }

    private static IEnumerable<char> BatchFirst(IEnumerable<char> letters, Dictionary<char, Dim> sizes) => letters.OrderBy(letter => sizes[letter].PerSample ? 0 : 1);
}
