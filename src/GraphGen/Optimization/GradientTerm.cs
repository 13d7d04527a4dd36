using System.Runtime.CompilerServices;
using GraphGen.Simd;

namespace GraphGen;

/// <summary>
/// The gradient that an update starts from, for a value w with gradient g: <c>±g + weightDecay·w + l1·sign(w)</c>, with − where the
/// group maximizes.
/// </summary>
internal readonly struct GradientTerm
{
    private readonly float _direction;
    private readonly float _weightDecay;
    private readonly float _l1;

    // Not by a multiplication with zero, which would make NaN of an infinite weight.
    private readonly bool _hasPenalty;

    /// <param name="group">The group, for <see cref="ParameterGroup.L1"/>.</param>
    /// <param name="maximize">Whether to go up.</param>
    /// <param name="weightDecay">The L2 penalty; 0 where decay is no part of the gradient.</param>
    public GradientTerm(ParameterGroup group, bool maximize, double weightDecay)
    {
        _direction = maximize ? -1f : 1f;
        _weightDecay = (float)weightDecay;
        _l1 = (float)group.L1;
        _hasPenalty = weightDecay != 0 || group.L1 != 0;
    }

    /// <summary>The term for one vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Of<TVector, TIsa>(TVector w, TVector g)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        g = TIsa.Multiply(TIsa.Broadcast(_direction), g);
        if (_hasPenalty)
        {
            g = TIsa.FusedMultiplyAdd(TIsa.Broadcast(_weightDecay), w, g);
            TVector sign = TIsa.Subtract(
                TIsa.Select(TIsa.GreaterThan(w, TIsa.Zero), TIsa.Broadcast(_l1), TIsa.Zero),
                TIsa.Select(TIsa.GreaterThan(TIsa.Zero, w), TIsa.Broadcast(_l1), TIsa.Zero));
            g = TIsa.Add(g, sign);
        }

        return g;
    }
}
