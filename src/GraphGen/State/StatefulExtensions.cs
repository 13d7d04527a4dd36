using System.Text.Json;

namespace GraphGen;

/// <summary>State dicts of schedulers, datasets' positions and whatever else is <see cref="IStateful"/>.</summary>
public static class StatefulExtensions
{
    private const string SettingsName = "settings";

    /// <summary>A copy of all that the object goes on from.</summary>
    /// <param name="part">A scheduler, a dataset and so on.</param>
    /// <returns>The settings as a JSON object in the metadata, under <c>settings</c>; what is many floats as tensors.</returns>
    /// <remarks>PyTorch: <see href="https://docs.pytorch.org/docs/stable/generated/torch.optim.lr_scheduler.LRScheduler.html">LRScheduler.state_dict</see>.</remarks>
    public static StateDict StateDict(this IStateful part)
    {
        ArgumentNullException.ThrowIfNull(part);
        StateDict dict = new();
        NotingExchange settings = new(dict);
        part.Exchange(settings);
        dict.Metadata.Add(SettingsName, settings.ToJson());
        return dict;
    }

    /// <summary>Takes over what another run's object of this kind went on from. All of it is loaded or nothing.</summary>
    /// <param name="part">A scheduler, a dataset and so on.</param>
    /// <param name="dict">What <see cref="StateDict"/> gave.</param>
    /// <exception cref="StateDictException">It does not fit. Nothing has been changed.</exception>
    public static void LoadStateDict(this IStateful part, StateDict dict)
    {
        ArgumentNullException.ThrowIfNull(part);
        ArgumentNullException.ThrowIfNull(dict);
        StateDict before = part.StateDict();
        try
        {
            part.Restore(dict);
        }
        catch
        {
            part.Restore(before);
            throw;
        }
    }

    /// <summary>The name of its type, by which it is found in a checkpoint: what it is generic over does not count.</summary>
    internal static string TypeName(this IStateful part) => part.GetType().Name.Split('`')[0];

    /// <summary>Takes over a state, but may stop in the middle.</summary>
    internal static void Restore(this IStateful part, StateDict dict)
    {
        string source = $"the state of {part.TypeName()}";
        if (!dict.Metadata.TryGetValue(SettingsName, out string? json))
        {
            throw new StateDictException($"Expected '{SettingsName}' in the metadata of {source}, got none.");
        }

        using JsonDocument settings = RestoringExchange.Parse(json, source);
        RestoringExchange exchange = new(settings.RootElement, source, dict);
        exchange.Restore(part.Exchange, part.TypeName());
        if (dict.Names.Where(name => !exchange.UsedTensors.Contains(name)).ToList() is { Count: > 0 } unexpected)
        {
            throw new StateDictException($"Expected the tensors of {source}, got others too: {StateDictException.List(unexpected)}.");
        }
    }
}
