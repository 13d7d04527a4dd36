using System.Runtime.Intrinsics;
using GraphGen.Simd;

namespace GraphGen.Benchmarks.Kernels;

/// <summary>128-bit vectors that count their operations. Constants are none, nor is what moves between memory and registers.</summary>
internal readonly unsafe struct CountingSimd : ISimd<Vector128<float>>
{
    public static int Operations { get; private set; }

    public static string Name => Vector128Simd.Name;

    public static bool IsSupported => true;

    public static int Width => Vector128Simd.Width;

    public static int Registers => Vector128Simd.Registers;

    public static Vector128<float> Zero => Vector128Simd.Zero;

    public static Vector128<float> Iota => Vector128Simd.Iota;

    public static Vector128<float> Broadcast(float value) => Vector128Simd.Broadcast(value);

    public static Vector128<float> BroadcastBits(int value) => Vector128Simd.BroadcastBits(value);

    public static Vector128<float> Load(float* source) => Vector128Simd.Load(source);

    public static void Store(float* destination, Vector128<float> value) => Vector128Simd.Store(destination, value);

    public static Vector128<float> LoadPartial(float* source, int count) => Vector128Simd.LoadPartial(source, count);

    public static void StorePartial(float* destination, Vector128<float> value, int count) => Vector128Simd.StorePartial(destination, value, count);

    public static Vector128<float> LoadStrided(float* source, int stride) => Vector128Simd.LoadStrided(source, stride);

    public static Vector128<float> LoadStridedPartial(float* source, int stride, int count) => Vector128Simd.LoadStridedPartial(source, stride, count);

    public static Vector128<float> LoadBytes(byte* source) => Vector128Simd.LoadBytes(source);

    public static Vector128<float> LoadBytesPartial(byte* source, int count) => Vector128Simd.LoadBytesPartial(source, count);

    public static void StoreBytes(byte* destination, Vector128<float> value) => Vector128Simd.StoreBytes(destination, value);

    public static void StoreBytesPartial(byte* destination, Vector128<float> value, int count) => Vector128Simd.StoreBytesPartial(destination, value, count);

    public static void Prefetch(float* address) => Vector128Simd.Prefetch(address);

    public static Vector128<float> Add(Vector128<float> left, Vector128<float> right) => Count(Vector128Simd.Add(left, right));

    public static Vector128<float> Subtract(Vector128<float> left, Vector128<float> right) => Count(Vector128Simd.Subtract(left, right));

    public static Vector128<float> Multiply(Vector128<float> left, Vector128<float> right) => Count(Vector128Simd.Multiply(left, right));

    public static Vector128<float> Divide(Vector128<float> left, Vector128<float> right) => Count(Vector128Simd.Divide(left, right));

    public static Vector128<float> Max(Vector128<float> left, Vector128<float> right) => Count(Vector128Simd.Max(left, right));

    public static Vector128<float> Min(Vector128<float> left, Vector128<float> right) => Count(Vector128Simd.Min(left, right));

    public static Vector128<float> Negate(Vector128<float> value) => Count(Vector128Simd.Negate(value));

    public static Vector128<float> Abs(Vector128<float> value) => Count(Vector128Simd.Abs(value));

    public static Vector128<float> Sqrt(Vector128<float> value) => Count(Vector128Simd.Sqrt(value));

    public static Vector128<float> FaithfulSqrt(Vector128<float> value) => Count(Vector128Simd.FaithfulSqrt(value));

    public static Vector128<float> FusedMultiplyAdd(Vector128<float> left, Vector128<float> right, Vector128<float> addend) =>
        Count(Vector128Simd.FusedMultiplyAdd(left, right, addend));

    public static Vector128<float> Round(Vector128<float> value) => Count(Vector128Simd.Round(value));

    public static Vector128<float> GreaterThan(Vector128<float> left, Vector128<float> right) => Count(Vector128Simd.GreaterThan(left, right));

    public static Vector128<float> GreaterThanOrNaN(Vector128<float> left, Vector128<float> right) => Count(Vector128Simd.GreaterThanOrNaN(left, right));

    public static Vector128<float> Equals(Vector128<float> left, Vector128<float> right) => Count(Vector128Simd.Equals(left, right));

    public static Vector128<float> Select(Vector128<float> mask, Vector128<float> whenTrue, Vector128<float> whenFalse) =>
        Count(Vector128Simd.Select(mask, whenTrue, whenFalse));

    public static Vector128<float> EqualsBits(Vector128<float> left, Vector128<float> right) => Count(Vector128Simd.EqualsBits(left, right));

    public static Vector128<float> GreaterThanBits(Vector128<float> left, Vector128<float> right) => Count(Vector128Simd.GreaterThanBits(left, right));

    public static Vector128<float> And(Vector128<float> left, Vector128<float> right) => Count(Vector128Simd.And(left, right));

    public static Vector128<float> Or(Vector128<float> left, Vector128<float> right) => Count(Vector128Simd.Or(left, right));

    public static Vector128<float> Xor(Vector128<float> left, Vector128<float> right) => Count(Vector128Simd.Xor(left, right));

    public static Vector128<float> AddBits(Vector128<float> left, Vector128<float> right) => Count(Vector128Simd.AddBits(left, right));

    public static Vector128<float> MultiplyBits(Vector128<float> left, Vector128<float> right) => Count(Vector128Simd.MultiplyBits(left, right));

    public static Vector128<float> ShiftLeftBits(Vector128<float> value, int count) => Count(Vector128Simd.ShiftLeftBits(value, count));

    public static Vector128<float> ShiftRightBits(Vector128<float> value, int count) => Count(Vector128Simd.ShiftRightBits(value, count));

    public static Vector128<float> ToBits(Vector128<float> value) => Count(Vector128Simd.ToBits(value));

    public static Vector128<float> FromBits(Vector128<float> value) => Count(Vector128Simd.FromBits(value));

    public static bool AreIdentical(Vector128<float> left, Vector128<float> right) => Vector128Simd.AreIdentical(left, right);

    public static Vector128<float> Sum(Vector128<float> first, Vector128<float> second, Vector128<float> third, Vector128<float> fourth) =>
        Vector128Simd.Sum(first, second, third, fourth);

    public static float Sum(Vector128<float> value) => Vector128Simd.Sum(value);

    public static float MaxAcross(Vector128<float> value) => Vector128Simd.MaxAcross(value);

    private static Vector128<float> Count(Vector128<float> result)
    {
        Operations++;
        return result;
    }
}
