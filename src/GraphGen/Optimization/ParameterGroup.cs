using System.Runtime.CompilerServices;
using GraphGen.Runtime;

namespace GraphGen;

/// <summary>
/// Parameters that an <see cref="Optimizer"/> updates with the same options, and the optimizer's state for them. Each optimizer
/// has a group class of its own with its options; what all have in common is here.
/// </summary>
public abstract partial class ParameterGroup
{
    internal const int MaximumStates = 32;
    internal const int MaximumNumbers = 4;

    private readonly Parameter[] _parameters;

    // By place in the blocks, so that neighbours in memory are neighbours here; the states follow this order.
    private readonly Slot[] _slots;
    private readonly AlignedBuffer?[] _states = new AlignedBuffer?[MaximumStates];

    // Where in each of the states that there are each slot's part starts.
    private readonly int[]?[] _stateOffsets = new int[]?[MaximumStates];
    private readonly double[]?[] _numbers = new double[MaximumNumbers][];
    private double _learningRate;

    /// <summary>Makes a group.</summary>
    /// <param name="parameters">The parameters, each once; none for <see cref="Optimizer.Defaults"/> alone.</param>
    /// <param name="learningRate">The learning rate; not negative.</param>
    /// <exception cref="ArgumentException">A parameter comes twice.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The learning rate is negative or not a number.</exception>
    protected ParameterGroup(IEnumerable<Parameter> parameters, double learningRate)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        _parameters = [.. parameters];
        foreach (Parameter parameter in _parameters)
        {
            ArgumentNullException.ThrowIfNull(parameter, nameof(parameters));
        }

        _learningRate = Hyperparameter.NotNegative(learningRate);
        _slots = MakeSlots(_parameters);
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
    /// <exception cref="ArgumentOutOfRangeException">Set to a negative number or NaN.</exception>
    public double? InitialLearningRate
    {
        get;
        set => field = value is { } rate ? Hyperparameter.NotNegative(rate, nameof(value)) : null;
    }

    /// <summary>
    /// The L1 penalty: its sign times this is added to each value's gradient, after the L2 penalty; 0 (none) by default, not
    /// negative. PyTorch has no such option; there one adds <c>l1·Σ|w|</c> to the loss, which gives the same gradient.
    /// </summary>
    public double L1
    {
        get;
        set => field = Hyperparameter.NotNegative(value);
    }

    /// <summary>
    /// What schedulers that cycle momentum change: the momentum of <see cref="SGD"/>, <see cref="RMSprop"/> and <see cref="Muon"/>, β₁ of Adam and
    /// its kin; null where the optimizer has neither.
    /// </summary>
    protected internal virtual double? CycledMomentum
    {
        get => null;
        set => throw new NotSupportedException($"{GetType().Name} has no momentum to cycle.");
    }

    internal ReadOnlySpan<Slot> Slots => _slots;

    /// <summary>
    /// Exchanges the options for a state dict. A derived group exchanges its own after a call of the base's; options that it
    /// does not exchange keep what they are when a state is loaded.
    /// </summary>
    /// <param name="state">Notes the options or restores them.</param>
    protected internal virtual void Exchange(StateExchange state)
    {
        LearningRate = state.Exchange("lr", LearningRate);
        InitialLearningRate = state.Exchange("initial_lr", InitialLearningRate);
        L1 = state.Exchange("l1", L1);
    }

    /// <summary>
    /// The longest run from a slot on that can be updated as one: adjacent in memory, with gradients, and alike in their state.
    /// </summary>
    internal int RunFrom(int first)
    {
        int end = first + 1;
        while (end < _slots.Length && _slots[end].HasGradient && _slots[end].Continues(_slots[end - 1]) && HasSameNumbers(end))
        {
            end++;
        }

        return end - first;
    }

    /// <summary>One of a slot's numbers; NaN if it has never been set.</summary>
    internal double Number(int index, int slot) => _numbers[index] is { } numbers ? numbers[slot] : double.NaN;

    internal void SetNumber(int index, int first, int count, double value)
    {
        double[] numbers = _numbers[index] ??= NoNumbers();
        numbers.AsSpan(first, count).Fill(value);
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
        AlignedBuffer state = _states[index] ?? MakeState(index);
        uint bit = 1u << index;
        isNew = (_slots[first].States & bit) == 0;
        if (isNew)
        {
            foreach (ref Slot slot in _slots.AsSpan(first, count))
            {
                slot.States |= bit;
            }
        }

        return state.Pointer + _stateOffsets[index]![first];
    }

    /// <summary>
    /// How many floats one of the states has for a parameter: as many as it has values. Where an optimizer has fewer it looks at its
    /// ranges a parameter at a time; with none a state dict cannot have the state either.
    /// </summary>
    internal virtual int StateLength(int index, Parameter parameter) => parameter.Length;

    private AlignedBuffer MakeState(int index)
    {
        int[] offsets = new int[_slots.Length];
        long end = 0;
        for (int i = 0; i < offsets.Length; i++)
        {
            offsets[i] = checked((int)end);
            end += ParameterBlock.Align(StateLength(index, _slots[i].Parameter));
        }

        AlignedBuffer state = new(end);
        _stateOffsets[index] = offsets;
        return _states[index] = state;
    }

    private bool HasSameNumbers(int slot)
    {
        foreach (double[]? numbers in _numbers)
        {
            if (numbers is not null && !numbers[slot].Equals(numbers[slot - 1]))
            {
                return false;
            }
        }

        return true;
    }

    private static Slot[] MakeSlots(Parameter[] parameters)
    {
        // Parameters of several models: each model's together.
        Dictionary<ParameterBlock, int> blocks = new(ReferenceEqualityComparer.Instance);
        foreach (Parameter parameter in parameters)
        {
            blocks.TryAdd(parameter.Block, blocks.Count);
        }

        Parameter[] sorted = [.. parameters.OrderBy(parameter => blocks[parameter.Block]).ThenBy(parameter => parameter.Offset)];
        Slot[] slots = new Slot[sorted.Length];
        for (int i = 0; i < sorted.Length; i++)
        {
            if (i > 0 && sorted[i] == sorted[i - 1])
            {
                throw new ArgumentException($"Expected parameters that differ, got '{sorted[i].Name}' twice.", nameof(parameters));
            }

            slots[i] = new Slot { Parameter = sorted[i] };
        }

        return slots;
    }

    /// <summary>One parameter and how far its state has come.</summary>
    internal struct Slot
    {
        public required Parameter Parameter;

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
