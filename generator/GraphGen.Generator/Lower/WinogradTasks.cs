using GraphGen.Generator.Graph;
using GraphGen.Generator.Nests;

namespace GraphGen.Generator.Lower;

/// <summary>
/// The tasks of a convolution by Winograd's transforms, F(2x2, 3x3): blocks of windows of the pooling. The four outputs of a window are 16
/// products of transformed values instead of 36 (Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2016).
/// </summary>
internal static class WinogradTasks
{
    /// <summary>Values of a transformed patch in each channel.</summary>
    public const int Places = 16;

    /// <summary>Windows in a block: more do not stay in the second-level cache beside the weights.</summary>
    private const int MostWindows = 27;

    /// <summary>Floats of a block's transformed patches, which lie on the stack.</summary>
    private const int MostFloats = 16384;

    /// <summary>Windows in a block without which reading the weights takes longer than multiplying with them.</summary>
    private const int FewestWindows = 8;

    /// <summary>Work that is worth a task of its own where images are few.</summary>
    private const int LeastFlopsOfFew = 200_000;

    /// <summary>Windows of the tallest register tile.</summary>
    private const int TileWindows = 12;

    /// <summary>Whether a convolution can be made so, and is better made so.</summary>
    public static bool Suits(ConvolutionShape shape) =>
        shape is { KernelHeight: 3, KernelWidth: 3, Stride: 1, Dilation: 1, Groups: 1, Pool: 2 }
        && shape.Channels % 16 == 0
        && shape.OutChannels % 32 == 0
        && WindowsThatFit(shape) >= FewestWindows;

    /// <summary>Floating point operations of an image.</summary>
    public static long Flops(ConvolutionShape shape) => 2L * Places * shape.Channels * shape.OutChannels * shape.Plane;

    public static ImageTasks Of(ConvolutionShape shape, Dim images)
    {
        ImageBlocks many = new(Pieces(shape.Plane, Math.Min(MostWindows, WindowsThatFit(shape))), 1);
        long wanted = Math.Min(ImageTasks.Enough, Flops(shape) / LeastFlopsOfFew);
        int channels = (int)Math.Max(1, Math.Min(ImageTasks.Panels(shape.OutChannels), wanted));

        // Few images are cut at the register tiles that the blocks of many consist of, so that both have the same.
        int tiles = Pieces(Pieces(shape.Plane, many.Parts), TileWindows);
        ImageBlocks few = images.PerSample && wanted > many.Count ? new(many.Parts * tiles, channels) : many;
        return new ImageTasks(images, "Window", shape.Plane, shape.OutChannels, many, few);
    }

    private static int WindowsThatFit(ConvolutionShape shape) => MostFloats / (Places * shape.Channels);

    private static int Pieces(int length, int most) => (length + most - 1) / most;
}
