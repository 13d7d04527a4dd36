using System.Runtime.InteropServices;
using GraphGen.Benchmarks.Models;
using GraphGen.Benchmarks.Onnx;
using GraphGen.Benchmarks.Workloads;

namespace GraphGen.Benchmarks.Sides;

/// <summary>GraphGen's side of a <see cref="NetworkWorkload"/>.</summary>
/// <remarks>
/// What the first such side of a workload leaves for the others is <c>weights.bin</c>, <c>input.bin</c> and <c>labels.bin</c>, raw
/// little-endian, and for inference <c>model.onnx</c>. Another build of GraphGen starts from the same weights.
/// </remarks>
internal sealed class NetworkSide
{
    /// <summary>Steps of training whose losses all sides must agree on.</summary>
    private const int CheckedSteps = 3;

    /// <summary>The rate of those steps.</summary>
    private const double CheckedRate = 0.01;

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

    internal Action Prepare(string folder, string check)
    {
        string weights = Path.Combine(folder, "weights.bin");
        if (File.Exists(weights))
        {
            ReadWeights(weights);
        }
        else
        {
            WriteFiles(folder, weights);
        }

        return _workload.Kind == WorkloadKind.Training ? Trainer(check) : Predictor(check);
    }

    private static void WriteCheck(string check, ReadOnlySpan<float> values) => File.WriteAllBytes(check, MemoryMarshal.AsBytes(values));

    private void ReadWeights(string path)
    {
        using FileStream weights = File.OpenRead(path);
        foreach (Parameter parameter in _net.Parameters)
        {
            weights.ReadExactly(MemoryMarshal.AsBytes(parameter.Values));
        }
    }

    private void WriteFiles(string folder, string path)
    {
        File.WriteAllBytes(Path.Combine(folder, "input.bin"), MemoryMarshal.AsBytes<float>(_inputs));
        File.WriteAllBytes(Path.Combine(folder, "labels.bin"), MemoryMarshal.AsBytes<int>(_labels));
        using (FileStream weights = File.Create(path))
        {
            foreach (Parameter parameter in _net.Parameters)
            {
                weights.Write(MemoryMarshal.AsBytes(parameter.Values));
            }
        }

        if (_workload.Kind == WorkloadKind.Inference)
        {
            var graph = new OnnxGraph(_net.Parameters);
            string logits = _workload.Network.Describe(graph, OnnxGraph.Input, _workload.Batch);
            graph.Save(
                Path.Combine(folder, "model.onnx"),
                logits,
                [_workload.Batch, .. _workload.Network.InputShape],
                [_workload.Batch, _workload.Network.Classes]);
        }
    }

    private Action Predictor(string check)
    {
        WriteCheck(check, _net.Predict(_inputs));
        return () => _net.Predict(_inputs);
    }

    private Action Trainer(string check)
    {
        var optimizer = new SGD(_net.Parameters, lr: CheckedRate, momentum: 0.9);
        float loss = 0;
        var losses = new float[CheckedSteps];
        for (int i = 0; i < losses.Length; i++)
        {
            Step();
            losses[i] = loss;
        }

        WriteCheck(check, losses);
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
