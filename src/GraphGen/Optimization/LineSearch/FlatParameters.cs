using GraphGen.Runtime;

namespace GraphGen;

/// <summary>
/// Parameters seen as one vector: line searches move along directions of it, averages are kept of it. Vectors lie as the parameters
/// do, neighbours in memory together, each parameter on a multiple of 16 floats with zeros between.
/// </summary>
internal sealed unsafe class FlatParameters
{
    private readonly Parameter[] _parameters;

    // By place in memory.
    private readonly Parameter[] _sorted;
    private readonly int[] _offsets;
    private readonly Dictionary<Parameter, int> _offsetOf = new(ReferenceEqualityComparer.Instance);

    /// <param name="parameters">The parameters, each once, in the order in which <see cref="Pack"/> writes them.</param>
    /// <exception cref="ArgumentException">There are none, or one comes twice.</exception>
    public FlatParameters(IEnumerable<Parameter> parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        _parameters = [.. parameters];
        if (_parameters.Length == 0)
        {
            throw new ArgumentException("Expected at least one parameter, got none.", nameof(parameters));
        }

        Dictionary<ParameterBlock, int> blocks = new(ReferenceEqualityComparer.Instance);
        foreach (Parameter parameter in _parameters)
        {
            blocks.TryAdd(parameter.Block, blocks.Count);
        }

        _sorted = [.. _parameters.OrderBy(parameter => blocks[parameter.Block]).ThenBy(parameter => parameter.Offset)];
        _offsets = new int[_sorted.Length];
        long end = 0;
        for (int i = 0; i < _sorted.Length; i++)
        {
            _offsets[i] = checked((int)end);
            if (!_offsetOf.TryAdd(_sorted[i], _offsets[i]))
            {
                throw new ArgumentException($"Expected parameters that differ, got '{_sorted[i].Name}' twice.", nameof(parameters));
            }

            TotalLength += _sorted[i].Length;
            end += ParameterBlock.Align(_sorted[i].Length);
        }

        Length = checked((int)end);
    }

    /// <summary>The parameters, in the order they were given.</summary>
    public IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>Floats of a vector, those between parameters counted: a multiple of 16.</summary>
    public int Length { get; }

    /// <summary>Floats of the parameters alone.</summary>
    public long TotalLength { get; }

    /// <summary>A vector of zeros.</summary>
    public AlignedBuffer NewVector() => new(Length);

    /// <summary>destination ← values.</summary>
    public void CopyValuesTo(AlignedBuffer destination)
    {
        for (int first = 0; first < _sorted.Length;)
        {
            Run run = RunFrom(first);
            LinearCombination.Copy(destination.Pointer + run.Offset, run.Values, run.Length);
            first += run.Count;
        }
    }

    /// <summary>destination ← gradients, and zeros for parameters without.</summary>
    public void CopyGradientsTo(AlignedBuffer destination)
    {
        for (int first = 0; first < _sorted.Length;)
        {
            Run run = RunFrom(first, likeGradients: true);
            if (_sorted[first].HasGradient)
            {
                LinearCombination.Copy(destination.Pointer + run.Offset, run.Gradients, run.Length);
            }
            else
            {
                destination.Slice(run.Offset, run.Length).Clear();
            }

            first += run.Count;
        }
    }

    /// <summary>values ← x.</summary>
    public void SetValues(AlignedBuffer x)
    {
        for (int first = 0; first < _sorted.Length;)
        {
            Run run = RunFrom(first);
            LinearCombination.Copy(run.Values, x.Pointer + run.Offset, run.Length);
            first += run.Count;
        }
    }

    /// <summary>values ← x + step·direction; the values themselves stand for x if it is null.</summary>
    public void SetValues(AlignedBuffer? x, double step, AlignedBuffer direction)
    {
        for (int first = 0; first < _sorted.Length;)
        {
            Run run = RunFrom(first);
            float* from = x is null ? run.Values : x.Pointer + run.Offset;
            LinearCombination.AddScaled(run.Values, from, step, direction.Pointer + run.Offset, run.Length);
            first += run.Count;
        }

        ClearBetween();
    }

