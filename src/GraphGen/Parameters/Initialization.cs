using GraphGen.Runtime;

namespace GraphGen;

/// <summary>Fills new parameters. Numbers come from SplitMix64, a stream for each parameter, so that one parameter's size does not shift another's values.</summary>
internal static class Initialization
{
    public static void Fill(Span<float> values, ParameterSpec spec, long seed, int stream)
    {
        ulong state = unchecked(((ulong)seed * 0x9E3779B97F4A7C15) ^ ((ulong)(stream + 1) * 0xD1B54A32D192ED03));
        switch (spec.Initializer)
        {
            case Initializer.Uniform:
                for (int i = 0; i < values.Length; i++)
                {
                    values[i] = (float)(((2 * NextUniform(ref state)) - 1) * spec.Bound);
                }

                break;
            case Initializer.Normal:
                for (int i = 0; i < values.Length; i++)
                {
                    // Box and Muller: a radius and an angle. 1 - u is in (0, 1], so the logarithm is finite.
                    double radius = Math.Sqrt(-2 * Math.Log(1 - NextUniform(ref state)));
                    values[i] = (float)(radius * Math.Cos(2 * Math.PI * NextUniform(ref state)));
                }

                break;
            default:
                values.Fill(spec.Initializer == Initializer.Ones ? 1 : 0);
                break;
        }
    }

    /// <summary>Uniform in [0, 1), 53 bits.</summary>
    private static double NextUniform(ref ulong state)
    {
        state = unchecked(state + 0x9E3779B97F4A7C15);
        ulong z = state;
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EB);
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }
}
