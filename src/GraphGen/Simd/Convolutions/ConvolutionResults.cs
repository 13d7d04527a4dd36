using System.Runtime.CompilerServices;

namespace GraphGen.Simd;

/// <summary>
/// The results of a convolution on their way to the epilogue, two vectors of output channels each, pooled if they are. By way of memory the
/// tiles know nothing of the epilogue, and all kernels share them.
/// </summary>
internal static unsafe class ConvolutionResults
{
    /// <summary>Gives results to the epilogue.</summary>
    /// <param name="call">What it is given.</param>
    /// <param name="pixel">The number of the first result.</param>
    /// <param name="channel">The first channel.</param>
    /// <param name="channels">How many channels count.</param>
    /// <param name="count">How many results there are.</param>
    /// <param name="results">The results. What is stored plane by plane takes their place.</param>
    /// <param name="winners">Their winners, if the epilogue wants them.</param>
    /// <param name="step">From one result to the next, and from one winner, in floats.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Finish<TVector, TIsa, TEpilogue>(void* call, int pixel, int channel, int channels, int count, float* results, float* winners, int step)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
        where TEpilogue : struct, IConvolutionEpilogue
    {
        if (channels == 2 * TIsa.Width)
        {
            FinishWhole<TVector, TIsa, TEpilogue>(call, pixel, channel, count, results, winners, step);
        }
        else
        {
            FinishPart<TVector, TIsa, TEpilogue>(call, pixel, channel, channels, count, results, winners, step);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void FinishWhole<TVector, TIsa, TEpilogue>(void* call, int pixel, int channel, int count, float* results, float* winners, int step)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
        where TEpilogue : struct, IConvolutionEpilogue
    {
        for (int result = 0; result < count; result++)
        {
            TVector winner = TEpilogue.HasWinners ? TIsa.Load(winners) : TIsa.Zero;
            TEpilogue.Store<TVector, TIsa>(call, pixel + result, channel, TIsa.Load(results), winner, results);
            winner = TEpilogue.HasWinners ? TIsa.Load(winners + TIsa.Width) : TIsa.Zero;
            TEpilogue.Store<TVector, TIsa>(call, pixel + result, channel + TIsa.Width, TIsa.Load(results + TIsa.Width), winner, results + TIsa.Width);
            results += step;
            winners += step;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static void FinishPart<TVector, TIsa, TEpilogue>(void* call, int pixel, int channel, int channels, int count, float* results, float* winners, int step)
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
                TEpilogue.Store<TVector, TIsa>(call, pixel + result, channel, TIsa.Load(results), winner, results);
            }

            if (whole < channels)
            {
                TVector winner = TEpilogue.HasWinners ? TIsa.Load(winners + whole) : TIsa.Zero;
                TEpilogue.StorePartial<TVector, TIsa>(call, pixel + result, channel + whole, TIsa.Load(results + whole), winner, results + whole, channels - whole);
            }

            results += step;
            winners += step;
        }
    }
}
