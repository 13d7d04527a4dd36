using System.Globalization;
using System.Text;

namespace GraphGen.Benchmarks.Generate;

/// <summary>A kind of model that can have any number of layers, as source text.</summary>
/// <param name="Name">What it is made of.</param>
/// <param name="Counts">The numbers of layers that are measured.</param>
/// <param name="Input">The shape of an input, after the batch.</param>
/// <param name="Source">The members and the forward method of a model with so many layers.</param>
internal sealed record ScalingModel(string Name, int[] Counts, int[] Input, Func<int, string> Source)
{
    private const int Samples = 2;

    public static IReadOnlyList<ScalingModel> All { get; } =
    [
        new("linear + relu + dropout", [10, 20, 80, 320], [64], Distinct),
        new("one linear layer in a loop", [10, 20, 80, 320], [64], Shared),
        new("convolutional residual block", [2, 8, 32], [16, 12, 12], Residual),
        new("transformer block", [1, 2, 12, 48], [128, 128], Transformer),
        new("FashionNet", [1], [1, 28, 28], _ => FashionNet),
    ];

    /// <summary>The network of the sample, without a name for its dropout.</summary>
    private static string FashionNet => Forward(
        new StringBuilder()
            .AppendLine("    [Conv2d(1, 32, Kernel = 3)] private partial Tensor Conv1(Tensor x);")
            .AppendLine("    [Conv2d(32, 64, Kernel = 3)] private partial Tensor Conv2(Tensor x);")
            .AppendLine("    [Linear(128)] private partial Tensor Fc1(Tensor x);"),
        "[Shape(Batch, 1, 28, 28)] Tensor x",
        ["x = MaxPool2d(Relu(Conv1(x)), 2);", "x = MaxPool2d(Relu(Conv2(x)), 2);", "x = Dropout(Relu(Fc1(Flatten(x))), 0.25f);"],
        "Head(x)");

    /// <summary>The whole file: the model <c>Net</c>, and <c>Runner</c>, whose <c>Step</c> is a training step.</summary>
    public string File(int count)
    {
        int elements = Samples * Input.Aggregate(1, (product, size) => product * size);
        return $$"""
            using GraphGen;
            using static GraphGen.Dim;
            using static GraphGen.Ops;

            [Model]
            public sealed partial class Net
            {
            {{Source(count)}}
                [CrossEntropyLoss] private partial Tensor Loss(Tensor logits, [Shape(Batch)] IntTensor labels);
            }

            public static class Runner
            {
                private static readonly Net Model = new({{Samples}}, seed: 1);

                public static float Step()
                {
                    Model.Forward(new float[{{elements}}]);
                    float loss = Model.Loss(new int[{{Samples}}]);
                    Model.Backward();
                    return loss;
                }
            }
            """;
    }

    private static string Distinct(int count)
    {
        StringBuilder text = new();
        for (int i = 0; i < count; i++)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"    [Linear(64)] private partial Tensor L{i}(Tensor x);");
        }

        return Forward(text, "[Shape(Batch, 64)] Tensor x", Enumerable.Range(0, count).Select(i => $"x = Dropout(Relu(L{i}(x)), 0.1f);"), "Head(x)");
    }

    private static string Shared(int count) => Forward(
        new StringBuilder().AppendLine("    [Linear(64)] private partial Tensor L(Tensor x);"),
        "[Shape(Batch, 64)] Tensor x",
        [$"for (int i = 0; i < {count}; i++)", "{", "    x = Dropout(Relu(L(x)), 0.1f);", "}"],
        "Head(x)");

    private static string Residual(int count)
    {
        StringBuilder text = new();
        for (int i = 0; i < count; i++)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"    [Conv2d(16, 16, Kernel = 3, Padding = 1)] private partial Tensor A{i}(Tensor x);");
            text.AppendLine(CultureInfo.InvariantCulture, $"    [Conv2d(16, 16, Kernel = 3, Padding = 1)] private partial Tensor B{i}(Tensor x);");
        }

        return Forward(text, "[Shape(Batch, 16, 12, 12)] Tensor x", Enumerable.Range(0, count).Select(i => $"x = Relu(x + B{i}(Relu(A{i}(x))));"), "Head(Flatten(x))");
    }

    /// <summary>GptBlock's body, again and again.</summary>
    private static string Transformer(int count)
    {
        StringBuilder text = new();
        for (int i = 0; i < count; i++)
        {
            foreach (string parameter in new[] { "G", "B", "H", "C" })
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"    [Parameter(128)] private partial Tensor {parameter}{i} {{ get; }}");
            }

            foreach (string layer in new[] { "Q", "K", "V", "O" })
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"    [Linear(128, 128)] private partial Tensor {layer}{i}(Tensor x);");
            }

            text.AppendLine(CultureInfo.InvariantCulture, $"    [Linear(128, 512)] private partial Tensor U{i}(Tensor x);");
            text.AppendLine(CultureInfo.InvariantCulture, $"    [Linear(512, 128)] private partial Tensor D{i}(Tensor x);");
        }

        text.AppendLine("""
                private Tensor Norm(Tensor x, Tensor g, Tensor b)
                {
                    Tensor c = x - Mean(x, -1, keepDim: true);
                    Tensor v = Mean(c * c, -1, keepDim: true);
                    return c / Sqrt(v + 1e-5f) * g + b;
                }
            """);
        return Forward(text, "[Shape(Batch, 128, 128)] Tensor x", Enumerable.Range(0, count).SelectMany(Block), "Head(Mean(x, 1))");

        static IEnumerable<string> Block(int i) =>
        [
            $"Tensor h{i} = Norm(x, G{i}, B{i});",
            $"Tensor q{i} = Permute(Reshape(Q{i}(h{i}), -1, 128, 4, 32), 0, 2, 1, 3);",
            $"Tensor k{i} = Permute(Reshape(K{i}(h{i}), -1, 128, 4, 32), 0, 2, 3, 1);",
            $"Tensor v{i} = Permute(Reshape(V{i}(h{i}), -1, 128, 4, 32), 0, 2, 1, 3);",
            $"Tensor y{i} = Reshape(Permute(MatMul(Softmax(MatMul(q{i}, k{i}) * 0.1767767f), v{i}), 0, 2, 1, 3), -1, 128, 128);",
            $"x = x + O{i}(y{i});",
            $"x = x + D{i}(Gelu(U{i}(Norm(x, H{i}, C{i}))));",
        ];
    }

    private static string Forward(StringBuilder members, string argument, IEnumerable<string> body, string result)
    {
        members.AppendLine("    [Linear(10)] private partial Tensor Head(Tensor x);");
        members.AppendLine(CultureInfo.InvariantCulture, $"    [Forward] private Tensor Forward({argument})");
        members.AppendLine("    {");
        foreach (string line in body)
        {
            members.AppendLine("        " + line);
        }

        members.AppendLine(CultureInfo.InvariantCulture, $"        return {result};");
        return members.AppendLine("    }").ToString();
    }
}
