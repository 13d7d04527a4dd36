using GraphGen.Generator.Nests;

using System.Globalization;

namespace GraphGen.Generator.Emit.Kernels;

/// <summary>
/// The weights of a convolution, OIHW, packed for the loops that multiply with them: panels [K][two vectors of output
/// channels], K in the order [tap][input channel], zeros beyond the last channel; the panels of a group follow each other.
/// </summary>
/// <param name="Shape">The convolution.</param>
/// <param name="IsFlipped">For an input's gradient: taps in reverse, input and output channels exchanged.</param>
internal sealed record ConvolutionPacking(ConvolutionShape Shape, bool IsFlipped)
{
    public const string Suffix = "PackedWeight";

    /// <summary>Floating point operations that moving a float takes as long as, more or less.</summary>
    private const long WorkPerFloat = 8;

    /// <summary>Panels of a group, as an expression.</summary>
    private string Panels => $"(({Shape.GroupOut} + (2 * TIsa.Width) - 1) / (2 * TIsa.Width))";

    /// <summary>What the panels take whatever the width of a vector.</summary>
    public Scratch Scratch =>
        new(Suffix, $"weights in panels of two vectors of output channels, [{Shape.OutChannels}, {Shape.K}]", (long)Shape.Groups * ((Shape.GroupOut + 31) / 32 * 32) * Shape.K, false, IsWorthKeeping: true);

    public Launch Launch(string method) => new(
        method,
        Shape.Groups == 1 ? Panels : $"{Shape.Groups} * {Panels}",
        (WorkPerFloat * Math.Min(32, Shape.GroupOut) * Shape.K).ToString(CultureInfo.InvariantCulture));

    /// <summary>Writes the method; a task is a panel.</summary>
    public void Emit(KernelContext context, string suffix, string weight, string packed)
    {
        CodeWriter code = context.Code;
        // Where the weight of (out, in, tap) of this convolution lies.
        int outStride = IsFlipped ? Shape.Taps : Shape.K;
        int groupStride = Shape.GroupOut * Shape.K;
        code.Line($"// Weights{(IsFlipped ? ", flipped," : "")} to panels [{Shape.K}][two vectors of output channels], zeros beyond the last channel.");
        code.Line(KernelContext.Optimized);
        code.Line("[SkipLocalsInit]");
        using (code.Open($"{KernelContext.Signature(context.Name + suffix)} {KernelContext.Constraints}"))
        {
            code.Line(context.State);
            string from = weight;
            if (Shape.Groups == 1)
            {
                code.Line("int first = task * 2 * TIsa.Width;");
            }
            else
            {
                code.Line($"int group = task / {Panels};");
                code.Line($"int first = task % {Panels} * 2 * TIsa.Width;");
                from += $" + ((long)group * {groupStride})";
            }

            code.Line($"int channels = Math.Min(2 * TIsa.Width, {Shape.GroupOut} - first);");
            code.Line($"float* weight = {from} + (first * {outStride});");
            code.Line($"float* panel = {packed} + ((long)task * {Shape.K} * 2 * TIsa.Width);");
            if (Shape.GroupOut % 32 != 0)
            {
                using (code.Open("if (channels < 2 * TIsa.Width)"))
                {
                    code.Line($"new Span<float>(panel, {Shape.K} * 2 * TIsa.Width).Clear();");
                }

                code.Line();
            }

            if (IsFlipped)
            {
                EmitFlipped(code);
            }
            else
            {
                EmitForward(code);
            }
        }

        code.Line();
    }

    /// <summary>The K weights of an output channel lie side by side, as [input channel][tap].</summary>
    private void EmitForward(CodeWriter code)
    {
        if (Shape.K <= 4096)
        {
            code.Line();
            code.Line("// Where in the panel each weight of a channel goes.");
            code.Line($"int* rows = stackalloc int[{Shape.K}];");
            CodeWriter.Block? inputs = Shape.GroupChannels > 1 ? code.Open($"for (int input = 0; input < {Shape.GroupChannels}; input++)") : null;
            using (code.Open($"for (int tap = 0; tap < {Shape.Taps}; tap++)"))
            {
                code.Line(Shape.GroupChannels > 1
                    ? $"rows[(input * {Shape.Taps}) + tap] = ((tap * {Shape.GroupChannels}) + input) * 2 * TIsa.Width;"
                    : "rows[tap] = tap * 2 * TIsa.Width;");
            }

            inputs?.Dispose();
            code.Line();
            code.Line($"Transposition.ToRows(weight, {Shape.K}, channels, {Shape.K}, panel, rows);");
            return;
        }

        // A channel at a time, with the taps of one.
        code.Line($"int* rows = stackalloc int[{Shape.Taps}];");
        using (code.Open($"for (int tap = 0; tap < {Shape.Taps}; tap++)"))
        {
            code.Line($"rows[tap] = tap * {Shape.GroupChannels} * 2 * TIsa.Width;");
        }

        code.Line();
        using (code.Open($"for (int input = 0; input < {Shape.GroupChannels}; input++)"))
        {
            code.Line($"Transposition.ToRows(weight + (input * {Shape.Taps}), {Shape.K}, channels, {Shape.Taps}, panel + (input * 2 * TIsa.Width), rows);");
        }
    }

    /// <summary>Here the output channels are the weight's input channels: its taps lie side by side, its input channels a kernel apart.</summary>
    private void EmitFlipped(CodeWriter code)
    {
        code.Line($"int* rows = stackalloc int[{Shape.Taps}];");
        using (code.Open($"for (int tap = 0; tap < {Shape.Taps}; tap++)"))
        {
            code.Line($"rows[tap] = ({Shape.Taps - 1} - tap) * {Shape.GroupChannels} * 2 * TIsa.Width;");
        }

        code.Line();
        using (code.Open($"for (int input = 0; input < {Shape.GroupChannels}; input++)"))
        {
            code.Line($"Transposition.ToRows(weight + (input * {Shape.GroupOut * Shape.Taps}), {Shape.Taps}, channels, {Shape.Taps}, panel + (input * 2 * TIsa.Width), rows);");
        }
    }
}
