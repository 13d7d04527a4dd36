namespace Samples;

/// <summary>A white picture to draw lines and small numbers on.</summary>
internal sealed class Canvas(int width, int height)
{
    private const int GlyphWidth = 3;
    private const int GlyphHeight = 5;
    private const int GlyphScale = 2;

    private readonly byte[] _rgb = NewWhite(width * height * 3);

    /// <summary>Draws a straight line with soft edges.</summary>
    internal void Line(float x0, float y0, float x1, float y1, float thickness, uint color)
    {
        float reach = (thickness / 2) + 1;
        int left = Math.Max(0, (int)(MathF.Min(x0, x1) - reach)), right = Math.Min(width - 1, (int)(MathF.Max(x0, x1) + reach));
        int top = Math.Max(0, (int)(MathF.Min(y0, y1) - reach)), bottom = Math.Min(height - 1, (int)(MathF.Max(y0, y1) + reach));
        (float dx, float dy) = (x1 - x0, y1 - y0);
        float squared = MathF.Max((dx * dx) + (dy * dy), 1e-6f);

        for (int y = top; y <= bottom; y++)
        {
            for (int x = left; x <= right; x++)
            {
                // How far the pixel is from the nearest point of the line decides how much of it is covered.
                float along = Math.Clamp((((x - x0) * dx) + ((y - y0) * dy)) / squared, 0, 1);
                (float offX, float offY) = (x - x0 - (along * dx), y - y0 - (along * dy));
                float distance = MathF.Sqrt((offX * offX) + (offY * offY));
                Blend(x, y, Math.Clamp((thickness / 2) + 0.5f - distance, 0, 1), color);
            }
        }
    }

    /// <summary>Writes a number whose right edge and middle are at a point.</summary>
    internal void Number(string text, int right, int middle, uint color)
    {
        int x = right - TextWidth(text);
        foreach (char character in text)
        {
            Glyph(character, x, middle - (GlyphHeight * GlyphScale / 2), color);
            x += (GlyphWidth + 1) * GlyphScale;
        }
    }

    /// <summary>Pixels that <see cref="Number"/> needs in a row.</summary>
    internal static int TextWidth(string text) => text.Length * (GlyphWidth + 1) * GlyphScale;

    internal void Save(string path) => PngWriter.Write(path, width, height, _rgb);

    // Rows of three bits from the top, the highest bits first.
    private static int GlyphBits(char character) => character switch
    {
        '0' => 0b111_101_101_101_111,
        '1' => 0b010_110_010_010_111,
        '2' => 0b111_001_111_100_111,
        '3' => 0b111_001_111_001_111,
        '4' => 0b101_101_111_001_001,
        '5' => 0b111_100_111_001_111,
        '6' => 0b111_100_111_101_111,
        '7' => 0b111_001_001_001_001,
        '8' => 0b111_101_111_101_111,
        '9' => 0b111_101_111_001_111,
        '.' => 0b000_000_000_000_010,
        '-' => 0b000_000_111_000_000,
        _ => 0,
    };

    private void Glyph(char character, int left, int top, uint color)
    {
        int bits = GlyphBits(character);
        for (int y = 0; y < GlyphHeight * GlyphScale; y++)
        {
            for (int x = 0; x < GlyphWidth * GlyphScale; x++)
            {
                int bit = (GlyphWidth * GlyphHeight) - 1 - (y / GlyphScale * GlyphWidth) - (x / GlyphScale);
                Blend(left + x, top + y, (bits >> bit) & 1, color);
            }
        }
    }

    private void Blend(int x, int y, float opacity, uint color)
    {
        if (opacity <= 0 || (uint)x >= (uint)width || (uint)y >= (uint)height)
        {
            return;
        }

        Span<byte> pixel = _rgb.AsSpan(((y * width) + x) * 3, 3);
        for (int channel = 0; channel < 3; channel++)
        {
            byte ink = (byte)(color >> (16 - (8 * channel)));
            pixel[channel] = (byte)MathF.Round(pixel[channel] + (opacity * (ink - pixel[channel])));
        }
    }

    private static byte[] NewWhite(int length)
    {
        var pixels = new byte[length];
        Array.Fill(pixels, (byte)255);
        return pixels;
    }
}
