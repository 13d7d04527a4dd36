using System.Runtime.InteropServices;
using GraphGen.Benchmarks.Workloads;

namespace GraphGen.Benchmarks.Sides;

/// <summary>GraphGen's side of an <see cref="OptimizerWorkload"/>. Values and gradients come from a formula that all sides know.</summary>
internal sealed class OptimizerSide(OptimizerWorkload workload)
{
    /// <summary>Steps after which all sides must agree.</summary>
    private const int CheckedSteps = 3;

    /// <summary>The rate of those steps: large enough that an error of one percent in an update shows.</summary>
    private const double CheckedRate = 0.1;

    /// <summary>The rate of timed steps, after thousands of which values are still ordinary numbers.</summary>
    private const double TimedRate = 1e-6;

    /// <summary>Values that are compared, spread over all.</summary>
    private const int CheckedValues = 4096;

    internal Action Prepare(string check)
    {
        var parameters = new ParameterBlock(0, ParameterSpec.Ones("weight", [workload.Length]));
        Fill(parameters.Values, 2654435761);
        Fill(parameters.Gradients, 2246822519);
        parameters.MarkGradient(0);

        Optimizer optimizer = workload.Create(parameters, CheckedRate);
        for (int i = 0; i < CheckedSteps; i++)
        {
            optimizer.Step();
        }

        float[] values = new float[CheckedValues];
        int stride = workload.Length / CheckedValues;
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = parameters.Values[i * stride];
        }

        File.WriteAllBytes(check, MemoryMarshal.AsBytes<float>(values));
        optimizer.Groups[0].LearningRate = TimedRate;
        return optimizer.Step;
    }

    // Multiples of 2^-24 in [-0.5, 0.5), which floats hold exactly.
    private static void Fill(Span<float> values, uint multiplier)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = ((((uint)i * multiplier) >> 8) * (1f / (1 << 24))) - 0.5f;
        }
    }
}
