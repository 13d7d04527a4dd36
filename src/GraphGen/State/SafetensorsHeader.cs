using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace GraphGen;

/// <summary>The header of a safetensors file: which tensors there are and where.</summary>
internal sealed class SafetensorsHeader
{
    /// <summary>The longest header that the format's reference reads.</summary>
    public const int MaximumLength = 100_000_000;

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // In the header's order.
    private readonly List<Entry> _entries = [];
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);

    /// <summary>Writes the header for tensors that follow each other as given.</summary>
    public static byte[] Write(StateDict dict, IReadOnlyList<KeyValuePair<string, StateTensor>> ordered)
    {
        Dictionary<string, long> starts = new(StringComparer.Ordinal);
        long end = 0;
        foreach ((string name, StateTensor tensor) in ordered)
        {
            starts.Add(name, end);
            end += tensor.Bytes.Length;
        }

        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter json = new(buffer, WriterOptions))
        {
            json.WriteStartObject();
            if (dict.Metadata.Count > 0)
            {
                json.WriteStartObject(Safetensors.MetadataName);
                foreach ((string name, string text) in dict.Metadata)
                {
                    json.WriteString(name, text);
                }

                json.WriteEndObject();
            }

            foreach ((string name, StateTensor tensor) in dict)
            {
                json.WriteStartObject(name);
                json.WriteString("dtype", tensor.Type.Name());
                json.WriteStartArray("shape");
                foreach (int dimension in tensor.Shape)
                {
                    json.WriteNumberValue(dimension);
                }

                json.WriteEndArray();
                json.WriteStartArray("data_offsets");
                json.WriteNumberValue(starts[name]);
                json.WriteNumberValue(starts[name] + tensor.Bytes.Length);
                json.WriteEndArray();
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        // Filled up with spaces, as the format allows, so that the data begin on a multiple of 8 bytes.
        int padding = -buffer.WrittenCount & 7;
        buffer.GetSpan(padding)[..padding].Fill((byte)' ');
        buffer.Advance(padding);
        return buffer.WrittenCount <= MaximumLength
            ? buffer.WrittenSpan.ToArray()
            : throw new ArgumentException($"Expected names and metadata of at most {MaximumLength} bytes, got {buffer.WrittenCount}.", nameof(dict));
    }

    /// <summary>Reads and checks a header.</summary>
    /// <param name="json">The header.</param>
    /// <param name="dataLength">How many bytes come after it.</param>
    /// <exception cref="StateDictException">Something is wrong with it.</exception>
    public static SafetensorsHeader Parse(ReadOnlySpan<byte> json, long dataLength)
    {
        SafetensorsHeader header = new();
        try
        {
            header.Parse(json);
        }
        catch (JsonException exception)
        {
            throw new StateDictException($"expected a header in JSON, got an error: {exception.Message}", exception);
        }

        header.CheckOffsets(dataLength);
        return header;
    }

    /// <summary>Reads the tensors' elements from where the header ends.</summary>
    public StateDict ReadData(Stream stream)
    {
        foreach (Entry entry in _entries.OrderBy(entry => entry.Start))
        {
            entry.Data = GC.AllocateUninitializedArray<byte>((int)(entry.End - entry.Start));
            stream.ReadExactly(entry.Data);
        }

        StateDict dict = new();
        foreach (Entry entry in _entries)
        {
            dict.Add(entry.Name, new StateTensor(entry.Type, entry.Shape, entry.Data));
        }

        foreach ((string name, string text) in _metadata)
        {
            dict.Metadata.Add(name, text);
        }

        return dict;
    }

    private void Parse(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty || json[0] != (byte)'{')
        {
            throw new StateDictException("expected a header that begins with '{'.");
        }

        Utf8JsonReader reader = new(json);
        reader.Read();
        HashSet<string> names = new(StringComparer.Ordinal);
        bool hasMetadata = false;
        while (NextName(ref reader) is { } name)
        {
            reader.Read();
            if (name == Safetensors.MetadataName)
            {
                hasMetadata = !hasMetadata ? true : throw Twice(name);
                ParseMetadata(ref reader);
                continue;
            }

            _entries.Add(names.Add(name) ? ParseEntry(ref reader, name) : throw Twice(name));
        }

        // Past the end there may be spaces, which the reader skips, and nothing else, which it refuses.
        reader.Read();
    }

    private void ParseMetadata(ref Utf8JsonReader reader)
    {
        Expect(ref reader, JsonTokenType.StartObject, Safetensors.MetadataName, "an object of texts");
        while (NextName(ref reader) is { } name)
        {
            reader.Read();
            Expect(ref reader, JsonTokenType.String, name, "a text");
            if (!_metadata.TryAdd(name, Text(ref reader)))
            {
                throw Twice(name);
            }
        }
    }

    private static Entry ParseEntry(ref Utf8JsonReader reader, string name)
    {
        Expect(ref reader, JsonTokenType.StartObject, name, "an object with dtype, shape and data_offsets");
        string? type = null;
        List<long>? shape = null;
        List<long>? offsets = null;
        while (NextName(ref reader) is { } property)
        {
            reader.Read();
            switch (property)
            {
                case "dtype":
                    Expect(ref reader, JsonTokenType.String, name, "a dtype");
                    type = type is null ? Text(ref reader) : throw Twice($"{name}' 'dtype");
                    break;
                case "shape":
                    shape = shape is null ? Numbers(ref reader, name, "a shape") : throw Twice($"{name}' 'shape");
                    break;
                case "data_offsets":
                    offsets = offsets is null ? Numbers(ref reader, name, "two data_offsets") : throw Twice($"{name}' 'data_offsets");
                    break;
                default:
                    // What a later version of the format may add, as its reference does.
                    reader.Skip();
                    break;
            }
        }

        if (type is null || shape is null || offsets is not { Count: 2 })
        {
            throw new StateDictException($"'{name}': expected dtype, shape and two data_offsets.");
        }

        if (!ElementTypes.TryParse(type, out ElementType parsed))
        {
            throw new StateDictException($"'{name}': expected one of the types {ElementTypes.Names}, got '{Shorten(type)}'.");
        }

        return MakeEntry(name, parsed, shape, offsets[0], offsets[1]);
    }

    private static Entry MakeEntry(string name, ElementType type, List<long> shape, long start, long end)
    {
        int[] dimensions = new int[shape.Count];
        for (int i = 0; i < dimensions.Length; i++)
        {
            dimensions[i] = shape[i] <= int.MaxValue ? (int)shape[i] : throw new StateDictException($"'{name}': expected dimensions below 2^31, got {shape[i]}.");
        }

        long count = StateTensor.ElementCount(dimensions);
        if (count < 0 || Math.BigMul(count, (long)type.Size(), out long size) != 0 || size < 0)
        {
            throw new StateDictException($"'{name}': expected a shape of fewer than 2^63 bytes, got {Describe(dimensions)}.");
        }

        if (end < start || end - start != size)
        {
            throw new StateDictException($"'{name}': expected {size} bytes for {type.Name()} {Describe(dimensions)}, got the data_offsets {start} to {end}.");
        }

        return size <= Array.MaxLength
            ? new Entry { Name = name, Type = type, Shape = dimensions, Start = start, End = end }
            : throw new StateDictException($"'{name}': expected a tensor of less than 2 GB, got {size} bytes.");
    }

    /// <summary>The tensors must follow each other without overlap or gap, from the first byte to the last.</summary>
    private void CheckOffsets(long dataLength)
    {
        long end = 0;
        foreach (Entry entry in _entries.OrderBy(entry => entry.Start).ThenBy(entry => entry.End))
        {
            if (entry.Start != end)
            {
                throw new StateDictException($"'{entry.Name}': expected its data at {end}, where those before it end, got {entry.Start}.");
            }

            end = entry.End;
        }

        if (end != dataLength)
        {
            throw new StateDictException($"expected {end} bytes of data, got {dataLength}.");
        }
    }

    /// <summary>The next property's name; null at the end of the object.</summary>
    private static string? NextName(ref Utf8JsonReader reader)
    {
        reader.Read();
        return reader.TokenType == JsonTokenType.PropertyName ? Text(ref reader) : null;
    }

    private static string Text(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException exception)
        {
            throw new StateDictException($"expected text in UTF-8, got bytes at {reader.TokenStartIndex} that are none.", exception);
        }
    }

    private static List<long> Numbers(ref Utf8JsonReader reader, string name, string expected)
    {
        Expect(ref reader, JsonTokenType.StartArray, name, expected);
        List<long> numbers = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            Expect(ref reader, JsonTokenType.Number, name, expected);
            numbers.Add(reader.TryGetInt64(out long number) && number >= 0
                ? number
                : throw new StateDictException($"'{name}': expected {expected} of whole numbers in [0, 2^63), got another at byte {reader.TokenStartIndex} of the header."));
        }

        return numbers;
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type, string name, string expected)
    {
        if (reader.TokenType != type)
        {
            throw new StateDictException($"'{name}': expected {expected}, got {reader.TokenType} at byte {reader.TokenStartIndex} of the header.");
        }
    }

    private static StateDictException Twice(string name) => new($"expected names that differ, got '{name}' twice.");

    private static string Describe(int[] shape) => shape.Length <= 16 ? StateTensor.Describe(shape) : $"[{string.Join(", ", shape.Take(16))}, ...]";

    private static string Shorten(string text) => text.Length <= 32 ? text : text[..32] + "...";

    /// <summary>One tensor of the header.</summary>
    private sealed class Entry
    {
        public required string Name { get; init; }

        public required ElementType Type { get; init; }

        public required int[] Shape { get; init; }

        public required long Start { get; init; }

        public required long End { get; init; }

        public byte[] Data { get; set; } = [];
    }
}
