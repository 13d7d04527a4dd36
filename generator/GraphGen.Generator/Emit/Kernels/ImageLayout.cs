using System.Globalization;
using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Emit.Kernels;

/// <summary>
/// Lays images into larger (or shifted) ones of zeros, pixels <c>Spread</c> apart: the padding before a convolution, the
/// spread gradient of a strided one. Pixels that fall outside are left out.
/// </summary>
internal sealed record ImageLayout(int Channels, int Height, int Width, int ToHeight, int ToWidth, int Top, int Left, int Spread)
{
    /// <summary>Floats of the destination worth a task of their own.</summary>
    private const int FloatsPerTask = 16384;

    /// <summary>Whether there is nothing to do: the source can be read as it lies.</summary>
    public bool IsIdentity => Height == ToHeight && Width == ToWidth && Top == 0 && Left == 0 && Spread == 1;

    public long Floats => (long)ToHeight * ToRow;

    private int ToRow => ToWidth * Channels;

    private int RowsPerTask => Math.Max(1, Math.Min(ToHeight, FloatsPerTask / ToRow));

    /// <summary>The padding of a convolution's input.</summary>
    public static ImageLayout InputOf(ConvolutionGeometry g) =>
        new(g.InChannels, g.Height, g.Width, g.Height + (2 * g.Padding), g.Width + (2 * g.Padding), g.Padding, g.Padding, 1);

    /// <summary>The gradient of a convolution's result, so laid out that a convolution with stride 1 makes the input's gradient of it.</summary>
    public static ImageLayout GradientOf(ConvolutionGeometry g)
    {
        int reachY = g.Dilation * (g.KernelHeight - 1);
        int reachX = g.Dilation * (g.KernelWidth - 1);
        return new(g.OutChannels, g.OutHeight, g.OutWidth, g.Height + reachY, g.Width + reachX, reachY - g.Padding, reachX - g.Padding, g.Stride);
    }

    public Launch Launch(string method, string images) => new(
        method,
        RowsPerTask == 1 ? $"{images} * {ToHeight}" : $"(({images} * {ToHeight}) + {RowsPerTask - 1}) / {RowsPerTask}",
        ((long)RowsPerTask * ToRow).ToString(CultureInfo.InvariantCulture));

    /// <summary>Writes the method; a task is some rows of the destination.</summary>
    public void Emit(KernelContext context, string suffix, string from, string to, string images)
    {
        CodeWriter code = context.Code;
        code.Line($"// [n, {ToHeight}, {ToWidth}, {Channels}] of zeros with [n, {Height}, {Width}, {Channels}] laid in{(Spread > 1 ? $", pixels {Spread} apart" : "")}.");
        code.Line(KernelContext.Optimized);
        using (code.Open($"{KernelContext.Signature(context.Name + suffix)} {KernelContext.Constraints}"))
        {
            code.Line(context.State);
            code.Line($"int end = Math.Min((task + 1) * {RowsPerTask}, {images} * {ToHeight});");
            using (code.Open($"for (int row = task * {RowsPerTask}; row < end; row++)"))
            {
                EmitRow(code, from, to);
            }
        }

        code.Line();
    }

    private void EmitRow(CodeWriter code, string from, string to)
    {
        // The columns of the source whose place is inside.
        int first = Left >= 0 ? 0 : (-Left + Spread - 1) / Spread;
        int end = Math.Min(Width, (ToWidth - 1 - Left + Spread) / Spread);
        int count = Math.Max(0, end - first);
        int at = (Left + (first * Spread)) * Channels;
        code.Line($"int image = row / {ToHeight};");
        code.Line(Top == 0 ? $"int y = row % {ToHeight};" : $"int y = (row % {ToHeight}) {(Top > 0 ? "-" : "+")} {Math.Abs(Top)};");
        code.Line($"float* to = {to} + ((long)row * {ToRow});");
        string outside = (Top > 0 ? "y < 0 || " : "") + $"y >= {Height * Spread}" + (Spread > 1 ? $" || y % {Spread} != 0" : "");
        using (code.Open($"if ({outside})"))
        {
            code.Line($"new Span<float>(to, {ToRow}).Clear();");
            code.Line("continue;");
        }

        code.Line();
        if (count == 0 || Spread > 1)
        {
            code.Line($"new Span<float>(to, {ToRow}).Clear();");
            if (count == 0)
            {
                return;
            }
        }
        else
        {
            EmitClear(code, 0, at);
            EmitClear(code, at + (count * Channels), ToRow - at - (count * Channels));
        }

        code.Line($"float* from = {from} + ((((long)image * {Height}) + {(Spread > 1 ? $"(y / {Spread})" : "y")}) * {Width * Channels}){Offsets.Plus(first * Channels)};");
        if (Spread == 1)
        {
            code.Line($"new Span<float>(from, {count * Channels}).CopyTo(new Span<float>(to{Offsets.Plus(at)}, {count * Channels}));");
            return;
        }

        using (code.Open($"for (int x = 0; x < {count}; x++)"))
        {
            code.Line($"new Span<float>(from + (x * {Channels}), {Channels}).CopyTo(new Span<float>(to{Offsets.Plus(at)} + (x * {Spread * Channels}), {Channels}));");
        }
    }

    private static void EmitClear(CodeWriter code, int at, int floats)
    {
        if (floats > 0)
        {
            code.Line($"new Span<float>(to{Offsets.Plus(at)}, {floats}).Clear();");
        }
    }
}
