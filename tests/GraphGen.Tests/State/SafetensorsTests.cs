using System.Text;
using GraphGen.Tests.Runtime;
using Xunit;

namespace GraphGen.Tests.State;

/// <summary>The format: what is written is what the specification says, and what is read is that and nothing else.</summary>
public sealed class SafetensorsTests
{
    private const string Entry = """{"dtype":"F32","shape":[1],"data_offsets":[0,4]}""";

    /// <summary>Headers, how many bytes of data follow, and a part of the message.</summary>
    public static TheoryData<string, int, string> Damaged => new()
    {
        { "", 0, "begins with" },
        { "[]", 0, "begins with" },
        { " {}", 0, "begins with" },
        { "null", 0, "begins with" },
        { "{", 0, "in JSON" },
        { "{}x", 0, "in JSON" },
        { "{}{}", 0, "in JSON" },
        { "{}\0", 0, "in JSON" },
        { "{/**/}", 0, "in JSON" },
        { "{\"a\":" + Entry + ",}", 4, "in JSON" },
        { "{}", 1, "expected 0 bytes of data, got 1" },
        { "{\"a\":" + Entry + "}", 3, "expected 4 bytes of data, got 3" },
        { "{\"a\":" + Entry + "}", 5, "expected 4 bytes of data, got 5" },
        { "{\"a\":" + Entry + ",\"a\":" + Entry + "}", 4, "'a' twice" },
        { "{\"a\":" + Entry + ",\"\\u0061\":" + Entry + "}", 4, "'a' twice" },
        { "{\"a\":" + Entry + ",\"b\":" + Entry + "}", 4, "'b': expected its data at 4" },
        { "{\"a\":" + Entry + ",\"b\":" + Entry.Replace("[0,4]", "[5,9]") + "}", 9, "'b': expected its data at 4" },
        { "{\"a\":" + Entry.Replace("[0,4]", "[4,8]") + "}", 8, "'a': expected its data at 0" },
        { "{\"a\":" + Entry.Replace("[0,4]", "[4,0]") + "}", 4, "data_offsets 4 to 0" },
        { "{\"a\":" + Entry.Replace("[0,4]", "[0,5]") + "}", 5, "expected 4 bytes" },
        { "{\"a\":" + Entry.Replace("[0,4]", "[-4,0]") + "}", 4, "at least 0" },
        { "{\"a\":" + Entry.Replace("[0,4]", "[0]") + "}", 4, "two data_offsets" },
        { "{\"a\":" + Entry.Replace("[0,4]", "[0,4,4]") + "}", 4, "two data_offsets" },
        { "{\"a\":" + Entry.Replace("[0,4]", "[9223372036854775804,9223372036854775808]") + "}", 4, "below 2^63" },
        { "{\"a\":" + Entry.Replace("[0,4]", "[9223372036854775803,9223372036854775807]") + "}", 4, "'a': expected its data at 0" },
        { "{\"a\":" + Entry.Replace("[0,4]", "[0.0,4]") + "}", 4, "whole numbers" },
        { "{\"a\":" + Entry.Replace("[0,4]", "[0,4e0]") + "}", 4, "whole numbers" },
        { "{\"a\":" + Entry.Replace("[0,4]", "[0,NaN]") + "}", 4, "an error" },
        { "{\"a\":" + Entry.Replace("[0,4]", "\"0,4\"") + "}", 4, "whole numbers" },
        { "{\"a\":" + Entry.Replace("[1]", "[-1]") + "}", 4, "[0, 2^31), got -1" },
        { "{\"a\":" + Entry.Replace("[1]", "[4294967297]") + "}", 4, "[0, 2^31), got 4294967297" },
        { "{\"a\":" + Entry.Replace("[1]", "[2147483647,2147483647,2147483647]") + "}", 4, "fewer than 2^63" },
        { "{\"a\":" + Entry.Replace("[1]", "[2147483647,1073741825]").Replace("F32", "F64") + "}", 4, "fewer than 2^63" },
        { "{\"a\":" + Entry.Replace("[1]", "[65536,65536,65536,65536]") + "}", 4, "fewer than 2^63" },
        { "{\"a\":" + Entry.Replace("[1]", "[" + string.Join(",", Enumerable.Repeat(1, 65)) + "]") + "}", 4, "64 dimensions" },
        { "{\"a\":" + Entry.Replace("[1]", "[2147483647]").Replace("[0,4]", "[0,8589934588]") + "}", 4, "2 GB" },
        { "{\"a\":" + Entry.Replace("[1]", "null") + "}", 4, "expected dtype" },
        { "{\"a\":" + Entry.Replace("[1]", "[null]") + "}", 4, "whole numbers" },
        { "{\"a\":" + Entry.Replace("[1]", "{}") + "}", 4, "whole numbers" },
        { "{\"a\":" + Entry.Replace("\"F32\"", "32") + "}", 4, "text dtype" },
        { "{\"a\":" + Entry.Replace("F32", "F31") + "}", 4, "got 'F31'" },
        { "{\"a\":" + Entry.Replace("F32", "f32") + "}", 4, "got 'f32'" },
        { "{\"a\":" + Entry.Replace("dtype", "Dtype") + "}", 4, "expected dtype" },
        { "{\"a\":" + Entry.Replace("\"shape\"", "\"dtype\":\"F32\",\"shape\"") + "}", 4, "one twice" },
        { "{\"a\":" + Entry.Replace("\"shape\"", "\"shape\":[1],\"shape\"") + "}", 4, "one twice" },
        { "{\"a\":{}}", 0, "expected dtype" },
        { "{\"a\":null}", 0, "expected an object" },
        { "{\"a\":1}", 0, "expected an object" },
        { "{\"a\":[]}", 0, "expected an object" },
        { "{\"__metadata__\":1}", 0, "an object of texts" },
        { "{\"__metadata__\":null}", 0, "an object of texts" },
        { "{\"__metadata__\":{\"a\":1}}", 0, "'a': expected a text" },
        { "{\"__metadata__\":{\"a\":null}}", 0, "'a': expected a text" },
        { "{\"__metadata__\":{\"a\":{}}}", 0, "'a': expected a text" },
        { "{\"__metadata__\":{\"a\":\"\",\"a\":\"\"}}", 0, "'a' twice" },
        { "{\"__metadata__\":{},\"__metadata__\":{}}", 0, "'__metadata__' twice" },
        { "{\"__metadata__\":{\"a\":\"\\ud800\"}}", 0, "an error" },
        { "{\"__metadata__\":{\"\\udc00\":\"\"}}", 0, "names in UTF-8" },
        { "{\"\\ud800\":" + Entry + "}", 4, "names in UTF-8" },
        { "{\"a\":" + Entry.Replace("F32", "\\ud800") + "}", 4, "an error" },
        { "{\"a\":" + Entry.Replace("dtype", "\\ud800") + "}", 4, "an error" },
        { "{\"a\":" + new string('[', 100_000) + "}", 4, "expected an object" },
        { "{\"a\":" + string.Concat(Enumerable.Repeat("{\"b\":", 100_000)) + "}", 4, "an error" },
        { "{\"a\":{\"b\":" + new string('[', 100_000) + new string(']', 100_000) + "}}", 4, "an error" },
    };

