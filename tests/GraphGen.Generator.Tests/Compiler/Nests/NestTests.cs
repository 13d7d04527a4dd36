using GraphGen.Generator.Compile;
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

    private static void Verify(string source, int samples)
    {
        TypedModel model = ModelEvaluation.Type(source);
        PassSet passes = PassBuilder.Build(model);
        GraphInterpreter values = new(Bind(model, passes, samples));
        foreach (Nest nest in Lowering.Lower([.. passes.Training, .. passes.Inference]).Values)
        {
            foreach (int width in Widths)
            {
                Verify(nest, width, samples, values, hasBegun: width == 8);
            }
        }
    }

    private static void Verify(Nest nest, int width, int samples, GraphInterpreter values, bool hasBegun)
    {
        NestInterpreter interpreter = new(width, samples, Uniform);
        foreach (Node loaded in nest.Loads)
        {
            interpreter.Put(new Place.Value(loaded), values.Evaluate(loaded));
        }

        foreach (Node stored in nest.Stores)
        {
            bool isBegun = hasBegun && stored.Op is Op.AddToGradient;
            interpreter.Put(new Place.Value(stored), [.. values.Evaluate(stored).Select((_, i) => isBegun ? i : double.NaN)]);
            if (isBegun)
            {
                interpreter.Begun.Add(((Op.AddToGradient)stored.Op).Index);
            }
        }

        interpreter.Run(nest);
        foreach (Node stored in nest.Stores)
        {
            double[] expected = [.. values.Evaluate(stored).Select((value, i) => hasBegun && stored.Op is Op.AddToGradient ? value + i : value)];
            Near.Assert($"{stored}, vectors of {width}, {nest.Loops},", expected, interpreter.Of(new Place.Value(stored)), Tolerance, floor: 1);
        }
    }

    /// <summary>Random values for all leaves, whatever computes them elsewhere.</summary>
    private static Bindings Bind(TypedModel model, PassSet passes, int samples)
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

        // Away from the poles of logarithms and roots.
        double[] Draw(Shape shape) => [.. Enumerable.Range(0, Length(shape)).Select(_ => 0.25 + random.NextDouble())];

        double[] Argument(Node given)
        {
            LabelRange? range = model.Labels.FirstOrDefault(labels => labels.Argument == ((Op.Input)given.Op).Name);
            return range is null ? Draw(given.Shape) : [.. Enumerable.Range(0, Length(given.Shape)).Select(i => (double)(i % range.Classes))];
        }
    }

    private static double Uniform(int draw, int position) => ((draw * 0.381966) + (position * 0.618034)) % 1;
}
