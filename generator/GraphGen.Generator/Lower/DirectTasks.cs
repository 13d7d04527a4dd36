using GraphGen.Generator.Graph;
using GraphGen.Generator.Nests;

namespace GraphGen.Generator.Lower;

/// <summary>The tasks of a convolution that is made directly: some rows of an image, or some of its output channels where rows are few.</summary>
internal static class DirectTasks
{
    /// <summary>Work worth a task of its own where an image has plenty of it, where it has little, and where images are few.</summary>
    private const int FlopsPerTask = 3_000_000;
    private const int LeastFlopsPerTask = 700_000;
    private const int LeastFlopsOfFew = 60_000;

    /// <summary>Pixels of the tallest tile on any instruction set.</summary>
    private const int TilePixels = 12;

    public static ImageTasks Of(ConvolutionShape shape, Dim images)
    {
        ImageBlocks many = Cut(shape, Math.Max(shape.FlopsPerImage / FlopsPerTask, Math.Min(8, shape.FlopsPerImage / LeastFlopsPerTask)));
        ImageBlocks few = images.PerSample ? Cut(shape, Math.Max(many.Count, Math.Min(ImageTasks.Enough, shape.FlopsPerImage / LeastFlopsOfFew))) : many;
        return new ImageTasks(images, "Row", shape.PooledHeight, shape.OutChannels, many, few);
    }

    /// <summary>An image cut into about as many pieces as are wanted: rows, if tiles do not have several, then output channels, each a multiple of the widest panel.</summary>
    private static ImageBlocks Cut(ConvolutionShape shape, long wanted)
    {
        bool hasTallTiles = 2 * shape.PooledWidth * shape.Window <= TilePixels && shape.PooledHeight > 1;
        int rows = hasTallTiles ? 1 : (int)Math.Max(1, Math.Min(wanted, shape.PooledHeight));
        int channels = shape.Groups == 1 ? (int)Math.Max(1, Math.Min(ImageTasks.Panels(shape.OutChannels), wanted / rows)) : 1;
        return new ImageBlocks(rows, channels);
    }
}
