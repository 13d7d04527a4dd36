namespace GraphGen;

/// <summary>
/// The random numbers that parameters start with and samples are shuffled by. Number i of a stream is SplitMix64's output for state
/// <c>key + (i + 1)·γ</c>: it depends on nothing but the key and i, and a stream's key on nothing but the seed and a name (or a number). So a
/// parameter starts the same whatever other parameters there are and however large they are.
/// </summary>
/// <remarks>Steele, Lea, Flood: <see href="https://doi.org/10.1145/2660193.2660195">Fast splittable pseudorandom number generators</see>, 2014.</remarks>
internal struct RandomStream
{
    private const ulong Gamma = 0x9E3779B97F4A7C15;

    private ulong _state;

    public RandomStream(long seed, string name)
    {
        // FNV-1a over the name, then mixed with the seed.
        ulong hash = 0xCBF29CE484222325;
        foreach (char c in name)
        {
            hash = (hash ^ c) * 0x100000001B3;
        }

        _state = Mix(hash ^ Mix(unchecked((ulong)seed) + Gamma));
    }

    public RandomStream(long seed, long number)
    {
        _state = Mix(Mix(unchecked((ulong)seed) + Gamma) ^ Mix(unchecked((ulong)number)));
    }

    /// <summary>Fills a parameter with its starting values.</summary>
    public static void Fill(Span<float> values, Initialization init, long seed, string name)
    {
        RandomStream random = new(seed, name);
        switch (init.Kind)
        {
            case Initializer.Zeros:
                values.Clear();
                break;
            case Initializer.Ones:
                values.Fill(1f);
                break;
            case Initializer.Uniform:
                random.FillUniform(values, init.Scale);
                break;
            case Initializer.Normal:
                random.FillNormal(values, init.Scale);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(init), init.Kind, "Expected one of the values of Initializer.");
        }
    }

    /// <summary>The next 64 random bits.</summary>
    public ulong Next() => Mix(_state += Gamma);

    /// <summary>A random number below a bound, without bias worth speaking of (2⁻³²).</summary>
    public int Next(int bound) => (int)Math.BigMul(Next(), (ulong)bound, out _);

    private void FillUniform(Span<float> values, float bound)
    {
        for (int i = 0; i < values.Length; i++)
        {
            // 24 bits: u in [-1, 1) in steps of 2^-23, exact in a float.
            float u = ((int)(Next() >> 40) - (1 << 23)) * (1f / (1 << 23));
            values[i] = u * bound;
        }
    }

    private void FillNormal(Span<float> values, float standardDeviation)
    {
        // Box and Muller: two uniform numbers, the first in (0, 1], give two normal ones.
        for (int i = 0; i < values.Length; i += 2)
        {
            double radius = standardDeviation * Math.Sqrt(-2 * Math.Log(((Next() >> 11) + 1) * (1.0 / (1L << 53))));
            (double sin, double cos) = Math.SinCos((Next() >> 11) * (2 * Math.PI / (1L << 53)));
            values[i] = (float)(radius * cos);
            if (i + 1 < values.Length)
            {
                values[i + 1] = (float)(radius * sin);
            }
        }
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
