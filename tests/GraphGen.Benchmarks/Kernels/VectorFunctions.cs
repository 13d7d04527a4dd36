using System.Runtime.CompilerServices;
using GraphGen.Simd;

namespace GraphGen.Benchmarks.Kernels;

/// <summary>A function of <see cref="SimdMath"/> as a type argument, so that loops over it are compiled for it.</summary>
internal interface IVectorFunction
{
    public static abstract TVector Apply<TVector, TIsa>(TVector x)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>;
}

internal readonly struct ExpFunction : IVectorFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TVector, TIsa>(TVector x)
        where TVector : struct
        where TIsa : struct, ISimd<TVector> => SimdMath.Exp<TVector, TIsa>(x);
}

internal readonly struct LogFunction : IVectorFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TVector, TIsa>(TVector x)
        where TVector : struct
        where TIsa : struct, ISimd<TVector> => SimdMath.Log<TVector, TIsa>(x);
}

internal readonly struct TanhFunction : IVectorFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TVector, TIsa>(TVector x)
        where TVector : struct
        where TIsa : struct, ISimd<TVector> => SimdMath.Tanh<TVector, TIsa>(x);
}

internal readonly struct SigmoidFunction : IVectorFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TVector, TIsa>(TVector x)
        where TVector : struct
        where TIsa : struct, ISimd<TVector> => SimdMath.Sigmoid<TVector, TIsa>(x);
}

internal readonly struct ErfFunction : IVectorFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TVector, TIsa>(TVector x)
        where TVector : struct
        where TIsa : struct, ISimd<TVector> => SimdMath.Erf<TVector, TIsa>(x);
}

internal readonly struct SinFunction : IVectorFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TVector, TIsa>(TVector x)
        where TVector : struct
        where TIsa : struct, ISimd<TVector> => SimdMath.Sin<TVector, TIsa>(x);
}

internal readonly struct CosFunction : IVectorFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TVector, TIsa>(TVector x)
        where TVector : struct
        where TIsa : struct, ISimd<TVector> => SimdMath.Cos<TVector, TIsa>(x);
}

/// <summary>A function as a call: <see cref="SimdMathCalls"/>, for what the call costs.</summary>
internal readonly struct CalledErfFunction : IVectorFunction
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TVector, TIsa>(TVector x)
        where TVector : struct
        where TIsa : struct, ISimd<TVector> => SimdMathCalls.Erf<TVector, TIsa>(x);
}

/// <summary>The yardstick: multiply-adds in eight chains, that more than fill the units.</summary>
internal readonly struct MultiplyAdds : IVectorFunction
{
    private const int Rounds = 12;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Apply<TVector, TIsa>(TVector x)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        TVector scale = TIsa.Broadcast(0.999f), addend = TIsa.Broadcast(0.001f);
        TVector a0 = x, a1 = x, a2 = x, a3 = x, a4 = x, a5 = x, a6 = x, a7 = x;
        for (int i = 0; i < Rounds; i++)
        {
            a0 = TIsa.FusedMultiplyAdd(a0, scale, addend);
            a1 = TIsa.FusedMultiplyAdd(a1, scale, x);
            a2 = TIsa.FusedMultiplyAdd(a2, addend, scale);
            a3 = TIsa.FusedMultiplyAdd(a3, addend, x);
            a4 = TIsa.FusedMultiplyAdd(a4, x, scale);
            a5 = TIsa.FusedMultiplyAdd(a5, x, addend);
            a6 = TIsa.FusedMultiplyAdd(a6, x, x);
            a7 = TIsa.FusedMultiplyAdd(a7, scale, scale);
        }

        TVector sum = TIsa.FusedMultiplyAdd(a0, a1, TIsa.FusedMultiplyAdd(a2, a3, a4));
        return TIsa.FusedMultiplyAdd(a5, a6, TIsa.FusedMultiplyAdd(a7, scale, sum));
    }
}
