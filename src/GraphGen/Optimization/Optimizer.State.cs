using System.Globalization;
using System.Text.Json;

namespace GraphGen;

/// <summary>Saving and loading.</summary>
public abstract partial class Optimizer
{
    private const string GroupsName = "param_groups";
    private const string StepCountName = "step_count";
    private const string SettingsName = "settings";

    /// <summary>Whether a state dict has the number of updates of each parameter, <c>step</c>: true but where PyTorch's has none (SGD, Muon, LBFGS).</summary>
    protected internal virtual bool HasStepState => true;

    /// <summary>
    /// How many of the states, from 0 on, every parameter has that has been updated, whatever its group's options: a state dict without one
    /// of them is refused. The others may begin later, as momentum does that is switched on. 0 by default. A state that a parameter of
    /// its shape does not have does not count.
    /// </summary>
    protected internal virtual int RequiredStates => 0;

    /// <summary>How many of the numbers, from 0 on, every parameter has that has been updated, as <see cref="RequiredStates"/> says of states.</summary>
    protected internal virtual int RequiredNumbers => 0;

    /// <summary>A copy of all that the optimizer remembers, and of its groups' options.</summary>
    /// <returns>
    /// Tensors <c>state.{parameter}.{name}</c>, where parameters are numbered as PyTorch does it: through all groups, in the order in which
    /// they were given. <c>step</c> and other numbers are scalars. In the metadata, as JSON: <c>param_groups</c>, a list of objects with PyTorch's
    /// options and <c>params</c>, the numbers of the group's parameters; <c>step_count</c>.
    /// </returns>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.optim.Optimizer.state_dict.html">Optimizer.state_dict</see>.</remarks>
    public StateDict StateDict()
    {
        StateDict dict = new();
        List<NotingExchange> groups = [];
        int number = 0;
        foreach (ParameterGroup group in BaseGroups)
        {
            NotingExchange options = new(dict);
            group.Exchange(options);
            options.Exchange("params", [.. Enumerable.Range(number, group.Parameters.Count)]);
            groups.Add(options);
            foreach (Parameter parameter in group.Parameters)
            {
                group.SaveState(this, parameter, $"state.{number++.ToString(CultureInfo.InvariantCulture)}.", dict);
            }
        }

        dict.Metadata.Add(GroupsName, NotingExchange.ToJson(groups));
        dict.Metadata.Add(StepCountName, StepCount.ToString(CultureInfo.InvariantCulture));
        NotingExchange settings = new(dict);
        Exchange(settings);
        if (!settings.IsEmpty)
        {
            dict.Metadata.Add(SettingsName, settings.ToJson());
        }

        return dict;
    }

    /// <summary>A copy of what the optimizer remembers of one parameter.</summary>
    /// <param name="parameter">One of its parameters.</param>
    /// <returns>
    /// Tensors under PyTorch's names, <c>optimizer.State(weight)["exp_avg"]</c>; <c>step</c> and other numbers are scalars. None before the
    /// parameter's first update, nor of <see cref="LBFGS"/> and <see cref="ConjugateGradient"/>, which remember all parameters as one vector.
    /// </returns>
    /// <exception cref="ArgumentException">The parameter is in none of the groups.</exception>
    public StateDict State(Parameter parameter)
    {
        ArgumentNullException.ThrowIfNull(parameter);
        ParameterGroup group = BaseGroups.FirstOrDefault(group => group.Parameters.Contains(parameter))
            ?? throw new ArgumentException($"Expected a parameter of one of the groups, got '{parameter.Name}'.", nameof(parameter));
        StateDict dict = new();
        group.SaveState(this, parameter, prefix: "", dict);
        return dict;
    }