    /// <summary>vector ← vector + weight·(values − vector).</summary>
    public void Lerp(AlignedBuffer vector, double weight)
    {
        for (int first = 0; first < _sorted.Length;)
        {
            Run run = RunFrom(first);
            FusedUpdate.Run(new LerpUpdate { Averages = vector.Pointer + run.Offset, Values = run.Values, Weight = (float)weight }, run.Length);
            first += run.Count;
        }
    }

    /// <summary>Exchanges the values with a vector's.</summary>
    public void Swap(AlignedBuffer vector)
    {
        for (int first = 0; first < _sorted.Length;)
        {
            Run run = RunFrom(first);
            FusedUpdate.Run(new SwapUpdate { X = run.Values, Y = vector.Pointer + run.Offset }, run.Length);
            first += run.Count;
        }
    }

    /// <summary>A parameter's part of a vector.</summary>
    public Span<float> Part(AlignedBuffer vector, Parameter parameter) => vector.Slice(_offsetOf[parameter], parameter.Length);

    /// <summary>A vector's floats without those between parameters, in the order of <see cref="Parameters"/>: as PyTorch concatenates them.</summary>
    public float[] Pack(AlignedBuffer vector)
    {
        float[] packed = new float[TotalLength];
        int end = 0;
        foreach (Parameter parameter in _parameters)
        {
            Part(vector, parameter).CopyTo(packed.AsSpan(end));
            end += parameter.Length;
        }

        return packed;
    }

    /// <summary>The inverse of <see cref="Pack"/>.</summary>
    /// <param name="name">What the floats are, for the error.</param>
    /// <param name="packed">The floats.</param>
    /// <param name="vector">Takes them.</param>
    /// <exception cref="StateDictException">There are not as many as the parameters have.</exception>
    public void Unpack(string name, float[] packed, AlignedBuffer vector)
    {
        if (packed.Length != TotalLength)
        {
            throw new StateDictException($"Expected {TotalLength} floats in '{name}', got {packed.Length}.");
        }

        int end = 0;
        foreach (Parameter parameter in _parameters)
        {
            packed.AsSpan(end, parameter.Length).CopyTo(Part(vector, parameter));
            end += parameter.Length;
        }
    }

    /// <summary>A factor that is no number has made NaN of the zeros between parameters, which kernels rely on.</summary>
    private void ClearBetween()
    {
        foreach (Parameter parameter in _sorted)
        {
            int end = parameter.Offset + parameter.Length;
            parameter.Block.Values[end..(int)ParameterBlock.Align(end)].Clear();
        }
    }

    /// <summary>The longest stretch from a parameter on that is contiguous in memory.</summary>
    private Run RunFrom(int first, bool likeGradients = false)
    {
        Parameter start = _sorted[first];
        long length = ParameterBlock.Align(start.Length);
        int end = first + 1;
        while (end < _sorted.Length
            && _sorted[end].Block == start.Block
            && _sorted[end].Offset == start.Offset + length
            && (!likeGradients || _sorted[end].HasGradient == start.HasGradient))
        {
            length += ParameterBlock.Align(_sorted[end].Length);
            end++;
        }

        return new Run
        {
            Count = end - first,
            Offset = _offsets[first],
            Length = (int)length,
            Values = start.Block.ValuePointer + start.Offset,
            Gradients = start.Block.GradientPointer + start.Offset,
        };
    }

    private readonly ref struct Run
    {
        public required int Count { get; init; }

        /// <summary>Where it starts in vectors.</summary>
        public required int Offset { get; init; }

        public required int Length { get; init; }

        public required float* Values { get; init; }

        public required float* Gradients { get; init; }
    }
}
