using System.Buffers.Binary;
using System.Text.Json;
using Xunit;

namespace GraphGen.Tests.State;

/// <summary>
/// Reads safetensors files by the specification and nothing else: what it takes, Python's package takes. It shares no code with what it
/// judges.
/// </summary>
internal static class StrictReader
{
    private static readonly Dictionary<string, int> Sizes = new()
    {
        ["F64"] = 8,
        ["I64"] = 8,
        ["U64"] = 8,
        ["F32"] = 4,
        ["I32"] = 4,
        ["U32"] = 4,
        ["F16"] = 2,
        ["BF16"] = 2,
        ["I16"] = 2,
        ["U16"] = 2,
        ["I8"] = 1,
        ["U8"] = 1,
        ["BOOL"] = 1,
    };

    public static (Dictionary<string, (string Type, int[] Shape, byte[] Data)> Tensors, Dictionary<string, string> Metadata) Read(byte[] file)
    {
        int length = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(file));
        Assert.InRange(length, 2, Math.Min(100_000_000, file.Length - 8));
        Assert.Equal((byte)'{', file[8]);
        Assert.Equal(0, length % 8);
        byte[] data = file[(8 + length)..];
        using JsonDocument header = JsonDocument.Parse(file.AsMemory(8, length));
        Dictionary<string, string> metadata = [];
        Dictionary<string, (string Type, int[] Shape, byte[] Data)> tensors = [];
        List<(long Start, long End)> ranges = [];
        foreach (JsonProperty property in header.RootElement.EnumerateObject())
        {
            if (property.Name == "__metadata__")
            {
                Assert.Empty(metadata);
                foreach (JsonProperty text in property.Value.EnumerateObject())
                {
                    metadata.Add(text.Name, text.Value.GetString()!);
                }

                continue;
            }

            Assert.Equal(["dtype", "shape", "data_offsets"], property.Value.EnumerateObject().Select(part => part.Name));
            string type = property.Value.GetProperty("dtype").GetString()!;
            int[] shape = [.. property.Value.GetProperty("shape").EnumerateArray().Select(dimension => (int)dimension.GetUInt32())];
            int[] offsets = [.. property.Value.GetProperty("data_offsets").EnumerateArray().Select(offset => (int)offset.GetUInt32())];
            Assert.Equal(2, offsets.Length);
            Assert.Equal(shape.Aggregate(Sizes[type], (size, dimension) => size * dimension), offsets[1] - offsets[0]);
            Assert.Equal(0, offsets[0] % Sizes[type]);
            ranges.Add((offsets[0], offsets[1]));
            tensors.Add(property.Name, (type, shape, data[offsets[0]..offsets[1]]));
        }

        long end = 0;
        foreach ((long from, long to) in ranges.Order())
        {
            Assert.Equal(end, from);
            end = to;
        }

        Assert.Equal(end, data.Length);
        return (tensors, metadata);
    }
}
