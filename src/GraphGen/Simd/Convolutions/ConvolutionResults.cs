using System.Runtime.CompilerServices;

namespace GraphGen.Simd;

/// <summary>
/// The results of a convolution on their way to the epilogue: [result][two vectors of output channels], pooled if they are. By way of memory
/// the tiles know nothing of the epilogue, and all kernels share them.
/// </summary>
internal static unsafe class ConvolutionResults
{
    /// <summary>Results of the tallest tile.</summary>
    private const int Most = PanelTile.Tallest;

    /// <summary>Memory for a tile's results and their winners, in floats.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Floats(int width) => 2 * Winners(width);

    /// <summary>Where the winners of a tile's results are, in floats after these.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Winners(int width) => Most * 2 * width;

    /// <summary>Gives results to the epilogue.</summary>
    /// <param name="call">What it is given.</param>
    /// <param name="pixel">The number of the first result.</param>
    /// <param name="channel">The first channel.</param>
    /// <param name="channels">How many channels count.</param>
    /// <param name="count">How many results there are.</param>
    /// <param name="results">The results.</param>
    /// <param name="winners">Their winners.</param>
    /// <param name="turned">Takes what is stored plane by plane, [result][two vectors].</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finish<TVector, TIsa, TEpilogue>(void* call, int pixel, int channel, int channels, int count, float* results, float* winners, float* turned)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
        where TEpilogue : struct, IConvolutionEpilogue
    {
        if (channels == 2 * TIsa.Width)
        {
            FinishWhole<TVector, TIsa, TEpilogue>(call, pixel, channel, count, results, winners, turned);
        }
        else
        {
            FinishPart<TVector, TIsa, TEpilogue>(call, pixel, channel, channels, count, results, winners, turned);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void FinishWhole<TVector, TIsa, TEpilogue>(void* call, int pixel, int channel, int count, float* results, float* winners, float* turned)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
        where TEpilogue : struct, IConvolutionEpilogue
    {
        for (int vector = 0; vector < 2 * count; vector++)
        {
            TVector winner = TEpilogue.HasWinners ? TIsa.Load(winners) : TIsa.Zero;
            TEpilogue.Store<TVector, TIsa>(call, pixel + (vector >> 1), channel + ((vector & 1) * TIsa.Width), TIsa.Load(results), winner, turned);
            results += TIsa.Width;
            winners += TIsa.Width;
            turned += TIsa.Width;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void FinishPart<TVector, TIsa, TEpilogue>(void* call, int pixel, int channel, int channels, int count, float* results, float* winners, float* turned)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
        where TEpilogue : struct, IConvolutionEpilogue
    {
        int whole = channels / TIsa.Width * TIsa.Width;
        for (int result = 0; result < count; result++)
        {
            if (whole > 0)
            {
                TVector winner = TEpilogue.HasWinners ? TIsa.Load(winners) : TIsa.Zero;
                TEpilogue.Store<TVector, TIsa>(call, pixel + result, channel, TIsa.Load(results), winner, turned);
            }

            if (whole < channels)
            {
                TVector winner = TEpilogue.HasWinners ? TIsa.Load(winners + whole) : TIsa.Zero;
                TEpilogue.StorePartial<TVector, TIsa>(call, pixel + result, channel + whole, TIsa.Load(results + whole), winner, turned + whole, channels - whole);
            }

            results += 2 * TIsa.Width;
            winners += 2 * TIsa.Width;
            turned += 2 * TIsa.Width;
        }
    }
}
