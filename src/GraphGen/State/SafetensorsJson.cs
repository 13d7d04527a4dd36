using System.Text.Json;
using System.Text.Json.Serialization;

namespace GraphGen;

/// <summary>What the header of a safetensors file says of one tensor, as it is there: nothing of it has been checked.</summary>
internal sealed class TensorInfo
{
    /// <summary>The type of the elements: one of the names in <see cref="ElementTypes"/>.</summary>
    [JsonPropertyName("dtype")]
    public string? Type
    {
        get;
        set => field = Once(field, value);
    }

    /// <summary>The dimensions, outermost first.</summary>
    [JsonPropertyName("shape")]
    public long[]? Shape
    {
        get;
        set => field = Once(field, value);
    }

    /// <summary>Where in the data the elements begin and where they end.</summary>
    [JsonPropertyName("data_offsets")]
    public long[]? Offsets
    {
        get;
        set => field = Once(field, value);
    }

    // Of two properties of one name the serializer takes the last, others the first: such a file would not mean the same to all.
    private static T? Once<T>(T? old, T? value)
        where T : class => old is null ? value : throw new JsonException("expected properties of different names, got one twice");
}

/// <summary>How a header's parts become JSON and back, generated when GraphGen is compiled: no reflection, so NativeAOT can do it too.</summary>
[JsonSerializable(typeof(TensorInfo))]
[JsonSerializable(typeof(string))]
internal sealed partial class SafetensorsJson : JsonSerializerContext;
