using GraphGen.Generator.Compile;
using GraphGen.Generator.Fuse;
using GraphGen.Generator.Graph;
using GraphGen.Generator.Lower;
using GraphGen.Generator.Nests;
using GraphGen.Generator.Operations;
using GraphGen.Generator.Tests.Compiler.Gradients;
using GraphGen.Generator.Tests.Compiler.Interpreter;
using GraphGen.Generator.Tests.Compiler.Losses;
using GraphGen.Generator.Tests.Compiler.RandomModels;

namespace GraphGen.Generator.Tests.Compiler.Nests;

/// <summary>
/// Every loop nest against the interpreter of the graph: each kernel by itself, from the exact values of what it reads, on vectors of
/// every width.
/// </summary>
public sealed class NestTests
{
    private const double Tolerance = 1e-9;

    private static readonly int[] Widths = [4, 8, 16];

    public static TheoryData<string> Cases => [.. GradientCases.All.Select(@case => @case.Name), .. LossCase.All.Select(@case => @case.Name)];

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 60)];

    /// <summary>Sizes below, at and above the widths of vectors, the blocks of a sum and the lengths of rows that are cut.</summary>
    public static TheoryData<int> Sizes => [1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 31, 33, 64, 100, 127, 129, 512, 515];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Nests_of_an_operation_compute_what_the_graph_says(string name) =>
        Verify(GradientCases.All.FirstOrDefault(@case => @case.Name == name)?.Source ?? LossCase.All.Single(@case => @case.Name == name).Source("Net"), samples: 3);

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Nests_of_a_random_model_compute_what_the_graph_says(int seed)
    {
        Verify(RandomModelWriter.Write(seed), samples: 1 + (seed % 4));
        Verify(RandomModelWriter.Write(seed, deep: true), samples: 2);
        Verify(RandomModelWriter.WriteTwins(seed), samples: 3);
        Verify(RandomModelWriter.WriteParts(seed), samples: 1 + (seed % 3));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Nests_of_rows_and_columns_of_any_size_compute_what_the_graph_says(int size)
    {
        string source = $$"""
            [Model]
            public sealed partial class Net
            {
                [Parameter({{size}})] private partial Tensor A { get; }
                [Parameter(5, {{size}})] private partial Tensor B { get; }

                [Forward]
                private (Tensor Y, Tensor Z, Tensor V) Forward([Shape(Batch, 5, {{size}})] Tensor x)
                {
                    Tensor y = Softmax(x * A) + Tanh(B);
                    return (y, Sum(x * y, 1), Permute(x, 0, 2, 1) * Sum(Max(x + A, 0)));
                }

                [MSELoss] private partial Tensor Loss(Tensor y, [Shape(Batch, 5, {{size}})] Tensor target);
            }
            """;
        foreach (int samples in new[] { 1, 2, 37 })
        {
            Verify(source, samples);
        }
    }

    /// <summary>Rows that are cut in slices: too long for a task, or of the whole batch.</summary>
    [Theory]
    [InlineData(32768)]
    [InlineData(32771)]
    public void Nests_of_long_rows_compute_what_the_graph_says(int size) => Verify(
        $$"""
        [Model]
        public sealed partial class Net
        {
            [Parameter({{size}})] private partial Tensor A { get; }

            [Forward]
            private Tensor Forward([Shape(Batch, 3)] Tensor x) => x * Sum(Softmax(A) * A);

            [Loss]
            private Tensor Loss(Tensor y, [Shape(Batch, 3)] Tensor target) => Mean(Abs(y - target)) + Max(y * y);
        }
        """,
        samples: 67);

    /// <summary>
    /// Convolutions: channels below, at and above the widths of vectors, one pixel, odd sizes, all that a layer can be asked for, pooled
    /// windows of every size, and enough channels for transforms.
    /// </summary>
    [Theory]
    [InlineData("1, 1, 1", "1, Kernel = 1", "x")]
    [InlineData("3, 1, 1", "5, Kernel = 3, Padding = 1", "x")]
    [InlineData("1, 9, 7", "3, Kernel = 3", "x")]
    [InlineData("2, 5, 6", "16, Kernel = 3, Padding = 1", "x")]
    [InlineData("3, 8, 5", "17, Kernel = 2", "Relu(x)")]
    [InlineData("2, 6, 5", "33, Kernel = 3, Stride = 2, Padding = 1", "Tanh(x)")]
    [InlineData("4, 9, 9", "64, Kernel = 3, Dilation = 2", "x")]
    [InlineData("6, 7, 9", "21, Kernel = 3, Groups = 3, Padding = 2", "Relu(x)")]
    [InlineData("4, 8, 7", "4, Kernel = 3, Groups = 4, Stride = 2", "x")]
    [InlineData("2, 9, 11", "7, Kernel = 3", "MaxPool2d(x, 2)")]
    [InlineData("2, 8, 9", "40, Kernel = 2, Padding = 1", "Relu(MaxPool2d(x, 2))")]
    [InlineData("3, 12, 12", "9, Kernel = 3, Stride = 2, Padding = 1", "MaxPool2d(x, 3)")]
    [InlineData("1, 9, 9", "32, Kernel = 2", "MaxPool2d(Relu(x), 4)")]
    [InlineData("16, 6, 8", "32, Kernel = 3", "MaxPool2d(Relu(x), 2)")]
    [InlineData("16, 6, 6", "64, Kernel = 3, Padding = 1", "MaxPool2d(x, 2)")]
    public void Nests_of_convolutions_compute_what_the_graph_says(string image, string layer, string after)
    {
        // Read by a convolution, flattened (which is stored plane by plane), and with a long epilogue.
        foreach (string last in new[] { "Last(Abs(x) + 1)", "Flatten(x)", "x * Sigmoid(x) + Tanh(x - 1) * Gelu(x)" })
        {
            string source = $$"""
                [Model]
                public sealed partial class Net
                {
                    [Conv2d({{image.Split(',')[0]}}, Kernel = 1)] private partial Tensor First(Tensor x);
                    [Conv2d({{layer}})] private partial Tensor Conv(Tensor x);
                    {{(last.StartsWith("Last", StringComparison.Ordinal) ? "[Conv2d(3, Kernel = 1)] private partial Tensor Last(Tensor x);" : "")}}

                    [Forward]
                    private Tensor Forward([Shape(Batch, {{image}})] Tensor x)
                    {
                        x = Conv(First(x));
                        x = {{after}};
                        return {{last}};
                    }
                }
                """;
            Verify(source, samples: 1);
            Verify(source, samples: 3);
        }
    }

    /// <summary>Channels below, at and above vectors of any width; windows that tile, overlap, leave rows over, reach into padding, and are too many to write out.</summary>
    [Theory]
    [InlineData("MaxPool2d(x * A, 2)", 1, 4, 6)]
    [InlineData("MaxPool2d(x * A, 2)", 16, 5, 7)]
    [InlineData("MaxPool2d(x * A, 3)", 5, 7, 8)]
    [InlineData("MaxPool2d(x * A, 4)", 19, 9, 5)]
    [InlineData("MaxPool2d(x * A, 1)", 3, 3, 2)]
    [InlineData("MaxPool2d(x * A, 1, 2)", 3, 4, 5)]
    [InlineData("MaxPool2d(x * A, 3, 1)", 17, 5, 4)]
    [InlineData("MaxPool2d(x * A, 3, 2, 1)", 7, 5, 8)]
    [InlineData("MaxPool2d(x * A, 2, 3, 1)", 4, 7, 6)]
    [InlineData("MaxPool2d(x * A, 5, 2, 2)", 33, 6, 7)]
    [InlineData("AvgPool2d(x * A, 2)", 3, 5, 4)]
    [InlineData("AvgPool2d(x * A, 4)", 17, 8, 9)]
    [InlineData("AvgPool2d(x * A, 3, 1)", 16, 4, 5)]
    [InlineData("AvgPool2d(x * A, 3, 2, 1)", 5, 7, 6)]
    [InlineData("AvgPool2d(x * A, 5, 3, 2)", 18, 8, 7)]
    [InlineData("AvgPool2d(x * A, 3, 2, 1, countIncludePad: false)", 9, 6, 5)]
    public void Nests_of_pooling_compute_what_the_graph_says(string pooling, int channels, int height, int width)
    {
        string source = $$"""
            [Model]
            public sealed partial class Net
            {
                [Parameter({{channels}}, {{height}}, {{width}})] private partial Tensor A { get; }

                [Forward]
                private Tensor Forward([Shape(Batch, {{channels}}, {{height}}, {{width}})] Tensor x) => {{pooling}};
            }
            """;
        Verify(source, samples: 3);

        // Many equal elements, and some that are no number.
        Verify(source, samples: 2, random => random.Next(9) == 0 ? double.NaN : random.Next(3) / 4.0);
    }

    private static void Verify(string source, int samples, Func<Random, double>? draw = null)
    {
        TypedModel model = ModelEvaluation.Type(source);
        PassSet passes = PassBuilder.Build(model);

        // By themselves away from the poles of logarithms and roots.
        GraphInterpreter values = new(Bind(model, passes, samples, draw ?? (random => 0.25 + random.NextDouble())));
        foreach (KeyValuePair<Kernel, Nest> pair in Lowering.Lower([.. passes.Training, .. passes.Inference]))
        {
            foreach (int width in Widths)
            {
                Verify(pair.Value, pair.Key.Storage, width, samples, values, hasBegun: width == 8);
            }
        }
    }

    private static void Verify(Nest nest, Storage storage, int width, int samples, GraphInterpreter values, bool hasBegun)
    {
        NestInterpreter interpreter = new(width, samples, Uniform);
        foreach (Node loaded in nest.Loads)
        {
            interpreter.Put(new Place.Value(loaded), Laid(loaded, values.Evaluate(loaded)));
        }

        foreach (Node stored in nest.Stores)
        {
            bool isBegun = hasBegun && stored.Op is Op.AddToGradient;
            interpreter.Put(new Place.Value(stored), Before(stored, isBegun));
            if (isBegun)
            {
                interpreter.Begun.Add(((Op.AddToGradient)stored.Op).Index);
            }
        }

        interpreter.Run(nest);
        foreach (Node stored in nest.Stores)
        {
            double[] expected = Laid(stored, [.. values.Evaluate(stored).Select((value, i) => hasBegun && stored.Op is Op.AddToGradient ? value + i : value)]);
            Near.Assert($"{stored}, vectors of {width}, {nest.Loops},", expected, interpreter.Of(new Place.Value(stored)), Tolerance, floor: 1);
        }

        // The elements of a value where they lie, with NaN between them: what is there is another value's.
        double[] Laid(Node value, double[] elements)
        {
            int[] at = [.. Positions(value.Shape, new Strided(0, storage.StridesOf(value)))];
            double[] memory = [.. Enumerable.Repeat(double.NaN, at.Max() + 1)];
            for (int i = 0; i < elements.Length; i++)
            {
                memory[at[i]] = elements[i];
            }

            return memory;
        }

        // What lies in a value's memory before the kernel: of a concatenation the parts that others have stored there.
        double[] Before(Node value, bool isBegun)
        {
            double[] memory = [.. Laid(value, values.Evaluate(value)).Select((_, i) => isBegun ? i : double.NaN)];
            for (int part = 0; value.Op is Op.Concat && part < value.Inputs.Length; part++)
            {
                if (storage.PlacedPart(value, part) is not null)
                {
                    double[] elements = values.Evaluate(value.Inputs[part]);
                    foreach ((int at, int i) in Positions(value.Inputs[part].Shape, storage.PartOf(value, part)).Select((at, i) => (at, i)))
                    {
                        memory[at] = elements[i];
                    }
                }
            }

            return memory;
        }

        // Where elements lie, in their order.
        IEnumerable<int> Positions(Shape shape, Strided place)
        {
            int[] sizes = values.Sizes(shape);
            int count = sizes.Aggregate(1, (product, size) => product * size);
            for (int i = 0; i < count; i++)
            {
                int at = place.Offset;
                int rest = i;
                for (int axis = sizes.Length - 1; axis >= 0; axis--)
                {
                    at += rest % sizes[axis] * place.Strides[axis];
                    rest /= sizes[axis];
                }

                yield return at;
            }
        }
    }

    /// <summary>Random values for all leaves, whatever computes them elsewhere.</summary>
    private static Bindings Bind(TypedModel model, PassSet passes, int samples, Func<Random, double> draw)
    {
        Random random = new(samples);
        return new Bindings
        {
            Samples = samples,
            Inputs = model.Inputs.Concat(model.Loss?.Inputs ?? []).ToDictionary(input => ((Op.Input)input.Op).Name, Argument),
            Parameters = [.. model.Parameters.Select(parameter => Draw(parameter.Shape))],
            ForwardOutputs = [.. model.Outputs.Select(output => Draw(output.Shape))],
            OutputGradients = [.. model.Outputs.Select(output => Draw(output.Shape))],
            LossGradient = passes.Values.LossGradient is { } gradient ? Draw(gradient.Shape) : [],
            Uniform = Uniform,
        };

        int Length(Shape shape) => shape.ElementsPerSample * (shape.IsPerSample ? samples : 1);

        double[] Draw(Shape shape) => [.. Enumerable.Range(0, Length(shape)).Select(_ => draw(random))];

        double[] Argument(Node given)
        {
            LabelRange? range = model.Labels.FirstOrDefault(labels => labels.Argument == ((Op.Input)given.Op).Name);
            return range is null ? Draw(given.Shape) : [.. Enumerable.Range(0, Length(given.Shape)).Select(i => (double)(i % range.Classes))];
        }
    }

    private static double Uniform(int draw, int position) => ((draw * 0.381966) + (position * 0.618034)) % 1;
}
