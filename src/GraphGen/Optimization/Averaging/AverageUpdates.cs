using System.Runtime.CompilerServices;
using GraphGen.Simd;

namespace GraphGen;

/// <summary>averages ← averages + weight·(values − averages).</summary>
internal unsafe struct LerpUpdate : IFusedUpdate
{
    /// <summary>[length], updated.</summary>
    public float* Averages;

    /// <summary>[length].</summary>
    public float* Values;

    public float Weight;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Update<TVector, TIsa>(nint start, nint end)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        float* averages = Averages;
        float* values = Values;
        TVector weight = TIsa.Broadcast(Weight);
        for (nint i = start; i < end; i += TIsa.Width)
        {
            TVector average = TIsa.Load(averages + i);
            TVector difference = TIsa.Subtract(TIsa.Load(values + i), average);
            TIsa.Store(averages + i, TIsa.FusedMultiplyAdd(weight, difference, average));
        }
    }
}

/// <summary>Exchanges x and y.</summary>
internal unsafe struct SwapUpdate : IFusedUpdate
{
    /// <summary>[length], updated.</summary>
    public float* X;

    /// <summary>[length], updated.</summary>
    public float* Y;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Update<TVector, TIsa>(nint start, nint end)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        float* first = X;
        float* second = Y;
        for (nint i = start; i < end; i += TIsa.Width)
        {
            TVector x = TIsa.Load(first + i);
            TIsa.Store(first + i, TIsa.Load(second + i));
            TIsa.Store(second + i, x);
        }
    }
}
