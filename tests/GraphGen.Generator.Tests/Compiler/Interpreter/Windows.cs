using GraphGen.Generator.Graph;

namespace GraphGen.Generator.Tests.Compiler.Interpreter;

/// <summary>
/// Convolution and pooling over [n, h, w, c], as sums over the pairs of places they connect. Each gradient is the same walk
/// with the roles exchanged.
/// </summary>
internal static class Windows
{
    public static double[] Convolution(ConvolutionGeometry g, int samples, double[] x, double[] weight)
    {
        double[] y = new double[samples * g.OutHeight * g.OutWidth * g.OutChannels];
        Connect(g, samples, (from, w, to) => y[to] += x[from] * weight[w]);
        return y;
    }

    public static double[] InputGradient(ConvolutionGeometry g, int samples, double[] gradient, double[] weight)
    {
        double[] dx = new double[samples * g.Height * g.Width * g.InChannels];
        Connect(g, samples, (from, w, to) => dx[from] += gradient[to] * weight[w]);
        return dx;
    }

    public static double[] WeightGradient(ConvolutionGeometry g, int samples, double[] x, double[] gradient)
    {
        double[] dw = new double[g.OutChannels * (g.InChannels / g.Groups) * g.KernelHeight * g.KernelWidth];
        Connect(g, samples, (from, w, to) => dw[w] += gradient[to] * x[from]);
        return dw;
    }

    public static double[] MaxPool(PoolGeometry g, int samples, double[] x)
    {
        double[] y = new double[samples * g.OutHeight * g.OutWidth * g.Channels];
        Array.Fill(y, double.NegativeInfinity);
        Connect(g, samples, (from, _, to) => y[to] = Math.Max(y[to], x[from]));
        return y;
    }

    /// <summary>The place in the window, row-major, of its first largest element; of its last NaN if it has one.</summary>
    public static double[] Winners(PoolGeometry g, int samples, double[] x)
    {
        double[] best = new double[samples * g.OutHeight * g.OutWidth * g.Channels];
        double[] winners = new double[best.Length];
        Array.Fill(best, double.NegativeInfinity);
        Connect(g, samples, (from, place, to) =>
        {
            if (x[from] > best[to] || double.IsNaN(x[from]))
            {
                (best[to], winners[to]) = (x[from], place);
            }
        });
        return winners;
    }

    public static double[] MaxPoolGradient(PoolGeometry g, int samples, double[] gradient, double[] winners)
    {
        double[] dx = new double[samples * g.Height * g.Width * g.Channels];
        Connect(g, samples, (from, place, to) => dx[from] += place == winners[to] ? gradient[to] : 0);
        return dx;
    }

    public static double[] AveragePool(PoolGeometry g, bool countIncludePad, int samples, double[] x)
    {
        double[] y = new double[samples * g.OutHeight * g.OutWidth * g.Channels];
        int[] counts = Counts(g, countIncludePad, samples);
        Connect(g, samples, (from, _, to) => y[to] += x[from] / counts[to]);
        return y;
    }

    public static double[] AveragePoolGradient(PoolGeometry g, bool countIncludePad, int samples, double[] gradient)
    {
        double[] dx = new double[samples * g.Height * g.Width * g.Channels];
        int[] counts = Counts(g, countIncludePad, samples);
        Connect(g, samples, (from, _, to) => dx[from] += gradient[to] / counts[to]);
        return dx;
    }

    /// <summary>What each mean divides by.</summary>
    private static int[] Counts(PoolGeometry g, bool countIncludePad, int samples)
    {
        int[] counts = new int[samples * g.OutHeight * g.OutWidth * g.Channels];
        Array.Fill(counts, countIncludePad ? g.Kernel * g.Kernel : 0);
        if (!countIncludePad)
        {
            Connect(g, samples, (_, _, to) => counts[to]++);
        }

        return counts;
    }

    /// <summary>Every (input element, weight element, output element) that a convolution multiplies and adds; padding has none.</summary>
    private static void Connect(ConvolutionGeometry g, int samples, Action<int, int, int> connect)
    {
        int groupIn = g.InChannels / g.Groups;
        int groupOut = g.OutChannels / g.Groups;
        for (int n = 0; n < samples; n++)
        {
            for (int oy = 0; oy < g.OutHeight; oy++)
            {
                for (int ox = 0; ox < g.OutWidth; ox++)
                {
                    for (int ky = 0; ky < g.KernelHeight; ky++)
                    {
                        for (int kx = 0; kx < g.KernelWidth; kx++)
                        {
                            int y = (oy * g.Stride) - g.Padding + (ky * g.Dilation);
                            int x = (ox * g.Stride) - g.Padding + (kx * g.Dilation);
                            if (y < 0 || y >= g.Height || x < 0 || x >= g.Width)
                            {
                                continue;
                            }

                            for (int o = 0; o < g.OutChannels; o++)
                            {
                                for (int c = 0; c < groupIn; c++)
                                {
                                    connect(
                                        (((((n * g.Height) + y) * g.Width) + x) * g.InChannels) + (o / groupOut * groupIn) + c,
                                        (((((o * groupIn) + c) * g.KernelHeight) + ky) * g.KernelWidth) + kx,
                                        (((((n * g.OutHeight) + oy) * g.OutWidth) + ox) * g.OutChannels) + o);
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// <summary>Every (input element, place in the window, output element) of a pooling, places in row-major order; padding has none.</summary>
    private static void Connect(PoolGeometry g, int samples, Action<int, int, int> connect)
    {
        for (int n = 0; n < samples; n++)
        {
            for (int oy = 0; oy < g.OutHeight; oy++)
            {
                for (int ox = 0; ox < g.OutWidth; ox++)
                {
                    for (int place = 0; place < g.Kernel * g.Kernel; place++)
                    {
                        int y = (oy * g.Stride) - g.Padding + (place / g.Kernel);
                        int x = (ox * g.Stride) - g.Padding + (place % g.Kernel);
                        if (y < 0 || y >= g.Height || x < 0 || x >= g.Width)
                        {
                            continue;
                        }

                        for (int c = 0; c < g.Channels; c++)
                        {
                            connect(
                                (((((n * g.Height) + y) * g.Width) + x) * g.Channels) + c,
                                place,
                                (((((n * g.OutHeight) + oy) * g.OutWidth) + ox) * g.Channels) + c);
                        }
                    }
                }
            }
        }
    }
}
