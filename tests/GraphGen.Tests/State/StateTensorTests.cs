using System.Buffers.Binary;
using Xunit;

namespace GraphGen.Tests.State;

/// <summary>Elements of every type become floats exactly or not at all.</summary>
public sealed class StateTensorTests
{
    [Theory]
    [InlineData("F64", 0x3FF8000000000000UL, 1.5f)]
    [InlineData("F64", 0x7FF8000000000000UL, float.NaN)]
    [InlineData("F64", 0xFFF0000000000000UL, float.NegativeInfinity)]
    [InlineData("F32", 0xC0490FDBUL, -3.14159274f)]
    [InlineData("F16", 0x3E00UL, 1.5f)]
    [InlineData("F16", 0x0001UL, 5.96046448e-8f)]
    [InlineData("F16", 0xFC00UL, float.NegativeInfinity)]
    [InlineData("BF16", 0xC049UL, -3.140625f)]
    [InlineData("BF16", 0x7F80UL, float.PositiveInfinity)]
    [InlineData("I64", 0xFFFFFFFFFFFFFFFEUL, -2f)]
    [InlineData("I64", 0x8000000000000000UL, -9.223372036854775808e18f)]
    [InlineData("I32", 0xFFFFFFFEUL, -2f)]
    [InlineData("I16", 0x8000UL, -32768f)]
    [InlineData("I8", 0x80UL, -128f)]
    [InlineData("U64", 0x8000000000000000UL, 9.223372036854775808e18f)]
    [InlineData("U32", 0xFFFFFF00UL, 4294967040f)]
    [InlineData("U16", 0xFFFFUL, 65535f)]
    [InlineData("U8", 0xFFUL, 255f)]
    [InlineData("BOOL", 0x01UL, 1f)]
    public void Elements_that_floats_hold_are_converted(string type, ulong bits, float value)
    {
        StateTensor tensor = Tensor(type, bits);
        Assert.Equal(1, tensor.Length);
        Assert.Equal([value], tensor.ToArray());
        Assert.Equal([value], tensor.ToSingle().ToArray());
        Assert.Equal($"{type} [1]", tensor.ToString());
    }

    [Theory]
    [InlineData("F64", 0x3FB999999999999AUL, 0.1f)]
    [InlineData("F64", 0x7FEFFFFFFFFFFFFFUL, float.PositiveInfinity)]
    [InlineData("I64", 0x7FFFFFFFFFFFFFFFUL, 9.223372036854775808e18f)]
    [InlineData("I64", 0x0000000001000001UL, 16777216f)]
    [InlineData("I32", 0x01000001UL, 16777216f)]
    [InlineData("U64", 0xFFFFFFFFFFFFFFFFUL, 1.8446744073709551616e19f)]
    [InlineData("U32", 0xFFFFFFFFUL, 4294967296f)]
    public void Others_are_refused_or_rounded_when_asked(string type, ulong bits, float rounded)
    {
        StateTensor tensor = Tensor(type, bits);
        Assert.Contains("ToSingle", Assert.Throws<StateDictException>(tensor.ToArray).Message);
        Assert.Equal([rounded], tensor.ToSingle().ToArray());

        ParameterBlock block = new(0, ParameterSpec.Ones("w", [1]));
        StateDict dict = new();
        dict.Add("w", tensor);
        Assert.Contains($"'w': expected values that 32-bit floats can be", Assert.Throws<StateDictException>(() => block.LoadStateDict(dict)).Message);
        Assert.Equal(1f, block[0].Values[0]);
        block.LoadStateDict(dict.ToSingle());
        Assert.Equal(rounded, block[0].Values[0]);
    }

    [Theory]
    [InlineData("F64", 0x3FB999999999999AUL, 0.1)]
    [InlineData("I64", 0x0000000001000001UL, 16777217)]
    [InlineData("I32", 0x01000001UL, 16777217)]
    [InlineData("U64", 0x0000000001000001UL, 16777217)]
    [InlineData("U32", 0xFFFFFFFFUL, 4294967295)]
    [InlineData("I16", 0x8000UL, -32768)]
    public void A_single_element_is_a_64_bit_float_without_rounding_to_one_of_32(string type, ulong bits, double value) =>
        Assert.Equal(value, Tensor(type, bits).ToDouble());

    [Fact]
    public void Shapes_that_do_not_go_with_the_values_are_refused()
    {
        Assert.Throws<ArgumentException>("shape", () => new StateTensor(Enumerable.Repeat(1, 65).ToArray(), [1f]));
        Assert.Throws<ArgumentException>("values", () => new StateTensor([2], [1f]));
        Assert.Throws<ArgumentException>("values", () => new StateTensor([-1], [1f]));
        Assert.Throws<ArgumentException>("values", () => new StateTensor([], []));
        Assert.Throws<ArgumentException>("values", () => new StateTensor([int.MaxValue, int.MaxValue, int.MaxValue], [1f]));
    }

    private static StateTensor Tensor(string type, ulong bits)
    {
        byte[] data = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(data, bits);
        int size = type switch { "F64" or "I64" or "U64" => 8, "F32" or "I32" or "U32" => 4, "F16" or "BF16" or "I16" or "U16" => 2, _ => 1 };
        string header = $$"""{"t":{"dtype":"{{type}}","shape":[1],"data_offsets":[0,{{size}}]} }""";
        return StateFile.Read(StateFile.Make(System.Text.Encoding.UTF8.GetBytes(header), data[..size]))["t"];
    }
}
