using GraphGen.Generator.Compile;
using GraphGen.Generator.Definition;
using GraphGen.Generator.Tests.Compiler.Interpreter;
using GraphGen.Generator.Tests.Harness;
using GraphGen.Runtime;

namespace GraphGen.Generator.Tests.Compiler.RandomModels;

/// <summary>
/// Takes a model through everything and compares all it computes with the interpreter, tensor by tensor: at several batch
/// sizes, the largest first, so that a smaller one finds what a larger one left, and on several threads, to the bit.
/// </summary>
internal static class EndToEnd
{
    private const double ValueTolerance = 1e-5;
    private const double GradientTolerance = 1e-4;

    /// <summary>Verifies the model <c>Net</c> of a source; the seed decides parameters, arguments and the largest batch.</summary>
    public static void Verify(string source, int seed)
    {
        ModelDefinition definition = ReaderProbe.Read(source);
        TypedModel typed = Typing.Apply(definition);
        CompiledModel compiled = CompiledModel.Compile(source, typed);
        Assert.Equal(compiled.Generated, ModelCompiler.Compile(definition).Source);
        int[] batches = [Math.Max(3, seed % 3 * 11), 1, 2];
        ModelInstance model = compiled.New(batches[0], seed);
        Assert.NotEmpty(model.Summary);
        foreach (int samples in batches)
        {
            ModelData data = ModelData.Draw(typed, definition, model.Parameters, samples, seed);
            Step single = Run(model, typed, data, threads: 1);
            Verify(typed, single, data);
            foreach (int threads in new[] { 2, 3 })
            {
                Step several = Run(model, typed, data, threads);
                Assert.All(single.Named.Zip(several.Named), pair =>
                    Assert.True(pair.First.Value.AsSpan().SequenceEqual(pair.Second.Value), $"{pair.First.Name} of {samples} on {threads} threads"));
            }
        }
    }

    private static Step Run(ModelInstance model, TypedModel typed, ModelData data, int threads)
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

    private static void Verify(TypedModel typed, Step actual, ModelData data)
    {
        Bindings rounded = data.Bindings with { IsRounded = true };
        ModelValues exact = ModelEvaluation.AsWritten(typed, data.Bindings);
        ModelValues single = ModelEvaluation.AsWritten(typed, rounded);
        Value(exact.Output, single.Output, actual.Output, "Forward");
        Value(exact.Predicted, single.Predicted, actual.Predicted, "Predict");
        Value(exact.Loss, single.Loss, actual.Loss, "Loss");
        Value(exact.Loss, single.Loss, actual.Evaluated, "Evaluate");
        Value(exact.LossValues, single.LossValues, actual.LossValues, "LossValues");
        Gradients(exact, single, actual.Gradients, 1, "gradient");
        Gradients(exact, single, actual.Accumulated, 2, "gradient added twice");
        if (typed.Loss is not null)
        {
            TypedModel network = typed with { Loss = null };
            Gradients(ModelEvaluation.AsWritten(network, data.Bindings), ModelEvaluation.AsWritten(network, rounded), actual.GivenGradients, 1, "gradient from a given one");
        }

        void Value(double[] expected, double[] roundedValue, float[] actualValue, string what) =>
            Compare(what, expected, roundedValue, actualValue, ValueTolerance, floor: 0.01);

        void Gradients(ModelValues expected, ModelValues roundedValues, IReadOnlyList<float[]> gradients, int times, string what)
        {
            double largest = expected.Gradients.OfType<double[]>().Append(expected.OutputGradient).SelectMany(gradient => gradient).Select(Math.Abs).Max();
            for (int i = 0; i < gradients.Count; i++)
            {
                Assert.Equal(expected.Gradients[i] is null, gradients[i].Length == 0);
                Compare(
                    $"{what} by {typed.Parameters[i].Name}", Times(expected.Gradients[i]), Times(roundedValues.Gradients[i]), gradients[i], GradientTolerance, floor: 0.001 * largest);
            }

            double[] Times(double[]? gradient) => [.. (gradient ?? []).Select(value => times * value)];
        }

        // Where nearly everything cancels, single precision cannot know the result: what rounding alone moves it by is allowed for.
        void Compare(string what, double[] expected, double[] roundedValue, float[] actualValue, double tolerance, double floor)
        {
            double uncertainty = expected.Zip(roundedValue, (x, y) => Math.Abs(x - y)).DefaultIfEmpty(0).Max();
            double scale = expected.Select(Math.Abs).Append(floor).Max();
            Near.Assert(
                $"{what} of {data.Bindings.Samples}", expected, [.. actualValue.Select(value => (double)value)], tolerance + (scale == 0 ? 0 : 20 * uncertainty / scale), floor);
        }
    }
}
