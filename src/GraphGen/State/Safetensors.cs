using System.Buffers.Binary;

namespace GraphGen;

/// <summary>
/// The safetensors format: eight bytes that say how long the header is, the header as JSON (name → dtype, shape, data_offsets), and the
/// tensors' elements one after the other. Python's <c>safetensors</c> and PyTorch read what is written here, and the other way round.
/// </summary>
/// <remarks>Format: <see href="https://github.com/huggingface/safetensors#format">safetensors</see>.</remarks>
public static class Safetensors
{
    /// <summary>The name in the header that is none of a tensor.</summary>
    internal const string MetadataName = "__metadata__";

    /// <summary>Writes a file. It is complete or not there: it is written beside, flushed to the disk and renamed.</summary>
    /// <param name="path">The file, which is replaced if it exists.</param>
    /// <param name="dict">The tensors and metadata.</param>
    /// <exception cref="IOException">The file cannot be written; an old one is still there.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be written; an old one is still there.</exception>
    /// <exception cref="ArgumentException">
    /// A name or a metadata text is none that a file can have: null, or with half of a surrogate pair. Or they have more than 100 MB in all.
    /// </exception>
    public static void Save(string path, StateDict dict)
    {
        ArgumentNullException.ThrowIfNull(dict);
        AtomicFile.Write(path, stream => Write(stream, dict));
    }

    /// <summary>Writes to a stream, from where it is.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="dict">The tensors and metadata.</param>
    /// <exception cref="ArgumentException">
    /// A name or a metadata text is none that a file can have; see <see cref="Save"/>. Nothing has been written.
    /// </exception>
    public static void Write(Stream stream, StateDict dict)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ArgumentNullException.ThrowIfNull(dict);

        // Wide elements first, and the header a multiple of 8 long: so every element is aligned in a file that is mapped into memory.
        KeyValuePair<string, StateTensor>[] ordered = [.. dict.OrderByDescending(entry => entry.Value.Type.Size())];
        byte[] header = SafetensorsHeader.Write(dict, ordered);
        Span<byte> length = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        stream.Write(length);
        stream.Write(header);
        foreach ((_, StateTensor tensor) in ordered)
        {
            stream.Write(tensor.Bytes);
        }
    }

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    /// <exception cref="StateDictException">
    /// The file is damaged: cut off or too long, a header that is no JSON of this kind or of more than 100 MB, tensors of unknown types, of
    /// 2 GB or more, of more than 64 dimensions, twice, overlapping, with gaps between them, or with more or less data than their shapes say.
    /// Nothing is allocated on the word of the header alone: what is read is a small multiple of what is in the file.
    /// </exception>
    public static StateDict Load(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, bufferSize: 0, FileOptions.SequentialScan);
        return file.CanSeek ? Read(file, $"'{path}'") : throw new StateDictException($"'{path}' is no safetensors file: it cannot tell its length.");
    }

    /// <summary>Reads from a stream, from where it is to its end.</summary>
    /// <param name="stream">The stream, which can tell its length.</param>
    /// <exception cref="ArgumentException">The stream cannot tell its length.</exception>
    /// <exception cref="StateDictException">It is damaged; see <see cref="Load"/>.</exception>
    public static StateDict Read(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return stream.CanSeek ? Read(stream, "The stream") : throw new ArgumentException("Expected a stream that can tell its length.", nameof(stream));
    }

    private static StateDict Read(Stream stream, string source)
    {
        try
        {
            return Read(stream, stream.Length - stream.Position);
        }
        catch (EndOfStreamException)
        {
            throw new StateDictException($"{source} is no safetensors file: it ended while it was read.");
        }
        catch (StateDictException exception)
        {
            throw new StateDictException($"{source} is no safetensors file: {exception.Message}", exception.InnerException);
        }
    }

    private static StateDict Read(Stream stream, long length)
    {
        if (length < sizeof(ulong))
        {
            throw new StateDictException($"expected at least 8 bytes, the length of the header, got {length}.");
        }

        Span<byte> word = stackalloc byte[sizeof(ulong)];
        stream.ReadExactly(word);
        ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(word);
        long rest = length - sizeof(ulong);
        if (headerLength > (ulong)Math.Min(rest, SafetensorsHeader.MaximumLength))
        {
            throw new StateDictException($"expected a header of at most {Math.Min(rest, SafetensorsHeader.MaximumLength)} bytes, got one of {headerLength}.");
        }

        byte[] json = new byte[(int)headerLength];
        stream.ReadExactly(json);
        SafetensorsHeader header = SafetensorsHeader.Parse(json, rest - (long)headerLength);
        return header.ReadData(stream);
    }
}