    [Fact]
    public void What_is_written_is_read_again()
    {
        StateDict dict = Everything();
        byte[] file = StateFile.Write(dict);
        StateDict read = StateFile.Read(file);
        Assert.Equal(dict.Names, read.Names);
        Assert.Equal(dict.Metadata, read.Metadata);
        foreach ((string name, StateTensor tensor) in dict)
        {
            Assert.Equal(tensor.Type, read[name].Type);
            Assert.Equal(tensor.Shape, read[name].Shape);
            Assert.Equal(tensor.Bytes, read[name].Bytes);
        }

        Assert.Equal(file, StateFile.Write(read));
    }

    [Fact]
    public void What_is_written_is_what_the_specification_says()
    {
        StateDict dict = Everything();
        var (tensors, metadata) = StrictReader.Read(StateFile.Write(dict));
        Assert.Equal(dict.Metadata, metadata);
        Assert.Equal(dict.Names, tensors.Keys);
        foreach ((string name, StateTensor tensor) in dict)
        {
            Assert.Equal(tensor.Shape, tensors[name].Shape);
            Assert.Equal(tensor.Bytes, tensors[name].Data);
        }

        Assert.Equal(["F32", "F64", "F32", "F32", "F64"], tensors.Values.Select(tensor => tensor.Type));
    }

