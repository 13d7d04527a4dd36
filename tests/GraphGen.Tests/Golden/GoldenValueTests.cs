using Xunit;

namespace GraphGen.Tests.Golden;

/// <summary>
/// What generated models compute against what PyTorch computes, for every operation and every network of the samples. The
/// golden values were computed in double; PyTorch's own floats are up to 4e-7 (values) and 4e-6 (gradients) from them.
/// </summary>
public sealed class GoldenValueTests
{
    private const double ValueTolerance = 1e-5;
    private const double GradientTolerance = 1e-4;

    public static TheoryData<string> Names => [.. GoldenModel.Names];

    public static TheoryData<string> Trained => [.. GoldenModel.Names.Where(name => GoldenFile.Read(name).Training is not null)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Forward_loss_and_gradients_agree(string name)
    {
        GoldenModel golden = GoldenModel.Create(name);

        // Down and up again through the batch sizes: nothing of a larger batch may linger in a smaller one.
        foreach (GoldenRun run in golden.File.Runs.Reverse().Concat(golden.File.Runs))
        {
            golden.Parameters.ZeroGrad();
            float[] output = golden.Forward(run.Batch);
            run.Output.Check(output, ValueTolerance, $"output of batch {run.Batch}");

            if (golden.Model is ILossModel model)
            {
                CheckLoss(golden, run);
                model.Backward();
            }
            else
            {
                golden.Model.Backward(golden.File.DrawOutputGradient(output.Length));
            }

            CheckGradients(golden, run);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Predict_and_evaluate_agree(string name)
    {
        GoldenModel golden = GoldenModel.Create(name);

        foreach (GoldenRun run in golden.File.Runs.Reverse().Concat(golden.File.Runs))
        {
            run.Output.Check(golden.Predict(run.Batch), ValueTolerance, $"prediction of batch {run.Batch}");
            if (run.Loss is double loss)
            {
                AssertClose(loss, golden.Evaluate(run.Batch), ValueTolerance, $"evaluation of batch {run.Batch}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Predict_is_what_forward_computes(string name)
    {
        GoldenModel golden = GoldenModel.Create(name);
        int batch = golden.File.Runs[^1].Batch;

        float[] forward = golden.Forward(batch), predicted = golden.Predict(batch);

        // Without dropout they differ by rounding at most: the plans may fuse differently.
        AssertClose(forward, predicted, 2e-6f, "prediction");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Backward_adds_to_the_gradients(string name)
    {
        GoldenModel golden = GoldenModel.Create(name);
        GoldenRun first = golden.File.Runs[0], second = golden.File.Runs[^1];

        float[][] sum = Gradients(first.Batch);
        float[][] other = Gradients(second.Batch);
        for (int i = 0; i < sum.Length; i++)
        {
            for (int j = 0; j < sum[i].Length; j++)
            {
                sum[i][j] += other[i][j];
            }
        }

        golden.Parameters.ZeroGrad();
        golden.Pass(first.Batch);
        golden.Pass(second.Batch);

        for (int i = 0; i < sum.Length; i++)
        {
            AssertClose(sum[i], golden.Parameters[i].Gradients, 1e-5f, golden.Parameters[i].Name);
        }

        float[][] Gradients(int batch)
        {
            golden.Parameters.ZeroGrad();
            golden.Pass(batch);
            return golden.Gradients();
        }
    }

    [Theory]
    [MemberData(nameof(Trained))]
    public void Twenty_training_steps_agree(string name)
    {
        GoldenModel golden = GoldenModel.Create(name);
        GoldenTraining training = golden.File.Training!;
        float[][] start = [.. golden.Parameters.Select(parameter => parameter.Values.ToArray())];

        float[] losses = golden.Train();

        for (int step = 0; step < losses.Length; step++)
        {
            AssertClose(training.Losses[step], losses[step], ValueTolerance, $"loss of step {step}");
        }

        for (int i = 0; i < golden.Parameters.Count; i++)
        {
            Parameter parameter = golden.Parameters[i];
            GoldenTensor expected = training.Parameters[golden.File.Parameters[i].Name];
            expected.CheckLargest(parameter.Values, training.ParameterTolerance, parameter.Name);

            // Training moves a weight little: the movement itself is right too.
            expected.Minus(start[i]).CheckLargest(Difference(parameter.Values, start[i]), training.MovementTolerance, parameter.Name + "'s movement");
        }
    }

    [Fact]
    public void Streams_are_those_of_Python()
    {
        Span<float> values = stackalloc float[3];
        GoldenStream.Fill(values, 12345, 1_000_000, -1, 1);
        Assert.Equal(StreamValues, values);

        Span<int> labels = stackalloc int[3];
        GoldenStream.Fill(labels, 12345, 7, 101);
        Assert.Equal(StreamLabels, labels);
    }

    private static float[] StreamValues => [0.635343075f, -0.235443354f, -0.59270823f];

    private static int[] StreamLabels => [100, 88, 61];

    private static void CheckLoss(GoldenModel golden, GoldenRun run)
    {
        AssertClose(run.Loss!.Value, golden.Loss(run.Batch), ValueTolerance, $"loss of batch {run.Batch}");
        if (run.Losses is double[] losses && golden.Model is ILabelModel model)
        {
            new GoldenTensor([run.Batch], losses, Stride: 0, Sum: 0, Norm: 0).Check(model.LossValues, ValueTolerance, $"losses of batch {run.Batch}");
        }
    }

    private static void CheckGradients(GoldenModel golden, GoldenRun run)
    {
        for (int i = 0; i < golden.Parameters.Count; i++)
        {
            Parameter parameter = golden.Parameters[i];
            bool expected = run.Gradients.TryGetValue(golden.File.Parameters[i].Name, out GoldenTensor? gradient);
            Assert.Equal(expected, parameter.HasGradient);
            gradient?.Check(parameter.Gradients, GradientTolerance, $"gradient of {parameter.Name}, batch {run.Batch}");
        }
    }

    private static void AssertClose(double expected, double actual, double tolerance, string what) =>
        Assert.True(Math.Abs(actual - expected) <= tolerance * Math.Abs(expected), $"{what}: {actual:g9}, expected {expected:g9}");

    private static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, float tolerance, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        float allowed = 0;
        foreach (float value in expected)
        {
            allowed = MathF.Max(allowed, tolerance * MathF.Abs(value));
        }

        for (int i = 0; i < expected.Length; i++)
        {
            if (!(MathF.Abs(expected[i] - actual[i]) <= allowed))
            {
                Assert.Fail($"{what}[{i}]: {actual[i]:g9}, expected {expected[i]:g9}");
            }
        }
    }

    private static float[] Difference(ReadOnlySpan<float> left, ReadOnlySpan<float> right)
    {
        var difference = new float[left.Length];
        for (int i = 0; i < difference.Length; i++)
        {
            difference[i] = left[i] - right[i];
        }

        return difference;
    }
}
