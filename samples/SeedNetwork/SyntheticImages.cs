namespace SeedNetwork;

/// <summary>
/// Stand-in for a data set of 101 classes of coloured photographs: stripes whose direction, width and two colours tell the
/// class, at a place, brightness and under noise of each image's own. Image i is always the same.
/// </summary>
internal static class SyntheticImages
{
    internal const int Classes = 101;
    internal const int Side = 224;
    private const int Plane = Side * Side;

    /// <summary>Draws images <paramref name="first"/> and on.</summary>
    /// <param name="first">The number of the first image.</param>
    /// <param name="images">[n, 3, 224, 224], in about [-2, 2], as normalised photographs are.</param>
    /// <param name="labels">[n]: the class of each image.</param>
    internal static void Draw(int first, Span<float> images, Span<int> labels)
    {
        for (int i = 0; i < labels.Length; i++)
        {
            var random = new Random(first + i);
            labels[i] = random.Next(Classes);
            Draw(labels[i], random, images.Slice(i * 3 * Plane, 3 * Plane));
        }
    }

    private static void Draw(int label, Random random, Span<float> image)
    {
        // The class is written in base 5: direction, width, and a hue of each of the two colours.
        (float sin, float cos) = MathF.SinCos(label % 5 * (MathF.PI / 5));
        float frequency = 0.04f + (label / 5 % 5 * 0.03f);
        (float sinAcross, float cosAcross) = MathF.SinCos(frequency * cos);
        float phase = random.NextSingle() * MathF.Tau, brightness = 0.8f + (0.4f * random.NextSingle());
        uint noise = (uint)random.Next() | 1;

        Span<float> light = stackalloc float[3], dark = stackalloc float[3];
        for (int channel = 0; channel < 3; channel++)
        {
            light[channel] = brightness * (1 + MathF.Cos((label * 0.7f) + (channel * MathF.Tau / 3)));
            dark[channel] = -brightness * (1 + MathF.Cos((label * 0.43f) + (channel * MathF.Tau / 3)));
        }

        for (int y = 0; y < Side; y++)
        {
            // The wave along a row is a rotation by the same angle from pixel to pixel.
            (float s, float c) = MathF.SinCos(phase + (frequency * sin * y));
            for (int x = 0; x < Side; x++)
            {
                noise = (noise * 1664525) + 1013904223;
                float grain = ((noise >> 8) * (1f / (1 << 24))) - 0.5f, blend = 0.5f + (0.5f * s);
                int pixel = (y * Side) + x;
                for (int channel = 0; channel < 3; channel++)
                {
                    image[(channel * Plane) + pixel] = dark[channel] + (blend * (light[channel] - dark[channel])) + (0.5f * grain);
                }

                (s, c) = ((s * cosAcross) + (c * sinAcross), (c * cosAcross) - (s * sinAcross));
            }
        }
    }
}
