using System.Runtime.InteropServices;
using GraphGen.Benchmarks.Models;
using GraphGen.Benchmarks.Onnx;

namespace GraphGen.Benchmarks.Compare;

/// <summary>GraphGen's side of a <see cref="NetworkWorkload"/>.</summary>
/// <remarks>
/// What it leaves for the peers is <c>weights.bin</c>, <c>input.bin</c> and <c>labels.bin</c>, raw little-endian, and for inference
/// <c>model.onnx</c>.
/// </remarks>
internal sealed class NetworkSide
{
    /// <summary>Steps of training whose losses all sides must agree on.</summary>
    internal const int CheckedSteps = 3;

    /// <summary>The rate of those steps.</summary>
    internal const double CheckedRate = 0.01;

    /// <summary>The rate of timed steps: too small for thousands of steps on one batch to learn it by heart.</summary>
    private const double TimedRate = 1e-6;

    private readonly NetworkWorkload _workload;
    private readonly IClassifier _net;
    private readonly float[] _inputs;
    private readonly int[] _labels;

    internal NetworkSide(NetworkWorkload workload)
    {
        _workload = workload;
        _net = workload.Network.Create(workload.Batch);
        _inputs = new float[workload.Batch * workload.Network.InputLength];
        _labels = new int[workload.Batch];
        var random = new Random(1);
        for (int i = 0; i < _inputs.Length; i++)
        {
            _inputs[i] = random.NextSingle();
        }

        for (int i = 0; i < _labels.Length; i++)
        {
            _labels[i] = random.Next(workload.Network.Classes);
        }
    }

    internal Action Prepare(string folder)
    {
        WriteFiles(folder);
        return _workload.Kind == WorkloadKind.Training ? Trainer(folder) : Predictor(folder);
    }

    private static void WriteCheck(string folder, ReadOnlySpan<float> values) =>
        File.WriteAllBytes(Path.Combine(folder, "graphgen.check"), MemoryMarshal.AsBytes(values));

    private void WriteFiles(string folder)
    {
        File.WriteAllBytes(Path.Combine(folder, "input.bin"), MemoryMarshal.AsBytes<float>(_inputs));
        File.WriteAllBytes(Path.Combine(folder, "labels.bin"), MemoryMarshal.AsBytes<int>(_labels));
        using (FileStream weights = File.Create(Path.Combine(folder, "weights.bin")))
        {
            foreach (Parameter parameter in _net.Parameters)
            {
                weights.Write(MemoryMarshal.AsBytes(parameter.Values));
            }
        }

        if (_workload.Kind == WorkloadKind.Inference)
        {
            var graph = new OnnxGraph(_net.Parameters);
            _workload.Network.Describe(graph);
            graph.Save(
                Path.Combine(folder, "model.onnx"),
                [_workload.Batch, .. _workload.Network.InputShape],
                [_workload.Batch, _workload.Network.Classes]);
        }
    }

    private Action Predictor(string folder)
    {
        WriteCheck(folder, _net.Predict(_inputs));
        return () => _net.Predict(_inputs);
    }

    private Action Trainer(string folder)
    {
        var optimizer = new SGD(_net.Parameters, lr: CheckedRate, momentum: 0.9);
        float loss = 0;
        var losses = new float[CheckedSteps];
        for (int i = 0; i < losses.Length; i++)
        {
            Step();
            losses[i] = loss;
        }

        WriteCheck(folder, losses);
        optimizer.Groups[0].LearningRate = TimedRate;
        return Step;

        void Step()
        {
            optimizer.ZeroGrad();
            _net.Forward(_inputs);
            loss = _net.Loss(_labels);
            _net.Backward();
            optimizer.Step();
        }
    }
}
