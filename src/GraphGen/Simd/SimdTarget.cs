using System.ComponentModel;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace GraphGen.Simd;

/// <summary>The instruction set that this process runs kernels with: the widest of the policies that is supported.</summary>
/// <remarks>
/// Generated code and the optimizers choose in this order, each test a constant to the compiler:
/// <see cref="Avx512Simd"/>, <see cref="Avx2Simd"/>, <see cref="NeonSimd"/>, <see cref="Vector128Simd"/>.
/// </remarks>
public static class SimdTarget
{
    /// <summary>The name of the chosen path: <c>AVX-512</c>, <c>AVX2</c>, <c>Neon</c> or <c>128-bit</c>.</summary>
    public static string Name
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Avx512Simd.IsSupported ? Avx512Simd.Name
            : Avx2Simd.IsSupported ? Avx2Simd.Name
            : NeonSimd.IsSupported ? NeonSimd.Name
            : Vector128Simd.Name;
    }

    /// <summary>Floats in a vector of the chosen path.</summary>
    public static int Width
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Avx512Simd.IsSupported ? Avx512Simd.Width : Avx2Simd.IsSupported ? Avx2Simd.Width : Vector128Simd.Width;
    }

    /// <summary>Runs a program on the chosen path.</summary>
    /// <typeparam name="TProgram">The program.</typeparam>
    /// <param name="state">What it is about.</param>
    [EditorBrowsable(EditorBrowsableState.Never)]
    public static unsafe void Run<TProgram>(void* state)
        where TProgram : struct, ISimdProgram
    {
        if (Avx512Simd.IsSupported)
        {
            TProgram.Run<Vector512<float>, Avx512Simd>(state);
        }
        else if (Avx2Simd.IsSupported)
        {
            TProgram.Run<Vector256<float>, Avx2Simd>(state);
        }
        else if (NeonSimd.IsSupported)
        {
            TProgram.Run<Vector128<float>, NeonSimd>(state);
        }
        else
        {
            TProgram.Run<Vector128<float>, Vector128Simd>(state);
        }
    }
}
