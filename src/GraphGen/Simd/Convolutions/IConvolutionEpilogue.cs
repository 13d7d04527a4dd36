using System.ComponentModel;

namespace GraphGen.Simd;

/// <summary>What becomes of a vector of a convolution's results, which are pooled already: the elementwise work on it, and its stores.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public interface IConvolutionEpilogue
{
    /// <summary>Whether the places that won in the pooling's windows are wanted.</summary>
    public static abstract bool HasWinners { get; }

    /// <summary>Takes a whole vector.</summary>
    /// <param name="call">What the kernel was given.</param>
    /// <param name="pixel">The number of the result among those of all images.</param>
    /// <param name="channel">The output channel of the first lane.</param>
    /// <param name="value">The results.</param>
    /// <param name="winner">The places that won, where they are wanted.</param>
    /// <param name="turned">Takes the vector that is stored plane by plane (<see cref="ConvolutionBlock.Planes"/>).</param>
    public static abstract unsafe void Store<TVector, TIsa>(void* call, int pixel, int channel, TVector value, TVector winner, float* turned)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>;

    /// <summary>Takes the first lanes of a vector.</summary>
    /// <param name="call">What the kernel was given.</param>
    /// <param name="pixel">The number of the result among those of all images.</param>
    /// <param name="channel">The output channel of the first lane.</param>
    /// <param name="value">The results.</param>
    /// <param name="winner">The places that won, where they are wanted.</param>
    /// <param name="turned">Takes the vector that is stored plane by plane; there is room for a whole one.</param>
    /// <param name="count">How many lanes there are, fewer than a vector has.</param>
    public static abstract unsafe void StorePartial<TVector, TIsa>(void* call, int pixel, int channel, TVector value, TVector winner, float* turned, int count)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>;
}
