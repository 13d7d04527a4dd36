using System.Buffers.Binary;
using System.Text;

namespace GraphGen.Tests.State;

/// <summary>Safetensors files from their parts, right or wrong.</summary>
internal static class StateFile
{
    public static byte[] Make(string header, int dataLength = 0) => Make(Encoding.UTF8.GetBytes(header), new byte[dataLength]);

    public static byte[] Make(byte[] header, byte[] data, ulong? length = null)
    {
        byte[] file = [.. new byte[8], .. header, .. data];
        BinaryPrimitives.WriteUInt64LittleEndian(file, length ?? (ulong)header.Length);
        return file;
    }

    public static (byte[] Header, byte[] Data) Split(byte[] file)
    {
        int end = 8 + (int)BinaryPrimitives.ReadUInt64LittleEndian(file);
        return (file[8..end], file[end..]);
    }

    public static StateDict Read(byte[] file) => Safetensors.Read(new MemoryStream(file));

    /// <summary>The states of all parts of a run, to the bit.</summary>
    public static byte[] Write(RandomState random, params ReadOnlySpan<StateDict> parts)
    {
        StateDict dict = new();
        for (int i = 0; i < parts.Length; i++)
        {
            foreach ((string name, StateTensor tensor) in parts[i])
            {
                dict.Add($"{i}.{name}", tensor);
            }

            foreach ((string name, string text) in parts[i].Metadata)
            {
                dict.Metadata.Add($"{i}.{name}", text);
            }
        }

        dict.Metadata.Add("random", $"{random}");
        return Write(dict);
    }

    public static byte[] Write(StateDict dict)
    {
        using MemoryStream stream = new();
        Safetensors.Write(stream, dict);
        return stream.ToArray();
    }
}
