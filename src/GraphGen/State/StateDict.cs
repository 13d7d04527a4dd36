using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace GraphGen;

/// <summary>
/// Tensors by name, in order, with text beside them: what a model or an optimizer is saved as. It is a copy: training on does not
/// change it. <see cref="Safetensors"/> writes and reads it.
/// </summary>
/// <remarks>
/// PyTorch: <see href="https://docs.pytorch.org/tutorials/beginner/saving_loading_models.html#what-is-a-state-dict">What is a state_dict?</see>
/// </remarks>
public sealed class StateDict : IReadOnlyCollection<KeyValuePair<string, StateTensor>>
{
    private readonly OrderedDictionary<string, StateTensor> _tensors = new(StringComparer.Ordinal);
    private readonly OrderedDictionary<string, string> _metadata = new(StringComparer.Ordinal);

    /// <summary>How many tensors.</summary>
    public int Count => _tensors.Count;

    /// <summary>The names, in order.</summary>
    public IReadOnlyCollection<string> Names => _tensors.Keys;

    /// <summary>Text by name, kept in the file's header: where the state came from, settings, anything.</summary>
    public IDictionary<string, string> Metadata => _metadata;

    /// <summary>A tensor by its name.</summary>
    /// <param name="name">The name, such as <c>conv1.weight</c>.</param>
    /// <exception cref="KeyNotFoundException">There is none of that name; the message has those there are.</exception>
    public StateTensor this[string name] => TryGetTensor(name, out StateTensor? tensor)
        ? tensor
        : throw new KeyNotFoundException($"There is no tensor '{name}'. There are: {string.Join(", ", Names)}.");

    /// <summary>Adds a tensor at the end.</summary>
    /// <param name="name">The name; not <c>__metadata__</c>, which safetensors keeps for itself.</param>
    /// <param name="tensor">The tensor.</param>
    /// <exception cref="ArgumentException">There is a tensor of that name, or none can have it.</exception>
    public void Add(string name, StateTensor tensor)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(tensor);
        if (name == Safetensors.MetadataName)
        {
            throw new ArgumentException($"Expected another name than '{name}', which safetensors keeps for itself.", nameof(name));
        }

        if (!_tensors.TryAdd(name, tensor))
        {
            throw new ArgumentException($"Expected names that differ, got '{name}' twice.", nameof(name));
        }
    }

    /// <summary>Looks for a tensor.</summary>
    /// <param name="name">The name.</param>
    /// <param name="tensor">The tensor, if there is one.</param>
    public bool TryGetTensor(string name, [NotNullWhen(true)] out StateTensor? tensor)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _tensors.TryGetValue(name, out tensor);
    }

    /// <summary>
    /// The same tensors under other names, or some of them: to load weights of a model that names them otherwise, or all but the last
    /// layer. The metadata are the same.
    /// </summary>
    /// <param name="rename">Gives a tensor's new name, or null to leave it out.</param>
    /// <exception cref="ArgumentException">Two tensors are given one name.</exception>
    public StateDict Rename(Func<string, string?> rename)
    {
        ArgumentNullException.ThrowIfNull(rename);
        StateDict renamed = new();
        foreach ((string name, StateTensor tensor) in _tensors)
        {
            if (rename(name) is { } given)
            {
                renamed.Add(given, tensor);
            }
        }

        foreach ((string name, string text) in _metadata)
        {
            renamed._metadata.Add(name, text);
        }

        return renamed;
    }

    /// <summary>
    /// The part whose names, of tensors and metadata, start with a prefix, without it: <c>Submodule("model")</c> of a checkpoint is
    /// the model's state dict.
    /// </summary>
    /// <param name="name">The prefix, without the dot that ends it.</param>
    public StateDict Submodule(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        string prefix = name + ".";
        StateDict part = new();
        foreach ((string tensorName, StateTensor tensor) in _tensors)
        {
            if (tensorName.StartsWith(prefix, StringComparison.Ordinal) && tensorName != prefix + Safetensors.MetadataName)
            {
                part.Add(tensorName[prefix.Length..], tensor);
            }
        }

        foreach ((string textName, string text) in _metadata)
        {
            if (textName.StartsWith(prefix, StringComparison.Ordinal))
            {
                part._metadata.Add(textName[prefix.Length..], text);
            }
        }

        return part;
    }

    /// <summary>
    /// The same with every tensor rounded to 32-bit floats. Loading itself does not round: it converts F16, BF16 and small integers,
    /// which floats hold exactly, and refuses F64 and large integers where a value would change.
    /// </summary>
    public StateDict ToSingle()
    {
        StateDict singles = Rename(name => name);
        for (int i = 0; i < singles._tensors.Count; i++)
        {
            singles._tensors.SetAt(i, singles._tensors.GetAt(i).Value.ToSingle());
        }

        return singles;
    }

    /// <summary>The names and tensors, in order.</summary>
    public IEnumerator<KeyValuePair<string, StateTensor>> GetEnumerator() => _tensors.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Adds another's tensors and metadata, under a prefix.</summary>
    internal void AddUnder(string name, StateDict part)
    {
        foreach ((string tensorName, StateTensor tensor) in part._tensors)
        {
            Add($"{name}.{tensorName}", tensor);
        }

        foreach ((string textName, string text) in part._metadata)
        {
            _metadata.Add($"{name}.{textName}", text);
        }
    }
}