    [Fact]
    public void A_dict_of_nothing_is_a_file()
    {
        byte[] file = StateFile.Write(new StateDict());
        Assert.Equal(16, file.Length);
        Assert.Empty(StrictReader.Read(file).Tensors);
        Assert.Empty(StateFile.Read(file));
    }

    /// <summary>What another writer may do: spaces, other orders, escapes, tensors without elements, properties to come.</summary>
    [Theory]
    [InlineData("{}   ", 0, new string[0])]
    [InlineData("{\n\"b\" : {\"data_offsets\":[4,8], \"shape\":[] , \"dtype\":\"F32\"}, \"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}\t", 8, new[] { "b", "a" })]
    [InlineData("{\"\\u00e4\\n\":{\"dtype\":\"U8\",\"shape\":[0,2147483647],\"data_offsets\":[0,0]}}", 0, new[] { "ä\n" })]
    [InlineData("{\"a\":{\"dtype\":\"BOOL\",\"shape\":[2],\"data_offsets\":[0,2],\"later\":[{\"x\":null}]},\"\":{\"dtype\":\"I8\",\"shape\":[],\"data_offsets\":[2,3]}}", 3, new[] { "a", "" })]
    [InlineData("{\"a\":{\"dtype\":\"F16\",\"shape\":[0],\"data_offsets\":[2,2]},\"b\":{\"dtype\":\"BF16\",\"shape\":[1,1,1],\"data_offsets\":[0,2]}}", 2, new[] { "a", "b" })]
    public void Whatever_the_specification_allows_is_read(string header, int dataLength, string[] names) =>
        Assert.Equal(names, StateFile.Read(StateFile.Make(header, dataLength)).Names);

    [Theory]
    [MemberData(nameof(Damaged))]
    public void Damaged_headers_are_refused(string header, int dataLength, string message)
    {
        byte[] file = StateFile.Make(header, dataLength);
        StateDictException exception = Assert.Throws<StateDictException>(() => StateFile.Read(file));
        Assert.Contains(message, exception.Message);
        Assert.StartsWith("The stream is no safetensors file: expected", exception.Message.Replace("'a': e", "e").Replace("'b': e", "e").Replace("'__metadata__': e", "e"));
        Assert.InRange(exception.Message.Length, 1, 600);
    }

    [Theory]
    [InlineData(0UL)]
    [InlineData(17UL)]
    [InlineData(100_000_001UL)]
    [InlineData(0x7FFFFFFFUL)]
    [InlineData(0x80000000UL)]
    [InlineData(0xFFFFFFFFUL)]
    [InlineData(0x7FFFFFFFFFFFFFFFUL)]
    [InlineData(0x8000000000000000UL)]
    [InlineData(0xFFFFFFFFFFFFFFF8UL)]
    [InlineData(0xFFFFFFFFFFFFFFFFUL)]
    public void Lengths_beyond_the_file_are_refused_without_making_room(ulong length)
    {
        byte[] file = StateFile.Make(Encoding.UTF8.GetBytes("{}              "), [], length);
        Assert.Throws<StateDictException>(() => StateFile.Read(file));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<StateDictException>(() => StateFile.Read(file));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 50_000);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    public void A_file_without_a_length_is_refused(int length) =>
        Assert.Contains("8 bytes", Assert.Throws<StateDictException>(() => StateFile.Read(new byte[length])).Message);

