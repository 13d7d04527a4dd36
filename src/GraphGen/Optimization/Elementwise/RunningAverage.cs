using System.Runtime.CompilerServices;
using GraphGen.Simd;

namespace GraphGen;

/// <summary>A running average: <c>a ← β·a + (1 − β)·x</c>, with 1 − β taken in double precision.</summary>
internal readonly struct RunningAverage(double beta)
{
    private readonly float _beta = (float)beta;
    private readonly float _gain = (float)(1 - beta);

    /// <summary>The factors for a loop.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vectors<TVector, TIsa> Broadcast<TVector, TIsa>()
        where TVector : struct
        where TIsa : struct, ISimd<TVector> => new(TIsa.Broadcast(_beta), TIsa.Broadcast(_gain));

    /// <summary>The factors in every lane.</summary>
    internal readonly struct Vectors<TVector, TIsa>(TVector beta, TVector gain)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        private readonly TVector _beta = beta;
        private readonly TVector _gain = gain;

        /// <summary>What the average becomes.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Of(TVector average, TVector value) => TIsa.FusedMultiplyAdd(_gain, value, TIsa.Multiply(_beta, average));

        /// <summary>
        /// What the average of squares becomes. The gain comes first, as in PyTorch, so that the square of a large value is infinite
        /// only if its part of the average is.
        /// </summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector OfSquare(TVector average, TVector value) =>
            TIsa.FusedMultiplyAdd(TIsa.Multiply(_gain, value), value, TIsa.Multiply(_beta, average));
    }
}
