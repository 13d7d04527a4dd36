namespace GraphGen;

/// <summary>
/// Samples with a class each, to train on or to test with: features [<see cref="Dataset{TTarget}.Count"/>,
/// <see cref="Dataset{TTarget}.SampleLength"/>] and a label for each. For targets that are no classes see <see cref="Dataset{TTarget}"/>.
/// </summary>
public sealed class Dataset : Dataset<int>
{
    /// <summary>Makes a dataset of samples in memory. The arrays are used as they are, not copied.</summary>
    /// <param name="features">[count, sampleLength], in C order.</param>
    /// <param name="labels">[count].</param>
    /// <param name="sampleLength">The floats of one sample, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="sampleLength"/> is less than 1.</exception>
    /// <exception cref="ArgumentException">There are not as many labels as samples.</exception>
    public Dataset(float[] features, int[] labels, int sampleLength)
        : base(FloatSamples.Of(features, Checked(labels).Length, sampleLength), labels, sampleLength, 1, 0, labels.Length)
    {
    }

    private Dataset(SampleSource source, int[] labels, int sampleLength, int start, int count)
        : base(source, labels, sampleLength, 1, start, count)
    {
    }

    /// <summary>The label of each sample.</summary>
    public ReadOnlySpan<int> Labels => Targets;

    /// <summary>Reads a dataset from a file of images and one of labels in the IDX format, such as MNIST and Fashion-MNIST.</summary>
    /// <param name="imagesPath">The images, [count, ...] unsigned bytes, plain or gzipped.</param>
    /// <param name="labelsPath">The labels, [count] unsigned bytes, plain or gzipped.</param>
    /// <param name="mean">The mean of the features on a scale from 0 to 1; 0 by default.</param>
    /// <param name="standardDeviation">Their standard deviation, above 0; 1 by default.</param>
    /// <returns>Samples whose features are <c>(byte / 255 − mean) / standardDeviation</c>: from 0 to 1 by default.</returns>
    /// <exception cref="FileNotFoundException">A file is missing.</exception>
    /// <exception cref="InvalidDataException">
    /// A file is damaged (see <see cref="IdxFile.Read(string, int)"/>), the images have fewer than two dimensions or no pixels, or there are not as many
    /// labels as images.
    /// </exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="standardDeviation"/> is not above 0.</exception>
    public static Dataset FromIdx(string imagesPath, string labelsPath, float mean = 0f, float standardDeviation = 1f)
    {
        if (!(standardDeviation > 0))
        {
            Hyperparameter.Throw(standardDeviation, "more than 0", nameof(standardDeviation));
        }

        IdxFile images = IdxFile.Read(imagesPath);
        IdxFile labels = IdxFile.Read(labelsPath, rank: 1);
        int count = images.Dimensions[0];
        if (images.Dimensions.Length < 2 || images.Data.IsEmpty)
        {
            throw new InvalidDataException(
                $"'{imagesPath}' has no images: expected dimensions [count, height, width], got [{string.Join(", ", images.Dimensions.ToArray())}].");
        }

        if (labels.Dimensions[0] != count)
        {
            throw new InvalidDataException(
                $"'{labelsPath}' does not go with '{imagesPath}': expected {count} labels, got {labels.Dimensions[0]}.");
        }

        int[] values = new int[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = labels.Data[i];
        }

        ByteSamples source = new(images.Bytes, (float)(1 / (255.0 * standardDeviation)), -mean / standardDeviation);
        return new Dataset(source, values, images.Data.Length / count, 0, count);
    }

    /// <inheritdoc/>
    public override Dataset Slice(int start, int count)
    {
        CheckSlice(start, count);
        return new Dataset(Source, AllTargets, SampleLength, Start + start, count) { ShuffleSeed = ShuffleSeed };
    }

    private static int[] Checked(int[] labels)
    {
        ArgumentNullException.ThrowIfNull(labels);
        return labels;
    }
}
