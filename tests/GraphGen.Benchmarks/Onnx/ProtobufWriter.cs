using System.Text;

namespace GraphGen.Benchmarks.Onnx;

/// <summary>Writes the protobuf wire format: as much of it as an ONNX file needs.</summary>
internal sealed class ProtobufWriter
{
    private const int VarintType = 0;
    private const int BytesType = 2;

    private readonly MemoryStream _bytes = new();

    internal ReadOnlyMemory<byte> Written => _bytes.GetBuffer().AsMemory(0, (int)_bytes.Length);

    internal ProtobufWriter Integer(int field, long value)
    {
        Varint((field << 3) | VarintType);
        Varint(value);
        return this;
    }

    internal ProtobufWriter Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    internal ProtobufWriter Message(int field, ProtobufWriter message) => Bytes(field, message.Written.Span);

    internal ProtobufWriter Bytes(int field, ReadOnlySpan<byte> value)
    {
        BytesHeader(field, value.Length);
        _bytes.Write(value);
        return this;
    }

    /// <summary>Begins a field whose <paramref name="length"/> bytes the caller writes to the file after <see cref="Written"/>.</summary>
    internal ProtobufWriter BytesHeader(int field, long length)
    {
        Varint((field << 3) | BytesType);
        Varint(length);
        return this;
    }

    /// <summary>Appends bytes that are fields already.</summary>
    internal ProtobufWriter Raw(ReadOnlySpan<byte> fields)
    {
        _bytes.Write(fields);
        return this;
    }

    private void Varint(long value)
    {
        ulong rest = (ulong)value;
        for (; rest >= 0x80; rest >>= 7)
        {
            _bytes.WriteByte((byte)(rest | 0x80));
        }

        _bytes.WriteByte((byte)rest);
    }
}
