using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace GraphGen;

/// <summary>Notes settings, to be written as a JSON object; tensors go to a state dict.</summary>
internal sealed class NotingExchange : StateExchange
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly OrderedDictionary<string, Action<Utf8JsonWriter>> _settings = new(StringComparer.Ordinal);
    private readonly StateDict _tensors;
    private readonly string _prefix;

    /// <param name="tensors">Where tensors go.</param>
    /// <param name="prefix">What their names begin with.</param>
    public NotingExchange(StateDict tensors, string prefix = "")
    {
        _tensors = tensors;
        _prefix = prefix;
    }

    public override bool IsLoading => false;

    public bool IsEmpty => _settings.Count == 0;

    public override double Exchange(string name, double value)
    {
        Note(name, json => WriteNumber(json, value));
        return value;
    }

    public override long Exchange(string name, long value)
    {
        Note(name, json => json.WriteNumberValue(value));
        return value;
    }

    public override bool Exchange(string name, bool value)
    {
        Note(name, json => json.WriteBooleanValue(value));
        return value;
    }

    public override string Exchange(string name, string value)
    {
        Note(name, json => json.WriteStringValue(value));
        return value;
    }

    public override double? Exchange(string name, double? value)
    {
        if (value is { } number)
        {
            Note(name, json => WriteNumber(json, number));
        }

        return value;
    }

    public override double[] Exchange(string name, double[] values)
    {
        double[] noted = [.. values];
        Note(name, json => WriteArray(json, noted, WriteNumber));
        return values;
    }

    public override double?[] Exchange(string name, double?[] values)
    {
        double?[] noted = [.. values];
        Note(name, json => WriteArray(json, noted, WriteNumberOrNull));
        return values;
    }

    public override string? ExchangeOptional(string name, string? value)
    {
        if (value is not null)
        {
            return Exchange(name, value);
        }

        Note(name, json => json.WriteNullValue());
        return null;
    }

    public override float[] ExchangeTensor(string name, float[] values)
    {
        _tensors.Add(_prefix + name, new StateTensor([values.Length], values));
        return values;
    }

    public override StateExchange Part(string name)
    {
        NotingExchange part = new(_tensors, $"{_prefix}{name}.");
        Note(name, part.WriteTo);
        return part;
    }

    /// <summary>Notes whole numbers.</summary>
    public void Exchange(string name, int[] values) => Note(name, json => WriteArray(json, values, (_, value) => json.WriteNumberValue(value)));

    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        foreach ((string name, Action<Utf8JsonWriter> write) in _settings)
        {
            json.WritePropertyName(name);
            write(json);
        }

        json.WriteEndObject();
    }

    /// <summary>The JSON object.</summary>
    public string ToJson() => Json(WriteTo);

    /// <summary>An array of objects.</summary>
    public static string ToJson(IEnumerable<NotingExchange> objects) => Json(json =>
    {
        json.WriteStartArray();
        foreach (NotingExchange noted in objects)
        {
            noted.WriteTo(json);
        }

        json.WriteEndArray();
    });

    private static string Json(Action<Utf8JsonWriter> write)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer, Options))
        {
            write(json);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private void Note(string name, Action<Utf8JsonWriter> write)
    {
        if (!_settings.TryAdd(name, write))
        {
            throw new ArgumentException($"Expected names that differ, got '{name}' twice.", nameof(name));
        }
    }

    private static void WriteArray<T>(Utf8JsonWriter json, T[] values, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray();
        foreach (T value in values)
        {
            write(json, value);
        }

        json.WriteEndArray();
    }

    private static void WriteNumberOrNull(Utf8JsonWriter json, double? value)
    {
        if (value is { } number)
        {
            WriteNumber(json, number);
        }
        else
        {
            json.WriteNullValue();
        }
    }

    /// <summary>The shortest text that reads as the same double. JSON has no infinity and no NaN: those are texts.</summary>
    private static void WriteNumber(Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumberValue(value);
        }
        else
        {
            json.WriteStringValue(double.IsNaN(value) ? RestoringExchange.NaN : value > 0 ? RestoringExchange.Infinity : RestoringExchange.NegativeInfinity);
        }
    }
}