    /// <summary>A header of more than 100 MB is refused even where the file has it.</summary>
    [Fact]
    public void A_header_longer_than_the_formats_limit_is_refused()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("long", StateFile.Make([], [], 100_000_001));
        using (FileStream file = File.OpenWrite(path))
        {
            // It takes no room on the disk.
            file.SetLength(100_000_100);
        }

        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("at most 100000000", Assert.Throws<StateDictException>(() => Safetensors.Load(path)).Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    /// <summary>Headers made to cost much for their length.</summary>
    [Theory]
    [InlineData("\"shape\":[", "0,", "0],")]
    [InlineData("\"data_offsets\":[", "0,", "0],")]
    [InlineData("\"later\":[", "0,", "0],")]
    [InlineData("\"later\":[", "{},", "0],")]
    [InlineData("\"dtype\":\"", "\\n", "\",")]
    [InlineData("\"dtype\":fa", "x", ",")]
    [InlineData("\"", "b", "\":0,")]
    public void What_a_header_costs_is_a_small_multiple_of_its_length(string start, string repeated, string end)
    {
        StringBuilder header = new("{\"a\":{" + start);
        header.Insert(header.Length, repeated, 1_000_000).Append(end).Append("\"x\":0}}");
        byte[] file = StateFile.Make(header.ToString());
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<StateDictException>(() => StateFile.Read(file));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (32L * file.Length) + 50_000);
    }

    [Fact]
    public void What_many_tensors_cost_is_a_small_multiple_of_the_header()
    {
        StringBuilder header = new("{");
        for (int i = 0; i < 50_000; i++)
        {
            header.Append($"\"{i}\":{{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}},");
        }

        byte[] file = StateFile.Make(header.Append("\"__metadata__\":{}}").ToString());
        long before = GC.GetAllocatedBytesForCurrentThread();
        StateDict dict = StateFile.Read(file);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, (32L * file.Length) + 50_000);

        ParameterBlock block = new(0, ParameterSpec.Ones("w", [1]));
        Assert.InRange(Assert.Throws<StateDictException>(() => block.LoadStateDict(dict)).Message.Length, 1, 1000);
    }

    [Fact]
    public void Names_and_texts_that_no_file_can_have_are_refused_before_anything_is_written()
    {
        using TemporaryFolder folder = new();
        string path = folder.Write("state", [1, 2, 3]);
        foreach (Action<StateDict> spoil in new Action<StateDict>[]
        {
            dict => dict.Add("\ud800", StateTensor.Scalar(1f)),
            dict => dict.Metadata["a"] = "\udc00",
            dict => dict.Metadata["\ud800x"] = "",
            dict => dict.Metadata["a"] = null!,
        })
        {
            StateDict dict = new();
            spoil(dict);
            Assert.ThrowsAny<ArgumentException>(() => Safetensors.Save(path, dict));
            Assert.Equal([1, 2, 3], File.ReadAllBytes(path));
            Assert.False(File.Exists(path + ".tmp"));
        }

        Assert.Throws<ArgumentException>("name", () => new StateDict().Add("__metadata__", StateTensor.Scalar(1f)));
    }

    [Fact]
    public void A_stream_is_read_from_where_it_is_and_has_to_tell_its_length()
    {
        byte[] file = StateFile.Write(Everything());
        using MemoryStream stream = new([1, 2, 3, .. file]);
        stream.Position = 3;
        Assert.Equal(5, Safetensors.Read(stream).Count);
        Assert.Throws<StateDictException>(() => Safetensors.Read(stream));
        using MemoryStream inner = new();
        using System.IO.Compression.GZipStream blind = new(inner, System.IO.Compression.CompressionMode.Decompress);
        Assert.Throws<ArgumentException>("stream", () => Safetensors.Read(blind));
    }

    [Fact]
    public void A_missing_file_is_missing_and_the_message_names_a_damaged_one()
    {
        using TemporaryFolder folder = new();
        Assert.Throws<FileNotFoundException>(() => Safetensors.Load(folder.PathOf("none")));
        string path = folder.Write("damaged", [1, 2, 3]);
        Assert.Contains(path, Assert.Throws<StateDictException>(() => Safetensors.Load(path)).Message);
    }

    private static StateDict Everything()
    {
        StateDict dict = new();
        dict.Add("weight", new StateTensor([2, 3], [1, 2, 3, float.NaN, float.NegativeInfinity, -0f]));
        dict.Add("scalar", StateTensor.Scalar(Math.PI));
        dict.Add("empty", new StateTensor([2, 0], []));
        dict.Add("Gewicht \"ä\" \u0001 \U0001F600", StateTensor.Scalar(2f));
        dict.Add("", StateTensor.Scalar(double.NaN));
        dict.Metadata["format"] = "pt";
        dict.Metadata["{\"json\": [1]}"] = "\\\"\n\t\u0000 ünï \U0001F600";
        return dict;
    }
}
