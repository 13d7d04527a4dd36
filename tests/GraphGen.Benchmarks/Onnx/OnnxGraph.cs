using System.Runtime.InteropServices;

namespace GraphGen.Benchmarks.Onnx;

/// <summary>
/// Layers as an ONNX model with the weights of a GraphGen model inside, for ONNX Runtime to be measured with. A layer takes the names
/// of its inputs and returns its output's. The field numbers are those of onnx.proto,
/// <see href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto"/>.
/// </summary>
internal sealed class OnnxGraph(ParameterBlock parameters)
{
    /// <summary>The name of the model's input.</summary>
    internal const string Input = "x";

    private const int IrVersion = 9;
    private const int OpsetVersion = 20; // the first with Gelu
    private const int FloatType = 1;
    private const int Int64Type = 7;
    private const int IntAttribute = 2;
    private const int IntsAttribute = 7;

    private readonly List<ProtobufWriter> _nodes = [];
    private readonly List<ProtobufWriter> _constants = [];
    private readonly List<Parameter> _weights = [];

    /// <summary>[n, in] to [n, out].</summary>
    internal string Linear(string x, string layer) => Add("Gemm", [x, Weight(layer + ".weight"), Weight(layer + ".bias")], Integer("transB", 1));

    /// <summary>[n, t, in] to [n, t, out], as PyTorch exports it: the transposed weights are folded into a constant.</summary>
    internal string LinearOverRows(string x, string layer) =>
        Add(MatMul(x, Transpose(Weight(layer + ".weight"), 1, 0)), Weight(layer + ".bias"));

    internal string Conv(string x, string layer) => Add("Conv", [x, Weight(layer + ".weight"), Weight(layer + ".bias")]);

    internal string LayerNorm(string x, string gain, string offset) => Add("LayerNormalization", [x, Weight(gain), Weight(offset)]);

    internal string Relu(string x) => Add("Relu", [x]);

    internal string Gelu(string x) => Add("Gelu", [x]);

    internal string Softmax(string x) => Add("Softmax", [x]);

    internal string Flatten(string x) => Add("Flatten", [x]);

    internal string MatMul(string left, string right) => Add("MatMul", [left, right]);

    internal string Add(string left, string right) => Add("Add", [left, right]);

    internal string Scale(string x, float factor) => Add("Mul", [x, Constant(FloatType, [], MemoryMarshal.AsBytes([factor]))]);

    internal string Transpose(string x, params int[] axes) => Add("Transpose", [x], Integers("perm", axes));

    internal string Reshape(string x, params long[] shape) => Add("Reshape", [x, Constant(Int64Type, [shape.Length], MemoryMarshal.AsBytes<long>(shape))]);

    /// <summary>The mean along an axis, which is gone afterwards.</summary>
    internal string Mean(string x, long axis) => Add("ReduceMean", [x, Constant(Int64Type, [1], MemoryMarshal.AsBytes([axis]))], Integer("keepdims", 0));

    internal string MaxPool(string x, int kernel) =>
        Add("MaxPool", [x], Integers("kernel_shape", kernel, kernel), Integers("strides", kernel, kernel));

    /// <summary>Writes the model. The weights go to the file from where they are: they are not held twice.</summary>
    internal void Save(string path, string output, int[] inputShape, int[] outputShape)
    {
        var head = new ProtobufWriter();
        foreach (ProtobufWriter node in _nodes)
        {
            head.Message(1, node);
        }

        foreach (ProtobufWriter constant in _constants)
        {
            head.Message(5, constant);
        }

        ProtobufWriter tail = new ProtobufWriter()
            .Text(2, "graph")
            .Message(11, ValueInfo(Input, inputShape))
            .Message(12, ValueInfo(output, outputShape));

        (Parameter Parameter, ProtobufWriter Tensor)[] tensors = [.. _weights.Select(parameter => (parameter, WeightHeader(parameter)))];
        long graphLength = head.Written.Length + tail.Written.Length;
        foreach ((Parameter parameter, ProtobufWriter tensor) in tensors)
        {
            graphLength += tensor.Written.Length + (parameter.Length * sizeof(float));
        }

        using FileStream file = File.Create(path);
        file.Write(new ProtobufWriter()
            .Integer(1, IrVersion)
            .Message(8, new ProtobufWriter().Integer(2, OpsetVersion))
            .BytesHeader(7, graphLength)
            .Written.Span);
        file.Write(head.Written.Span);
        foreach ((Parameter parameter, ProtobufWriter tensor) in tensors)
        {
            file.Write(tensor.Written.Span);
            file.Write(MemoryMarshal.AsBytes(parameter.Values));
        }

        file.Write(tail.Written.Span);
    }

    private static ProtobufWriter Integer(string name, int value) =>
        new ProtobufWriter().Text(1, name).Integer(3, value).Integer(20, IntAttribute);

    private static ProtobufWriter Integers(string name, params int[] values)
    {
        ProtobufWriter attribute = new ProtobufWriter().Text(1, name);
        foreach (int value in values)
        {
            attribute.Integer(8, value);
        }

        return attribute.Integer(20, IntsAttribute);
    }

    private static ProtobufWriter ValueInfo(string name, int[] shape)
    {
        var dimensions = new ProtobufWriter();
        foreach (int size in shape)
        {
            dimensions.Message(1, new ProtobufWriter().Integer(1, size));
        }

        ProtobufWriter tensor = new ProtobufWriter().Integer(1, FloatType).Message(2, dimensions);
        return new ProtobufWriter().Text(1, name).Message(2, new ProtobufWriter().Message(1, tensor));
    }

    // The graph's field 5: the header of a TensorProto up to its raw data.
    private static ProtobufWriter WeightHeader(Parameter parameter)
    {
        long rawLength = parameter.Length * sizeof(float);
        ProtobufWriter tensor = TensorHeader(FloatType, parameter.Shape, parameter.Name).BytesHeader(9, rawLength);
        return new ProtobufWriter().BytesHeader(5, tensor.Written.Length + rawLength).Raw(tensor.Written.Span);
    }

    private static ProtobufWriter TensorHeader(int type, ReadOnlySpan<int> shape, string name)
    {
        var tensor = new ProtobufWriter();
        foreach (int size in shape)
        {
            tensor.Integer(1, size);
        }

        return tensor.Integer(2, type).Text(8, name);
    }

    private string Constant(int type, int[] shape, ReadOnlySpan<byte> values)
    {
        string name = $"constant{_constants.Count}";
        _constants.Add(TensorHeader(type, shape, name).Bytes(9, values));
        return name;
    }

    private string Weight(string name)
    {
        Parameter parameter = parameters[name];
        _weights.Add(parameter);
        return parameter.Name;
    }

    private string Add(string operation, string[] inputs, params ProtobufWriter[] attributes)
    {
        var node = new ProtobufWriter();
        foreach (string input in inputs)
        {
            node.Text(1, input);
        }

        string output = $"{operation.ToLowerInvariant()}{_nodes.Count}";
        node.Text(2, output).Text(4, operation);
        foreach (ProtobufWriter attribute in attributes)
        {
            node.Message(5, attribute);
        }

        _nodes.Add(node);
        return output;
    }
}
