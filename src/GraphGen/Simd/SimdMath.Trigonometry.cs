using System.Runtime.CompilerServices;

namespace GraphGen.Simd;

/// <summary>Sine and cosine.</summary>
public static partial class SimdMath
{
    private const float TwoOverPi = 0.636619772f;

    // π/2 in four parts. The first three have 11 bits at most, so that whole multiples up to 2^13 are exact, with or without a fused
    // multiply-add.
    private const float HalfPi1 = 1.5703125f;
    private const float HalfPi2 = 4.83751297e-4f;
    private const float HalfPi3 = 7.54953362e-8f;
    private const float HalfPi4 = 2.56334407e-12f;

    // From here on an angle is more than 2^12 quarter turns.
    private const float LargeAngle = 6433f;

    /// <summary>The sine of an angle in radians, of any size; NaN at ±∞.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Sin<TVector, TIsa>(TVector x)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        TVector sign = TIsa.And(x, TIsa.BroadcastBits(int.MinValue));
        TVector a = TIsa.Abs(x);
        TVector quarters = TIsa.FusedMultiplyAdd(a, TIsa.Broadcast(TwoOverPi), TIsa.Broadcast(IntegerShift));
        TVector result = TIsa.Xor(SinFromQuarter<TVector, TIsa>(a, quarters, quarters), sign);
        TVector isLarge = TIsa.GreaterThan(a, TIsa.Broadcast(LargeAngle));
        return TIsa.AreIdentical(isLarge, TIsa.Zero) ? result : TIsa.Select(isLarge, OfLarge<TVector, TIsa>(x, isCosine: false), result);
    }

    /// <summary>The cosine of an angle in radians, of any size; NaN at ±∞.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Cos<TVector, TIsa>(TVector x)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        // The sine a quarter turn further.
        TVector a = TIsa.Abs(x);
        TVector quarters = TIsa.FusedMultiplyAdd(a, TIsa.Broadcast(TwoOverPi), TIsa.Broadcast(IntegerShift));
        TVector result = SinFromQuarter<TVector, TIsa>(a, quarters, TIsa.AddBits(quarters, TIsa.BroadcastBits(1)));
        TVector isLarge = TIsa.GreaterThan(a, TIsa.Broadcast(LargeAngle));
        return TIsa.AreIdentical(isLarge, TIsa.Zero) ? result : TIsa.Select(isLarge, OfLarge<TVector, TIsa>(x, isCosine: true), result);
    }

    /// <summary>What is left of an angle beyond whole quarter turns, and the sine of that turned by as many.</summary>
    /// <param name="a">The angle, not negative and not large.</param>
    /// <param name="quarters">The quarter turns nearest to it, in the low bits.</param>
    /// <param name="turn">The quarter turns to turn by, in the low bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector SinFromQuarter<TVector, TIsa>(TVector a, TVector quarters, TVector turn)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        TVector n = TIsa.Subtract(quarters, TIsa.Broadcast(IntegerShift));
        TVector r = TIsa.FusedMultiplyAdd(n, TIsa.Broadcast(-HalfPi1), a);
        r = TIsa.FusedMultiplyAdd(n, TIsa.Broadcast(-HalfPi2), r);
        r = TIsa.FusedMultiplyAdd(n, TIsa.Broadcast(-HalfPi3), r);
        r = TIsa.FusedMultiplyAdd(n, TIsa.Broadcast(-HalfPi4), r);

        // |r| ≤ π/4: sin r = r + r³·p(r²), 3e-9 relative before rounding.
        TVector z = TIsa.Multiply(r, r);
        TVector p = TIsa.FusedMultiplyAdd(z, TIsa.Broadcast(2.814840173e-6f), TIsa.Broadcast(-1.98530237e-4f));
        p = TIsa.FusedMultiplyAdd(z, p, TIsa.Broadcast(8.333379403e-3f));
        p = TIsa.FusedMultiplyAdd(z, p, TIsa.Broadcast(-0.1666666716f));
        TVector sine = TIsa.FusedMultiplyAdd(TIsa.Multiply(r, z), p, r);

        // cos r = 1 − r²/2 + r⁴·q(r²), 1.3e-9 relative before rounding.
        TVector q = TIsa.FusedMultiplyAdd(z, TIsa.Broadcast(2.442496952e-5f), TIsa.Broadcast(-1.388730481e-3f));
        q = TIsa.FusedMultiplyAdd(z, q, TIsa.Broadcast(4.166664556e-2f));
        TVector cosine = TIsa.FusedMultiplyAdd(TIsa.Multiply(z, z), q, TIsa.FusedMultiplyAdd(z, TIsa.Broadcast(-0.5f), TIsa.Broadcast(1f)));

        // An odd number of quarters makes a cosine of the sine; two quarters change the sign.
        TVector isOdd = TIsa.GreaterThan(TIsa.Zero, TIsa.Or(TIsa.ShiftLeftBits(turn, 31), TIsa.Broadcast(1f)));
        TVector sign = TIsa.And(TIsa.ShiftLeftBits(turn, 30), TIsa.BroadcastBits(int.MinValue));
        return TIsa.Xor(TIsa.Select(isOdd, cosine, sine), sign);
    }

    /// <summary>Lane by lane, in double precision: large angles are rare, and need as many digits of π as they have themselves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static unsafe TVector OfLarge<TVector, TIsa>(TVector x, bool isCosine)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        float* lanes = stackalloc float[TIsa.Width];
        TIsa.Store(lanes, x);
        for (int i = 0; i < TIsa.Width; i++)
        {
            lanes[i] = (float)(isCosine ? Math.Cos(lanes[i]) : Math.Sin(lanes[i]));
        }

        return TIsa.Load(lanes);
    }
}
