using System.Runtime.CompilerServices;

namespace GraphGen.Simd;

/// <summary>
/// The functions of <see cref="SimdMath"/> as methods of their own, for kernels that use more of them than the JIT would inline. They are
/// compiled once, fully optimised: a kernel is as well, and what it calls would else begin in the lowest tier. A call passes vectors
/// through the stack: a quarter of an error function, or several times that where they lie across cache lines.
/// </summary>
public static class SimdMathCalls
{
    /// <inheritdoc cref="SimdMath.Exp"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static TVector Exp<TVector, TIsa>(TVector x)
        where TVector : struct
        where TIsa : struct, ISimd<TVector> =>
        SimdMath.Exp<TVector, TIsa>(x);

    /// <inheritdoc cref="SimdMath.Log"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static TVector Log<TVector, TIsa>(TVector x)
        where TVector : struct
        where TIsa : struct, ISimd<TVector> =>
        SimdMath.Log<TVector, TIsa>(x);

    /// <inheritdoc cref="SimdMath.Tanh"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static TVector Tanh<TVector, TIsa>(TVector x)
        where TVector : struct
        where TIsa : struct, ISimd<TVector> =>
        SimdMath.Tanh<TVector, TIsa>(x);

    /// <inheritdoc cref="SimdMath.Sigmoid"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static TVector Sigmoid<TVector, TIsa>(TVector x)
        where TVector : struct
        where TIsa : struct, ISimd<TVector> =>
        SimdMath.Sigmoid<TVector, TIsa>(x);

    /// <inheritdoc cref="SimdMath.Erf"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static TVector Erf<TVector, TIsa>(TVector x)
        where TVector : struct
        where TIsa : struct, ISimd<TVector> =>
        SimdMath.Erf<TVector, TIsa>(x);

    /// <inheritdoc cref="SimdMath.Sin"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static TVector Sin<TVector, TIsa>(TVector x)
        where TVector : struct
        where TIsa : struct, ISimd<TVector> =>
        SimdMath.Sin<TVector, TIsa>(x);

    /// <inheritdoc cref="SimdMath.Cos"/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static TVector Cos<TVector, TIsa>(TVector x)
        where TVector : struct
        where TIsa : struct, ISimd<TVector> =>
        SimdMath.Cos<TVector, TIsa>(x);
}
