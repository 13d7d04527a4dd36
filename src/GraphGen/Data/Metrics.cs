namespace GraphGen;

/// <summary>How good a model's outputs are.</summary>
public static class Metrics
{
    /// <summary>The place of the largest value; of the first, if there are several. NaN counts as the largest, as in PyTorch.</summary>
    /// <param name="values">At least one value.</param>
    /// <exception cref="ArgumentException">There are none.</exception>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.argmax.html">torch.argmax</see>.</remarks>
    public static int ArgMax(ReadOnlySpan<float> values)
    {
        if (values.IsEmpty)
        {
            throw new ArgumentException("Expected at least one value, got none.", nameof(values));
        }

        int best = 0;
        for (int i = 0; i < values.Length && !float.IsNaN(values[best]); i++)
        {
            // Not "greater": so that NaN wins.
            if (!(values[i] <= values[best]))
            {
                best = i;
            }
        }

        return best;
    }

    /// <summary>How many rows of scores have their largest at the row's label.</summary>
    /// <param name="logits">[n, classes].</param>
    /// <param name="labels">[n], at least one.</param>
    /// <returns>From 0 to n.</returns>
    /// <exception cref="ArgumentException">There are no labels, or the scores are not as many for each.</exception>
    public static int CorrectCount(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels)
    {
        if (labels.IsEmpty || logits.IsEmpty || logits.Length % labels.Length != 0)
        {
            throw new ArgumentException(
                $"Expected [n, classes] scores for n labels, got {logits.Length} scores for {labels.Length} labels.",
                nameof(logits));
        }

        int classes = logits.Length / labels.Length;
        int correct = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            if (ArgMax(logits.Slice(i * classes, classes)) == labels[i])
            {
                correct++;
            }
        }

        return correct;
    }

    /// <summary>The share of rows of scores that have their largest at the row's label.</summary>
    /// <param name="logits">[n, classes].</param>
    /// <param name="labels">[n], at least one.</param>
    /// <returns>From 0 to 1.</returns>
    /// <exception cref="ArgumentException">There are no labels, or the scores are not as many for each.</exception>
    public static double Accuracy(ReadOnlySpan<float> logits, ReadOnlySpan<int> labels) =>
        (double)CorrectCount(logits, labels) / labels.Length;
}
