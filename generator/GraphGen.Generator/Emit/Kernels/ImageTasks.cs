using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Emit.Kernels;

/// <summary>The pieces that an image's results are cut into: parts of its plane, and output channels.</summary>
internal readonly record struct ImageBlocks(int Parts, int Channels)
{
    public int Count => Parts * Channels;
}

/// <summary>
/// The tasks of a convolution: blocks of an image. Where images are few they are cut finer, which depends on n but not on threads: neither
/// results nor schedule do.
/// </summary>
/// <param name="Images">How many images.</param>
/// <param name="Part">What the plane is cut into, as it is named in generated code: <c>Row</c>.</param>
/// <param name="Parts">How many of these an image has.</param>
/// <param name="OutChannels">Its output channels, which are cut at multiples of the widest panel.</param>
/// <param name="Many">How an image is cut where there are many.</param>
/// <param name="Few">How it is cut where there are few.</param>
internal sealed record ImageTasks(Dim Images, string Part, int Parts, int OutChannels, ImageBlocks Many, ImageBlocks Few)
{
    /// <summary>Tasks that keep some threads busy to the end: images that do not make so many are few.</summary>
    public const int Enough = 16;

    /// <summary>The number of tasks, as an expression.</summary>
    public string Count
    {
        get
        {
            string images = KernelContext.SizeInDriver(Images);
            return Few.Count == 1 ? images : Few == Many ? $"{images} * {Many.Count}" : $"{images} * ({Choose(blocks => blocks.Count)})";
        }
    }

    /// <summary>Panels, as wide as the widest, that output channels make.</summary>
    public static int Panels(int outChannels) => (outChannels + 31) / 32;

    /// <summary>A number that may be another where images are few, as an expression where kernels are run.</summary>
    public string Choose(Func<ImageBlocks, long> number) => Choose(number, KernelContext.SizeInDriver(Images));

    private string Choose(Func<ImageBlocks, long> number, string images) =>
        number(Few) == number(Many) ? $"{number(Many)}" : $"{images} < {(Enough + Many.Count - 1) / Many.Count} ? {number(Few)} : {number(Many)}";

    /// <summary>Declares what a task does: its image, and the parts and channels of it that are returned as expressions.</summary>
    public (string First, string End, string FirstChannel, string EndChannel) Emit(CodeWriter code)
    {
        (string first, string end, string firstChannel, string endChannel) = ("0", $"{Parts}", "0", $"{OutChannels}");
        if (Few.Channels > 1)
        {
            int panels = Panels(OutChannels);
            string blocks = EmitBlocks(code, "channelBlocks", cut => cut.Channels);
            code.Line($"int firstChannel = task % {blocks} * {panels} / {blocks} * 32;");
            code.Line($"int endChannel = Math.Min(((task % {blocks}) + 1) * {panels} / {blocks} * 32, {OutChannels});");
            code.Line($"task /= {blocks};");
            (firstChannel, endChannel) = ("firstChannel", "endChannel");
        }

        if (Few.Parts > 1)
        {
            string blocks = EmitBlocks(code, $"{char.ToLowerInvariant(Part[0])}{Part.Substring(1)}Blocks", cut => cut.Parts);
            code.Line($"int first{Part} = task % {blocks} * {Parts} / {blocks};");
            code.Line($"int end{Part} = ((task % {blocks}) + 1) * {Parts} / {blocks};");
            code.Line($"int image = task / {blocks};");
            (first, end) = ($"first{Part}", $"end{Part}");
        }
        else
        {
            code.Line("int image = task;");
        }

        return (first, end, firstChannel, endChannel);
    }

    /// <summary>A number of blocks as a literal, or a local.</summary>
    private string EmitBlocks(CodeWriter code, string name, Func<ImageBlocks, long> number)
    {
        if (number(Few) == number(Many))
        {
            return $"{number(Many)}";
        }

        code.Line($"int {name} = {Choose(number, KernelContext.Size(Images))}; // few images are cut finer");
        return name;
    }
}
