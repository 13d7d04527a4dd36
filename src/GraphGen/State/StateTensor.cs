using System.Numerics;
using System.Runtime.InteropServices;

namespace GraphGen;

/// <summary>A tensor of a <see cref="StateDict"/>: a type, a shape and the elements in C order. It does not change.</summary>
public sealed class StateTensor
{
    /// <summary>The most dimensions: as many as PyTorch and NumPy have.</summary>
    internal const int MaximumRank = 64;

    private readonly int[] _shape;
    private readonly byte[] _bytes;

    /// <summary>A tensor of 32-bit floats.</summary>
    /// <param name="shape">The dimensions, outermost first; none for a scalar.</param>
    /// <param name="values">The elements, which are copied.</param>
    /// <exception cref="ArgumentException">A dimension is negative or one of more than 64, there are not as many values as the shape says, or they take 2 GB or more.</exception>
    public StateTensor(ReadOnlySpan<int> shape, ReadOnlySpan<float> values)
        : this(ElementType.Float32, [.. shape], Copy(values))
    {
        if (shape.Length > MaximumRank)
        {
            throw new ArgumentException($"Expected at most {MaximumRank} dimensions, got {shape.Length}.", nameof(shape));
        }

        if (ElementCount(shape) != values.Length)
        {
            throw new ArgumentException($"Expected {ElementCount(shape)} values for the shape {Describe(shape)}, got {values.Length}.", nameof(values));
        }
    }

    /// <summary>The bytes are taken over, not copied, and have been checked.</summary>
    internal StateTensor(ElementType type, int[] shape, byte[] bytes)
    {
        Type = type;
        _shape = shape;
        _bytes = bytes;
    }

    /// <summary>What the elements are.</summary>
    public ElementType Type { get; }

    /// <summary>The dimensions, outermost first; none for a scalar.</summary>
    public ReadOnlySpan<int> Shape => _shape;

    /// <summary>How many elements.</summary>
    public int Length => _bytes.Length / Type.Size();

    /// <summary>The elements as they are in a file: little-endian, in C order.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>A single 64-bit float, without dimensions.</summary>
    /// <param name="value">The element.</param>
    public static StateTensor Scalar(double value) => new(ElementType.Float64, [], BitConverter.GetBytes(value));

    /// <summary>A single 32-bit float, without dimensions.</summary>
    /// <param name="value">The element.</param>
    public static StateTensor Scalar(float value) => new(ElementType.Float32, [], BitConverter.GetBytes(value));

    /// <summary>The elements as 32-bit floats, exactly.</summary>
    /// <exception cref="StateDictException">
    /// There is an element that no 32-bit float equals, which only F64, I32, I64, U32 and U64 can have. <see cref="ToSingle"/> rounds.
    /// </exception>
    public float[] ToArray()
    {
        if (FirstInexact() is { } message)
        {
            throw new StateDictException(message);
        }

        float[] values = new float[Length];
        CopyTo(values);
        return values;
    }

    /// <summary>The element of a tensor that has just one, as a 64-bit float; null if it has more or less.</summary>
    public double? ToDouble()
    {
        if (Length != 1)
        {
            return null;
        }

        Span<float> single = stackalloc float[1];
        switch (Type)
        {
            case ElementType.Float64:
                return Elements<double>()[0];
            case ElementType.Int64:
                return Elements<long>()[0];
            case ElementType.Int32:
                return Elements<int>()[0];
            case ElementType.UInt64:
                return Elements<ulong>()[0];
            case ElementType.UInt32:
                return Elements<uint>()[0];
            default:
                CopyTo(single);
                return single[0];
        }
    }

    /// <summary>The tensor as one of 32-bit floats, each rounded to the nearest: itself if it is one.</summary>
    public StateTensor ToSingle()
    {
        if (Type == ElementType.Float32)
        {
            return this;
        }

        float[] values = new float[Length];
        CopyTo(values);
        return new StateTensor(_shape, values);
    }

