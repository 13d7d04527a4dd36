using System.Globalization;
using System.Text;

namespace GraphGen.Generator.Tests.Compiler.RandomModels;

/// <summary>
/// Writes the source of a random model: the same for the same seed. Values are kept around 1 and away from poles, so that
/// single and double precision agree.
/// </summary>
internal sealed partial class RandomModelWriter
{
    private readonly Random _random;
    private readonly bool _convolutions;
    private readonly bool _deep;
    private readonly bool _parts;
    private readonly StringBuilder _members = new();
    private readonly StringBuilder _body = new();
    private readonly List<Value> _values = [];
    private readonly List<string> _parameters = [];
    private readonly int[] _sizes;
    private readonly int _largest;
    private int _names;

    private RandomModelWriter(int seed, bool convolutions, bool deep, bool parts = false)
    {
        _random = new Random(seed);
        _convolutions = convolutions;
        _deep = deep;
        _parts = parts;

        // One in four is large enough for several threads to take part.
        bool isLarge = _random.Next(4) == 0;
        _sizes = isLarge ? [3, 16, 24, 31, 48, 64, 65] : [1, 2, 3, 4, 5, 7, 8, 11, 16, 17, 19];
        _largest = isLarge ? 4096 : 600;
    }

    /// <summary>A model named <c>Net</c>; a deep one has helpers, loops, dropout and long chains of shared values too.</summary>
    public static string Write(int seed, bool convolutions = true, bool deep = false) => new RandomModelWriter(seed, convolutions, deep).Write();

    /// <summary>A model of 3 to 40 steps, most of which take tensors apart and put them together.</summary>
    public static string WriteParts(int seed) => new RandomModelWriter(seed, convolutions: true, deep: false, parts: true).Write();

    /// <summary>A model whose network is called twice, with the same weights, and that returns several outputs; the loss of some is not reduced.</summary>
    public static string WriteTwins(int seed) => new RandomModelWriter(seed, convolutions: true, deep: false).WriteTwins();

    private string Write()
    {
        string arguments = _parts ? WritePartsBody() : WriteBody();
        string loss = WriteLoss();
        return $$"""
            [Model]
            public sealed partial class Net
            {
            {{_members}}
                [Forward]
                private Tensor Forward({{arguments}})
                {
            {{_body}}        return {{_values[^1].Name}};
                }

            {{loss}}
            }
            """;
    }

    /// <summary>Writes inputs and the operations on them; the arguments of the forward method.</summary>
    private string WriteBody()
    {
        int inputs = _random.Next(3) == 0 ? 2 : 1;
        for (int i = 0; i < inputs; i++)
        {
            _values.Add(new Value($"x{i}", InputShape()));
        }

        string arguments = string.Join(", ", _values.Select(input => $"[Shape({Dims(input.Shape)})] Tensor {input.Name}"));
        int steps = _random.Next(2, 9);
        for (int step = 0; step < steps; step++)
        {
            if (_deep && _random.Next(2) == 0)
            {
                DeepStep(_random.Next(4) == 0 ? Pick(_values) : _values[^1]);
            }
            else
            {
                Step();
            }
        }

        return arguments;
    }

    /// <summary>One more value, of a random operation that takes one of the last values.</summary>
    private void Step()
    {
        Value x = _random.Next(4) == 0 ? Pick(_values) : _values[^1];
        Value? made = null;
        while (made is null || Elements(made.Shape) > _largest)
        {
            made = x.Shape.Length == 3 && _convolutions && _random.Next(2) == 0 ? Window(x) : General(x);
        }

        Define(made);
    }

    private Value? General(Value x) => _random.Next(16) switch
    {
        0 or 1 or 2 => Activation(x),
        3 => WithParameter(x),
        4 => WithEarlier(x),
        5 => Normalized(x),
        6 => Reduced(x),
        7 => Softmax(x),
        8 => Reshaped(x),
        9 => Permuted(x),
        10 => MatMul(x),
        11 => Rows(x),
        12 => Residual(x),
        _ => Linear(x),
    };

    private int[] InputShape() => _random.Next(_convolutions ? 5 : 3) switch
    {
        0 or 1 => [Size()],
        2 => [Pick(3, 5, 7), Pick(4, 6, 9)],
        _ => [Pick(1, 2, 3, 4, 6, 16), Pick(6, 7, 8, 11, 12), Pick(5, 8, 9, 12)],
    };

    private Value Define(Value value)
    {
        string name = $"v{_names++}";
        _body.Append(CultureInfo.InvariantCulture, $"        Tensor {name} = {value.Name}; // {Dims(value.Shape)}\n");
        Value named = value with { Name = name };
        _values.Add(named);
        return named;
    }

    /// <summary>Declares a raw parameter.</summary>
    private string Parameter(params int[] shape)
    {
        string name = $"P{_names++}";
        string init = Pick("", ", Init = Initializer.Normal", ", Init = Initializer.Ones", "");
        if (shape.Length == 4 && init.EndsWith("Ones", StringComparison.Ordinal))
        {
            // Kernels of ones make windows that differ only in where the padding is equal, and rounding the judge of which one max-pooling takes.
            init = "";
        }

        _members.Append(CultureInfo.InvariantCulture, $"    [Parameter({string.Join(", ", shape)}{init})] private partial Tensor {name} {{ get; }}\n");
        _parameters.Add(name);
        return name;
    }

    private string Layer(string attribute)
    {
        string name = $"L{_names++}";
        _members.Append(CultureInfo.InvariantCulture, $"    [{attribute}] private partial Tensor {name}(Tensor x);\n");
        return name;
    }

    private int Size() => Pick(_sizes);

    private T Pick<T>(params IReadOnlyList<T> choices) => choices[_random.Next(choices.Count)];

    /// <summary>Some of the axes, the batch (0) among them or not; at least one.</summary>
    private int[] Axes(int rank, bool withBatch)
    {
        int first = withBatch ? 0 : 1;
        int[] axes = [.. Enumerable.Range(first, rank - first).Where(_ => _random.Next(2) == 0)];
        return axes.Length > 0 ? axes : [_random.Next(first, rank)];
    }

    private static string Dims(IReadOnlyList<int> shape) => string.Join(", ", shape.Select(size => size.ToString(CultureInfo.InvariantCulture)).Prepend("Batch"));

    private static string Number(double value) => value.ToString("0.0###", CultureInfo.InvariantCulture) + "f";

    private static int Elements(IEnumerable<int> shape) => shape.Aggregate(1, (product, size) => product * size);

    /// <summary>A value of the body: an expression, and its shape without the batch.</summary>
    private sealed record Value(string Name, int[] Shape)
    {
        /// <summary>The number of axes, the batch included.</summary>
        public int Rank => Shape.Length + 1;
    }
}
