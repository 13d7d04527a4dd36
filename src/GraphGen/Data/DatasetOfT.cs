namespace GraphGen;

/// <summary>
/// Samples to train on or to test with: features [<see cref="Count"/>, <see cref="SampleLength"/>] and targets
/// [<see cref="Count"/>, <see cref="TargetLength"/>]. <c>Dataset&lt;float&gt;</c> is for regression and for many labels a sample; with a
/// class a sample it is <see cref="Dataset"/>.
/// </summary>
/// <typeparam name="TTarget">What targets are made of: <see cref="float"/>, or <see cref="int"/> for classes.</typeparam>
public class Dataset<TTarget> : IStateful
    where TTarget : unmanaged
{
    // The buffers of the last enumeration that has ended; the next takes them over.
    private BatchBuffers<TTarget>? _spare;

    /// <summary>Makes a dataset of samples in memory. The arrays are used as they are, not copied.</summary>
    /// <param name="features">[count, sampleLength], in C order.</param>
    /// <param name="targets">[count, targetLength], in C order.</param>
    /// <param name="sampleLength">The floats of one sample, at least 1.</param>
    /// <param name="targetLength">The values of one target, at least 1; 1 by default.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="sampleLength"/> or <paramref name="targetLength"/> is less than 1.</exception>
    /// <exception cref="ArgumentException">There are not as many targets as samples.</exception>
    public Dataset(float[] features, TTarget[] targets, int sampleLength, int targetLength = 1)
        : this(FloatSamples.Of(features, Rows(targets, targetLength, nameof(targets)), sampleLength), targets, sampleLength, targetLength, 0, targets.Length / targetLength)
    {
    }

    private protected Dataset(SampleSource source, TTarget[] targets, int sampleLength, int targetLength, int start, int count)
    {
        Source = source;
        AllTargets = targets;
        Start = start;
        SampleLength = sampleLength;
        TargetLength = targetLength;
        Count = count;
    }

    /// <summary>How many samples.</summary>
    public int Count { get; }

    /// <summary>The floats of one sample.</summary>
    public int SampleLength { get; }

    /// <summary>The values of one target.</summary>
    public int TargetLength { get; }

    /// <summary>The targets, [count, targetLength].</summary>
    public ReadOnlySpan<TTarget> Targets => AllTargets.AsSpan(Start * TargetLength, Count * TargetLength);

    /// <summary>Where the random order of shuffled batches comes from; 0 by default. The same seed gives the same orders.</summary>
    public long ShuffleSeed { get; set; }

    /// <summary>
    /// The epoch of <see cref="Position"/>. Each has an order of its own, that of (<see cref="ShuffleSeed"/>, epoch). Set it to go to the
    /// beginning of an epoch: <c>data.ShuffleEpoch++</c> after a <c>break</c> leaves what there is left of one.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to a negative number.</exception>
    public int ShuffleEpoch
    {
        get => Position.Epoch;
        set => Position = new DataPosition(value, 0);
    }

    /// <summary>
    /// Where training is: how many batches of which epoch it has been given. In a loop over <see cref="Batches"/> that shuffles (or is
    /// tracked) it follows each batch; past the last, it is the beginning of the next epoch. Every such loop starts from it and ends with
    /// its epoch, so <c>for (int epoch = data.Position.Epoch; epoch &lt; epochs; epoch++) foreach (...)</c> resumes in the middle of an epoch.
    /// </summary>
    /// <remarks>
    /// A loop that is left before its end, by <c>break</c>, say, leaves the position where it was: the next goes on with the rest of the
    /// epoch, in the same process as in one that has loaded a checkpoint. To begin another epoch instead set <see cref="ShuffleEpoch"/>.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">Set to negative numbers.</exception>
    public DataPosition Position
    {
        get;
        set
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value.Epoch, nameof(value));
            ArgumentOutOfRangeException.ThrowIfNegative(value.Batch, nameof(value));
            field = value;
        }
    }

    /// <summary>A part of the samples, over the same memory.</summary>
    /// <param name="start">The first sample.</param>
    /// <param name="count">How many.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    public virtual Dataset<TTarget> Slice(int start, int count)
    {
        CheckSlice(start, count);
        return new Dataset<TTarget>(Source, AllTargets, SampleLength, TargetLength, Start + start, count) { ShuffleSeed = ShuffleSeed };
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
        Source.Copy(Start + index, destination);
    }

    /// <summary>
    /// The samples in batches: <c>foreach (var (images, labels) in train.Batches(64, shuffle: true))</c>. The spans are good until the
    /// next batch. Each enumeration is one epoch, or the rest of one (see <see cref="Position"/>);
    /// batches allocate nothing, an epoch nothing either once there has been one.
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
    public BatchSequence<TTarget> Batches(int batchSize, bool shuffle = false, bool dropLast = false, bool? track = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        return new BatchSequence<TTarget>(this, batchSize, shuffle, dropLast, track ?? shuffle);
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
        if (state.IsLoading)
        {
            Position = position;
            ShuffleSeed = seed;
        }
    }

    /// <summary>Begins an enumeration that is tracked.</summary>
    /// <param name="batches">How many batches it has in all.</param>
    /// <returns>The epoch, and how many batches have been given before.</returns>
    internal DataPosition BeginEpoch(int batches) => Position.Batch <= batches
        ? Position
        : throw new InvalidOperationException(
            $"Expected to go on after one of the {batches} batches of an epoch, got {Position.Batch}: the position is from batches of another size. "
            + "Set ShuffleEpoch to begin an epoch.");

    internal void Gather(ReadOnlySpan<int> order, Span<float> features, Span<TTarget> targets)
    {
        for (int i = 0; i < order.Length; i++)
        {
            int sample = Start + order[i];
            AllTargets.AsSpan(sample * TargetLength, TargetLength).CopyTo(targets.Slice(i * TargetLength, TargetLength));
            Source.Copy(sample, features.Slice(i * SampleLength, SampleLength));
        }
    }

    internal BatchBuffers<TTarget> TakeBuffers(int batchSize)
    {
        BatchBuffers<TTarget>? spare = Interlocked.Exchange(ref _spare, null);
        return spare is not null && spare.BatchSize == batchSize ? spare : new BatchBuffers<TTarget>(batchSize, SampleLength, TargetLength, Count);
    }

    internal void ReturnBuffers(BatchBuffers<TTarget> buffers) => _spare = buffers;

    private protected SampleSource Source { get; }

    /// <summary>The targets of the dataset that this is a part of.</summary>
    private protected TTarget[] AllTargets { get; }

    private protected int Start { get; }

    private protected void CheckSlice(int start, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, Count);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, Count - start);
    }

    /// <summary>How many targets there are.</summary>
    private static int Rows(TTarget[] targets, int targetLength, string argument)
    {
        ArgumentNullException.ThrowIfNull(targets, argument);
        ArgumentOutOfRangeException.ThrowIfLessThan(targetLength, 1);
        return targets.Length % targetLength == 0
            ? targets.Length / targetLength
            : throw new ArgumentException($"Expected whole targets of {targetLength} values, got {targets.Length}.", argument);
    }
}
