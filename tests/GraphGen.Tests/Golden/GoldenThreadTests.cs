using System.Runtime.InteropServices;
using GraphGen.Runtime;
using Xunit;

namespace GraphGen.Tests.Golden;

/// <summary>Results are the same to the last bit whatever the number of threads, and from run to run.</summary>
public sealed class GoldenThreadTests : IDisposable
{
    private readonly int _threads = WorkerPool.ThreadCount;

    public static TheoryData<string> Names => GoldenValueTests.Names;

    public static TheoryData<string> Trained => GoldenValueTests.Trained;

    public void Dispose() => WorkerPool.ThreadCount = _threads;

    [Theory]
    [MemberData(nameof(Names))]
    public void A_pass_is_the_same_for_any_number_of_threads(string name)
    {
        GoldenModel golden = GoldenModel.Create(name);
        int batch = golden.File.Runs[^1].Batch;

        AssertSameForAnyThreads(() =>
        {
            golden.Parameters.ZeroGrad();
            golden.Pass(batch);
            return [golden.Predict(batch), golden.Forward(batch), .. golden.Gradients()];
        });
    }

    [Theory]
    [MemberData(nameof(Trained))]
    public void Training_is_the_same_for_any_number_of_threads(string name)
    {
        GoldenModel golden = GoldenModel.Create(name);

        AssertSameForAnyThreads(() =>
        {
            golden.ResetParameters();
            float[] losses = golden.Train();
            return [losses, .. golden.Parameters.Select(parameter => parameter.Values.ToArray())];
        });
    }

    private static void AssertSameForAnyThreads(Func<float[][]> run)
    {
        WorkerPool.ThreadCount = 1;
        float[][] expected = run();
        foreach (int threads in (ReadOnlySpan<int>)[1, 2, 3])
        {
            WorkerPool.ThreadCount = threads;
            float[][] actual = run();
            for (int i = 0; i < expected.Length; i++)
            {
                // As bits: -0 is not 0, and NaN is NaN.
                ReadOnlySpan<int> left = MemoryMarshal.Cast<float, int>(expected[i]), right = MemoryMarshal.Cast<float, int>(actual[i]);
                int same = left.CommonPrefixLength(right);
                Assert.True(same == left.Length, $"{threads} threads, result {i}, element {same} of {left.Length} differs from one thread's");
            }
        }
    }
}
