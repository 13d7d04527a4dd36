namespace GraphGen;

/// <summary>What keeps the denominators of adaptive optimizers from zero.</summary>
internal static class Denominator
{
    /// <summary>
    /// An ε as a float that is not 0. Where a value has never had a gradient, as between parameters, 0 is divided by ε: with the
    /// smallest float there is instead of none the quotient is 0 rather than NaN, and no other quotient changes.
    /// </summary>
    public static float Epsilon(double eps) => Math.Max((float)eps, float.Epsilon);
}
