using System.Runtime.CompilerServices;
using GraphGen.Simd;

namespace GraphGen;

/// <summary>
/// The gradient that an update starts from, for a value w with gradient g: <c>±g + weightDecay·w + l1·sign(w)</c>, with − where the
/// group maximizes.
/// </summary>
internal readonly struct GradientTerm
{
    // −0, whose bits turn a gradient's sign, or 0.
    private readonly float _sign;
    private readonly float _weightDecay;
    private readonly float _l1;

    /// <param name="group">The group, for <see cref="ParameterGroup.L1"/>.</param>
    /// <param name="maximize">Whether to go up.</param>
    /// <param name="weightDecay">The L2 penalty; 0 where decay is no part of the gradient.</param>
    public GradientTerm(ParameterGroup group, bool maximize, double weightDecay)
    {
        _sign = maximize ? -0f : 0f;
        _weightDecay = (float)weightDecay;
        _l1 = (float)group.L1;
        HasPenalty = weightDecay != 0 || group.L1 != 0;
    }

    /// <summary>
    /// Whether the term has more than the gradient and its direction: what loops take their switch from, because a multiplication
    /// with zero would make NaN of an infinite weight.
    /// </summary>
    public bool HasPenalty { get; }

    /// <summary>The factors for a loop.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vectors<TVector, TIsa> Broadcast<TVector, TIsa>()
        where TVector : struct
        where TIsa : struct, ISimd<TVector> => new(TIsa.Broadcast(_sign), TIsa.Broadcast(_weightDecay), TIsa.Broadcast(_l1));

    /// <summary>The factors in every lane.</summary>
    internal readonly struct Vectors<TVector, TIsa>(TVector sign, TVector weightDecay, TVector l1)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        private readonly TVector _sign = sign;
        private readonly TVector _weightDecay = weightDecay;
        private readonly TVector _l1 = l1;

        /// <summary>The term for one vector.</summary>
        /// <typeparam name="TPenalty">On where the term <see cref="HasPenalty"/>.</typeparam>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Of<TPenalty>(TVector w, TVector g)
            where TPenalty : struct, ISwitch
        {
            g = TIsa.Xor(_sign, g);
            if (TPenalty.IsOn)
            {
                g = TIsa.FusedMultiplyAdd(_weightDecay, w, g);
                TVector l1 = TIsa.Subtract(
                    TIsa.Select(TIsa.GreaterThan(w, TIsa.Zero), _l1, TIsa.Zero),
                    TIsa.Select(TIsa.GreaterThan(TIsa.Zero, w), _l1, TIsa.Zero));
                g = TIsa.Add(g, l1);
            }

            return g;
        }
    }
}
