using System.Diagnostics;
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

    /// <summary>How many times what rounding does to first order is allowed: the code may round elsewhere than the model as written.</summary>
    private const double Roundings = 4;

    /// <summary>Verifies the model <c>Net</c> of a source; the seed decides parameters, arguments and the largest batch.</summary>
    /// <returns>The time that the model takes to compile, all stages after reading it.</returns>
    public static TimeSpan Verify(string source, int seed)
    {
        ModelDefinition definition = ReaderProbe.Read(source);
        TypedModel typed = Typing.Apply(definition);
        CompiledModel compiled = CompiledModel.Compile(source, typed);
        Stopwatch watch = Stopwatch.StartNew();
        Assert.Equal(compiled.Generated, ModelCompiler.Compile(definition).Source);
        TimeSpan elapsed = watch.Elapsed;
        int[] batches = [Math.Max(3, seed % 3 * 11), 1, 2];
        ModelInstance model = compiled.New(batches[0], seed);
        Assert.NotEmpty(model.Summary);
        foreach (int samples in batches)
        {
            ModelData data = ModelData.Draw(typed, model.Parameters, samples, seed);
            Step single = Run(model, typed, data, threads: 1);
            Verify(typed, single, data);
            foreach (int threads in new[] { 2, 3 })
            {
                Step several = Run(model, typed, data, threads);
                Assert.All(single.Named.Zip(several.Named), pair =>
                    Assert.True(pair.First.Value.AsSpan().SequenceEqual(pair.Second.Value), $"{pair.First.Name} of {samples} on {threads} threads"));
            }
        }

        return elapsed;
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
        // A step runs three training passes, which draw different masks where they draw any.
        DrawnMasks masks = new(typed, data.Bindings.Samples);
        Expectation first = Pass(1, typed);
        for (int i = 0; i < typed.Outputs.Count; i++)
        {
            Compare("Forward", values => values.Outputs[i], actual.Outputs[i]);
            Compare("Predict", values => values.Predicted[i], actual.Predicted[i]);
        }

        Compare("Loss", values => values.Loss, actual.Loss);
        Compare("Evaluate", values => values.Evaluated, actual.Evaluated);
        Compare("LossValues", values => values.LossValues, actual.LossValues);
        Gradients([first], actual.Gradients, "gradient");
        Gradients([first, masks.Any ? Pass(2, typed) : first], actual.Accumulated, "gradient added twice");
        if (typed.Loss?.IsReduced != false && (typed.Loss is not null || masks.Any))
        {
            Gradients([Pass(3, typed with { Loss = null })], actual.GivenGradients, "gradient from a given one");
        }

        Expectation Pass(int number, TypedModel model)
        {
            Bindings bindings = data.Bindings with { Uniform = masks.Of(new RandomState(ModelData.MaskSeed, number)) };
            (ModelValues values, ModelValues errors) = ModelEvaluation.AsWrittenWithErrors(model, bindings);
            return new Expectation(values, ModelEvaluation.AsWritten(model, bindings with { IsRounded = true }), errors);
        }

        void Compare(string what, Func<ModelValues, double[]> of, float[] actualValue) =>
            Expectation.Compare($"{what} of {data.Bindings.Samples}", [first], of, actualValue, ValueTolerance);

        void Gradients(Expectation[] passes, IReadOnlyList<float[]> gradients, string what)
        {
            for (int i = 0; i < gradients.Count; i++)
            {
                Assert.Equal(passes[0].Exact.Gradients[i] is null, gradients[i].Length == 0);
                Expectation.Compare($"{what} by {typed.Parameters[i].Name} of {data.Bindings.Samples}", passes, values => values.Gradients[i] ?? [], gradients[i], GradientTolerance);
            }
        }
    }

    /// <summary>What a training pass should compute.</summary>
    /// <param name="Exact">In double precision.</param>
    /// <param name="Single">Every value rounded to single precision: how far that moves a result, also over a kink, single precision cannot know it.</param>
    /// <param name="Errors">How far rounding moves the values to first order, whatever way it goes.</param>
    private sealed record Expectation(ModelValues Exact, ModelValues Single, ModelValues Errors)
    {
        /// <summary>Compares a value summed over passes.</summary>
        public static void Compare(string what, Expectation[] passes, Func<ModelValues, double[]> of, float[] actual, double tolerance)
        {
            double[] exact = Sum(pass => pass.Exact);
            double[] single = Sum(pass => pass.Single);
            double uncertainty = exact.Zip(single, (x, y) => Math.Abs(x - y)).DefaultIfEmpty(0).Max();
            double rounding = RoundingErrors.Unit * Sum(pass => pass.Errors).DefaultIfEmpty(0).Max();
            Near.Assert(what, exact, [.. actual.Select(value => (double)value)], tolerance, allowance: (20 * uncertainty) + (Roundings * rounding));

            double[] Sum(Func<Expectation, ModelValues> select) =>
                passes.Select(pass => of(select(pass))).Aggregate((sum, next) => [.. sum.Zip(next, (x, y) => x + y)]);
        }
    }
}
