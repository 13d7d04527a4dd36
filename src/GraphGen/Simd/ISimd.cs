using System.Runtime.Intrinsics;

namespace GraphGen.Simd;

/// <summary>
/// What a kernel needs of an instruction set, over its raw vector type. Kernels are written once, generic over
/// <c>&lt;TVector, TIsa&gt;</c>; the JIT and NativeAOT compile every member to an instruction or a constant. The policies
/// that implement this interface are the only places in GraphGen that name intrinsics.
/// </summary>
/// <typeparam name="TVector">The vector of 32-bit floats: <c>Vector512&lt;float&gt;</c>, <c>Vector256&lt;float&gt;</c> or <c>Vector128&lt;float&gt;</c>.</typeparam>
/// <remarks>Comparison results are masks: all bits of a lane set or clear, to be given to <see cref="Select"/> or <see cref="And"/>.</remarks>
public unsafe interface ISimd<TVector>
    where TVector : struct
{
    /// <summary>The name shown in summaries: <c>AVX-512</c>.</summary>
    public static abstract string Name { get; }

    /// <summary>Whether this process can run the instruction set: a constant to the compiler.</summary>
    public static abstract bool IsSupported { get; }

    /// <summary>Floats in a vector: 16, 8 or 4. A constant to the compiler.</summary>
    public static abstract int Width { get; }

    /// <summary>Vector registers there are: 32 or 16. A constant to the compiler, by which kernels choose their tile.</summary>
    public static abstract int Registers { get; }

    /// <summary>All zeros.</summary>
    public static abstract TVector Zero { get; }

    /// <summary>The lane numbers 0, 1, 2, ...</summary>
    public static abstract TVector Iota { get; }

    /// <summary>Every lane the same value.</summary>
    public static abstract TVector Broadcast(float value);

    /// <summary>Width floats from any address.</summary>
    public static abstract TVector Load(float* source);

    /// <summary>Width floats to any address.</summary>
    public static abstract void Store(float* destination, TVector value);

    /// <summary>The first <paramref name="count"/> floats (0 &lt; count &lt; Width), touching no memory beyond them; the other lanes are zero.</summary>
    public static abstract TVector LoadPartial(float* source, int count);

    /// <summary>Writes the first <paramref name="count"/> lanes (0 &lt; count &lt; Width), touching no memory beyond them.</summary>
    public static abstract void StorePartial(float* destination, TVector value, int count);

    /// <summary>Lanes <c>source[0], source[stride], source[2 * stride], ...</c></summary>
    public static abstract TVector LoadStrided(float* source, int stride);

    /// <summary>The first <paramref name="count"/> lanes of <see cref="LoadStrided"/>, touching no memory beyond them; the others are zero.</summary>
    public static abstract TVector LoadStridedPartial(float* source, int stride, int count);

    /// <summary>Width bytes as floats 0 to 255.</summary>
    public static abstract TVector LoadBytes(byte* source);

    /// <summary>The first <paramref name="count"/> bytes (0 &lt; count &lt; Width) as floats, touching no memory beyond them; the other lanes are zero.</summary>
    public static abstract TVector LoadBytesPartial(byte* source, int count);

    /// <summary>Lanes, whole numbers from 0 to 255, as Width bytes.</summary>
    public static abstract void StoreBytes(byte* destination, TVector value);

    /// <summary>The first <paramref name="count"/> lanes (0 &lt; count &lt; Width) as bytes, touching no memory beyond them.</summary>
    public static abstract void StoreBytesPartial(byte* destination, TVector value, int count);

    /// <summary>Asks for the cache line of an address to be brought near (to the second-level cache); any address is allowed.</summary>
    public static abstract void Prefetch(float* address);

    public static abstract TVector Add(TVector left, TVector right);

    public static abstract TVector Subtract(TVector left, TVector right);

    public static abstract TVector Multiply(TVector left, TVector right);

    public static abstract TVector Divide(TVector left, TVector right);

    /// <summary>The larger of each pair; NaN where either is NaN, as PyTorch has it.</summary>
    public static abstract TVector Max(TVector left, TVector right);

    /// <summary>The smaller of each pair; NaN where either is NaN.</summary>
    public static abstract TVector Min(TVector left, TVector right);

    public static abstract TVector Negate(TVector value);

    public static abstract TVector Abs(TVector value);

    public static abstract TVector Sqrt(TVector value);

    /// <summary>
    /// The square root, rounded to one of the two floats beside it: less than one unit in the last place off, where that of
    /// <see cref="Sqrt"/> is at most half of one. For loops that the divider, which takes roots too, would hold up.
    /// </summary>
    public static abstract TVector FaithfulSqrt(TVector value);

    /// <summary><c>left * right + addend</c>, rounded once where the hardware can.</summary>
    public static abstract TVector FusedMultiplyAdd(TVector left, TVector right, TVector addend);

    /// <summary>Rounds to the nearest integer, ties to even.</summary>
    public static abstract TVector Round(TVector value);

    /// <summary>Mask of <c>left &gt; right</c> (false for NaN).</summary>
    public static abstract TVector GreaterThan(TVector left, TVector right);

    /// <summary>Mask of <c>left &gt; right</c> or <paramref name="left"/> NaN: when a running maximum moves on, as PyTorch's pooling does.</summary>
    public static abstract TVector GreaterThanOrNaN(TVector left, TVector right);

    /// <summary>Mask of <c>left == right</c> (false for NaN).</summary>
    public static abstract TVector Equals(TVector left, TVector right);

    /// <summary>Mask of lanes that are equal as 32-bit integers.</summary>
    public static abstract TVector EqualsBits(TVector left, TVector right);

    /// <summary>Mask of <c>left &gt; right</c>, lanes as signed 32-bit integers.</summary>
    public static abstract TVector GreaterThanBits(TVector left, TVector right);

    /// <summary><paramref name="whenTrue"/> where the mask is set, <paramref name="whenFalse"/> elsewhere.</summary>
    public static abstract TVector Select(TVector mask, TVector whenTrue, TVector whenFalse);

    /// <summary>Bitwise and: with a mask and ones it makes 1 and 0 of true and false.</summary>
    public static abstract TVector And(TVector left, TVector right);

    /// <summary>Bitwise or.</summary>
    public static abstract TVector Or(TVector left, TVector right);

    /// <summary>Bitwise exclusive or.</summary>
    public static abstract TVector Xor(TVector left, TVector right);

    /// <summary>Every lane the bits of one integer.</summary>
    public static abstract TVector BroadcastBits(int value);

    /// <summary>Adds lanes as 32-bit integers.</summary>
    public static abstract TVector AddBits(TVector left, TVector right);

    /// <summary>The low 32 bits of the product of lanes as integers.</summary>
    public static abstract TVector MultiplyBits(TVector left, TVector right);

    /// <summary>Shifts lanes left as 32-bit integers.</summary>
    public static abstract TVector ShiftLeftBits(TVector value, int count);

    /// <summary>Shifts lanes right as unsigned 32-bit integers.</summary>
    public static abstract TVector ShiftRightBits(TVector value, int count);

    /// <summary>Lanes as floats rounded to the nearest 32-bit integer: the result holds integer bits.</summary>
    public static abstract TVector ToBits(TVector value);

    /// <summary>Lanes as signed 32-bit integers converted to floats.</summary>
    public static abstract TVector FromBits(TVector value);

    /// <summary>Whether all lanes have the same bits: a NaN is identical to itself, and 0 is not to -0.</summary>
    public static abstract bool AreIdentical(TVector left, TVector right);

    /// <summary>The sum of the lanes, always combined in the same order.</summary>
    public static abstract float Sum(TVector value);

    /// <summary>The sums of the lanes of four vectors, each to the bit what <see cref="Sum(TVector)"/> makes of it.</summary>
    public static abstract Vector128<float> Sum(TVector first, TVector second, TVector third, TVector fourth);

    /// <summary>The largest lane; NaN if any is NaN.</summary>
    public static abstract float MaxAcross(TVector value);
}
