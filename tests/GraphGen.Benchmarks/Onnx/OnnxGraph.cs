using System.Runtime.InteropServices;

namespace GraphGen.Benchmarks.Onnx;

/// <summary>
/// A chain of layers as an ONNX model with the weights of a GraphGen model inside, for ONNX Runtime to be measured with. The
/// field numbers are those of onnx.proto, <see href="https://github.com/onnx/onnx/blob/main/onnx/onnx.proto"/>.
/// </summary>
internal sealed class OnnxGraph(ParameterBlock parameters)
{
    private const int IrVersion = 8;
    private const int OpsetVersion = 17;
    private const int FloatType = 1;
    private const int IntAttribute = 2;
    private const int IntsAttribute = 7;
    private const string Input = "x";

    private readonly List<ProtobufWriter> _nodes = [];
    private readonly List<Parameter> _initializers = [];
    private string _current = Input;

    internal OnnxGraph Linear(string layer) => Add("Gemm", Weights(layer), Attribute("transB", 1));

    internal OnnxGraph Conv(string layer) => Add("Conv", Weights(layer));

    internal OnnxGraph Relu() => Add("Relu", []);

    internal OnnxGraph Flatten() => Add("Flatten", []);

    internal OnnxGraph MaxPool(int kernel) =>
        Add("MaxPool", [], Attribute("kernel_shape", kernel, kernel), Attribute("strides", kernel, kernel));

    /// <summary>Writes the model. The weights go to the file from where they are: they are not held twice.</summary>
    internal void Save(string path, int[] inputShape, int[] outputShape)
    {
        var head = new ProtobufWriter();
        foreach (ProtobufWriter node in _nodes)
        {
            head.Message(1, node);
        }

        ProtobufWriter tail = new ProtobufWriter()
            .Text(2, "graph")
            .Message(11, ValueInfo(Input, inputShape))
            .Message(12, ValueInfo(_current, outputShape));

        (Parameter Parameter, ProtobufWriter Tensor)[] tensors = [.. _initializers.Select(parameter => (parameter, TensorHeader(parameter)))];
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

    private static ProtobufWriter Attribute(string name, params int[] values)
    {
        ProtobufWriter attribute = new ProtobufWriter().Text(1, name);
        if (values.Length == 1)
        {
            return attribute.Integer(3, values[0]).Integer(20, IntAttribute);
        }

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
    private static ProtobufWriter TensorHeader(Parameter parameter)
    {
        var tensor = new ProtobufWriter();
        foreach (int size in parameter.Shape)
        {
            tensor.Integer(1, size);
        }

        long rawLength = parameter.Length * sizeof(float);
        tensor.Integer(2, FloatType).Text(8, parameter.Name).BytesHeader(9, rawLength);
        return new ProtobufWriter().BytesHeader(5, tensor.Written.Length + rawLength).Raw(tensor.Written.Span);
    }

    private string[] Weights(string layer)
    {
        Parameter weight = parameters[layer + ".weight"], bias = parameters[layer + ".bias"];
        _initializers.AddRange([weight, bias]);
        return [weight.Name, bias.Name];
    }

    private OnnxGraph Add(string operation, string[] weights, params ProtobufWriter[] attributes)
    {
        ProtobufWriter node = new ProtobufWriter().Text(1, _current);
        foreach (string weight in weights)
        {
            node.Text(1, weight);
        }

        _current = $"{operation.ToLowerInvariant()}{_nodes.Count}";
        node.Text(2, _current).Text(4, operation);
        foreach (ProtobufWriter attribute in attributes)
        {
            node.Message(5, attribute);
        }

        _nodes.Add(node);
        return this;
    }
}
