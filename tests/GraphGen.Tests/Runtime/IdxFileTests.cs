using System.Buffers.Binary;
using System.IO.Compression;
using Xunit;

namespace GraphGen.Tests.Runtime;

public sealed class IdxFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string, byte[], string, string> Damaged => new()
    {
        { "empty", [], "magic number", "the end" },
        { "half a magic number", [0, 0], "magic number", "the end" },
        { "other type", Idx(0x0D03, [1, 1, 1], 1), "0x00000803", "0x00000D03" },
        { "labels", Idx(0x0801, [4], 4), "0x00000803", "0x00000801" },
        { "little endian", [3, 8, 0, 0, 0, 0, 0, 1], "0x00000803", "0x03080000" },
        { "no dimensions", Idx(0x0803, [2, 2], 0), "3 dimensions", "the end" },
        { "truncated", Idx(0x0803, [2, 3, 4], 23), "2×3×4", "39" },
        { "trailing", Idx(0x0803, [2, 3, 4], 25), "2×3×4", "41" },
        { "claims 2 GB", Idx(0x0803, [2, 32768, 32000], 100), "2×32768×32000", "116" },
        { "claims more than an array", Idx(0x0803, [65536, 65536, 1], 100), "elements", "65536" },
        { "claims everything", Idx(0x0803, [-1, -1, -1], 100), "elements", "4294967295" },
        { "overflows to little", Idx(0x0803, [1 << 30, 1 << 30, 16], 16), "elements", "1073741824" },
        { "zero times too much", Idx(0x0803, [0, -1, 1], 0), "elements", "4294967295" },
    };

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_was_written_is_read(bool compressed)
    {
        IdxFile file = IdxFile.Read(Write(Idx(0x0803, [2, 3, 4], 24), compressed), rank: 3);
        Assert.Equal([2, 3, 4], file.Dimensions.ToArray());
        Assert.Equal(Enumerable.Range(0, 24).Select(i => (byte)i), file.Data.ToArray());

        Assert.Equal([5], IdxFile.Read(Write(Idx(0x0801, [5], 5), compressed)).Dimensions.ToArray());
        Assert.True(IdxFile.Read(Write(Idx(0x0802, [0, 7], 0), compressed)).Data.IsEmpty);
    }

    [Fact]
    public void A_compressed_file_of_several_megabytes_is_read_whole()
    {
        IdxFile file = IdxFile.Read(Write(Idx(0x0803, [5, 1000, 1000], 5_000_000), compressed: true));
        Assert.Equal(5_000_000, file.Data.Length);
        Assert.Equal((byte)(4_999_999 % 251), file.Data[^1]);
    }

    [Theory]
    [MemberData(nameof(Damaged))]
    public void A_damaged_file_is_one_error_that_names_it(string name, byte[] contents, string expected, string actual)
    {
        string path = _folder.Write($"{name}.idx", contents);
        long before = GC.GetAllocatedBytesForCurrentThread();
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => IdxFile.Read(path, rank: 3));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
        Assert.Contains(path, error.Message);
        Assert.Contains(expected, error.Message);
        Assert.Contains(actual, error.Message);
    }

    [Theory]
    [MemberData(nameof(Damaged))]
    public void A_damaged_compressed_file_is_one_error_that_names_it(string name, byte[] contents, string expected, string actual)
    {
        Assert.NotNull(actual);
        string path = _folder.Write($"{name}.gz", Compress(contents));
        long before = GC.GetAllocatedBytesForCurrentThread();
        InvalidDataException error = Assert.Throws<InvalidDataException>(() => IdxFile.Read(path, rank: 3));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 3 << 20);
        Assert.Contains(path, error.Message);
        Assert.True(error.Message.Contains(expected) || error.Message.Contains("24 elements"), error.Message);
    }

    [Fact]
    public void Damaged_compression_is_one_error_at_every_length()
    {
        byte[] whole = Compress(Idx(0x0803, [20, 10, 10], 2000));
        // Short of the checksum at the end, without which all the data can be there.
        for (int length = 2; length < whole.Length - 10; length += 7)
        {
            string path = _folder.Write("short.gz", whole[..length]);
            Assert.Contains(path, Assert.Throws<InvalidDataException>(() => IdxFile.Read(path)).Message);
        }

        Random random = new(1);
        for (int repeat = 0; repeat < 300; repeat++)
        {
            byte[] spoiled = [.. whole];
            spoiled[random.Next(2, whole.Length)] ^= (byte)random.Next(1, 256);
            string path = _folder.Write("spoiled.gz", spoiled);
            try
            {
                Assert.Equal(2000, IdxFile.Read(path).Data.Length);
            }
            catch (InvalidDataException error)
            {
                Assert.Contains(path, error.Message);
            }
        }
    }

    [Fact]
    public void A_missing_file_is_named()
    {
        FileNotFoundException error = Assert.Throws<FileNotFoundException>(() => IdxFile.Read("no-such-file"));
        Assert.Equal("no-such-file", error.FileName);
    }

    public void Dispose() => _folder.Dispose();

    internal static byte[] Idx(int magic, int[] dimensions, int elements)
    {
        byte[] contents = new byte[4 + (4 * dimensions.Length) + elements];
        BinaryPrimitives.WriteInt32BigEndian(contents, magic);
        for (int i = 0; i < dimensions.Length; i++)
        {
            BinaryPrimitives.WriteInt32BigEndian(contents.AsSpan(4 + (4 * i)), dimensions[i]);
        }

        for (int i = 0; i < elements; i++)
        {
            contents[contents.Length - elements + i] = (byte)(i % 251);
        }

        return contents;
    }

    internal static byte[] Compress(byte[] contents)
    {
        using MemoryStream stream = new();
        using (GZipStream gzip = new(stream, CompressionLevel.Fastest))
        {
            gzip.Write(contents);
        }

        return stream.ToArray();
    }

    private string Write(byte[] contents, bool compressed) =>
        _folder.Write(Guid.NewGuid().ToString(), compressed ? Compress(contents) : contents);
}
