namespace GraphGen;

/// <summary>
/// Samples to train on or to test with: features [<see cref="Count"/>, <see cref="SampleLength"/>] and a label for each.
/// </summary>
public sealed class Dataset : IStateful
{
    private readonly SampleSource _source;
    private readonly int[] _labels;
    private readonly int _start;

    // The buffers of the last enumeration that has ended; the next takes them over.
    private BatchBuffers? _spare;

    private DataPosition _position;
    private int _begun;

    // Batches of the next tracked enumeration that have been given before.
    private int _resumesAt;

    // Where an enumeration under way and the next one were when the state was last noted: what a refused load puts back.
    private (DataPosition Position, int Begun, int ResumesAt) _noted;

    /// <summary>Makes a dataset of samples in memory. The arrays are used as they are, not copied.</summary>
    /// <param name="features">[count, sampleLength], in C order.</param>
    /// <param name="labels">[count].</param>
    /// <param name="sampleLength">The floats of one sample, at least 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="sampleLength"/> is less than 1.</exception>
    /// <exception cref="ArgumentException">There are not as many labels as samples.</exception>
    public Dataset(float[] features, int[] labels, int sampleLength)
        : this(new FloatSamples(Checked(features, labels, sampleLength)), labels, sampleLength, 0, labels.Length)
    {
    }

    private Dataset(SampleSource source, int[] labels, int sampleLength, int start, int count)
    {
        _source = source;
        _labels = labels;
        _start = start;
        SampleLength = sampleLength;
        Count = count;
    }

    /// <summary>How many samples.</summary>
    public int Count { get; }

    /// <summary>The floats of one sample.</summary>
    public int SampleLength { get; }

    /// <summary>The label of each sample.</summary>
    public ReadOnlySpan<int> Labels => _labels.AsSpan(_start, Count);

    /// <summary>Where the random order of shuffled batches comes from; 0 by default. The same seed gives the same orders.</summary>
    public long ShuffleSeed { get; set; }

    /// <summary>
    /// How many epochs have begun: shuffled enumerations, and others that are tracked. Each has an order of its own, that of
    /// (<see cref="ShuffleSeed"/>, epoch). Set it to go to the beginning of an epoch.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to a negative number.</exception>
    public int ShuffleEpoch
    {
        get => _begun;
        set => Position = new DataPosition(value, 0);
    }

    /// <summary>
    /// Where training is: how many batches of which epoch it has been given. In a loop over <see cref="Batches"/> that shuffles (or is
    /// tracked) it follows each batch; past the last, it is the beginning of the next epoch. Set it, and the next such loop goes on
    /// from there: <c>for (int epoch = data.Position.Epoch; epoch &lt; epochs; epoch++) foreach (...)</c> resumes in the middle of an epoch.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to negative numbers.</exception>
    public DataPosition Position
    {
        get => _position;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value.Epoch, nameof(value));
            ArgumentOutOfRangeException.ThrowIfNegative(value.Batch, nameof(value));
            _position = value;
            _begun = value.Epoch;
            _resumesAt = value.Batch;
        }
    }

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

    /// <summary>A part of the samples, over the same memory.</summary>
    /// <param name="start">The first sample.</param>
    /// <param name="count">How many.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    public Dataset Slice(int start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, Count);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count - start);
        return new Dataset(_source, _labels, SampleLength, _start + start, count) { ShuffleSeed = ShuffleSeed };
    }

    /// <summary>Copies the features of one sample.</summary>
    /// <param name="index">Which, in [0, <see cref="Count"/>).</param>
    /// <param name="destination">[sampleLength].</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    /// <exception cref="ArgumentException">The destination has another length.</exception>
    public void CopySample(int index, Span<float> destination)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
        Runtime.Guard.Length(destination.Length, SampleLength, nameof(destination));
        _source.Copy(_start + index, destination);
    }

    /// <summary>
    /// The samples in batches: <c>foreach (var (images, labels) in train.Batches(64, shuffle: true))</c>. The spans are good until the
    /// next batch. Each enumeration is one epoch; batches allocate nothing, an epoch nothing either once there has been one.
    /// </summary>
    /// <param name="batchSize">Samples in a batch, at least 1; the last batch may have fewer.</param>
    /// <param name="shuffle">Whether every epoch has an order of its own; see <see cref="ShuffleSeed"/>. False by default.</param>
    /// <param name="dropLast">Whether to leave out a last batch that has fewer. False by default.</param>
    /// <param name="track">
    /// Whether <see cref="Position"/> follows the batches; null (the default): if they are shuffled. Training that does not shuffle says true, so
    /// that a checkpoint knows where it was.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="batchSize"/> is less than 1.</exception>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.DataLoader">torch.utils.data.DataLoader</see>.</remarks>
    public BatchSequence Batches(int batchSize, bool shuffle = false, bool dropLast = false, bool? track = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        return new BatchSequence(this, batchSize, shuffle, dropLast, track ?? shuffle);
    }

    void IStateful.Exchange(StateExchange state)
    {
        int count = state.Exchange("count", Count);
        if (count != Count)
        {
            throw new StateDictException($"Expected the position in a dataset of {Count} samples, got that in one of {count}.");
        }

        long seed = state.Exchange("shuffle_seed", ShuffleSeed);
        DataPosition position = new(state.Exchange("epoch", Position.Epoch), state.Exchange("batch", Position.Batch));
        if (!state.IsLoading)
        {
            _noted = (_position, _begun, _resumesAt);
            return;
        }

        ShuffleSeed = seed;
        if (state is RestoringExchange { IsUndoing: true })
        {
            // A position alone says to begin again after its batch, but an enumeration that is there already goes on by itself.
            (_position, _begun, _resumesAt) = _noted;
            return;
        }

        Position = position;
    }

    /// <summary>Begins an enumeration that is tracked.</summary>
    /// <param name="batches">How many batches it has in all.</param>
    /// <returns>The epoch, and how many batches have been given before.</returns>
    internal DataPosition BeginEpoch(int batches)
    {
        if (_resumesAt > batches)
        {
            throw new InvalidOperationException(
                $"Expected to go on after one of the {batches} batches of an epoch, got {_resumesAt}: the position is from batches of another size.");
        }

        _position = new DataPosition(_begun++, _resumesAt);
        _resumesAt = 0;
        return _position;
    }

    internal void MoveTo(DataPosition position) => _position = position;

    internal void Gather(ReadOnlySpan<int> order, Span<float> features, Span<int> labels)
    {
        for (int i = 0; i < order.Length; i++)
        {
            int sample = _start + order[i];
            labels[i] = _labels[sample];
            _source.Copy(sample, features.Slice(i * SampleLength, SampleLength));
        }
    }

    internal BatchBuffers TakeBuffers(int batchSize)
    {
        BatchBuffers? spare = Interlocked.Exchange(ref _spare, null);
        return spare is not null && spare.BatchSize == batchSize ? spare : new BatchBuffers(batchSize, SampleLength, Count);
    }

    internal void ReturnBuffers(BatchBuffers buffers) => _spare = buffers;

    private static float[] Checked(float[] features, int[] labels, int sampleLength)
    {
        ArgumentNullException.ThrowIfNull(features);
        ArgumentNullException.ThrowIfNull(labels);
        ArgumentOutOfRangeException.ThrowIfLessThan(sampleLength, 1);
        return features.Length == (long)labels.Length * sampleLength
            ? features
            : throw new ArgumentException(
                $"Expected {(long)labels.Length * sampleLength} values ({labels.Length} labels, samples of {sampleLength}), got {features.Length}.",
                nameof(features));
    }
}
