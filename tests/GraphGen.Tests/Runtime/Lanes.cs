using GraphGen.Simd;

namespace GraphGen.Tests.Runtime;

/// <summary>Vectors to arrays and back, to compare lanes with scalar arithmetic.</summary>
internal static unsafe class Lanes
{
    public static TVector Of<TVector, TIsa>(Func<int, float> lane)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        float* lanes = stackalloc float[TIsa.Width];
        for (int i = 0; i < TIsa.Width; i++)
        {
            lanes[i] = lane(i);
        }

        return TIsa.Load(lanes);
    }

    public static float[] ToArray<TVector, TIsa>(TVector vector)
        where TVector : struct
        where TIsa : struct, ISimd<TVector>
    {
        float[] lanes = new float[TIsa.Width];
        fixed (float* pointer = lanes)
        {
            TIsa.Store(pointer, vector);
        }

        return lanes;
    }
}
