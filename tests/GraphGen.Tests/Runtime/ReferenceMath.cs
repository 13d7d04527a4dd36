namespace GraphGen.Tests.Runtime;

/// <summary>Plain versions, slow and to be believed.</summary>
internal static class ReferenceMath
{
    /// <summary>The error function in double precision: its series up to 3, the continued fraction of erfc beyond.</summary>
    public static double Erf(double x)
    {
        double a = Math.Abs(x);
        if (a < 3)
        {
            // 2/√π · e^(−x²) · Σ 2^n x^(2n+1) / (1·3·…·(2n+1)): all terms of one sign.
            double term = a, sum = a;
            for (int n = 1; term > sum * 1e-18; n++)
            {
                term *= 2 * a * a / ((2 * n) + 1);
                sum += term;
            }

            return Math.Sign(x) * 2 / Math.Sqrt(Math.PI) * Math.Exp(-a * a) * sum;
        }

        double fraction = 0;
        for (int n = 60; n > 0; n--)
        {
            fraction = n / 2.0 / (a + fraction);
        }

        return Math.Sign(x) * (1 - (Math.Exp(-a * a) / Math.Sqrt(Math.PI) / (a + fraction)));
    }

    /// <summary>The hash of <see cref="Simd.SimdMath.Uniform{TVector, TIsa}(uint, uint)"/>, one number at a time.</summary>
    public static float Uniform(uint key, uint index)
    {
        uint first = Hash(key + 0x9E3779B9u);
        uint second = Hash(first ^ 0x9E3779B9u);
        uint h = index ^ first;
        h = (h ^ (h >> 16)) * 0x7FEB352Du;
        h ^= h >> 15;
        h = (h + second) * 0x846CA68Bu;
        h ^= h >> 16;
        return (h >> 8) * (1f / 16777216f);
    }

    private static uint Hash(uint key)
    {
        key = (key ^ (key >> 16)) * 0x7FEB352Du;
        key = (key ^ (key >> 15)) * 0x846CA68Bu;
        return key ^ (key >> 16);
    }
}
