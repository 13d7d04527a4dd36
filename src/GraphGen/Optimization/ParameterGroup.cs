using System.Runtime.CompilerServices;
using GraphGen.Runtime;

namespace GraphGen;

/// <summary>
/// Parameters that an <see cref="Optimizer"/> updates with the same options, and the optimizer's state for them. Each optimizer
/// has a group class of its own with its options; what all have in common is here.
/// </summary>
public abstract class ParameterGroup
{
    private const int MaximumStates = 32;

    private readonly Parameter[] _parameters;

    // By place in the blocks, so that neighbours in memory are neighbours here; the states follow this order.
    private readonly Slot[] _slots;
    private readonly int _stateLength;
    private readonly AlignedBuffer?[] _states = new AlignedBuffer?[MaximumStates];
    private double _learningRate;

    /// <summary>Makes a group.</summary>
    /// <param name="parameters">The parameters; at least one, each once.</param>
    /// <param name="learningRate">The learning rate; not negative.</param>
    /// <exception cref="ArgumentException">There are no parameters, or one comes twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The learning rate is negative or not a number.</exception>
    protected ParameterGroup(IEnumerable<Parameter> parameters, double learningRate)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        _parameters = [.. parameters];
        if (_parameters.Length == 0)
        {
            throw new ArgumentException("Expected at least one parameter in a group, got none.", nameof(parameters));
        }

        LearningRate = learningRate;
        _slots = MakeSlots(_parameters, out _stateLength);
    }

    /// <summary>The parameters, in the order they were given.</summary>
    public IReadOnlyList<Parameter> Parameters => _parameters;

    /// <summary>The learning rate. It may be changed at any time, by hand or by a scheduler; the optimizer's state stays.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Set to a negative number or NaN.</exception>
    public double LearningRate
    {
        get => _learningRate;
        set => _learningRate = Hyperparameter.NotNegative(value);
    }

    /// <summary>
    /// The learning rate that schedulers start from: the first one constructed over the group notes it here. Null before. To go
    /// on with a schedule in the middle (<c>lastEpoch</c>), set it.
    /// </summary>
    public double? InitialLearningRate { get; set; }

    internal ReadOnlySpan<Slot> Slots => _slots;

    /// <summary>
    /// The longest run from a slot on that can be updated as one: adjacent in memory, with gradients, and alike in their state.
    /// </summary>
    internal int RunFrom(int first)
    {
        int end = first + 1;
        while (end < _slots.Length && _slots[end].HasGradient && _slots[end].Continues(_slots[end - 1]))
        {
            end++;
        }

        return end - first;
    }

    internal void CountStep(int first, int count)
    {
        foreach (ref Slot slot in _slots.AsSpan(first, count))
        {
            slot.Steps++;
        }
    }

    /// <summary>A run's place in one of the states, which is made, zeroed, when it is first asked for.</summary>
    internal unsafe float* StatePointer(int index, int first, int count, out bool isNew)
    {
        AlignedBuffer state = _states[index] ??= new AlignedBuffer(_stateLength);
        uint bit = 1u << index;
        isNew = (_slots[first].States & bit) == 0;
        if (isNew)
        {
            foreach (ref Slot slot in _slots.AsSpan(first, count))
            {
                slot.States |= bit;
            }
        }

        return state.Pointer + _slots[first].StateOffset;
    }

    private static Slot[] MakeSlots(Parameter[] parameters, out int stateLength)
    {
        // Parameters of several models: each model's together.
        Dictionary<ParameterBlock, int> blocks = new(ReferenceEqualityComparer.Instance);
        foreach (Parameter parameter in parameters)
        {
            blocks.TryAdd(parameter.Block, blocks.Count);
        }

        Parameter[] sorted = [.. parameters.OrderBy(parameter => blocks[parameter.Block]).ThenBy(parameter => parameter.Offset)];
        Slot[] slots = new Slot[sorted.Length];
        long offset = 0;
        for (int i = 0; i < sorted.Length; i++)
        {
            if (i > 0 && sorted[i] == sorted[i - 1])
            {
                throw new ArgumentException($"Expected parameters that differ, got '{sorted[i].Name}' twice.", nameof(parameters));
            }

            slots[i] = new Slot { Parameter = sorted[i], StateOffset = checked((int)offset) };
            offset += slots[i].PaddedLength;
        }

        stateLength = checked((int)offset);
        return slots;
    }

    /// <summary>One parameter and how far its state has come.</summary>
    internal struct Slot
    {
        public required Parameter Parameter;
        public required int StateOffset;

        /// <summary>Updates the parameter has had.</summary>
        public long Steps;

        /// <summary>Bit i: state i holds something.</summary>
        public uint States;

        public readonly bool HasGradient => Parameter.HasGradient;

        /// <summary>The floats up to where the next parameter starts. Those past the parameter's own are zero and stay zero.</summary>
        public readonly int PaddedLength => (int)ParameterBlock.Align(Parameter.Length);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly bool Continues(in Slot previous) =>
            Parameter.Offset == previous.Parameter.Offset + previous.PaddedLength
            && Parameter.Block == previous.Parameter.Block
            && Steps == previous.Steps
            && States == previous.States;
    }
}
