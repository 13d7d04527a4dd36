using System.Text.Json;

namespace GraphGen;

/// <summary>Gives back settings that were noted as a JSON object, and tensors from a state dict.</summary>
internal sealed class RestoringExchange : StateExchange
{
    public const string NaN = "NaN";
    public const string Infinity = "Infinity";
    public const string NegativeInfinity = "-Infinity";

    private readonly JsonElement _settings;
    private readonly string _source;
    private readonly bool _isLenient;
    private readonly StateDict _tensors;
    private readonly string _prefix;

    /// <param name="settings">The JSON object.</param>
    /// <param name="source">What it is, for errors.</param>
    /// <param name="tensors">Where tensors are.</param>
    /// <param name="prefix">What their names begin with.</param>
    /// <param name="isLenient">Whether a setting that is not there stays as it is.</param>
    public RestoringExchange(JsonElement settings, string source, StateDict tensors, string prefix = "", bool isLenient = false)
    {
        if (settings.ValueKind != JsonValueKind.Object)
        {
            throw new StateDictException($"Expected {source} to be an object, got {settings.ValueKind}.");
        }

        _settings = settings;
        _source = source;
        _isLenient = isLenient;
        _tensors = tensors;
        _prefix = prefix;
    }

    public override bool IsLoading => true;

    /// <summary>The names of the tensors that were asked for.</summary>
    public HashSet<string> UsedTensors { get; private init; } = new(StringComparer.Ordinal);

    public override double Exchange(string name, double value) => Find(name) is { } found ? Number(found, name) : value;

    public override long Exchange(string name, long value) => Find(name) is not { } found ? value
        : found.ValueKind == JsonValueKind.Number && found.TryGetInt64(out long number) ? number
        : throw Unexpected(name, "a whole number", found);

    public override bool Exchange(string name, bool value) => Find(name) is not { } found ? value
        : found.ValueKind is JsonValueKind.True or JsonValueKind.False ? found.GetBoolean()
        : throw Unexpected(name, "true or false", found);

    public override string Exchange(string name, string value) => Find(name) is not { } found ? value
        : found.ValueKind == JsonValueKind.String && Text(found) is { } text ? text
        : throw Unexpected(name, "a text", found);

    public override double? Exchange(string name, double? value) =>
        _settings.TryGetProperty(name, out JsonElement found) && found.ValueKind != JsonValueKind.Null ? Number(found, name) : null;

    public override double[] Exchange(string name, double[] values)
    {
        if (Find(name) is not { } found)
        {
            return values;
        }

        return found.ValueKind == JsonValueKind.Array && found.GetArrayLength() == values.Length
            ? [.. found.EnumerateArray().Select(element => Number(element, name))]
            : throw Unexpected(name, $"{values.Length} numbers", found);
    }

    public override float[] ExchangeTensor(string name, float[] values)
    {
        string full = _prefix + name;
        if (!_tensors.TryGetTensor(full, out StateTensor? tensor))
        {
            throw new StateDictException($"Expected a tensor '{full}', got none.");
        }

        UsedTensors.Add(full);
        return tensor.FirstInexact() is { } message ? throw new StateDictException($"'{full}': {message}.") : tensor.ToArray();
    }

    public override StateExchange Part(string name) => _settings.TryGetProperty(name, out JsonElement part)
        ? new RestoringExchange(part, $"'{name}' of {_source}", _tensors, $"{_prefix}{name}.", _isLenient) { UsedTensors = UsedTensors }
        : throw Missing(name);

    /// <summary>Parses what was noted.</summary>
    /// <exception cref="StateDictException">It is no JSON.</exception>
    public static JsonDocument Parse(string json, string source)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            // An ArgumentException: text that cannot be written as UTF-8.
            throw new StateDictException($"Expected {source} in JSON, got an error: {exception.Message}", exception);
        }
    }

    private static string? Text(JsonElement element)
    {
        try
        {
            return element.GetString();
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, escaped.
            return null;
        }
    }

    private JsonElement? Find(string name) => _settings.TryGetProperty(name, out JsonElement found) ? found : _isLenient ? null : throw Missing(name);

    private double Number(JsonElement element, string name) => element.ValueKind switch
    {
        JsonValueKind.Number when element.TryGetDouble(out double number) && double.IsFinite(number) => number,
        JsonValueKind.String when element.ValueEquals(NaN) => double.NaN,
        JsonValueKind.String when element.ValueEquals(Infinity) => double.PositiveInfinity,
        JsonValueKind.String when element.ValueEquals(NegativeInfinity) => double.NegativeInfinity,
        _ => throw Unexpected(name, "a number", element),
    };

    private StateDictException Missing(string name) => new($"Expected a setting '{name}' in {_source}, got none.");

    private StateDictException Unexpected(string name, string expected, JsonElement found)
    {
        string raw = found.GetRawText();
        return new StateDictException($"Expected {expected} for '{name}' of {_source}, got {(raw.Length <= 64 ? raw : raw[..64] + "...")}.");
    }
}
