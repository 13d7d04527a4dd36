using System.Text.Json;
using GraphGen.Runtime;

namespace GraphGen;

/// <summary>Saving and loading the state.</summary>
public abstract partial class ParameterGroup
{
    /// <summary>Adds what there is of a parameter to a state dict.</summary>
    /// <param name="optimizer">Whose names and shapes they are.</param>
    /// <param name="parameter">The parameter.</param>
    /// <param name="prefix">What the tensors' names begin with.</param>
    /// <param name="dict">The state dict.</param>
    internal void SaveState(Optimizer optimizer, Parameter parameter, string prefix, StateDict dict)
    {
        int place = SlotOf(parameter);
        ref readonly Slot slot = ref _slots[place];
        if (optimizer.HasStepState && slot.Steps > 0)
        {
            // A 32-bit float, as in PyTorch, for as far as it counts.
            dict.Add(prefix + "step", slot.Steps <= 1 << 24 ? StateTensor.Scalar((float)slot.Steps) : StateTensor.Scalar((double)slot.Steps));
        }

        for (int index = 0; index < MaximumStates; index++)
        {
            if ((slot.States & (1u << index)) != 0)
            {
                ReadOnlySpan<int> shape = optimizer.StateShape(index, parameter);
                int length = (int)StateTensor.ElementCount(shape);
                dict.Add(prefix + optimizer.StateName(index), new StateTensor(shape, _states[index]!.Slice(_stateOffsets[index]![place], length)));
            }
        }

        for (int index = 0; index < MaximumNumbers; index++)
        {
            if (Number(index, place) is var number && !double.IsNaN(number))
            {
                dict.Add(prefix + optimizer.NumberName(index), StateTensor.Scalar(number));
            }
        }
    }

    /// <summary>Takes over another group's options.</summary>
    internal void TakeOptions(ParameterGroup other)
    {
        StateDict tensors = new();
        NotingExchange noted = new(tensors);
        other.Exchange(noted);
        using JsonDocument options = RestoringExchange.Parse(noted.ToJson(), "another group");
        Exchange(new RestoringExchange(options.RootElement, "another group", tensors));
    }

    /// <summary>Makes the memory for what shall be loaded, so that loading it cannot fail.</summary>
    internal void ReserveStates(ParameterState[] states)
    {
        foreach (ParameterState state in states)
        {
            foreach ((int index, _) in state.States)
            {
                _ = _states[index] ?? MakeState(index);
            }

            foreach ((int index, _) in state.Numbers)
            {
                _numbers[index] ??= NoNumbers();
            }
        }
    }

    /// <summary>Replaces the whole state.</summary>
    internal void LoadStates(ParameterState[] states)
    {
        foreach (AlignedBuffer? buffer in _states)
        {
            buffer?.Span.Clear();
        }

        foreach (double[]? numbers in _numbers)
        {
            numbers?.AsSpan().Fill(double.NaN);
        }

        foreach (ParameterState state in states)
        {
            int place = SlotOf(state.Parameter);
            ref Slot slot = ref _slots[place];
            slot.Steps = state.Steps;
            slot.States = 0;
            foreach ((int index, StateTensor tensor) in state.States)
            {
                slot.States |= 1u << index;
                tensor.CopyTo(_states[index]!.Slice(_stateOffsets[index]![place], tensor.Length));
            }

            foreach ((int index, double value) in state.Numbers)
            {
                _numbers[index]![place] = value;
            }
        }
    }

    private double[] NoNumbers()
    {
        double[] numbers = new double[_slots.Length];
        Array.Fill(numbers, double.NaN);
        return numbers;
    }

    private int SlotOf(Parameter parameter)
    {
        int place = 0;
        while (_slots[place].Parameter != parameter)
        {
            place++;
        }

        return place;
    }
}
