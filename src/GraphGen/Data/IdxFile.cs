using System.Buffers.Binary;
using System.IO.Compression;

namespace GraphGen;

/// <summary>
/// An array of bytes in the IDX format of MNIST and its relatives, plain or gzipped: two zero bytes, the element type (8: unsigned
/// bytes, the only one read here), the number of dimensions, each dimension as a big-endian 32-bit number, then the elements in C
/// order. Images are [count, height, width] (magic number 0x803), labels [count] (0x801).
/// </summary>
/// <remarks>Format: <see href="https://yann.lecun.org/exdb/mnist/index.html">The MNIST database, file formats</see>.</remarks>
public sealed class IdxFile
{
    private const int UnsignedByte = 8;

    private readonly int[] _dimensions;
    private readonly byte[] _data;

    private IdxFile(int[] dimensions, byte[] data)
    {
        _dimensions = dimensions;
        _data = data;
    }

    /// <summary>The dimensions, outermost first.</summary>
    public ReadOnlySpan<int> Dimensions => _dimensions;

    /// <summary>The elements, in C order.</summary>
    public ReadOnlySpan<byte> Data => _data;

    internal byte[] Bytes => _data;

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file, plain or gzipped: told apart by the contents, not the name.</param>
    /// <param name="rank">The number of dimensions it must have; 0 (the default): any.</param>
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">
    /// The file is no IDX file of unsigned bytes, has another number of dimensions, or is shorter or longer than its dimensions say. The
    /// message has the file, what was expected and what was there. Nothing is allocated on the word of a header alone.
    /// </exception>
    public static IdxFile Read(string path, int rank = 0)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no IDX file '{path}'.", path);
        }

        using FileStream file = File.OpenRead(path);
        bool isCompressed = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        if (!isCompressed)
        {
            return Read(file, path, rank, file.Length);
        }

        using GZipStream stream = new(file, CompressionMode.Decompress);
        return Read(stream, path, rank, length: null);
    }

    /// <param name="stream">The contents, decompressed.</param>
    /// <param name="path">Their name, for errors.</param>
    /// <param name="rank">The number of dimensions they must have, or 0.</param>
    /// <param name="length">How many bytes there are, or null where that is known only at the end.</param>
    private static IdxFile Read(Stream stream, string path, int rank, long? length)
    {
        Span<byte> word = stackalloc byte[4];
        ReadHeader(stream, word, path, "the 4 bytes of a magic number");
        uint magic = BinaryPrimitives.ReadUInt32BigEndian(word);
        int dimensionCount = (int)(magic & 0xFF);
        if (magic >> 8 != UnsignedByte || dimensionCount == 0 || (rank != 0 && rank != dimensionCount))
        {
            string expected = rank == 0 ? "0x00000801 to 0x000008FF" : $"0x{(UnsignedByte << 8) | rank:X8}";
            throw Invalid(path, $"the magic number {expected}", $"0x{magic:X8}");
        }

        int[] dimensions = new int[dimensionCount];
        long size = 1;
        for (int i = 0; i < dimensionCount; i++)
        {
            ReadHeader(stream, word, path, $"{dimensionCount} dimensions");
            uint dimension = BinaryPrimitives.ReadUInt32BigEndian(word);
            size *= dimension;

            // Each factor is below 2^32 and the product so far below 2^31: no overflow.
            if (size > Array.MaxLength || dimension > int.MaxValue)
            {
                throw Invalid(path, $"at most {Array.MaxLength} elements", $"dimension {i} of {dimension}, {size} elements so far");
            }

            dimensions[i] = (int)dimension;
        }

        int header = 4 * (1 + dimensionCount);
        string shape = string.Join("×", dimensions);
        if (length is { } actual && actual != header + size)
        {
            throw Invalid(path, $"{header + size} bytes ({header} and {shape})", $"{actual} bytes");
        }

        byte[] data = ReadData(stream, path, (int)size, isTrusted: length is not null, out int read);
        if (read != size)
        {
            throw Invalid(path, $"{size} elements ({shape})", $"{read}");
        }

        return Fill(stream, word[..1], path) == 0
            ? new IdxFile(dimensions, data)
            : throw Invalid(path, $"{size} elements ({shape})", "more");
    }

    private static void ReadHeader(Stream stream, Span<byte> word, string path, string expected)
    {
        if (Fill(stream, word, path) < word.Length)
        {
            throw Invalid(path, expected, "the end of the file");
        }
    }

    /// <summary>Reads the elements. Where the size is only the header's word for it, memory grows with what is really there.</summary>
    private static byte[] ReadData(Stream stream, string path, int size, bool isTrusted, out int read)
    {
        byte[] data = new byte[isTrusted ? size : Math.Min(size, 1 << 20)];
        read = 0;
        while (true)
        {
            read += Fill(stream, data.AsSpan(read), path);
            if (read < data.Length || read == size)
            {
                return data;
            }

            Array.Resize(ref data, (int)Math.Min(size, 2L * data.Length));
        }
    }

    /// <summary>Reads as much as there is, up to the whole buffer.</summary>
    private static int Fill(Stream stream, Span<byte> buffer, string path)
    {
        try
        {
            return stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        }
        catch (InvalidDataException error)
        {
            throw Invalid(path, "a gzip stream that decompresses", "a damaged one", error);
        }
    }

    private static InvalidDataException Invalid(string path, string expected, string actual, Exception? inner = null) =>
        new($"'{path}' is not the IDX file it should be: expected {expected}, got {actual}.", inner);
}
