using System.Runtime.CompilerServices;

namespace GraphGen.Simd;

/// <summary>
/// Elementary functions over the vectors of any instruction set. Each is a few polynomials without branches, accurate to
/// 2·10⁻⁷ relative (about three units in the last place), with the right values at 0, ±∞ and NaN.
/// </summary>
/// <remarks>
/// The coefficients are minimax fits (Remez, weighted to relative error) on the ranges stated beside them. Constants are
/// hoisted out of a kernel's loop by the compiler, where registers last.
/// </remarks>
public static partial class SimdMath
{
    private const float Log2E = 1.44269504f;

    // ln 2 in two parts: the first has few enough bits that n·Ln2High is exact, with or without a fused multiply-add.
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    // Adding 1.5·2^23 leaves a float's nearest integer in its low bits.
    private const float IntegerShift = 12582912f;

    /// <summary>e^x. Zero below −87.33 (where the result would be denormal), infinite above 88.72.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Exp<TVector, TIsa>(TVector x)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        TVector result = ExpInRange<TVector, TIsa>(x);
        result = TIsa.Select(TIsa.GreaterThan(x, TIsa.Broadcast(88.722839f)), TIsa.Broadcast(float.PositiveInfinity), result);
        return TIsa.Select(TIsa.GreaterThan(TIsa.Broadcast(-87.336544f), x), TIsa.Zero, result);
    }

    /// <summary>The natural logarithm, also of denormal numbers: −∞ at 0, NaN below, ∞ at ∞.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Log<TVector, TIsa>(TVector x)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        const int RootHalfBits = 0x3F3504F3; // √½
        const int ExponentOfOne = 0x3F800000;

        // Denormal numbers borrow 2^23.
        TVector tiny = TIsa.GreaterThan(TIsa.Broadcast(1.17549435e-38f), x);
        TVector scaled = TIsa.Select(tiny, TIsa.Multiply(x, TIsa.Broadcast(8388608f)), x);
        TVector bias = TIsa.Select(tiny, TIsa.Broadcast(-150f), TIsa.Broadcast(-127f));

        // x = 2^e · m with m in [√½, √2).
        TVector bits = TIsa.AddBits(scaled, TIsa.BroadcastBits(ExponentOfOne - RootHalfBits));
        TVector e = TIsa.Add(TIsa.FromBits(TIsa.ShiftRightBits(bits, 23)), bias);
        TVector m = TIsa.AddBits(TIsa.And(bits, TIsa.BroadcastBits(0x007FFFFF)), TIsa.BroadcastBits(RootHalfBits));

        // log m = f − f²/2 + f³·p(f) with f = m − 1: 7e-10 relative before rounding.
        TVector f = TIsa.Subtract(m, TIsa.Broadcast(1f));
        TVector square = TIsa.Multiply(f, f);
        TVector p = TIsa.FusedMultiplyAdd(f, TIsa.Broadcast(6.746669618e-2f), TIsa.Broadcast(-0.1167563517f));
        p = TIsa.FusedMultiplyAdd(f, p, TIsa.Broadcast(0.1188813908f));
        p = TIsa.FusedMultiplyAdd(f, p, TIsa.Broadcast(-0.1240559006f));
        p = TIsa.FusedMultiplyAdd(f, p, TIsa.Broadcast(0.1421955585f));
        p = TIsa.FusedMultiplyAdd(f, p, TIsa.Broadcast(-0.1666799594f));
        p = TIsa.FusedMultiplyAdd(f, p, TIsa.Broadcast(0.2000211848f));
        p = TIsa.FusedMultiplyAdd(f, p, TIsa.Broadcast(-0.2500000959f));
        p = TIsa.FusedMultiplyAdd(f, p, TIsa.Broadcast(0.3333331261f));
        TVector tail = TIsa.Multiply(TIsa.Multiply(square, f), p);

        // The small parts first: e·Ln2Low, the tail, −f²/2; then f, then e·Ln2High, which is exact.
        tail = TIsa.FusedMultiplyAdd(e, TIsa.Broadcast(Ln2Low), tail);
        tail = TIsa.FusedMultiplyAdd(square, TIsa.Broadcast(-0.5f), tail);
        TVector result = TIsa.FusedMultiplyAdd(e, TIsa.Broadcast(Ln2High), TIsa.Add(f, tail));

        // Beyond the finite numbers: ∞ and NaN give themselves, 0 gives −∞, what is below gives NaN.
        result = TIsa.Select(TIsa.GreaterThan(TIsa.Broadcast(float.PositiveInfinity), x), result, x);
        result = TIsa.Select(TIsa.Equals(x, TIsa.Zero), TIsa.Broadcast(float.NegativeInfinity), result);
        return TIsa.Select(TIsa.GreaterThan(TIsa.Zero, x), TIsa.Broadcast(float.NaN), result);
    }

    /// <summary>The hyperbolic tangent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Tanh<TVector, TIsa>(TVector x)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        TVector sign = TIsa.And(x, TIsa.BroadcastBits(int.MinValue));
        TVector a = TIsa.Abs(x);

        // |x| ≤ 0.625: x + x³·p(x²), 4e-9 relative before rounding.
        TVector z = TIsa.Multiply(a, a);
        TVector p = TIsa.FusedMultiplyAdd(z, TIsa.Broadcast(-5.70497775e-3f), TIsa.Broadcast(2.063907782e-2f));
        p = TIsa.FusedMultiplyAdd(z, p, TIsa.Broadcast(-5.37397117e-2f));
        p = TIsa.FusedMultiplyAdd(z, p, TIsa.Broadcast(0.1333144215f));
        p = TIsa.FusedMultiplyAdd(z, p, TIsa.Broadcast(-0.3333328194f));
        TVector small = TIsa.FusedMultiplyAdd(TIsa.Multiply(z, a), p, a);

        // Beyond: 1 − 2 / (e^2|x| + 1), which is 1 from |x| = 9.02 on.
        TVector bounded = TIsa.Min(a, TIsa.Broadcast(10f));
        TVector exp = ExpInRange<TVector, TIsa>(TIsa.Add(bounded, bounded));
        TVector quotient = TIsa.Divide(TIsa.Broadcast(2f), TIsa.Add(exp, TIsa.Broadcast(1f)));
        TVector large = TIsa.Subtract(TIsa.Broadcast(1f), quotient);

        return TIsa.Or(sign, TIsa.Select(TIsa.GreaterThan(a, TIsa.Broadcast(0.625f)), large, small));
    }

    /// <summary>1 / (1 + e^−x). Zero below −88.72, where the result would be denormal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Sigmoid<TVector, TIsa>(TVector x)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        TVector one = TIsa.Broadcast(1f);
        return TIsa.Divide(one, TIsa.Add(one, Exp<TVector, TIsa>(TIsa.Negate(x))));
    }

    /// <summary>The error function <c>2/√π · ∫₀ˣ exp(−t²) dt</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Erf<TVector, TIsa>(TVector x)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        TVector sign = TIsa.And(x, TIsa.BroadcastBits(int.MinValue));
        TVector a = TIsa.Abs(x);

        // |x| ≤ 1.1: x + x·p(x²), 4e-9 relative before rounding.
        TVector z = TIsa.Multiply(a, a);
        TVector p = TIsa.FusedMultiplyAdd(z, TIsa.Broadcast(7.18799129e-5f), TIsa.Broadcast(-7.80576665e-4f));
        p = TIsa.FusedMultiplyAdd(z, p, TIsa.Broadcast(5.16485004e-3f));
        p = TIsa.FusedMultiplyAdd(z, p, TIsa.Broadcast(-2.68414337e-2f));
        p = TIsa.FusedMultiplyAdd(z, p, TIsa.Broadcast(0.112832911f));
        p = TIsa.FusedMultiplyAdd(z, p, TIsa.Broadcast(-0.376125991f));
        p = TIsa.FusedMultiplyAdd(z, p, TIsa.Broadcast(0.128379166f));
        TVector small = TIsa.FusedMultiplyAdd(a, p, a);

        // Beyond: 1 − q⁴(t) where q is the fourth root of erfc on [1.1, 4], 1.2e-8 before rounding; past that a float cannot tell
        // erf from 1. A root is smooth enough for a polynomial, and a square never takes the result above 1.
        TVector t = TIsa.Min(a, TIsa.Broadcast(4f));
        TVector q = TIsa.FusedMultiplyAdd(t, TIsa.Broadcast(-1.74910645e-4f), TIsa.Broadcast(3.17051332e-3f));
        q = TIsa.FusedMultiplyAdd(t, q, TIsa.Broadcast(-2.18425561e-2f));
        q = TIsa.FusedMultiplyAdd(t, q, TIsa.Broadcast(6.49475902e-2f));
        q = TIsa.FusedMultiplyAdd(t, q, TIsa.Broadcast(-4.82948981e-2f));
        q = TIsa.FusedMultiplyAdd(t, q, TIsa.Broadcast(-6.5814808e-2f));
        q = TIsa.FusedMultiplyAdd(t, q, TIsa.Broadcast(-0.307362914f));
        q = TIsa.FusedMultiplyAdd(t, q, TIsa.Broadcast(1.00514221f));
        TVector root = TIsa.Multiply(q, q);
        TVector large = TIsa.FusedMultiplyAdd(TIsa.Negate(root), root, TIsa.Broadcast(1f));

        return TIsa.Or(sign, TIsa.Select(TIsa.GreaterThan(a, TIsa.Broadcast(1.1f)), large, small));
    }

    /// <summary>
    /// Pseudo-random numbers without state: lane i is uniform in [0, 1), a hash of (<paramref name="key"/>,
    /// <paramref name="index"/> + i). The same on every instruction set, so a dropout mask depends on neither vector width nor
    /// number of threads.
    /// </summary>
    /// <param name="key">Which stream: a number for each pass and layer.</param>
    /// <param name="index">The position of lane 0 in the stream; wraps at 2³².</param>
    /// <remarks>
    /// Two rounds of multiply and xor-shift (the constants of the Hash Prospector's lowbias32). The key, hashed itself, enters before
    /// each: the first places streams at random against each other, the second makes what they have in common differ. 24 bits of the
    /// result are used.
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Uniform<TVector, TIsa>(uint key, uint index)
        where TVector : struct
        where TIsa : struct, ISimd<TVector> =>
        UniformAt<TVector, TIsa>(key, TIsa.AddBits(TIsa.ToBits(TIsa.Iota), TIsa.BroadcastBits(unchecked((int)index))));

    /// <summary>The numbers of the same streams at positions some way apart: lane i is that of <paramref name="index"/> + i · <paramref name="stride"/>.</summary>
    /// <param name="key">Which stream.</param>
    /// <param name="index">The position of lane 0.</param>
    /// <param name="stride">From one lane's position to the next; 0 makes all lanes the same.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Uniform<TVector, TIsa>(uint key, uint index, uint stride)
        where TVector : struct
        where TIsa : struct, ISimd<TVector> =>
        UniformAt<TVector, TIsa>(
            key,
            TIsa.AddBits(
                TIsa.MultiplyBits(TIsa.ToBits(TIsa.Iota), TIsa.BroadcastBits(unchecked((int)stride))), TIsa.BroadcastBits(unchecked((int)index))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector UniformAt<TVector, TIsa>(uint key, TVector positions)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        uint firstKey = Hash(key + 0x9E3779B9u);
        uint secondKey = Hash(firstKey ^ 0x9E3779B9u);
        TVector h = TIsa.Xor(positions, TIsa.BroadcastBits(unchecked((int)firstKey)));
        h = TIsa.Xor(h, TIsa.ShiftRightBits(h, 16));
        h = TIsa.MultiplyBits(h, TIsa.BroadcastBits(0x7FEB352D));
        h = TIsa.Xor(h, TIsa.ShiftRightBits(h, 15));
        h = TIsa.AddBits(h, TIsa.BroadcastBits(unchecked((int)secondKey)));
        h = TIsa.MultiplyBits(h, TIsa.BroadcastBits(unchecked((int)0x846CA68B)));
        h = TIsa.Xor(h, TIsa.ShiftRightBits(h, 16));
        return TIsa.Multiply(TIsa.FromBits(TIsa.ShiftRightBits(h, 8)), TIsa.Broadcast(1f / 16777216f));
    }

    /// <summary>e^x where it is neither denormal nor infinite; elsewhere anything.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector ExpInRange<TVector, TIsa>(TVector x)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        // x = n·ln 2 + r with |r| ≤ ln 2 / 2, so e^x = 2^n · e^r.
        TVector shifted = TIsa.FusedMultiplyAdd(x, TIsa.Broadcast(Log2E), TIsa.Broadcast(IntegerShift));
        TVector n = TIsa.Subtract(shifted, TIsa.Broadcast(IntegerShift));
        TVector r = TIsa.FusedMultiplyAdd(n, TIsa.Broadcast(-Ln2High), x);
        r = TIsa.FusedMultiplyAdd(n, TIsa.Broadcast(-Ln2Low), r);

        // e^r = 1 + r + r²·q(r): degree 6, 3e-9 relative before rounding.
        TVector q = TIsa.FusedMultiplyAdd(r, TIsa.Broadcast(1.381453801e-3f), TIsa.Broadcast(8.368745079e-3f));
        q = TIsa.FusedMultiplyAdd(r, q, TIsa.Broadcast(4.166839082e-2f));
        q = TIsa.FusedMultiplyAdd(r, q, TIsa.Broadcast(0.166665204f));
        q = TIsa.FusedMultiplyAdd(r, q, TIsa.Broadcast(0.4999999343f));
        TVector p = TIsa.FusedMultiplyAdd(TIsa.Multiply(r, r), q, r);
        p = TIsa.Add(p, TIsa.Broadcast(1f));

        // Adding n to the exponent multiplies by 2^n. At the upper end n is 128 but e^r < 1, so the exponent still fits.
        return TIsa.AddBits(p, TIsa.ShiftLeftBits(shifted, 23));
    }

    /// <summary>lowbias32: every bit of the result depends on every bit of the key.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Hash(uint key)
    {
        key = (key ^ (key >> 16)) * 0x7FEB352Du;
        key = (key ^ (key >> 15)) * 0x846CA68Bu;
        return key ^ (key >> 16);
    }
}
