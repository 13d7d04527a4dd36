using System.Runtime.CompilerServices;
using GraphGen.Simd;

namespace GraphGen;

/// <summary>
/// <c>destination ← a·x + b·y</c>, or <c>a·x</c> where there is no y, in one pass on the pool. The destination may be x or y.
/// </summary>
internal unsafe struct LinearCombination : IFusedUpdate
{
    private float* _destination;
    private float* _x;
    private float* _y;
    private float _a;
    private float _b;

    /// <summary>destination ← x.</summary>
    public static void Copy(float* destination, float* x, int length) => Scale(destination, 1, x, length);

    /// <summary>destination ← a·x.</summary>
    public static void Scale(float* destination, double a, float* x, int length) =>
        FusedUpdate.Run(new LinearCombination { _destination = destination, _x = x, _a = (float)a }, length);

    /// <summary>destination ← x + b·y.</summary>
    public static void AddScaled(float* destination, float* x, double b, float* y, int length) => Combine(destination, 1, x, b, y, length);

    /// <summary>destination ← a·x + b·y.</summary>
    public static void Combine(float* destination, double a, float* x, double b, float* y, int length) =>
        FusedUpdate.Run(new LinearCombination { _destination = destination, _x = x, _y = y, _a = (float)a, _b = (float)b }, length);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Update<TVector, TIsa>(nint start, nint end)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        float* destination = _destination;
        float* x = _x;
        float* y = _y;
        TVector a = TIsa.Broadcast(_a), b = TIsa.Broadcast(_b);
        if (y == null)
        {
            for (nint i = start; i < end; i += TIsa.Width)
            {
                TIsa.Store(destination + i, TIsa.Multiply(a, TIsa.Load(x + i)));
            }

            return;
        }

        for (nint i = start; i < end; i += TIsa.Width)
        {
            TIsa.Store(destination + i, TIsa.FusedMultiplyAdd(b, TIsa.Load(y + i), TIsa.Multiply(a, TIsa.Load(x + i))));
        }
    }
}
