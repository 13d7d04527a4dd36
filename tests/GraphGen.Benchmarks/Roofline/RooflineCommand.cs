using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Serialization;
using GraphGen.Benchmarks.Compare;
using GraphGen.Benchmarks.Models;
using GraphGen.Runtime;
using GraphGen.Simd;

namespace GraphGen.Benchmarks.Roofline;

/// <summary>A row of the table and of the JSON file.</summary>
/// <param name="Kernel">What was measured.</param>
/// <param name="InstructionSet">The path that ran.</param>
/// <param name="Milliseconds">The median.</param>
/// <param name="Gigaflops">Dense operations a second: of a gradient through max-pooling as if all of it were computed.</param>
/// <param name="Percent">Of the multiply-add loop measured beside it.</param>
internal sealed record RooflineRow(
    [property: JsonPropertyName("kernel")] string Kernel,
    [property: JsonPropertyName("isa")] string InstructionSet,
    [property: JsonPropertyName("ms")] double Milliseconds,
    [property: JsonPropertyName("gflops")] double Gigaflops,
    [property: JsonPropertyName("percent_of_fma_loop")] double Percent);

/// <summary><c>roofline</c>: matrix product and convolution on one thread, forward and both gradients, against the machine.</summary>
internal static class RooflineCommand
{
    private const int Images = 4;
    private const int Repetitions = 60;
    private const double MatMulOperations = 2.0 * MatMul512.Size * MatMul512.Size * MatMul512.Size;

    // Pooling leaves out the last row and column of 109 x 109: nothing needs them.
    private const double ConvolutionOperations = 2.0 * Images * 64 * 32 * 9 * 108 * 108;

    internal static int Run(FileInfo? json)
    {
        WorkerPool.ThreadCount = 1;
        List<RooflineRow> rows = [];
        Console.WriteLine($"one thread, {SimdTarget.Name}; triad {FmaLoop.TriadGigabytesPerSecond():f1} GB/s; a multiply-add loop beside each measurement is 100 %");
        foreach (RooflineRow row in MatMul().Concat(Convolution()))
        {
            rows.Add(row);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{row.Kernel,-44} {row.Milliseconds,8:f3} ms {row.Gigaflops,7:f1} GFLOP/s {row.Percent,6:f1} %"));
        }

        JsonReport.Write(json, rows);
        return 0;
    }

    private static IEnumerable<RooflineRow> MatMul()
    {
        const int Size = MatMul512.Size;
        float[] x = Uniform(Size * Size), gradient = Uniform(Size * Size);
        var product = new MatMul512(Size, seed: 1);
        var withInputGradient = new MatMul512WithInputGradient(Size, seed: 1);

        yield return Row("matmul 512x512x512, inference", MatMulOperations, Time(() => { }, () => product.Predict(x)));
        yield return Row("matmul 512x512x512, forward", MatMulOperations, Time(() => { }, () => product.Forward(x)));

        Timing weight = Time(() => Prepare(product.Parameters, () => product.Forward(x)), () => product.Backward(gradient));
        Timing both = Time(() => Prepare(withInputGradient.Parameters, () => withInputGradient.Forward(x)), () => withInputGradient.Backward(gradient));
        yield return Row("matmul 512x512x512, gradient of the weight", MatMulOperations, weight);
        yield return Row("matmul 512x512x512, gradient of the input", MatMulOperations, both with { Milliseconds = both.Milliseconds - weight.Milliseconds });
    }

    private static IEnumerable<RooflineRow> Convolution()
    {
        float[] maps = Uniform(Images * 32 * 111 * 111), image = Uniform(Images * 111 * 111), gradient = Uniform(Images * 64 * 54 * 54);
        var first = new SecondConvolution(Images, seed: 1);
        var second = new SecondConvolutionWithInputGradient(Images, seed: 1);

        yield return Row("conv 32-64 3x3 111x111 + pool, inference", ConvolutionOperations, Time(() => { }, () => second.Predict(image)));
        yield return Row("conv 32-64 3x3 111x111 + pool, forward", ConvolutionOperations, Time(() => { }, () => second.Forward(image)));

        Timing weight = Time(() => Prepare(first.Parameters, () => first.Forward(maps)), () => first.Backward(gradient));
        Timing both = Time(() => Prepare(second.Parameters, () => second.Forward(image)), () => second.Backward(gradient));
        yield return Row("conv 32-64 3x3 111x111, gradient of the weight", ConvolutionOperations, weight);
        yield return Row("conv 32-64 3x3 111x111, gradient of the input", ConvolutionOperations, both with { Milliseconds = both.Milliseconds - weight.Milliseconds });
    }

    private static void Prepare(ParameterBlock parameters, Action forward)
    {
        parameters.ZeroGrad();
        forward();
    }

    // The machine's clock and neighbours change from second to second: the loop is timed beside every repetition, and the
    // medians of both are of the same time.
    private static Timing Time(Action prepare, Action measured)
    {
        List<double> milliseconds = [], peaks = [];
        for (int i = -10; i < Repetitions; i++)
        {
            double peak = FmaLoop.GigaflopsPerSecond(milliseconds: 2);
            prepare();
            long start = Stopwatch.GetTimestamp();
            measured();
            double elapsed = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            if (i >= 0)
            {
                milliseconds.Add(elapsed);
                peaks.Add(peak);
            }
        }

        return new Timing(Statistics.Median(milliseconds), Statistics.Median(peaks));
    }

    private static RooflineRow Row(string kernel, double operations, Timing timing)
    {
        double gigaflops = operations / timing.Milliseconds / 1e6;
        return new RooflineRow(kernel, SimdTarget.Name, timing.Milliseconds, gigaflops, 100 * gigaflops / timing.PeakGigaflops);
    }

    private static float[] Uniform(int length)
    {
        var random = new Random(1);
        var values = new float[length];
        for (int i = 0; i < length; i++)
        {
            values[i] = (2 * random.NextSingle()) - 1;
        }

        return values;
    }

    private readonly record struct Timing(double Milliseconds, double PeakGigaflops);
}
