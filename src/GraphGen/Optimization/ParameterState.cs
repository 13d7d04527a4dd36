using System.Globalization;

namespace GraphGen;

/// <summary>What a state dict has for one parameter, checked and ready to be taken over.</summary>
internal sealed class ParameterState
{
    // The largest number that a 64-bit float counts to one by one.
    private const double MostSteps = 1L << 53;

    private ParameterState(Parameter parameter) => Parameter = parameter;

    public Parameter Parameter { get; }

    public long Steps { get; private set; }

    /// <summary>The states there are, by number.</summary>
    public List<(int Index, StateTensor Tensor)> States { get; } = [];

    /// <summary>The numbers there are, by number.</summary>
    public List<(int Index, double Value)> Numbers { get; } = [];

    /// <summary>Reads what there is of a parameter.</summary>
    /// <param name="optimizer">Whose names and shapes they are.</param>
    /// <param name="group">The parameter's group.</param>
    /// <param name="parameter">The parameter.</param>
    /// <param name="number">Its number in the optimizer.</param>
    /// <param name="dict">The tensors.</param>
    /// <param name="used">The names of tensors, to which those of this parameter are added.</param>
    /// <exception cref="StateDictException">A tensor does not fit.</exception>
    public static ParameterState Read(Optimizer optimizer, ParameterGroup group, Parameter parameter, int number, StateDict dict, HashSet<string> used)
    {
        ParameterState state = new(parameter);
        string prefix = $"state.{number.ToString(CultureInfo.InvariantCulture)}.";
        for (int index = 0; index < ParameterGroup.MaximumStates; index++)
        {
            if (group.StateLength(index, parameter) > 0 && Find(optimizer.StateName(index)) is { } tensor)
            {
                ReadOnlySpan<int> shape = optimizer.StateShape(index, parameter);
                if (!tensor.Shape.SequenceEqual(shape))
                {
                    throw new StateDictException(
                        $"'{prefix}{optimizer.StateName(index)}': expected the shape {StateTensor.Describe(shape)} for '{parameter.Name}', got {StateTensor.Describe(tensor.Shape)}.");
                }

                if (tensor.FirstInexact() is { } message)
                {
                    throw new StateDictException($"'{prefix}{optimizer.StateName(index)}': {message}.");
                }

                state.States.Add((index, tensor));
            }
        }

        for (int index = 0; index < ParameterGroup.MaximumNumbers; index++)
        {
            if (Find(optimizer.NumberName(index)) is { } tensor)
            {
                state.Numbers.Add((index, tensor.ToDouble() ?? throw NoNumber(optimizer.NumberName(index), tensor)));
            }
        }

        if (Find("step") is { } step)
        {
            double steps = step.ToDouble() ?? throw NoNumber("step", step);
            state.Steps = steps is >= 0 and <= MostSteps && steps == Math.Floor(steps)
                ? (long)steps
                : throw new StateDictException(FormattableString.Invariant($"'{prefix}step': expected a whole number in [0, 2^53], got {steps}."));
        }
        else if (optimizer.HasStepState && state.States.Count + state.Numbers.Count > 0)
        {
            throw new StateDictException($"Expected a tensor '{prefix}step' with the rest of the state of '{parameter.Name}', got none.");
        }

        foreach (string name in state.Steps > 0 ? optimizer.RequiredNames(parameter) : [])
        {
            if (!dict.TryGetTensor(prefix + name, out _))
            {
                throw new StateDictException($"Expected a tensor '{prefix}{name}' with the rest of the state of '{parameter.Name}', got none.");
            }
        }

        return state;

        // A name stands for the first that has it: optimizers may answer with one name whatever the number.
        StateTensor? Find(string name)
        {
            string full = prefix + name;
            return dict.TryGetTensor(full, out StateTensor? tensor) && used.Add(full) ? tensor : null;
        }

        StateDictException NoNumber(string name, StateTensor tensor) => new($"'{prefix}{name}': expected a single number, got {tensor}.");
    }
}
