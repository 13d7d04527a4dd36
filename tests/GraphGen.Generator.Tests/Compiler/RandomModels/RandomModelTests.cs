using System.Globalization;
using GraphGen.Generator.Compile;
using GraphGen.Generator.Definition;
using GraphGen.Generator.Tests.Compiler.Interpreter;
using GraphGen.Generator.Tests.Harness;
using GraphGen.Runtime;
using Xunit.Abstractions;

namespace GraphGen.Generator.Tests.Compiler.RandomModels;

/// <summary>
/// Random models through everything: the generator, Roslyn, the machine. Outputs and gradients must be the interpreter's, for
/// any batch size, and to the bit the same on any number of threads. A test is named by its seed; to look for more bugs, set
/// GRAPHGEN_RANDOM_MODELS to <c>first-last</c>.
/// </summary>
public sealed class RandomModelTests(ITestOutputHelper log)
{
    private const int Models = 50;
    private const double ValueTolerance = 1e-5;
    private const double GradientTolerance = 1e-4;

    public static TheoryData<int> Seeds
    {
        get
        {
            string[] range = (Environment.GetEnvironmentVariable("GRAPHGEN_RANDOM_MODELS") ?? $"1-{Models}").Split('-');
            int first = int.Parse(range[0], CultureInfo.InvariantCulture);
            return [.. Enumerable.Range(first, int.Parse(range[^1], CultureInfo.InvariantCulture) - first + 1)];
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Generated_code_computes_what_the_model_says(int seed)
    {
        string source = RandomModelWriter.Write(seed, convolutions: false);
        log.WriteLine(source);
        ModelDefinition definition = ReaderProbe.Read(source);
        TypedModel typed = Typing.Apply(definition);
        CompiledModel compiled = CompiledModel.Compile(source, typed);
        int[] batches = [Math.Max(3, seed % 3 * 11), 1, 2];
        ModelInstance model = compiled.New(batches[0], seed);
        Assert.NotEmpty(model.Summary);
        foreach (int samples in batches)
        {
            ModelData data = ModelData.Draw(typed, definition, model.Parameters, samples, seed);
            Step single = Run(1);
            Verify(typed, single, data);
            foreach (int threads in new[] { 2, 3 })
            {
                Step several = Run(threads);
                Assert.All(single.Named.Zip(several.Named), pair =>
                    Assert.True(pair.First.Value.AsSpan().SequenceEqual(pair.Second.Value), $"{pair.First.Name} of {samples} on {threads} threads"));
            }

            Step Run(int threads)
            {
                int before = WorkerPool.ThreadCount;
                WorkerPool.ThreadCount = threads;
                try
                {
                    return Step.Run(model, typed, data);
                }
                finally
                {
                    WorkerPool.ThreadCount = before;
                }
            }
        }
    }

    private static void Verify(TypedModel typed, Step actual, ModelData data)
    {
        ModelValues expected = ModelEvaluation.AsWritten(typed, data.Bindings);
        Near(expected.Output, actual.Output, "Forward");
        Near(expected.Predicted, actual.Predicted, "Predict");
        Near(expected.Loss, actual.Loss, "Loss");
        Near(expected.Loss, actual.Evaluated, "Evaluate");
        Near(expected.LossValues, actual.LossValues, "LossValues");
        Gradients(expected.Gradients, actual.Gradients, 1, "gradient");
        Gradients(expected.Gradients, actual.Accumulated, 2, "gradient added twice");
        if (typed.Loss is not null)
        {
            Gradients(ModelEvaluation.AsWritten(typed with { Loss = null }, data.Bindings).Gradients, actual.GivenGradients, 1, "gradient of a given output gradient");
        }

        // What is left where everything cancels is rounding: values around 1 are what was computed with.
        void Near(double[] expectedValue, float[] actualValue, string what) =>
            Compiler.Near.Assert($"{what} of {data.Bindings.Samples}", expectedValue, [.. actualValue.Select(value => (double)value)], ValueTolerance, floor: 0.05);

        void Gradients(IReadOnlyList<double[]?> expectedGradients, IReadOnlyList<float[]> actualGradients, int times, string what)
        {
            // The same for gradients, whose sizes are anything: measured against the largest there is.
            double largest = expectedGradients.OfType<double[]>().SelectMany(gradient => gradient).Select(Math.Abs).DefaultIfEmpty(0).Max();
            for (int i = 0; i < expectedGradients.Count; i++)
            {
                double[] gradient = [.. (expectedGradients[i] ?? []).Select(value => times * value)];
                Compiler.Near.Assert(
                    $"{what} by {typed.Parameters[i].Name} of {data.Bindings.Samples}", gradient, [.. actualGradients[i].Select(value => (double)value)], GradientTolerance, floor: 0.01 * times * largest);
            }
        }
    }
}