    /// <summary>Takes over what another run's optimizer of this kind remembered, and its groups' options. All of it is loaded or nothing.</summary>
    /// <param name="dict">
    /// What <see cref="StateDict()"/> gave, here or in PyTorch. Groups are as many and as large as here. Options of a group that are not in the
    /// dict, such as those younger than the PyTorch that wrote it, stay as they are; others that are only there are passed over. A
    /// parameter that has had an update has all the state that one gives it (<see cref="RequiredStates"/>), one that has not may have none.
    /// </param>
    /// <exception cref="StateDictException">It does not fit. Nothing has been changed.</exception>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.optim.Optimizer.load_state_dict.html">Optimizer.load_state_dict</see>.</remarks>
    public void LoadStateDict(StateDict dict)
    {
        ArgumentNullException.ThrowIfNull(dict);
        if (!dict.Metadata.TryGetValue(GroupsName, out string? json))
        {
            throw new StateDictException($"Expected '{GroupsName}' in the metadata of an optimizer's state, got none.");
        }

        using JsonDocument groups = RestoringExchange.Parse(json, $"'{GroupsName}'");
        CheckGroups(groups.RootElement);

        HashSet<string> used = new(StringComparer.Ordinal);
        List<ParameterState[]> states = [];
        int number = 0;
        foreach (ParameterGroup group in BaseGroups)
        {
            ParameterState[] loaded = new ParameterState[group.Parameters.Count];
            for (int i = 0; i < loaded.Length; i++)
            {
                loaded[i] = ParameterState.Read(this, group, group.Parameters[i], number++, dict, used);
            }

            states.Add(loaded);
            group.ReserveStates(loaded);
        }

        long steps = ReadStepCount(dict, states);

        // From here on the optimizer changes: its settings first, which may refuse what they are given, then what cannot fail.
        StateDict before = new();
        NotingExchange[] options = [.. BaseGroups.Select(group => Note(group.Exchange, before))];
        NotingExchange settings = Note(Exchange, before);
        try
        {
            RestoreGroups(groups.RootElement, dict, isLenient: true);
            used.UnionWith(RestoreSettings(dict));
            if (dict.Names.Where(name => !used.Contains(name)).ToList() is { Count: > 0 } unexpected)
            {
                throw new StateDictException(
                    $"Expected tensors of {GetType().Name}'s state for {number} parameters, got others too: {StateDictException.List(unexpected)}.");
            }
        }
        catch
        {
            using JsonDocument old = RestoringExchange.Parse(NotingExchange.ToJson(options), "the options before");
            RestoreGroups(old.RootElement, before, isLenient: false);
            using JsonDocument oldSettings = RestoringExchange.Parse(settings.ToJson(), "the settings before");
            Exchange(new RestoringExchange(oldSettings.RootElement, "the settings before", before));
            throw;
        }

        for (int i = 0; i < states.Count; i++)
        {
            BaseGroups[i].LoadStates(states[i]);
        }

        StepCount = steps;
    }

    /// <summary>
    /// Exchanges for a state dict what an optimizer keeps beside options, states and numbers of parameters; nothing by default. If it throws
    /// while loading, it is called once more with what was there before.
    /// </summary>
    /// <param name="state">Notes the settings or restores them.</param>
    protected internal virtual void Exchange(StateExchange state)
    {
    }

    private static NotingExchange Note(Action<StateExchange> exchange, StateDict tensors)
    {
        NotingExchange noted = new(tensors);
        exchange(noted);
        return noted;
    }

    private void CheckGroups(JsonElement groups)
    {
        if (groups.ValueKind != JsonValueKind.Array || groups.GetArrayLength() != BaseGroups.Count)
        {
            string got = groups.ValueKind == JsonValueKind.Array ? $"{groups.GetArrayLength()}" : $"{groups.ValueKind}";
            throw new StateDictException($"Expected {BaseGroups.Count} groups of parameters, got {got}.");
        }

        int number = 0;
        for (int i = 0; i < BaseGroups.Count; i++)
        {
            int count = BaseGroups[i].Parameters.Count;
            if (groups[i].ValueKind != JsonValueKind.Object
                || !groups[i].TryGetProperty("params", out JsonElement parameters)
                || parameters.ValueKind != JsonValueKind.Array)
            {
                throw new StateDictException($"Expected group {i} to have a list 'params', got none.");
            }

            if (parameters.GetArrayLength() != count)
            {
                throw new StateDictException($"Expected {count} parameters in group {i}, got {parameters.GetArrayLength()}.");
            }

            foreach (JsonElement parameter in parameters.EnumerateArray())
            {
                if (parameter.ValueKind != JsonValueKind.Number || !parameter.TryGetInt32(out int given) || given != number)
                {
                    throw new StateDictException($"Expected parameter {number} next in group {i}, got {StateDictException.Shorten(parameter.GetRawText())}.");
                }

                number++;
            }

            if (!groups[i].TryGetProperty("lr", out _))
            {
                throw new StateDictException($"Expected group {i} to have a learning rate 'lr', got none.");
            }
        }
    }

    private void RestoreGroups(JsonElement groups, StateDict tensors, bool isLenient)
    {
        for (int i = 0; i < BaseGroups.Count; i++)
        {
            RestoringExchange exchange = new(groups[i], $"group {i}", tensors, isLenient: isLenient);
            exchange.Restore(BaseGroups[i].Exchange, GetType().Name);
        }
    }

    private HashSet<string> RestoreSettings(StateDict dict)
    {
        string json = dict.Metadata.TryGetValue(SettingsName, out string? noted) ? noted : "{}";
        using JsonDocument settings = RestoringExchange.Parse(json, $"'{SettingsName}'");
        RestoringExchange exchange = new(settings.RootElement, $"the {SettingsName} of {GetType().Name}", dict);
        exchange.Restore(Exchange, GetType().Name);
        return exchange.UsedTensors;
    }

    /// <summary>PyTorch has no such number: there, that of the parameter with the most updates.</summary>
    private static long ReadStepCount(StateDict dict, List<ParameterState[]> states)
    {
        if (!dict.Metadata.TryGetValue(StepCountName, out string? text))
        {
            return states.SelectMany(group => group).Select(state => state.Steps).DefaultIfEmpty().Max();
        }

        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long steps)
            ? steps
            : throw new StateDictException($"Expected '{StepCountName}' to be a whole number, got {StateDictException.Quote(text)}.");
    }
}
