using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace GraphGen;

/// <summary>
/// The header of a safetensors file: which tensors there are and where. Its names are walked here, because of two tensors of one name
/// a serializer would see the last; what comes after a name is read and written by code that System.Text.Json generates.
/// </summary>
internal sealed class SafetensorsHeader
{
    /// <summary>The longest header that the format's reference reads.</summary>
    public const int MaximumLength = 100_000_000;

    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    // In the header's order.
    private readonly List<Entry> _entries = [];
    private readonly Dictionary<string, string> _metadata = new(StringComparer.Ordinal);

    /// <summary>Writes the header for tensors that follow each other as given.</summary>
    /// <exception cref="ArgumentException">A name or a text is none that a header can have, or all of them are too long.</exception>
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
            WriteMetadata(json, dict.Metadata);
            foreach ((string name, StateTensor tensor) in dict)
            {
                json.WritePropertyName(Checked(name));
                TensorInfo info = new()
                {
                    Type = tensor.Type.Name(),
                    Shape = [.. tensor.Shape.ToArray()],
                    Offsets = [starts[name], starts[name] + tensor.Bytes.Length],
                };
                JsonSerializer.Serialize(json, info, SafetensorsJson.Default.TensorInfo);
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
            throw new StateDictException($"expected a header in JSON, got an error: {StateDictException.Reason(exception)}", exception);
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

    private static void WriteMetadata(Utf8JsonWriter json, IDictionary<string, string> metadata)
    {
        if (metadata.Count == 0)
        {
            return;
        }

        json.WriteStartObject(Safetensors.MetadataName);
        foreach ((string name, string text) in metadata)
        {
            json.WritePropertyName(Checked(name));
            JsonSerializer.Serialize(json, Checked(text), SafetensorsJson.Default.String);
        }

        json.WriteEndObject();
    }

    /// <summary>The text, if it can be written as it is: not with half of a surrogate pair, which a writer would replace.</summary>
    private static string Checked(string? text)
    {
        ArgumentNullException.ThrowIfNull(text, "dict");
        try
        {
            _ = StrictUtf8.GetByteCount(text);
            return text;
        }
        catch (EncoderFallbackException exception)
        {
            throw new ArgumentException($"Expected names and metadata that UTF-8 can hold, got half of a surrogate pair at place {exception.Index}.", "dict", exception);
        }
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
            if (!_metadata.TryAdd(name, JsonSerializer.Deserialize(ref reader, SafetensorsJson.Default.String)!))
            {
                throw Twice(name);
            }
        }
    }

    private static Entry ParseEntry(ref Utf8JsonReader reader, string name)
    {
        Expect(ref reader, JsonTokenType.StartObject, name, "an object with dtype, shape and data_offsets");
        TensorInfo info;
        try
        {
            // Properties that a later version of the format may add are passed over, as its reference does.
            info = JsonSerializer.Deserialize(ref reader, SafetensorsJson.Default.TensorInfo)!;
        }
        catch (JsonException exception)
        {
            throw new StateDictException(
                $"{Quote(name)}: expected a text dtype, and shape and data_offsets of whole numbers below 2^63, got an error: {StateDictException.Reason(exception)}",
                exception);
        }

        if (info is not { Type: { } type, Shape: { } shape, Offsets: [>= 0 and var start, >= 0 and var end] })
        {
            throw new StateDictException($"{Quote(name)}: expected dtype, shape and two data_offsets of at least 0.");
        }

        if (!ElementTypes.TryParse(type, out ElementType parsed))
        {
            throw new StateDictException($"{Quote(name)}: expected one of the types {ElementTypes.Names}, got {Quote(type)}.");
        }

        return MakeEntry(name, parsed, shape, start, end);
    }

    private static Entry MakeEntry(string name, ElementType type, long[] shape, long start, long end)
    {
        if (shape.Length > StateTensor.MaximumRank)
        {
            throw new StateDictException($"{Quote(name)}: expected at most {StateTensor.MaximumRank} dimensions, got {shape.Length}.");
        }

        int[] dimensions = new int[shape.Length];
        for (int i = 0; i < dimensions.Length; i++)
        {
            dimensions[i] = shape[i] is >= 0 and <= int.MaxValue
                ? (int)shape[i]
                : throw new StateDictException($"{Quote(name)}: expected dimensions in [0, 2^31), got {shape[i]}.");
        }

        long count = StateTensor.ElementCount(dimensions);
        if (count < 0 || Math.BigMul(count, (long)type.Size(), out long size) != 0 || size < 0)
        {
            throw new StateDictException($"{Quote(name)}: expected a shape of fewer than 2^63 bytes, got {StateTensor.Describe(dimensions)}.");
        }

        if (end < start || end - start != size)
        {
            throw new StateDictException(
                $"{Quote(name)}: expected {size} bytes for {type.Name()} {StateTensor.Describe(dimensions)}, got the data_offsets {start} to {end}.");
        }

        return size <= Array.MaxLength
            ? new Entry { Name = name, Type = type, Shape = dimensions, Start = start, End = end }
            : throw new StateDictException($"{Quote(name)}: expected a tensor of less than 2 GB, got {size} bytes.");
    }

    /// <summary>The tensors must follow each other without overlap or gap, from the first byte to the last.</summary>
    private void CheckOffsets(long dataLength)
    {
        long end = 0;
        foreach (Entry entry in _entries.OrderBy(entry => entry.Start).ThenBy(entry => entry.End))
        {
            if (entry.Start != end)
            {
                throw new StateDictException($"{Quote(entry.Name)}: expected its data at {end}, where those before it end, got {entry.Start}.");
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
        if (reader.TokenType != JsonTokenType.PropertyName)
        {
            return null;
        }

        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException exception)
        {
            throw new StateDictException($"expected names in UTF-8, got bytes at {reader.TokenStartIndex} of the header that are none.", exception);
        }
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type, string name, string expected)
    {
        if (reader.TokenType != type)
        {
            throw new StateDictException($"{Quote(name)}: expected {expected}, got {reader.TokenType} at byte {reader.TokenStartIndex} of the header.");
        }
    }

    private static StateDictException Twice(string name) => new($"expected names that differ, got {Quote(name)} twice.");

    private static string Quote(string text) => StateDictException.Quote(text);

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
