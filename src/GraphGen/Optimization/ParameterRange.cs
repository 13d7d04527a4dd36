namespace GraphGen;

/// <summary>
/// A contiguous piece of a group: one or more neighbouring parameters that all have gradients and are alike in their state, so
/// that an optimizer can update them in one pass. Lengths are multiples of 16 floats; the floats between parameters are zero in
/// values, gradients and states, and an update must leave them zero.
/// </summary>
public readonly unsafe ref struct ParameterRange
{
    private readonly ParameterGroup _group;
    private readonly int _first;
    private readonly int _count;

    internal ParameterRange(ParameterGroup group, int first, int count)
    {
        _group = group;
        _first = first;
        _count = count;

        ref readonly ParameterGroup.Slot start = ref group.Slots[first];
        ref readonly ParameterGroup.Slot last = ref group.Slots[first + count - 1];
        ParameterBlock block = start.Parameter.Block;
        ValuePointer = block.ValuePointer + start.Parameter.Offset;
        GradientPointer = block.GradientPointer + start.Parameter.Offset;
        Length = last.Parameter.Offset + last.PaddedLength - start.Parameter.Offset;
        Steps = start.Steps;
    }

    /// <summary>How many floats; a multiple of 16.</summary>
    public int Length { get; }

    /// <summary>How many updates these parameters have had before this one.</summary>
    public long Steps { get; }

    /// <summary>The values to be updated.</summary>
    public Span<float> Values => new(ValuePointer, Length);

    /// <summary>Their gradients.</summary>
    public ReadOnlySpan<float> Gradients => new(GradientPointer, Length);

    /// <summary>How many parameters.</summary>
    public int Count => _count;

    internal float* ValuePointer { get; }

    internal float* GradientPointer { get; }

    /// <summary>One of the parameters.</summary>
    /// <param name="index">Its place, in [0, <see cref="Count"/>).</param>
    public Parameter this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)_count, nameof(index));
            return _group.Slots[_first + index].Parameter;
        }
    }

    /// <summary>A float of state for each value, kept from step to step; zeros at first.</summary>
    /// <param name="index">Which: an optimizer may have 32 of them, numbered from 0.</param>
    /// <param name="isNew">Whether it is asked for these parameters for the first time.</param>
    public Span<float> State(int index, out bool isNew) => new(StatePointer(index, out isNew), Length);

    /// <inheritdoc cref="State(int, out bool)"/>
    public Span<float> State(int index) => State(index, out _);

    /// <summary>
    /// One of the numbers kept for each parameter from step to step, which all of the range share; NaN until it is set. Parameters
    /// whose numbers differ are in different ranges.
    /// </summary>
    /// <param name="index">Which: an optimizer may have 4 of them, numbered from 0.</param>
    public double Number(int index) => _group.Number(index, _first);

    /// <summary>Sets one of the numbers kept for each parameter, for all of the range.</summary>
    /// <param name="index">Which: an optimizer may have 4 of them, numbered from 0.</param>
    /// <param name="value">The number.</param>
    public void SetNumber(int index, double value) => _group.SetNumber(index, _first, _count, value);

    /// <summary>The range of one of the parameters alone.</summary>
    /// <param name="index">Its place, in [0, <see cref="Count"/>).</param>
    public ParameterRange Only(int index)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)_count, nameof(index));
        return new ParameterRange(_group, _first + index, 1);
    }

    /// <summary>Gives one of the states a value for each of the parameters' own floats: those between parameters stay zero.</summary>
    internal void FillState(int index, float value)
    {
        for (int i = 0; i < _count; i++)
        {
            Only(i).State(index)[..this[i].Length].Fill(value);
        }
    }

    /// <summary>Makes one of the states zero again between parameters, for updates that make something else of a zero.</summary>
    internal void ClearGaps(int index)
    {
        for (int i = 0; i < _count; i++)
        {
            Only(i).State(index)[this[i].Length..].Clear();
        }
    }

    internal float* StatePointer(int index, out bool isNew) => _group.StatePointer(index, _first, _count, out isNew);
}
