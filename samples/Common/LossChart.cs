using System.Globalization;

namespace Samples;

/// <summary>The losses of a training, drawn to a picture: each step's as a pale line, their running mean as a dark one.</summary>
internal sealed class LossChart
{
    private const int Width = 900;
    private const int Height = 500;
    private const int Left = 70;
    private const int Right = 20;
    private const int Top = 20;
    private const int Bottom = 40;
    private const uint GridColor = 0xE4E4E4;
    private const uint TextColor = 0x606060;
    private const uint StepColor = 0xB5CDF0;
    private const uint MeanColor = 0x1F4E9E;

    private readonly List<float> _losses = [];

    /// <summary>Adds the loss of the next step.</summary>
    internal void Add(float loss) => _losses.Add(loss);

    /// <summary>Draws the curve to a PNG file. Losses that are no number are left out.</summary>
    internal void Save(string path)
    {
        float[] losses = [.. _losses.Where(float.IsFinite)];
        float[] means = RunningMeans(losses, window: Math.Max(1, losses.Length / 50));
        float low = losses.Length == 0 ? 0 : losses.Min(), high = losses.Length == 0 ? 1 : losses.Max();
        float step = NiceStep((high - low) / 6);
        low = MathF.Floor(low / step) * step;
        high = MathF.Max(MathF.Ceiling(high / step), (low / step) + 1) * step;

        var canvas = new Canvas(Width, Height);
        DrawGrid(canvas, losses.Length, low, high, step);
        DrawCurve(canvas, losses, low, high, 1, StepColor);
        DrawCurve(canvas, means, low, high, 2.5f, MeanColor);
        canvas.Save(path);
    }

    private static void DrawGrid(Canvas canvas, int steps, float low, float high, float step)
    {
        string format = step >= 1 ? "f0" : $"f{(int)MathF.Ceiling(-MathF.Log10(step) - 1e-3f)}";
        int lines = (int)MathF.Round((high - low) / step);
        for (int i = 0; i <= lines; i++)
        {
            float value = low + (i * step), y = Y(value, low, high);
            canvas.Line(Left, y, Width - Right, y, 1, GridColor);
            canvas.Number(value.ToString(format, CultureInfo.InvariantCulture), Left - 6, (int)y, TextColor);
        }

        float stride = MathF.Max(1, NiceStep(steps / 8f));
        for (float at = 0; at <= steps; at += stride)
        {
            float x = X((int)at, steps + 1);
            canvas.Line(x, Top, x, Height - Bottom, 1, GridColor);
            string text = at.ToString("f0", CultureInfo.InvariantCulture);
            canvas.Number(text, (int)x + (Canvas.TextWidth(text) / 2), Height - Bottom + 16, TextColor);
        }
    }

    private static void DrawCurve(Canvas canvas, float[] values, float low, float high, float thickness, uint color)
    {
        for (int i = 1; i < values.Length; i++)
        {
            canvas.Line(X(i - 1, values.Length), Y(values[i - 1], low, high), X(i, values.Length), Y(values[i], low, high), thickness, color);
        }
    }

    private static float X(int step, int steps) => Left + ((float)step / Math.Max(1, steps - 1) * (Width - Left - Right));

    private static float Y(float loss, float low, float high) => Height - Bottom - ((loss - low) / (high - low) * (Height - Top - Bottom));

    // 1, 2 or 5 times a power of ten, at least as large as asked.
    private static float NiceStep(float atLeast)
    {
        float power = MathF.Pow(10, MathF.Floor(MathF.Log10(MathF.Max(atLeast, 1e-6f))));
        return power * (atLeast <= power ? 1 : atLeast <= 2 * power ? 2 : atLeast <= 5 * power ? 5 : 10);
    }

    private static float[] RunningMeans(float[] values, int window)
    {
        var means = new float[values.Length];
        double sum = 0;
        for (int i = 0; i < values.Length; i++)
        {
            sum += values[i] - (i >= window ? values[i - window] : 0);
            means[i] = (float)(sum / Math.Min(i + 1, window));
        }

        return means;
    }
}
