namespace GraphGen;

/// <summary>One batch: spans over buffers that the next batch overwrites.</summary>
/// <typeparam name="TTarget">What targets are made of.</typeparam>
public readonly ref struct Batch<TTarget>
    where TTarget : unmanaged
{
    internal Batch(int count, ReadOnlySpan<float> features, ReadOnlySpan<TTarget> targets)
    {
        Count = count;
        Features = features;
        Targets = targets;
    }

    /// <summary>[n, sampleLength].</summary>
    public ReadOnlySpan<float> Features { get; }

    /// <summary>[n, targetLength]; of a <see cref="Dataset"/> the labels, [n].</summary>
    public ReadOnlySpan<TTarget> Targets { get; }

    /// <summary>How many samples.</summary>
    public int Count { get; }

    /// <summary>Features and targets as two variables.</summary>
    /// <param name="features">[n, sampleLength].</param>
    /// <param name="targets">[n, targetLength].</param>
    public void Deconstruct(out ReadOnlySpan<float> features, out ReadOnlySpan<TTarget> targets)
    {
        features = Features;
        targets = Targets;
    }
}

/// <summary>The batches of a dataset, for <c>foreach</c>; made by <see cref="Dataset{TTarget}.Batches"/>.</summary>
/// <typeparam name="TTarget">What targets are made of.</typeparam>
public readonly struct BatchSequence<TTarget>
    where TTarget : unmanaged
{
    private readonly Dataset<TTarget> _dataset;
    private readonly bool _shuffle;
    private readonly bool _track;

    internal BatchSequence(Dataset<TTarget> dataset, int batchSize, bool shuffle, bool dropLast, bool track)
    {
        _dataset = dataset;
        _shuffle = shuffle;
        _track = track;
        BatchSize = batchSize;
        Count = (int)(dropLast ? dataset.Count / batchSize : ((long)dataset.Count + batchSize - 1) / batchSize);
    }

    /// <summary>Samples in a batch; the last may have fewer.</summary>
    public int BatchSize { get; }

    /// <summary>How many batches.</summary>
    public int Count { get; }

    /// <summary>Begins an epoch, or goes on in the one that <see cref="Dataset{TTarget}.Position"/> is in.</summary>
    /// <exception cref="InvalidOperationException">The position is past the last batch: it is from batches of another size.</exception>
    public Enumerator GetEnumerator() => new(_dataset, BatchSize, Count, _shuffle, _track);

    /// <summary>Goes through the batches of one epoch.</summary>
    public ref struct Enumerator : IDisposable
    {
        private readonly Dataset<TTarget> _dataset;
        private readonly int _batchSize;
        private readonly int _count;
        private readonly bool _track;
        private readonly int _epoch;
        private BatchBuffers<TTarget>? _buffers;
        private int _next;
        private int _samples;

        internal Enumerator(Dataset<TTarget> dataset, int batchSize, int count, bool shuffle, bool track)
        {
            _dataset = dataset;
            _batchSize = batchSize;
            _count = count;
            _track = track;
            (_epoch, _next) = track ? dataset.BeginEpoch(count) : new DataPosition(dataset.ShuffleEpoch, 0);
            _buffers = dataset.TakeBuffers(Math.Min(batchSize, Math.Max(dataset.Count, 1)));
            _buffers.Order(shuffle ? _epoch : null, dataset.ShuffleSeed);
        }

        /// <summary>The batch.</summary>
        public readonly Batch<TTarget> Current => new(
            _samples,
            _buffers!.Features.AsSpan(0, _samples * _dataset.SampleLength),
            _buffers.Targets.AsSpan(0, _samples * _dataset.TargetLength));

        /// <summary>Gathers the next batch; false when there is none.</summary>
        public bool MoveNext()
        {
            if (_buffers is not { } buffers)
            {
                return false;
            }

            if (_next >= _count)
            {
                Track(new DataPosition(_epoch + 1, 0));
                return false;
            }

            int start = _next++ * _batchSize;
            Track(new DataPosition(_epoch, _next));
            _samples = Math.Min(_batchSize, _dataset.Count - start);
            _dataset.Gather(buffers.Permutation.AsSpan(start, _samples), buffers.Features, buffers.Targets);
            return true;
        }

        /// <summary>Leaves the buffers to the next epoch.</summary>
        public void Dispose()
        {
            if (_buffers is { } buffers)
            {
                _buffers = null;
                _dataset.ReturnBuffers(buffers);
            }
        }

        private readonly void Track(DataPosition position)
        {
            if (_track)
            {
                _dataset.Position = position;
            }
        }
    }
}

/// <summary>What one enumeration needs: the order of the samples, and a batch.</summary>
internal sealed class BatchBuffers<TTarget>(int batchSize, int sampleLength, int targetLength, int count)
    where TTarget : unmanaged
{
    public int BatchSize { get; } = batchSize;

    public float[] Features { get; } = new float[checked(batchSize * sampleLength)];

    public TTarget[] Targets { get; } = new TTarget[checked(batchSize * targetLength)];

    public int[] Permutation { get; } = new int[count];

    /// <summary>Puts the samples into the order of an epoch, which depends on nothing but seed and epoch; null: as they are.</summary>
    public void Order(int? epoch, long seed)
    {
        int[] order = Permutation;
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        if (epoch is { } number)
        {
            RandomStream random = new(seed, number);
            for (int i = order.Length - 1; i > 0; i--)
            {
                int j = random.Next(i + 1);
                (order[i], order[j]) = (order[j], order[i]);
            }
        }
    }
}
