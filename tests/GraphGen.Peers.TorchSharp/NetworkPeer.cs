using System.Runtime.InteropServices;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace GraphGen.Peers;

/// <summary>A network, its inputs and its labels, as users of TorchSharp write them.</summary>
internal sealed class NetworkPeer
{
    private const int CheckedSteps = 3;
    private const double CheckedRate = 0.01;
    private const double TimedRate = 1e-6; // too small for thousands of steps on one batch to learn it by heart

    private readonly Module<Tensor, Tensor> _net;
    private readonly Tensor _inputs;
    private readonly Tensor _labels;

    internal NetworkPeer(string name, int batch, string folder)
    {
        (_net, long[] shape) = Networks.Create(name);
        using (FileStream weights = File.OpenRead(Path.Combine(folder, "weights.bin")))
        using (no_grad())
        {
            foreach (Parameter parameter in _net.parameters())
            {
                weights.ReadExactly(parameter.bytes);
            }
        }

        _inputs = empty([batch, .. shape]);
        using (FileStream inputs = File.OpenRead(Path.Combine(folder, "input.bin")))
        {
            inputs.ReadExactly(_inputs.bytes);
        }

        int[] labels = MemoryMarshal.Cast<byte, int>(File.ReadAllBytes(Path.Combine(folder, "labels.bin"))).ToArray();
        _labels = tensor([.. labels.Select(label => (long)label)], dtype: ScalarType.Int64);
    }

    /// <summary>Returns an iteration, and leaves what the first computed in a file.</summary>
    internal Action Prepare(string kind, string check) => kind == "training" ? Trainer(check) : Predictor(check);

    private Action Predictor(string check)
    {
        _net.eval();
        using (inference_mode())
        using (Tensor output = _net.call(_inputs))
        {
            File.WriteAllBytes(check, output.bytes.ToArray());
        }

        return () =>
        {
            using DisposeScope scope = NewDisposeScope();
            using var mode = inference_mode();
            _net.call(_inputs);
        };
    }

    private Action Trainer(string check)
    {
        SGD optimizer = optim.SGD(_net.parameters(), CheckedRate, momentum: 0.9);
        CrossEntropyLoss criterion = CrossEntropyLoss();
        float[] losses = new float[CheckedSteps];
        for (int i = 0; i < losses.Length; i++)
        {
            using DisposeScope scope = NewDisposeScope();
            losses[i] = Step().item<float>();
        }

        File.WriteAllBytes(check, MemoryMarshal.AsBytes<float>(losses));
        foreach (optim.ILearningRateController group in optimizer.ParamGroups)
        {
            group.LearningRate = TimedRate;
        }

        return () =>
        {
            using DisposeScope scope = NewDisposeScope();
            Step();
        };

        Tensor Step()
        {
            optimizer.zero_grad();
            Tensor loss = criterion.call(_net.call(_inputs), _labels);
            loss.backward();
            optimizer.step();
            return loss;
        }
    }
}
