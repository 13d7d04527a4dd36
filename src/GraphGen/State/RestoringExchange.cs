using System.Text;
using System.Text.Json;

namespace GraphGen;

/// <summary>Gives back settings that were noted as a JSON object, and tensors from a state dict.</summary>
internal sealed class RestoringExchange : StateExchange
{
    public const string NaN = "NaN";
    public const string Infinity = "Infinity";
    public const string NegativeInfinity = "-Infinity";

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly JsonElement _settings;
    private readonly string _source;
    private readonly bool _isLenient;
    private readonly StateDict _tensors;
    private readonly string _prefix;
    private string _last = "";

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

    /// <summary>Whether what was noted last is put back, because something that was loaded after it has been refused.</summary>
    public bool IsUndoing { get; init; }

    /// <summary>Lets an object take its settings, and says which it refuses.</summary>
    /// <param name="exchange">The object's part.</param>
    /// <param name="owner">Its type.</param>
    /// <exception cref="StateDictException">A setting is missing, of another kind or refused.</exception>
    public void Restore(Action<StateExchange> exchange, string owner)
    {
        try
        {
            exchange(this);
        }
        catch (ArgumentException exception)
        {
            throw new StateDictException($"{owner} refuses '{_last}' (or a setting before it) as it is in {_source}. {exception.Message}", exception);
        }
    }

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
        : found.ValueKind == JsonValueKind.String ? found.GetString()!
        : throw Unexpected(name, "a text", found);

    public override double? Exchange(string name, double? value) => !TryFind(name, out JsonElement found) ? (_isLenient ? value : null)
        : found.ValueKind == JsonValueKind.Null ? null
        : Number(found, name);

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

    public override double?[] Exchange(string name, double?[] values)
    {
        if (Find(name) is not { } found)
        {
            return values;
        }

        return found.ValueKind == JsonValueKind.Array && found.GetArrayLength() == values.Length
            ? [.. found.EnumerateArray().Select(element => element.ValueKind == JsonValueKind.Null ? null : (double?)Number(element, name))]
            : throw Unexpected(name, $"{values.Length} numbers or nulls", found);
    }

    public override string? ExchangeOptional(string name, string? value) =>
        _settings.TryGetProperty(name, out JsonElement found) && found.ValueKind != JsonValueKind.Null ? Exchange(name, "") : null;

    public override float[] ExchangeTensor(string name, float[] values)
    {
        _last = name;
        string full = _prefix + name;
        if (!_tensors.TryGetTensor(full, out StateTensor? tensor))
        {
            throw new StateDictException($"Expected a tensor '{full}', got none.");
        }

        UsedTensors.Add(full);
        return tensor.FirstInexact() is { } message ? throw new StateDictException($"'{full}': {message}.") : tensor.ToArray();
    }

    public override StateExchange Part(string name) => TryFind(name, out JsonElement part)
        ? new RestoringExchange(part, $"'{name}' of {_source}", _tensors, $"{_prefix}{name}.", _isLenient) { UsedTensors = UsedTensors, IsUndoing = IsUndoing }
        : throw Missing(name);

    /// <summary>Parses what was noted.</summary>
    /// <exception cref="StateDictException">It is no JSON, or has a text that is none.</exception>
    public static JsonDocument Parse(string json, string source)
    {
        try
        {
            byte[] utf8 = StrictUtf8.GetBytes(json);
            Utf8JsonReader reader = new(utf8);
            while (reader.Read())
            {
                // Halves of surrogate pairs, escaped, are JSON, but no text: looking for a name among such names would fail.
                if (reader.ValueIsEscaped)
                {
                    _ = reader.GetString();
                }
            }

            return JsonDocument.Parse(utf8);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or EncoderFallbackException)
        {
            throw new StateDictException($"Expected {source} in JSON, got an error: {StateDictException.Reason(exception)}", exception);
        }
    }

    private bool TryFind(string name, out JsonElement found)
    {
        _last = name;
        return _settings.TryGetProperty(name, out found);
    }

    private JsonElement? Find(string name) => TryFind(name, out JsonElement found) ? found : _isLenient ? null : throw Missing(name);

    private double Number(JsonElement element, string name) => element.ValueKind switch
    {
        JsonValueKind.Number when element.TryGetDouble(out double number) && double.IsFinite(number) => number,
        JsonValueKind.String when element.ValueEquals(NaN) => double.NaN,
        JsonValueKind.String when element.ValueEquals(Infinity) => double.PositiveInfinity,
        JsonValueKind.String when element.ValueEquals(NegativeInfinity) => double.NegativeInfinity,
        _ => throw Unexpected(name, "a number", element),
    };

    private StateDictException Missing(string name) => new($"Expected a setting '{name}' in {_source}, got none.");

    private StateDictException Unexpected(string name, string expected, JsonElement found) =>
        new StateDictException($"Expected {expected} for '{name}' of {_source}, got {StateDictException.Shorten(found.GetRawText())}.");
}
