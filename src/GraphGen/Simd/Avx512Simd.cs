using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GraphGen.Simd;

/// <summary>AVX-512 (F, DQ, VL): 16 floats a vector, 32 registers.</summary>
/// <remarks>
/// Off where the runtime avoids 512-bit vectors (processors that slow down for them), and under
/// <c>DOTNET_EnableAVX512=0</c> (.NET 10) or <c>DOTNET_EnableAVX512F=0</c> (.NET 9).
/// </remarks>
public readonly unsafe struct Avx512Simd : ISimd<Vector512<float>>
{
    /// <inheritdoc/>
    public static string Name => "AVX-512";

    /// <inheritdoc/>
    public static bool IsSupported
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.IsHardwareAccelerated && Avx512DQ.IsSupported && Avx512F.VL.IsSupported;
    }

    /// <inheritdoc/>
    public static int Width => 16;

    /// <inheritdoc/>
    public static int Registers => 32;

    /// <inheritdoc/>
    public static Vector512<float> Zero
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512<float>.Zero;
    }

    /// <inheritdoc/>
    public static Vector512<float> Iota
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Vector512.Create(0f, 1f, 2f, 3f, 4f, 5f, 6f, 7f, 8f, 9f, 10f, 11f, 12f, 13f, 14f, 15f);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Broadcast(float value) => Vector512.Create(value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Load(float* source) => Vector512.Load(source);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(float* destination, Vector512<float> value) => Vector512.Store(value, destination);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadPartial(float* source, int count)
    {
#if NET10_0_OR_GREATER
        return Avx512F.MaskLoad(source, FirstLanes(count).AsSingle(), Vector512<float>.Zero);
#else
        // Two masked halves: a half without lanes touches nothing, wherever it points.
        Vector512<int> mask = FirstLanes(count);
        return Vector512.Create(
            Avx.MaskLoad(source, mask.GetLower().AsSingle()),
            Avx.MaskLoad(source + 8, mask.GetUpper().AsSingle()));
#endif
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StorePartial(float* destination, Vector512<float> value, int count)
    {
#if NET10_0_OR_GREATER
        Avx512F.MaskStore(destination, FirstLanes(count).AsSingle(), value);
#else
        Vector512<int> mask = FirstLanes(count);
        Avx.MaskStore(destination, mask.GetLower().AsSingle(), value.GetLower());
        Avx.MaskStore(destination + 8, mask.GetUpper().AsSingle(), value.GetUpper());
#endif
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadStrided(float* source, int stride)
    {
        if (stride == 1)
        {
            return Vector512.Load(source);
        }

        if (stride == 2)
        {
            // The second load starts one early, at lane 15, so as to end with the last lane that is wanted.
            return Avx512F.PermuteVar16x32x2(
                Vector512.Load(source),
                Vector512.Create(0, 2, 4, 6, 8, 10, 12, 14, 17, 19, 21, 23, 25, 27, 29, 31),
                Vector512.Load(source + 15));
        }

        return stride == -1
            ? Vector512.Shuffle(Vector512.Load(source - 15), Vector512.Create(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0))
            : Vector512.Create(Avx2Simd.Gather(source, stride), Avx2Simd.Gather(source + (8 * (nint)stride), stride));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadStridedPartial(float* source, int stride, int count)
    {
        Vector512<int> mask = FirstLanes(count);
        return Vector512.Create(
            Avx2Simd.Gather(source, stride, mask.GetLower().AsSingle()),
            Avx2Simd.Gather(source + (8 * (nint)stride), stride, mask.GetUpper().AsSingle()));
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch(float* address) => Sse.Prefetch1(address);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadBytes(byte* source) =>
        Avx512F.ConvertToVector512Single(Avx512F.ConvertToVector512Int32(Vector128.Load(source)));

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> LoadBytesPartial(byte* source, int count)
    {
        byte* bytes = stackalloc byte[16];
        for (int i = 0; i < count; i++)
        {
            bytes[i] = source[i];
        }

        return LoadBytes(bytes);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBytes(byte* destination, Vector512<float> value) =>
        Vector128.Store(Avx512F.ConvertToVector128Byte(Avx512F.ConvertToVector512Int32(value)), destination);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void StoreBytesPartial(byte* destination, Vector512<float> value, int count)
    {
        byte* bytes = stackalloc byte[16];
        StoreBytes(bytes, value);
        for (int i = 0; i < count; i++)
        {
            destination[i] = bytes[i];
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Add(Vector512<float> left, Vector512<float> right) => left + right;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Subtract(Vector512<float> left, Vector512<float> right) => left - right;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Multiply(Vector512<float> left, Vector512<float> right) => left * right;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Divide(Vector512<float> left, Vector512<float> right) => left / right;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Max(Vector512<float> left, Vector512<float> right)
    {
        // maxps returns its second operand when either is NaN, so only a NaN on the right needs mending; against a constant
        // (a ReLU's zero) the compiler drops even that.
        return Vector512.ConditionalSelect(Vector512.Equals(right, right), Avx512F.Max(right, left), right);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Min(Vector512<float> left, Vector512<float> right) =>
        Vector512.ConditionalSelect(Vector512.Equals(right, right), Avx512F.Min(right, left), right);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Negate(Vector512<float> value) => -value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Abs(Vector512<float> value) => Vector512.Abs(value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sqrt(Vector512<float> value) => Vector512.Sqrt(value);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> FaithfulSqrt(Vector512<float> value)
    {
        // One step of Newton's from 14 bits. Half the reciprocal is one less in its exponent, by units that do not multiply. 0 and
        // infinity, of which all this makes NaN, are their own roots, as NaN is.
        Vector512<float> half = Vector512.Create(0.5f);
        Vector512<float> reciprocal = Avx512F.ReciprocalSqrt14(value);
        Vector512<float> halfReciprocal = Avx512F.Add(reciprocal.AsInt32(), Vector512.Create(-(1 << 23))).AsSingle();
        Vector512<float> root = Avx512F.Multiply(value, reciprocal);
        Vector512<float> error = Avx512F.FusedMultiplyAddNegated(root, halfReciprocal, half);
        root = Avx512F.FusedMultiplyAdd(root, error, root);
        return Vector512.ConditionalSelect(Vector512.Equals(root, root), root, value);
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> FusedMultiplyAdd(Vector512<float> left, Vector512<float> right, Vector512<float> addend) =>
        Avx512F.FusedMultiplyAdd(left, right, addend);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Round(Vector512<float> value) => Avx512F.RoundScale(value, 0);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> GreaterThan(Vector512<float> left, Vector512<float> right) =>
        Vector512.GreaterThan(left, right);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> GreaterThanOrNaN(Vector512<float> left, Vector512<float> right) =>
        Vector512.GreaterThan(left, right) | ~Vector512.Equals(left, left);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Equals(Vector512<float> left, Vector512<float> right) => Vector512.Equals(left, right);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> EqualsBits(Vector512<float> left, Vector512<float> right) => Vector512.Equals(left.AsInt32(), right.AsInt32()).AsSingle();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> GreaterThanBits(Vector512<float> left, Vector512<float> right) => Vector512.GreaterThan(left.AsInt32(), right.AsInt32()).AsSingle();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Select(Vector512<float> mask, Vector512<float> whenTrue, Vector512<float> whenFalse) =>
        Vector512.ConditionalSelect(mask, whenTrue, whenFalse);

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> And(Vector512<float> left, Vector512<float> right) => left & right;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Or(Vector512<float> left, Vector512<float> right) => left | right;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Xor(Vector512<float> left, Vector512<float> right) => left ^ right;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> BroadcastBits(int value) => Vector512.Create(value).AsSingle();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> AddBits(Vector512<float> left, Vector512<float> right) =>
        (left.AsInt32() + right.AsInt32()).AsSingle();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> MultiplyBits(Vector512<float> left, Vector512<float> right) =>
        (left.AsInt32() * right.AsInt32()).AsSingle();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> ShiftLeftBits(Vector512<float> value, int count) =>
        Vector512.ShiftLeft(value.AsInt32(), count).AsSingle();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> ShiftRightBits(Vector512<float> value, int count) =>
        Vector512.ShiftRightLogical(value.AsInt32(), count).AsSingle();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> ToBits(Vector512<float> value) => Avx512F.ConvertToVector512Int32(value).AsSingle();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> FromBits(Vector512<float> value) => Vector512.ConvertToSingle(value.AsInt32());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreIdentical(Vector512<float> left, Vector512<float> right) => Vector512.EqualsAll(left.AsInt32(), right.AsInt32());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float Sum(Vector512<float> value) => Avx2Simd.Sum(value.GetLower() + value.GetUpper());

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector128<float> Sum(Vector512<float> first, Vector512<float> second, Vector512<float> third, Vector512<float> fourth)
    {
        // Quarters of 128 bits: the upper two of each onto the lower two, then one onto the other.
        Vector512<float> low = Avx512F.Shuffle4x128(first, second, 0b01_00_01_00) + Avx512F.Shuffle4x128(first, second, 0b11_10_11_10);
        Vector512<float> high = Avx512F.Shuffle4x128(third, fourth, 0b01_00_01_00) + Avx512F.Shuffle4x128(third, fourth, 0b11_10_11_10);
        Vector512<float> sums = Avx512F.Shuffle4x128(low, high, 0b10_00_10_00) + Avx512F.Shuffle4x128(low, high, 0b11_01_11_01);

        // A vector a quarter: each is summed where it lies, into its first lane.
        sums += Avx512F.Permute4x32(sums, 0b01_00_11_10);
        sums += Avx512F.DuplicateOddIndexed(sums);
        return Avx512F.PermuteVar16x32(sums, Vector512.Create(0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12, 0, 4, 8, 12)).GetLower().GetLower();
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float MaxAcross(Vector512<float> value) =>
        Avx2Simd.MaxAcross(Avx2Simd.Max(value.GetLower(), value.GetUpper()));

    /// <summary>A mask of the first <paramref name="count"/> lanes; a constant where the count is.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<int> FirstLanes(int count) =>
        Vector512.GreaterThan(Vector512.Create(count), Vector512.Create(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15));
}
