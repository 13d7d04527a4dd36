namespace GraphGen;

/// <summary>Saving and loading.</summary>
public sealed unsafe partial class ParameterBlock
{
    /// <summary>A copy of the values, under the parameters' names and in their shapes, which are PyTorch's.</summary>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.state_dict">Module.state_dict</see>.</remarks>
    public StateDict StateDict()
    {
        StateDict dict = new();
        foreach (Parameter parameter in _parameters)
        {
            dict.Add(parameter.Name, new StateTensor(parameter.Shape, parameter.Values));
        }

        return dict;
    }

    /// <summary>Takes over values. Everything is checked before anything is changed; gradients stay.</summary>
    /// <param name="dict">
    /// The values, in the parameters' names and shapes. Those of other types than F32 are converted where floats hold them exactly;
    /// <see cref="GraphGen.StateDict.ToSingle"/> rounds.
    /// </param>
    /// <param name="strict">
    /// Whether there must be a tensor for each parameter and a parameter for each tensor; true by default. For fine-tuning, false loads
    /// what there is, and <see cref="GraphGen.StateDict.Rename"/> chooses.
    /// </param>
    /// <returns>What was not there, and what was there for nothing: both empty if <paramref name="strict"/>.</returns>
    /// <exception cref="StateDictException">
    /// A tensor has another shape than its parameter or values that floats do not hold, or, if <paramref name="strict"/>, one is missing or
    /// unexpected. The message names them all, though of unexpected ones no more than 50.
    /// </exception>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.nn.Module.html#torch.nn.Module.load_state_dict">Module.load_state_dict</see>.</remarks>
    public IncompatibleKeys LoadStateDict(StateDict dict, bool strict = true)
    {
        IncompatibleKeys keys = CheckStateDict(dict, strict);
        CopyStateDict(dict);
        return keys;
    }

    /// <summary>The checks of <see cref="LoadStateDict"/>.</summary>
    internal IncompatibleKeys CheckStateDict(StateDict dict, bool strict)
    {
        ArgumentNullException.ThrowIfNull(dict);
        List<string> missing = [];
        List<string> faults = [];
        foreach (Parameter parameter in _parameters)
        {
            if (!dict.TryGetTensor(parameter.Name, out StateTensor? tensor))
            {
                missing.Add(parameter.Name);
            }
            else if (!tensor.Shape.SequenceEqual(parameter.Shape))
            {
                faults.Add($"'{parameter.Name}': expected the shape {StateTensor.Describe(parameter.Shape)}, got {StateTensor.Describe(tensor.Shape)}");
            }
            else if (tensor.FirstInexact() is { } message)
            {
                faults.Add($"'{parameter.Name}': {message}");
            }
        }

        List<string> unexpected = [.. dict.Names.Where(name => !_byName.ContainsKey(name))];
        if (strict && missing.Count > 0)
        {
            faults.Add($"missing: {string.Join(", ", missing)}");
        }

        if (strict && unexpected.Count > 0)
        {
            faults.Add($"unexpected: {StateDictException.List(unexpected)}");
        }

        return faults.Count == 0
            ? new IncompatibleKeys(missing, unexpected)
            : throw new StateDictException($"The state dict does not fit the parameters. {string.Join("; ", faults)}.");
    }

    /// <summary>Takes over values that have been checked.</summary>
    internal void CopyStateDict(StateDict dict)
    {
        foreach (Parameter parameter in _parameters)
        {
            if (dict.TryGetTensor(parameter.Name, out StateTensor? tensor))
            {
                tensor.CopyTo(parameter.Values);
            }
        }
    }
}
