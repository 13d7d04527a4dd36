using System.Globalization;

namespace GraphGen;

/// <summary>
/// All that a training run goes on from, in one safetensors file: the model's parameters and random numbers, the optimizer, and whatever
/// else is <see cref="IStateful"/>: schedulers, the <see cref="Dataset"/>'s position. A run resumed from it is bit for bit the run that was never
/// stopped.
/// </summary>
/// <remarks>
/// <para>
/// Gradients are not in it: save where the next thing is <c>ZeroGrad</c>, after the optimizer's step. In the middle of an epoch is as good
/// as at its end.
/// </para>
/// <para>
/// The file has the model's state dict under <c>model.</c> and the optimizer's under <c>optimizer.</c>; to take weights out of it:
/// <c>net.Parameters.LoadStateDict(Safetensors.Load(path).Submodule("model"))</c>.
/// </para>
/// </remarks>
public static class Checkpoint
{
    private const string VersionName = "checkpoint";
    private const string Version = "1";
    private const string SeedName = "random_state.seed";
    private const string StepName = "random_state.step";

    /// <summary>
    /// Saves. The file is written beside, flushed to the disk and renamed: a process killed or out of disk leaves the file that was there
    /// before, whole. One process at a time may save to a path.
    /// </summary>
    /// <param name="path">The file, which is replaced if it exists.</param>
    /// <param name="model">The model.</param>
    /// <param name="optimizer">Its optimizer, if it is to go on training.</param>
    /// <param name="others">Schedulers, the dataset of the epochs, and anything else that changes.</param>
    /// <exception cref="IOException">The file cannot be written; the old one is still there.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written; the old one is still there.</exception>
    /// <exception cref="ArgumentException">A name is none that a file can have: half of a surrogate pair, or 100 MB of names in all.</exception>
    public static void Save(string path, IModel model, Optimizer? optimizer = null, params ReadOnlySpan<IStateful> others)
    {
        ArgumentNullException.ThrowIfNull(model);
        StateDict dict = new();
        dict.Metadata.Add(VersionName, Version);
        dict.Metadata.Add(SeedName, model.RandomState.Seed.ToString(CultureInfo.InvariantCulture));
        dict.Metadata.Add(StepName, model.RandomState.Step.ToString(CultureInfo.InvariantCulture));
        dict.AddUnder("model", model.Parameters.StateDict());
        if (optimizer is not null)
        {
            dict.AddUnder("optimizer", optimizer.StateDict());
        }

        foreach ((string name, IStateful other) in Named(others))
        {
            dict.AddUnder(name, other.StateDict());
        }

        Safetensors.Save(path, dict);
    }

    /// <summary>
    /// Loads what <see cref="Save"/> saved, into objects made as those were. All of it is loaded or nothing; the model's gradients are
    /// forgotten.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="model">The model.</param>
    /// <param name="optimizer">Its optimizer; without one, that in the file is passed over.</param>
    /// <param name="others">
    /// Schedulers, the dataset and so on. They are told apart by their types; of two of one type the first given is the first saved. What is
    /// only in the file is passed over.
    /// </param>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    /// <exception cref="StateDictException">The file is damaged, no checkpoint, or does not fit. Nothing has been changed.</exception>
    public static void Load(string path, IModel model, Optimizer? optimizer = null, params ReadOnlySpan<IStateful> others)
    {
        ArgumentNullException.ThrowIfNull(model);
        List<(string Name, IStateful Part)> parts = Named(others);
        StateDict dict = Safetensors.Load(path);
        try
        {
            Load(dict, model, optimizer, parts);
        }
        catch (StateDictException exception)
        {
            throw new StateDictException($"'{path}' is not a checkpoint of this. {exception.Message}", exception.InnerException);
        }
    }

    private static void Load(StateDict dict, IModel model, Optimizer? optimizer, List<(string Name, IStateful Part)> parts)
    {
        if (!dict.Metadata.TryGetValue(VersionName, out string? version) || version != Version)
        {
            throw new StateDictException(
                $"Expected the metadata '{VersionName}' to be {Version}, got {(version is null ? "none" : StateDictException.Quote(version))}.");
        }

        RandomState random = new(Number(dict, SeedName), Number(dict, StepName));
        StateDict parameters = dict.Submodule("model");
        model.Parameters.CheckStateDict(parameters, strict: true);

        // What may refuse its settings comes first, and is put back if something after it does; parameters are last and cannot fail.
        Stack<(IStateful Part, StateDict Before)> loaded = [];
        try
        {
            foreach ((string name, IStateful part) in parts)
            {
                StateDict before = part.StateDict();
                part.LoadStateDict(dict.Submodule(name));
                loaded.Push((part, before));
            }

            optimizer?.LoadStateDict(dict.Submodule("optimizer"));
        }
        catch
        {
            foreach ((IStateful part, StateDict before) in loaded)
            {
                part.Restore(before);
            }

            throw;
        }

        model.Parameters.CopyStateDict(parameters);
        model.Parameters.ZeroGrad();
        model.RandomState = random;
    }

    /// <summary>Parts by their types' names: <c>state.StepLR</c>, <c>state.StepLR-2</c>.</summary>
    private static List<(string Name, IStateful Part)> Named(ReadOnlySpan<IStateful> parts)
    {
        Dictionary<string, int> counts = new(StringComparer.Ordinal);
        List<(string Name, IStateful Part)> named = [];
        foreach (IStateful part in parts)
        {
            ArgumentNullException.ThrowIfNull(part, nameof(parts));
            string type = part.TypeName();
            int count = counts.GetValueOrDefault(type) + 1;
            counts[type] = count;
            named.Add((count == 1 ? $"state.{type}" : string.Create(CultureInfo.InvariantCulture, $"state.{type}-{count}"), part));
        }

        return named;
    }

    private static long Number(StateDict dict, string name)
    {
        if (!dict.Metadata.TryGetValue(name, out string? text))
        {
            throw new StateDictException($"Expected a whole number '{name}' in the metadata, got none.");
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw new StateDictException($"Expected '{name}' to be a whole number, got {StateDictException.Quote(text)}.");
    }
}
