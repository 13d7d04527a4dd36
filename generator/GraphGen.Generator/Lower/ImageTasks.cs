using GraphGen.Generator.Graph;
using GraphGen.Generator.Nests;

namespace GraphGen.Generator.Lower;

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

    /// <summary>Output channels of a panel on the machine with the widest.</summary>
    private const int WidestPanel = 2 * Statement.WidestVector;

    /// <summary>The number of tasks.</summary>
    public Integer Count => Images * Choose(blocks => blocks.Count);

    /// <summary>Panels, as wide as the widest, that output channels make.</summary>
    public static int Panels(int outChannels) => (outChannels + WidestPanel - 1) / WidestPanel;

    /// <summary>A number that may be another where images are few.</summary>
    public Integer Choose(Func<ImageBlocks, long> number) =>
        number(Few) == number(Many) ? number(Many) : new Integer.IfGreater(Images, ((Enough + Many.Count - 1) / Many.Count) - 1, number(Many), number(Few));

    /// <summary>Names what a task makes: its image, and the parts and channels of it.</summary>
    public (Integer Image, IntegerRange Parts, IntegerRange Channels) Define(List<Statement> body)
    {
        Integer rest = Integer.Task;
        IntegerRange channels = new(0, OutChannels, OutChannels);
        if (Few.Channels > 1)
        {
            int panels = Panels(OutChannels);
            Integer blocks = Named(body, "channelBlocks", Choose(cut => cut.Channels));
            Integer block = rest % blocks;
            channels = new IntegerRange(
                Named(body, "firstChannel", block * panels / blocks * WidestPanel),
                Named(body, "endChannel", Integer.Min((block + 1) * panels / blocks * WidestPanel, OutChannels)),
                OutChannels);
            rest = Named(body, "rest", rest / blocks);
        }

        IntegerRange parts = new(0, Parts, Parts);
        if (Few.Parts > 1)
        {
            Integer blocks = Named(body, $"{char.ToLowerInvariant(Part[0])}{Part.Substring(1)}Blocks", Choose(cut => cut.Parts));
            Integer block = rest % blocks;
            parts = new IntegerRange(Named(body, "first" + Part, block * Parts / blocks), Named(body, "end" + Part, (block + 1) * Parts / blocks), Parts);
            rest /= blocks;
        }

        return (rest, parts, channels);
    }

    /// <summary>An integer by name; a number as it is.</summary>
    private static Integer Named(List<Statement> body, string name, Integer value)
    {
        if (value is Integer.Literal)
        {
            return value;
        }

        body.Add(new Statement.Define(name, value));
        return new Integer.Variable(name);
    }
}
