using System.Runtime.Intrinsics;
using GraphGen.Simd;
using Xunit;

namespace GraphGen.Tests.Runtime;

public sealed class Avx512SimdWinogradTests : SimdWinogradTests<Vector512<float>, Avx512Simd>;

public sealed class Avx2SimdWinogradTests : SimdWinogradTests<Vector256<float>, Avx2Simd>;

public sealed class NeonSimdWinogradTests : SimdWinogradTests<Vector128<float>, NeonSimd>;

public sealed class Vector128SimdWinogradTests : SimdWinogradTests<Vector128<float>, Vector128Simd>;

/// <summary>Winograd's transforms against the plain sums that they stand for.</summary>
public abstract unsafe class SimdWinogradTests<TVector, TIsa>
    where TVector : struct
    where TIsa : struct, ISimd<TVector>
{
    private const int Inputs = 32;
    private const int Pixels = 4;

    [Fact]
    public void Products_of_transforms_are_the_four_results_of_a_convolution()
    {
        if (!TIsa.IsSupported)
        {
            return;
        }

        int outputs = 2 * TIsa.Width;
        Random random = new(1);
        float[] weight = Draw(random, outputs * Inputs * 9);
        float[] x = Draw(random, Pixels * Pixels * Inputs);
        float[] panel = new float[16 * Inputs * outputs];
        float[] patch = new float[16 * Inputs];
        fixed (float* weightPointer = weight, xPointer = x, panelPointer = panel, patchPointer = patch)
        {
            Winograd.PackWeights<TVector, TIsa>(weightPointer, Inputs, panelPointer, 0);
            Winograd.TransformInput<TVector, TIsa>(xPointer, Pixels * Inputs, Inputs, patchPointer, Inputs);
        }

        for (int output = 0; output < outputs; output++)
        {
            double[] products = [.. Enumerable.Range(0, 16).Select(place => Enumerable.Range(0, Inputs).Sum(input =>
                (double)patch[(place * Inputs) + input] * panel[(((place * Inputs) + input) * outputs) + output]))];
            for (int row = 0; row < 2; row++)
            {
                for (int column = 0; column < 2; column++)
                {
                    double expected = (
                        from input in Enumerable.Range(0, Inputs)
                        from tap in Enumerable.Range(0, 9)
                        let pixel = ((row + (tap / 3)) * Pixels) + column + (tap % 3)
                        select (double)x[(pixel * Inputs) + input] * weight[(((output * Inputs) + input) * 9) + tap]).Sum();
                    Assert.Equal(expected, Result(products, row, column), 1e-4);
                }
            }
        }
    }

    [Fact]
    public void Weights_that_are_packed_already_are_not_written_again()
    {
        if (!TIsa.IsSupported)
        {
            return;
        }

        int outputs = 2 * TIsa.Width;
        float[] weight = Draw(new Random(2), outputs * 16 * 9);
        weight[5] = float.NaN;
        float[] panel = new float[16 * 16 * outputs];
        float[] again = new float[panel.Length];
        fixed (float* weightPointer = weight, panelPointer = panel, againPointer = again)
        {
            Winograd.PackWeights<TVector, TIsa>(weightPointer, 16, panelPointer, 0);
            weight[5] = 1;
            weight[^1] += 1;
            Winograd.PackWeights<TVector, TIsa>(weightPointer, 16, panelPointer, 0);
            Winograd.PackWeights<TVector, TIsa>(weightPointer, 16, againPointer, 0);
        }

        Assert.Equal(again, panel);
    }

    /// <summary>Aᵀ m A, with Aᵀ = [[1, 1, 1, 0], [0, 1, -1, -1]].</summary>
    private static double Result(double[] products, int row, int column)
    {
        double[][] transform = [[1, 1, 1, 0], [0, 1, -1, -1]];
        return Enumerable.Range(0, 16).Sum(place => transform[row][place / 4] * transform[column][place % 4] * products[place]);
    }

    private static float[] Draw(Random random, int count) => [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1)];
}
