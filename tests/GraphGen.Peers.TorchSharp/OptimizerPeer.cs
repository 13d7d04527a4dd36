using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace GraphGen.Peers;

/// <summary>One step of an optimizer over a single parameter whose gradient stays the same.</summary>
internal static class OptimizerPeer
{
    private const int CheckedSteps = 3;
    private const double CheckedRate = 0.1;
    private const double TimedRate = 1e-6;
    private const int CheckedValues = 4096;

    /// <summary>Returns a step, and leaves some of the values after the first in a file.</summary>
    internal static Action Prepare(string name, int length, string check)
    {
        Tensor values = Formula(length, 2654435761);
        var parameter = new Parameter(values);
        parameter.grad = Formula(length, 2246822519);
        optim.Optimizer optimizer = name switch
        {
            "SGD" => optim.SGD([parameter], CheckedRate, momentum: 0.9),
            "Adam" => optim.Adam([parameter], CheckedRate),
            "AdamW" => optim.AdamW([parameter], CheckedRate, weight_decay: 0.01), // PyTorch's default, not TorchSharp's
            "RMSprop" => optim.RMSProp([parameter], CheckedRate),
            "Adagrad" => optim.Adagrad([parameter], CheckedRate),
            _ => throw new ArgumentException($"There is no optimizer '{name}'.", nameof(name)),
        };

        for (int i = 0; i < CheckedSteps; i++)
        {
            optimizer.step();
        }

        int stride = length / CheckedValues;
        using (Tensor chosen = parameter.detach().slice(0, 0, (long)stride * CheckedValues, stride).contiguous())
        {
            File.WriteAllBytes(check, chosen.bytes.ToArray());
        }

        foreach (optim.ILearningRateController group in optimizer.ParamGroups)
        {
            group.LearningRate = TimedRate;
        }

        return () =>
        {
            using DisposeScope scope = NewDisposeScope();
            optimizer.step();
        };
    }

    // Multiples of 2^-24 in [-0.5, 0.5), which floats hold exactly.
    private static Tensor Formula(int length, uint multiplier)
    {
        Tensor result = empty(length);
        Span<float> values = System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(result.bytes);
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = ((((uint)i * multiplier) >> 8) * (1f / (1 << 24))) - 0.5f;
        }

        return result;
    }
}
