using System.ComponentModel;

namespace GraphGen.Simd;

/// <summary>Work that is written once for all instruction sets: <see cref="SimdTarget.Run"/> runs it with the one of this process.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface ISimdProgram
{
    /// <summary>Does the work.</summary>
    /// <typeparam name="TVector">The vector of the instruction set.</typeparam>
    /// <typeparam name="TIsa">The instruction set.</typeparam>
    /// <param name="state">What the work is about.</param>
    public static abstract unsafe void Run<TVector, TIsa>(void* state)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>;
}