    /// <summary>Type and shape: <c>F32 [128, 784]</c>.</summary>
    public override string ToString() => $"{Type.Name()} {Describe(_shape)}";

    internal static string Describe(ReadOnlySpan<int> shape) => $"[{string.Join(", ", shape.ToArray())}]";

    /// <summary>The product of dimensions; −1 if one is negative or the product is 2⁶³ or more.</summary>
    internal static long ElementCount(ReadOnlySpan<int> shape)
    {
        long count = 1;
        foreach (int dimension in shape)
        {
            if (dimension < 0 || Math.BigMul(count, (long)dimension, out long product) != 0 || product < 0)
            {
                return -1;
            }

            count = product;
        }

        return count;
    }

    /// <summary>Converts the elements, rounding what has to be.</summary>
    internal void CopyTo(Span<float> destination)
    {
        switch (Type)
        {
            case ElementType.Float32:
                Elements<float>().CopyTo(destination);
                break;
            case ElementType.Float64:
                Convert<double>(destination);
                break;
            case ElementType.Float16:
                Convert<Half>(destination);
                break;
            case ElementType.BFloat16:
                ReadOnlySpan<ushort> halves = Elements<ushort>();
                for (int i = 0; i < halves.Length; i++)
                {
                    destination[i] = BitConverter.Int32BitsToSingle(halves[i] << 16);
                }

                break;
            case ElementType.Int64:
                Convert<long>(destination);
                break;
            case ElementType.Int32:
                Convert<int>(destination);
                break;
            case ElementType.Int16:
                Convert<short>(destination);
                break;
            case ElementType.Int8:
                Convert<sbyte>(destination);
                break;
            case ElementType.UInt64:
                Convert<ulong>(destination);
                break;
            case ElementType.UInt32:
                Convert<uint>(destination);
                break;
            case ElementType.UInt16:
                Convert<ushort>(destination);
                break;
            default:
                Convert<byte>(destination);
                break;
        }
    }

    /// <summary>What is wrong with the first element that no 32-bit float equals; null if there is none.</summary>
    internal string? FirstInexact() => Type switch
    {
        ElementType.Float64 => FirstInexact(Elements<double>(), value => double.IsNaN(value) || (double)(float)value == value),

        // A float of 2⁶³ or more is no long, but is an Int128.
        ElementType.Int64 => FirstInexact(Elements<long>(), value => (Int128)(float)value == value),
        ElementType.Int32 => FirstInexact(Elements<int>(), value => (long)(float)value == value),
        ElementType.UInt64 => FirstInexact(Elements<ulong>(), value => (Int128)(float)value == value),
        ElementType.UInt32 => FirstInexact(Elements<uint>(), value => (long)(float)value == value),
        _ => null,
    };

    private static byte[] Copy(ReadOnlySpan<float> values)
    {
        if (values.Length > Array.MaxLength / sizeof(float))
        {
            throw new ArgumentException($"Expected a tensor of less than 2 GB, got {values.Length} floats.", nameof(values));
        }

        return MemoryMarshal.AsBytes(values).ToArray();
    }

    private string? FirstInexact<T>(ReadOnlySpan<T> elements, Func<T, bool> isExact)
    {
        for (int i = 0; i < elements.Length; i++)
        {
            if (!isExact(elements[i]))
            {
                return FormattableString.Invariant($"expected values that 32-bit floats can be, got {elements[i]} ({Type.Name()}) at place {i}; ToSingle rounds them");
            }
        }

        return null;
    }

    // Files are little-endian, as are all processors that there are kernels for.
    private ReadOnlySpan<T> Elements<T>()
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(_bytes);

    private void Convert<T>(Span<float> destination)
        where T : unmanaged, INumberBase<T>
    {
        ReadOnlySpan<T> elements = Elements<T>();
        for (int i = 0; i < elements.Length; i++)
        {
            destination[i] = float.CreateSaturating(elements[i]);
        }
    }
}
