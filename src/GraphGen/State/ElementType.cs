namespace GraphGen;

/// <summary>What the elements of a <see cref="StateTensor"/> are.</summary>
public enum ElementType
{
    /// <summary>32-bit floats, safetensors' <c>F32</c>: what parameters and states are.</summary>
    Float32,

    /// <summary>64-bit floats, <c>F64</c>.</summary>
    Float64,

    /// <summary>IEEE's 16-bit floats, <c>F16</c>.</summary>
    Float16,

    /// <summary>The upper halves of 32-bit floats, <c>BF16</c>.</summary>
    BFloat16,

    /// <summary>64-bit integers, <c>I64</c>.</summary>
    Int64,

    /// <summary>32-bit integers, <c>I32</c>.</summary>
    Int32,

    /// <summary>16-bit integers, <c>I16</c>.</summary>
    Int16,

    /// <summary>8-bit integers, <c>I8</c>.</summary>
    Int8,

    /// <summary>64-bit integers without sign, <c>U64</c>.</summary>
    UInt64,

    /// <summary>32-bit integers without sign, <c>U32</c>.</summary>
    UInt32,

    /// <summary>16-bit integers without sign, <c>U16</c>.</summary>
    UInt16,

    /// <summary>8-bit integers without sign, <c>U8</c>.</summary>
    UInt8,

    /// <summary>Truth values, a byte each, <c>BOOL</c>.</summary>
    Boolean,
}

/// <summary>The element types' names in safetensors, and their sizes.</summary>
internal static class ElementTypes
{
    // In the order of the enumeration.
    private static readonly (string Name, int Size)[] Table =
    [
        ("F32", 4), ("F64", 8), ("F16", 2), ("BF16", 2), ("I64", 8), ("I32", 4), ("I16", 2), ("I8", 1), ("U64", 8), ("U32", 4), ("U16", 2), ("U8", 1), ("BOOL", 1),
    ];

    /// <summary>The names there are, for errors.</summary>
    public static string Names => string.Join(", ", Table.Select(type => type.Name));

    public static string Name(this ElementType type) => Table[(int)type].Name;

    public static int Size(this ElementType type) => Table[(int)type].Size;

    public static bool TryParse(string name, out ElementType type)
    {
        int index = Array.FindIndex(Table, entry => entry.Name == name);
        type = (ElementType)Math.Max(index, 0);
        return index >= 0;
    }
}
