// ONNX Runtime's side of a comparison; SideServer.cs says what it answers.
//
// describe THREADS
// network NETWORK inference BATCH THREADS FOLDER CHECK
//
// It runs model.onnx of FOLDER on the inputs that GraphGen's side left there, between buffers bound once, and leaves what comes out in
// the file CHECK.
using System.Globalization;
using System.Runtime.InteropServices;
using GraphGen.Benchmarks.Sides;
using Microsoft.ML.OnnxRuntime;

switch (args)
{
    case ["describe", string threads]:
        return SideServer.Answer(Description(threads), static () => { });
    case ["network", _, "inference", _, string threads, string folder, string check]:
        return Serve(threads, folder, check);
    default:
        throw new ArgumentException($"Expected describe THREADS or network NETWORK inference BATCH THREADS FOLDER CHECK, not: {string.Join(' ', args)}.", nameof(args));
}

static string Description(string threads)
{
    OrtEnv environment = OrtEnv.Instance();
    return $"ONNX Runtime {environment.GetVersionString()}, CPU provider, all graph optimizations, sequential, {threads} threads, bound buffers";
}

static int Serve(string threads, string folder, string check)
{
    using var options = new SessionOptions
    {
        IntraOpNumThreads = int.Parse(threads, CultureInfo.InvariantCulture),
        InterOpNumThreads = 1,
        ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
        GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
    };
    using var session = new InferenceSession(Path.Combine(folder, "model.onnx"), options);
    (string input, NodeMetadata inputShape) = session.InputMetadata.Single();
    (string output, NodeMetadata outputShape) = session.OutputMetadata.Single();

    float[] inputs = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(Path.Combine(folder, "input.bin"))).ToArray();
    float[] outputs = new float[outputShape.Dimensions.Aggregate(1, (length, size) => length * size)];
    using OrtValue inputValue = Value(inputs, inputShape), outputValue = Value(outputs, outputShape);
    using OrtIoBinding binding = session.CreateIoBinding();
    binding.BindInput(input, inputValue);
    binding.BindOutput(output, outputValue);
    using var run = new RunOptions();

    session.RunWithBinding(run, binding);
    File.WriteAllBytes(Path.Combine(folder, check), MemoryMarshal.AsBytes<float>(outputs));
    return SideServer.Answer(Description(threads), () => session.RunWithBinding(run, binding));
}

static OrtValue Value(float[] values, NodeMetadata shape) =>
    OrtValue.CreateTensorValueFromMemory(values, [.. shape.Dimensions.Select(size => (long)size)]);
