using System.ComponentModel;
using System.Globalization;

namespace GraphGen.Runtime;

/// <summary>The checks that generated code makes of what it is given, before it changes anything.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Guard
{
    /// <summary>Checks the capacity of a model before its memory is allocated.</summary>
    /// <param name="maxBatch">The most samples a batch may have.</param>
    /// <param name="arenas">The blocks of memory that are needed: floats for each sample of the capacity, and floats besides.</param>
    /// <exception cref="ArgumentOutOfRangeException">The capacity is less than 1, or needs a larger block than there can be; the message has the largest that does not.</exception>
    public static void Capacity(int maxBatch, params ReadOnlySpan<(long PerSample, long Fixed)> arenas)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBatch, 1);
        long largest = int.MaxValue;
        (long PerSample, long Fixed) narrowest = default;
        foreach ((long perSample, long constant) in arenas)
        {
            // A block that does not grow with the batch fits all of them, or none.
            long rest = AlignedBuffer.MaximumLength - constant;
            long fits = rest < 0 ? 0 : perSample == 0 ? int.MaxValue : rest / perSample;
            if (fits < largest)
            {
                (largest, narrowest) = (fits, (perSample, constant));
            }
        }

        if (maxBatch > largest)
        {
            string most = largest == 0 ? "not even one sample fits" : string.Create(CultureInfo.InvariantCulture, $"the largest maxBatch that fits is {largest}");
            throw new ArgumentOutOfRangeException(
                nameof(maxBatch),
                maxBatch,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"A batch takes {narrowest.PerSample} floats a sample and {narrowest.Fixed} besides, in one block of memory, which holds at most {AlignedBuffer.MaximumLength}: {most}."));
        }
    }

    /// <summary>The number of samples in an input.</summary>
    /// <exception cref="ArgumentException">It is empty, no whole number of samples, or more than the capacity.</exception>
    public static int Batch(int length, int sampleLength, int maxBatch, string argument)
    {
        if (length == 0 || length % sampleLength != 0)
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"Expected whole samples of {sampleLength} values, at least one, but was given {length} values."), argument);
        }

        int samples = length / sampleLength;
        return samples <= maxBatch
            ? samples
            : throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"A batch of {samples} samples exceeds the capacity of {maxBatch} (the maxBatch of this model or predictor)."), argument);
    }

    /// <summary>Checks the length of what goes with a batch.</summary>
    /// <exception cref="ArgumentException">The length is not the expected one.</exception>
    public static void Length(int length, int expected, string argument)
    {
        if (length != expected)
        {
            throw new ArgumentException(
                string.Create(CultureInfo.InvariantCulture, $"Expected {expected} values to go with this batch, but was given {length}."), argument);
        }
    }

    /// <summary>Checks the length of what belongs to no sample.</summary>
    /// <exception cref="ArgumentException">The length is not the expected one.</exception>
    public static void FixedLength(int length, int expected, string argument)
    {
        if (length != expected)
        {
            throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"Expected {expected} values but was given {length}."), argument);
        }
    }

    /// <summary>Checks the length of what may go with a batch.</summary>
    /// <exception cref="ArgumentException">It is neither empty nor of the expected length.</exception>
    public static void LengthOrNone(int length, int expected, string argument)
    {
        if (length != 0)
        {
            Length(length, expected, argument);
        }
    }

    /// <summary>Checks that every label is a class, or the ignored index; <see cref="int.MinValue"/> stands for no ignored index.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A label is neither a class nor the ignored index.</exception>
    public static void Labels(ReadOnlySpan<int> labels, int classes, int ignoreIndex, string argument)
    {
        for (int i = 0; i < labels.Length; i++)
        {
            Label(labels, i, classes, ignoreIndex, argument);
        }
    }

    /// <summary>The same for labels that are a part of each sample's elements.</summary>
    /// <param name="elements">The elements of all samples.</param>
    /// <param name="sample">How many elements a sample has.</param>
    /// <param name="first">The first of a sample's labels.</param>
    /// <param name="count">How many labels a sample has.</param>
    /// <param name="step">From one label to the next, in elements.</param>
    /// <param name="classes">How many classes there are.</param>
    /// <param name="ignoreIndex">The ignored index.</param>
    /// <param name="argument">The argument.</param>
    /// <exception cref="ArgumentOutOfRangeException">A label is neither a class nor the ignored index.</exception>
    public static void LabelsOfPart(ReadOnlySpan<int> elements, int sample, int first, int count, int step, int classes, int ignoreIndex, string argument)
    {
        for (int start = 0; start < elements.Length; start += sample)
        {
            for (int i = 0; i < count; i++)
            {
                Label(elements, start + first + (i * step), classes, ignoreIndex, argument);
            }
        }
    }

    private static void Label(ReadOnlySpan<int> labels, int position, int classes, int ignoreIndex, string argument)
    {
        int label = labels[position];
        if ((uint)label >= (uint)classes && (label != ignoreIndex || ignoreIndex == int.MinValue))
        {
            throw new ArgumentOutOfRangeException(
                argument,
                label,
                string.Create(CultureInfo.InvariantCulture, $"The label at position {position} must be in [0, {classes}){(ignoreIndex == int.MinValue ? "" : $" or the ignored index {ignoreIndex}")}."));
        }
    }

    /// <summary>Checks that every value is a probability.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is not in [0, 1], or not a number.</exception>
    public static void Probabilities(ReadOnlySpan<float> values, string argument)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (values[i] is not (>= 0 and <= 1))
            {
                throw new ArgumentOutOfRangeException(
                    argument,
                    values[i],
                    string.Create(CultureInfo.InvariantCulture, $"The target at position {i} must be in [0, 1]."));
            }
        }
    }

    /// <summary>The error of a loss without the training pass it would be the loss of.</summary>
    public static InvalidOperationException LossBeforeForward() =>
        new("Loss needs a training pass: call Forward first. (Predict and Evaluate do not count, and Backward uses a training pass up.)");

    /// <summary>The error of a backward pass without a loss to start from.</summary>
    public static InvalidOperationException BackwardBeforeLoss() =>
        new("Backward needs the loss of a training pass: call Forward, then Loss, or give Backward the gradient of the output.");

    /// <summary>The error of a backward pass without losses whose gradient it is given.</summary>
    public static InvalidOperationException BackwardBeforeLosses() =>
        new("Backward needs the losses of a training pass, whose gradient it is given: call Forward, then Loss.");

    /// <summary>The error of a backward pass without a training pass to go back through.</summary>
    public static InvalidOperationException BackwardBeforeForward() =>
        new("Backward needs a training pass: call Forward first. A training pass can be gone back through once.");

    /// <summary>Where the random masks of a step begin: a hash of the seed and the step (SplitMix64's finalizer).</summary>
    public static uint StepKey(long seed, long step)
    {
        ulong z = unchecked(((ulong)seed * 0x9E3779B97F4A7C15) + ((ulong)step * 0xD1B54A32D192ED03));
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return (uint)((z ^ (z >> 31)) >> 32);
    }
}

/// <summary>How far a training step has come.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public enum TrainingStage
{
    /// <summary>No training pass, or one that has been gone back through.</summary>
    None,

    /// <summary>Forward has run.</summary>
    Forward,

    /// <summary>Loss has run on it.</summary>
    Loss,
}
