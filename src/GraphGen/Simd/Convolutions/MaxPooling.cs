using System.Runtime.CompilerServices;

namespace GraphGen.Simd;

/// <summary>Max-pooling of sums: the largest of a window, and the first place that has it.</summary>
internal static unsafe class MaxPooling
{
    /// <summary>Pools a window of four places: the largest goes to <c>best</c> and its place, if that is wanted, to <c>winners</c>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Window<TVector, TIsa, TWinners>(TVector first, TVector second, TVector third, TVector fourth, float* best, float* winners)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
        where TWinners : struct, ISwitch
    {
        if (!TWinners.IsOn)
        {
            TIsa.Store(best, TIsa.Max(fourth, TIsa.Max(third, TIsa.Max(second, first))));
            return;
        }

        TVector isLarger = TIsa.GreaterThanOrNaN(second, first);
        TVector largest = TIsa.Select(isLarger, second, first);
        TVector place = TIsa.Select(isLarger, TIsa.Broadcast(1), TIsa.Zero);
        isLarger = TIsa.GreaterThanOrNaN(third, largest);
        largest = TIsa.Select(isLarger, third, largest);
        place = TIsa.Select(isLarger, TIsa.Broadcast(2), place);
        isLarger = TIsa.GreaterThanOrNaN(fourth, largest);
        TIsa.Store(best, TIsa.Select(isLarger, fourth, largest));
        TIsa.Store(winners, TIsa.Select(isLarger, TIsa.Broadcast(3), place));
    }

    /// <summary>Pools a window of any size, in two vectors of channels.</summary>
    /// <param name="sums">Its places, [place][two vectors].</param>
    /// <param name="places">How many there are.</param>
    /// <param name="best">Takes the largest.</param>
    /// <param name="winners">Takes their places.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    public static void Window<TVector, TIsa>(float* sums, int places, float* best, float* winners)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        for (int lane = 0; lane < 2 * TIsa.Width; lane += TIsa.Width)
        {
            TVector largest = TIsa.Load(sums + lane), winner = TIsa.Zero;
            for (int place = 1; place < places; place++)
            {
                TVector sum = TIsa.Load(sums + (place * 2 * TIsa.Width) + lane);
                TVector isLarger = TIsa.GreaterThanOrNaN(sum, largest);
                largest = TIsa.Select(isLarger, sum, largest);
                winner = TIsa.Select(isLarger, TIsa.Broadcast(place), winner);
            }

            TIsa.Store(best + lane, largest);
            TIsa.Store(winners + lane, winner);
        }
    }
}
