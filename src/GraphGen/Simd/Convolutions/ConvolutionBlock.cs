using System.ComponentModel;

namespace GraphGen.Simd;

/// <summary>The part of a convolution that a task makes: some results of an image, and some of their channels.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public unsafe struct ConvolutionBlock
{
    /// <summary>The convolution.</summary>
    public ConvolutionShape Shape;

    /// <summary>The first image, [height, width, channels].</summary>
    public float* Input;

    /// <summary>The weights as the method reads them (<see cref="ConvolutionWeights"/>).</summary>
    public float* Weights;

    /// <summary>Where a value goes that is stored [images, channels, height, width], plane by plane; <see langword="null"/> where none is.</summary>
    public float* Planes;

    /// <summary>The number of the image.</summary>
    public int Image;

    /// <summary>The first row of results to make; of Winograd's method the first result.</summary>
    public int First;

    /// <summary>The row after the last to make; of Winograd's method the result after it.</summary>
    public int End;

    /// <summary>The first output channel to make: a multiple of two vectors, 0 where there are groups.</summary>
    public int FirstChannel;

    /// <summary>The output channel after the last to make: a multiple of two vectors, or all of them.</summary>
    public int EndChannel;

    /// <summary>The image.</summary>
    internal readonly float* ImageInput => Input + ((nint)Image * Shape.Height * Shape.InputRow);

    /// <summary>The plane of an output channel of the image in <see cref="Planes"/>, one of so many results.</summary>
    internal readonly float* PlaneOf(int channel, int results) => Planes + ((((nint)Image * Shape.OutChannels) + channel) * results);
}
