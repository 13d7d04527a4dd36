namespace GraphGen.Tests.Golden;

/// <summary>
/// The numbers that both sides of a golden case make for themselves, so that none is stored: inputs, weights, labels and
/// output gradients, each a stream of one integer hash. <c>streams.py</c> is the same in Python and says how an element is drawn.
/// </summary>
internal static class GoldenStream
{
    internal const int InputSlot = 0;
    internal const int TargetSlot = 64;
    internal const int OutputGradientSlot = 96;
    internal const int ParameterSlot = 128;

    /// <summary>Elements <paramref name="start"/> and on, uniform in [low, high), or evenly spaced when there are levels.</summary>
    internal static void Fill(Span<float> destination, uint stream, long start, float low, float high, int levels = 0)
    {
        uint key = LowBias32(stream);
        float range = high - low;
        float step = range / (levels - 1);
        for (int i = 0; i < destination.Length; i++)
        {
            float u = Hash(key, start + i) * (1f / (1 << 24));
            destination[i] = levels > 0 ? low + MathF.Floor(u * levels) * step : low + u * range;
        }
    }

    /// <summary>Elements <paramref name="start"/> and on, in [0, classes).</summary>
    internal static void Fill(Span<int> destination, uint stream, long start, int classes)
    {
        uint key = LowBias32(stream);
        for (int i = 0; i < destination.Length; i++)
        {
            destination[i] = (int)(Hash(key, start + i) % (uint)classes);
        }
    }

    private static uint Hash(uint key, long index) => LowBias32(key + (uint)index) >> 8;

    private static uint LowBias32(uint x)
    {
        x = (x ^ (x >> 16)) * 0x7FEB352D;
        x = (x ^ (x >> 15)) * 0x846CA68B;
        return x ^ (x >> 16);
    }
}
