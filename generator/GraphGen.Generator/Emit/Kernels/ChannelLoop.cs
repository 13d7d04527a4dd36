namespace GraphGen.Generator.Emit.Kernels;

/// <summary>A loop over the channels of a pixel, a vector at a time, and what is left over from whole vectors.</summary>
internal static class ChannelLoop
{
    /// <param name="code">Where to.</param>
    /// <param name="channels">How many.</param>
    /// <param name="body">Writes the body at <c>channel</c>; its argument is the count of a partial vector, or <see langword="null"/>.</param>
    public static void Emit(CodeWriter code, int channels, Action<string?> body)
    {
        if (channels >= 4)
        {
            string end = channels % 16 == 0 ? $"{channels}" : $"{channels} / TIsa.Width * TIsa.Width";
            using (code.Open($"for (int channel = 0; channel < {end}; channel += TIsa.Width)"))
            {
                body(null);
            }
        }

        if (channels % 16 != 0)
        {
            using (code.Open(channels % 4 == 0 ? $"if ({channels} % TIsa.Width != 0)" : ""))
            {
                code.Line(channels < 4 ? "const int channel = 0;" : $"int channel = {channels} / TIsa.Width * TIsa.Width;");
                body($"{channels} % TIsa.Width");
            }
        }
    }
}
